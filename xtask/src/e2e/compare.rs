//! What a case expects against what was left.

use super::case::Case;
use super::layout::Bench;
use super::process::Ended;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every difference, in words.
pub(super) fn differences(
    case: &Case,
    bench: &Bench,
    ran: &Ended,
    github: &Value,
) -> Result<Vec<String>> {
    let expect = &case.expect;
    let mut found = Vec::new();
    let steps = fs::read(bench.record().join("steps.json"))
        .with_context(|| format!("the workflow did not run to its end:\n{}", ran.log))?;
    let steps: Value = serde_json::from_slice(&steps)?;
    let job = if ran.code == Some(0) {
        "success"
    } else {
        "failure"
    };
    if job != expect.job {
        found.push(format!("the job: found {job}, expected {}", expect.job));
    }
    mismatches(&expect.steps, &steps, "steps", &mut found);
    mismatches(&expect.github, github, "github", &mut found);
    // Whatever the case is about, GitHub has to understand what it is asked.
    mismatches(
        &serde_json::json!({"validated": true}),
        github,
        "github",
        &mut found,
    );
    for violation in github["violations"].as_array().into_iter().flatten() {
        found.push(format!("github: {violation}"));
    }
    comment(&expect.comment, &github["comments"], &mut found);
    let files = left(bench)?;
    for (name, pattern) in &expect.files {
        let Some(bytes) = files.get(name) else {
            found.push(format!("{name}: not there; there are {:?}", files.keys()));
            continue;
        };
        if let Value::Array(words) = pattern {
            let text = String::from_utf8_lossy(bytes);
            let absent = words
                .iter()
                .filter_map(Value::as_str)
                .filter(|word| !text.contains(word));
            found.extend(absent.map(|word| format!("{name}: does not hold `{word}`")));
        } else {
            match serde_json::from_slice(bytes) {
                Ok(value) => mismatches(pattern, &value, name, &mut found),
                Err(error) => found.push(format!("{name}: {error}")),
            }
        }
    }
    for words in expect.log.iter().filter(|words| !ran.log.contains(*words)) {
        found.push(format!("the log: does not hold `{words}`"));
    }
    for name in expect
        .absent
        .iter()
        .filter(|name| files.contains_key(*name))
    {
        found.push(format!("{name}: there, and expected not to be"));
    }
    if let Some(secret) = &case.secret {
        let texts = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes)));
        let said = texts.chain([
            ("the log", ran.log.as_str().into()),
            ("the requests", github.to_string().into()),
        ]);
        found.extend(
            said.filter(|(_, text)| text.contains(&secret.value))
                .map(|(name, _)| format!("{name}: shows the secret")),
        );
    }
    Ok(found)
}

/// That there is one comment, and what it holds.
fn comment(words: &[String], comments: &Value, found: &mut Vec<String>) {
    if words.is_empty() {
        return;
    }
    let [one] = comments.as_array().map(Vec::as_slice).unwrap_or_default() else {
        found.push(format!("comments: found {comments}, expected one"));
        return;
    };
    let body = one["body"].as_str().unwrap_or_default();
    let absent = words.iter().filter(|word| !body.contains(*word));
    found.extend(absent.map(|word| format!("the comment: does not hold `{word}`:\n{body}")));
}

/// The files of all artifacts, and what was recorded beside them.
fn left(bench: &Bench) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for artifact in fs::read_dir(bench.artifacts())? {
        read_all(&artifact?.path(), &mut files)?;
    }
    read_all(&bench.record(), &mut files)?;
    Ok(files)
}

fn read_all(folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read_all(&entry.path(), files)?;
        } else {
            files.insert(
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path())?,
            );
        }
    }
    Ok(())
}

/// Says where `found` does not match `pattern`.
fn mismatches(pattern: &Value, found: &Value, place: &str, say: &mut Vec<String>) {
    match pattern {
        Value::Null if place == "github" || place == "steps" => {}
        Value::Object(members) => {
            for (name, pattern) in members {
                mismatches(pattern, &found[name], &format!("{place}.{name}"), say);
            }
        }
        Value::Array(wanted) => {
            for pattern in wanted {
                let elements = found.as_array().map(Vec::as_slice).unwrap_or_default();
                if !elements.iter().any(|element| matches(pattern, element)) {
                    say.push(format!(
                        "{place}: found {}, expected an element like {pattern}",
                        short(found)
                    ));
                }
            }
        }
        _ if pattern == found => {}
        _ => say.push(format!(
            "{place}: found {}, expected {pattern}",
            short(found)
        )),
    }
}

fn matches(pattern: &Value, found: &Value) -> bool {
    let mut differences = Vec::new();
    mismatches(pattern, found, "", &mut differences);
    differences.is_empty()
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(600) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_say_what_must_be_there() {
        let found = json!({"a": 1, "b": [{"c": "x", "d": 2}, {"c": "y"}], "e": null});
        for pattern in [
            json!({}),
            json!({"a": 1}),
            json!({"b": [{"c": "y"}, {"d": 2}]}),
            json!({"e": null, "absent": null}),
        ] {
            assert!(matches(&pattern, &found), "{pattern}");
        }
        for pattern in [
            json!({"a": 2}),
            json!({"b": [{"c": "z"}]}),
            json!({"b": [{"c": "y", "d": 2}]}),
            json!({"f": {"g": 1}}),
            json!(1),
        ] {
            assert!(!matches(&pattern, &found), "{pattern}");
        }
    }
}
