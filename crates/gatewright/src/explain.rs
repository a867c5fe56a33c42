//! `gatewright explain NAME`: what a rule, a criterion or a code means and what to do about it; or
//! why a decision or a verdict is what it is, from its file.
#![allow(clippy::print_stderr, reason = "a usage error")]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads the file that it explains"
)]

use gate_policy::{KindSpec, RuleSpec};
use gate_verdict::Code;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn main(arguments: &[OsString]) -> ExitCode {
    let Some(name) = arguments.get(1).map(|name| name.to_string_lossy()) else {
        eprintln!(
            "error: found no name, expected that of a rule, a criterion or a code as verdicts have it, or the file of a decision or verdict"
        );
        return ExitCode::from(2);
    };
    if Path::new(name.as_ref())
        .extension()
        .is_some_and(|ending| ending == "json")
    {
        return document(&name);
    }
    let kinds = kinds();
    let mut text = text(&kinds, &name);
    of_code(&mut text, &name);
    of_check(&mut text, &name);
    if !text.is_empty() {
        return crate::say(&text);
    }
    let codes = codes();
    let known = kinds
        .iter()
        .flat_map(|(_, spec)| spec.rules.keys().chain(spec.criteria.keys()))
        .chain(codes.keys())
        .map(String::as_str)
        .chain(crate::doctor::checks().map(|(id, _)| id));
    let hint = gate_policy::did_you_mean(&name, known);
    let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
    eprintln!("error: found `{name}`, which is no rule, no criterion and no code{hint}");
    ExitCode::from(2)
}

/// More than any verdict with its thousand findings needs.
const MAX_DOCUMENT: u64 = 64 * 1024 * 1024;

/// Why the decision or the verdict in a file is what it is.
fn document(path: &str) -> ExitCode {
    let read = || -> Result<String, String> {
        let size = std::fs::metadata(path)
            .map_err(|error| error.to_string())?
            .len();
        if size > MAX_DOCUMENT {
            return Err(format!(
                "found {size} bytes, expected at most {MAX_DOCUMENT}"
            ));
        }
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        let value: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| format!("not JSON: {error}"))?;
        match value["kind"].as_str() {
            Some("decision") => serde_json::from_value(value)
                .map(|decision| gate_render::decision_text(&decision, &[]))
                .map_err(|error| format!("not a decision: {error}")),
            Some("gate") => serde_json::from_value(value)
                .map(|verdict| {
                    gate_render::text(
                        &verdict,
                        gate_render::TextOptions {
                            color: false,
                            max_findings: 1_000,
                        },
                    )
                })
                .map_err(|error| format!("not a verdict: {error}")),
            _ => Err(String::from("neither a decision nor a verdict")),
        }
    };
    match read() {
        Ok(text) => crate::say(&text),
        Err(why) => {
            eprintln!("error: {path}: {why}; name a decision.json or a *.verdict.json");
            ExitCode::from(2)
        }
    }
}

/// Every code with what it means, from the schema that carries its words.
fn codes() -> BTreeMap<String, String> {
    let schema = gate_verdict::verdict_schema();
    let listed = schema
        .pointer("/$defs/Code/anyOf/0/oneOf")
        .and_then(|all| all.as_array());
    listed
        .into_iter()
        .flatten()
        .filter_map(|code| {
            let text = |key: &str| Some(code[key].as_str()?.to_owned());
            Some((text("const")?, text("description")?))
        })
        .collect()
}

fn of_code(text: &mut String, name: &str) {
    let Some(meaning) = codes().remove(name) else {
        return;
    };
    let code: Code =
        serde_json::from_value(serde_json::Value::String(name.to_owned())).unwrap_or(Code::Unknown);
    let _ = write!(
        text,
        "{name}: {meaning}\n  next:       {}\n  reference:  {}\n",
        code.next_step(),
        reference("codes", "codes")
    );
}

fn of_check(text: &mut String, name: &str) {
    if let Some((id, summary)) = crate::doctor::checks().find(|(id, _)| *id == name) {
        let _ = write!(
            text,
            "{id}: {summary}\n  found by:   gatewright doctor, which says what to do\n  reference:  {}/blob/main/docs/guide/doctor.md\n",
            env!("CARGO_PKG_REPOSITORY")
        );
    }
}

fn kinds() -> Vec<(&'static str, KindSpec)> {
    crate::GATES
        .iter()
        .map(|gate| (gate.kind(), gate.spec()))
        .collect()
}

/// What is known of the name; nothing of one that is none.
fn text(kinds: &[(&str, KindSpec)], name: &str) -> String {
    let mut text = String::new();
    for (kind, spec) in kinds {
        if let Some(rule) = spec.rules.get(name) {
            of_rule(&mut text, kind, name, rule);
        }
        if let Some(criterion) = spec.criteria.get(name) {
            of_criterion(&mut text, kind, name, &criterion.summary, spec);
        }
    }
    text
}

fn of_rule(text: &mut String, kind: &str, name: &str, rule: &RuleSpec) {
    let _ = writeln!(text, "{name}: {}", rule.summary);
    if let Some(detail) = &rule.detail {
        let _ = write!(
            text,
            "  certainty: {}\n  what it is: {}\n  next:       {}\n",
            detail.certainty, detail.explain, detail.next_step
        );
    }
    let counted = if rule.criteria.is_empty() {
        String::from("no criterion")
    } else {
        rule.criteria.join(", ")
    };
    let _ = write!(
        text,
        "  counted by: {counted}\n  reference:  {}\n",
        reference(kind, "rules")
    );
}

fn of_criterion(text: &mut String, kind: &str, name: &str, summary: &str, spec: &KindSpec) {
    let rules: Vec<&str> = spec
        .rules
        .iter()
        .filter(|(_, rule)| rule.criteria.iter().any(|id| id == name))
        .map(|(id, _)| id.as_str())
        .collect();
    let _ = writeln!(text, "{name}: {summary}");
    if !rules.is_empty() {
        let _ = writeln!(text, "  rules:      {}", rules.join(", "));
    }
    let _ = writeln!(text, "  reference:  {}", reference(kind, name));
}

fn reference(kind: &str, part: &str) -> String {
    format!(
        "{}/blob/main/docs/reference/{kind}.md#{part}",
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_every_criterion_is_explained() {
        let kinds = kinds();
        let names = |spec: &KindSpec| {
            let rules = spec.rules.keys().chain(spec.criteria.keys());
            rules.cloned().collect::<Vec<_>>()
        };
        let names: Vec<String> = kinds.iter().flat_map(|(_, spec)| names(spec)).collect();
        assert!(names.len() > 200);
        for name in names {
            let text = text(&kinds, &name);
            assert!(text.starts_with(&format!("{name}: ")), "{name}");
            let is_whole = |line: &str| !line.trim_end().ends_with(':');
            assert!(text.lines().all(is_whole), "{text}");
        }
        assert_eq!(text(&kinds, "no_such_rule"), "");
        for name in codes().keys() {
            let mut text = String::new();
            of_code(&mut text, name);
            assert!(text.starts_with(&format!("{name}: ")), "{text}");
        }
        assert!(codes().len() > 25);
        for (id, summary) in crate::doctor::checks() {
            let mut text = String::new();
            of_check(&mut text, id);
            assert!(text.starts_with(&format!("{id}: {summary}")), "{text}");
        }
    }
}
