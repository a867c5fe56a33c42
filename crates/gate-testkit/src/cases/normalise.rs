use super::layout::LaidOut;
use serde_json::Value;
use std::collections::BTreeMap;

/// Members of a verdict or decision that say when, where and by which build it was made, not what was judged.
const VOLATILE: [(&str, &str); 8] = [
    ("/digest", "<digest>"),
    ("/tool/version", "<version>"),
    ("/subject/commit", "<commit>"),
    ("/subject/tree", "<tree>"),
    ("/subject/base", "<base>"),
    ("/policy/sha256", "<sha256>"),
    ("/policy/revision", "<revision>"),
    ("/run", "<run>"),
];

/// A verdict or decision in the form that is compared: volatile members replaced where they are not null, members
/// in order of their names, paths of this machine replaced.
pub fn normalise_json(document: &Value, laid_out: &LaidOut) -> String {
    let mut document = document.clone();
    for (pointer, stand_in) in VOLATILE {
        if let Some(member) = document
            .pointer_mut(pointer)
            .filter(|member| !member.is_null())
        {
            *member = stand_in.into();
        }
    }
    for gate in document
        .pointer_mut("/gates")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(digest) = gate
            .get_mut("verdict_digest")
            .filter(|digest| !digest.is_null())
        {
            *digest = "<digest>".into();
        }
    }
    normalise_text(&format!("{:#}\n", sorted(document)), laid_out)
}

/// Text with the temporary folders and commits replaced by `<root>`, `<out>`, `<base>` and `<head>`.
pub fn normalise_text(text: &str, laid_out: &LaidOut) -> String {
    let mut text = text
        .replace("\r\n", "\n")
        .replace(&*laid_out.out.to_string_lossy(), "<out>")
        .replace(&*laid_out.root.to_string_lossy(), "<root>");
    for (commit, stand_in) in [
        (laid_out.base.as_deref(), "<base>"),
        (Some(laid_out.head.as_str()), "<head>"),
    ] {
        // Also as people see it: the first 12, 10 or 7 digits.
        for length in [40, 12, 10, 7] {
            if let Some(digits) = commit.and_then(|commit| commit.get(..length)) {
                text = text.replace(digits, stand_in);
            }
        }
    }
    text
}

/// In order of names, whatever order the JSON library was built to keep.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().collect();
            Value::Object(
                members
                    .into_iter()
                    .map(|(name, member)| (name, sorted(member)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
