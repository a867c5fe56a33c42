//! `gatewright explain NAME`: what a rule or a criterion looks for, and what to do about it.
#![allow(clippy::print_stderr, reason = "a usage error")]

use gate_policy::{KindSpec, RuleSpec};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

pub(crate) fn main(arguments: &[OsString]) -> ExitCode {
    let Some(name) = arguments.get(1).map(|name| name.to_string_lossy()) else {
        eprintln!(
            "error: found no name, expected that of a rule or a criterion, as findings have it"
        );
        return ExitCode::from(2);
    };
    let kinds = kinds();
    let text = text(&kinds, &name);
    if !text.is_empty() {
        return crate::say(&text);
    }
    let known = kinds
        .iter()
        .flat_map(|(_, spec)| spec.rules.keys().chain(spec.criteria.keys()));
    let hint = gate_policy::did_you_mean(&name, known.map(String::as_str));
    let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
    eprintln!("error: found `{name}`, which is no rule and no criterion{hint}");
    ExitCode::from(2)
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
    }
}
