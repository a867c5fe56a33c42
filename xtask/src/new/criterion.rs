//! One criterion: file, table line, case folder.

use super::{create, edit, in_order, require_name};
use anyhow::{Result, bail};
use std::path::Path;

pub(super) fn add(root: &Path, kind: &str, id: &str) -> Result<()> {
    require_name(kind)?;
    require_name(id)?;
    let source = format!("crates/{kind}-gate/src");
    if !root.join(&source).join("criteria/mod.rs").is_file() {
        bail!(
            "{source}/criteria/mod.rs: not there; `cargo xtask new gate {kind}` makes the gate first"
        );
    }
    create(root, &format!("{source}/criteria/{id}.rs"), &file(id))?;
    edit(root, &format!("{source}/criteria/mod.rs"), |text| {
        table(text, id)
    })?;
    let case = format!("crates/{kind}-gate/tests/cases/{id}-situation");
    let example = crate::codegen::example(kind, id);
    create(
        root,
        &format!("{case}/gates.yml"),
        &format!("version: 1\ngates:\n  {kind}:\n    criteria:\n      {id}: {example}\n"),
    )?;
    create(root, &format!("{case}/args"), "")?;
    create(
        root,
        &format!("{case}/input/README.md"),
        "# The situation\n",
    )?;
    // Not built yet, so whatever asks for it is blocked.
    create(root, &format!("{case}/expected/exit"), "1\n")?;
    println!("rename {case} after its situation; GATEWRIGHT_BLESS=1 fills its `expected/`");
    Ok(())
}

fn file(id: &str) -> String {
    format!(
        "//! `{id}`: say in one sentence what is measured and what it rests on. This\n\
         //! comment is the reference text.\n\
         \n\
         use crate::collect::Facts;\n\
         use gate_policy::Requirement;\n\
         use gate_runner::{{Judgement, Missing}};\n\
         use gate_verdict::Code;\n\
         \n\
         pub(super) fn judge(_facts: &Facts, _required: &Requirement) -> Judgement {{\n\
         \x20   Judgement::missing(Missing::new(Code::NotBuilt, \"`{id}` is not built yet\", \"wait for the build that judges it\"))\n\
         }}\n"
    )
}

/// The table with the criterion judged: its planned line, or a new one.
fn table(text: &str, id: &str) -> Option<String> {
    let module = format!("mod {id};");
    let text = in_order(text, "mod ", &module).or_else(|| {
        let (head, rest) = text.split_once("\n\nuse ")?;
        Some(format!("{head}\n\n{module}\n\nuse {rest}"))
    })?;
    let judge = format!("judge: Some({id}::judge) }},");
    let named = format!("Criterion {{ id: \"{id}\",");
    if let Some(line) = text.lines().find(|line| line.contains(&named)) {
        let judged = line.replace("judge: None },", &judge);
        return (judged != line).then(|| text.replace(line, &judged));
    }
    let line = format!(
        "    {named} summary: \"say what it measures\", measure: {}, on_change: false, default: None, {judge}\n",
        violations(&text)
    );
    let start = text.find("static TABLE")?;
    if let Some(empty) = text[start..].find("&[];").map(|at| start + at) {
        return Some(format!(
            "{}&[\n{line}];{}",
            &text[..empty],
            &text[empty + "&[];".len()..]
        ));
    }
    let end = start + text[start..].find("\n];")? + 1;
    Some(format!("{}{line}{}", &text[..end], &text[end..]))
}

/// `Measure::Violations` as the module's imports have it.
fn violations(text: &str) -> &'static str {
    let import = text
        .lines()
        .find(|line| line.starts_with("use gate_policy::Measure"))
        .unwrap_or_default();
    if import.contains("Violations") {
        "Violations"
    } else if import.contains("self") || import.ends_with("Measure;") {
        "Measure::Violations"
    } else {
        "gate_policy::Measure::Violations"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "//! Doc.\n\nmod a;\n\nuse x;\n\npub(crate) static TABLE: &[Criterion<Facts>] = &[\n    \
        Criterion { id: \"a\", judge: Some(a::judge) },\n    Criterion { id: \"b\", judge: None },\n];\n";

    #[test]
    fn a_planned_criterion_gets_its_judge() {
        let table = table(TABLE, "b").expect("a place");
        assert!(table.contains("mod a;\nmod b;\n"), "{table}");
        assert!(
            table.contains("Criterion { id: \"b\", judge: Some(b::judge) },\n];"),
            "{table}"
        );
    }

    #[test]
    fn a_new_criterion_gets_a_line_and_a_built_one_is_left_alone() {
        let added = table(TABLE, "c").expect("a place");
        assert!(
            added.contains("mod c;\n")
                && added.contains("id: \"c\"")
                && added.ends_with("judge: Some(c::judge) },\n];\n"),
            "{added}"
        );
        assert_eq!(table(TABLE, "a"), None);
        let first = table(
            "//! Doc.\n\nuse x;\n\npub(crate) static TABLE: &[Criterion<Facts>] = &[];\n",
            "a",
        )
        .expect("a place");
        assert!(
            first.starts_with("//! Doc.\n\nmod a;\n\nuse x;\n")
                && first.ends_with("judge: Some(a::judge) },\n];\n"),
            "{first}"
        );
    }
}
