//! The rules of a kind, and the words of its settings that need a sentence.

use crate::codegen::page::cell;
use gate_policy::KindSpec;
use std::fmt::Write as _;

/// What findings may be of, and which criteria count them.
pub(super) fn write(body: &mut String, spec: &KindSpec) {
    if spec.rules.is_empty() {
        return;
    }
    body.push_str("\n## Rules\n\nWhat a finding, a SARIF result and a suppression name.");
    let certain = spec.rules.values().any(|rule| rule.detail.is_some());
    body.push_str(if certain {
        " `gatewright explain RULE` says what each looks for; how often\neach is right was measured: [accuracy](../accuracy.md).\n\n| Rule | A finding of it says | How certain | Counted by |\n|---|---|---|---|\n"
    } else {
        "\n\n| Rule | A finding of it says | Counted by |\n|---|---|---|\n"
    });
    for (id, rule) in &spec.rules {
        let criteria: Vec<_> = rule
            .criteria
            .iter()
            .map(|id| format!("[`{id}`](#{id})"))
            .collect();
        let _ = writeln!(
            body,
            "| `{id}` | {} |{} {} |",
            cell(&rule.summary),
            match &rule.detail {
                Some(detail) => format!(" {} |", cell(&detail.certainty)),
                None => String::new(),
            },
            criteria.join(", ")
        );
    }
}

/// Words that a setting may have, each with what it stands for.
struct WordTable {
    title: &'static str,
    setting: &'static str,
    rows: Vec<(&'static str, &'static str)>,
}

/// The words of a kind's settings that need more than their names.
fn lists(kind: &str) -> Vec<WordTable> {
    if kind != "integrity" {
        return Vec::new();
    }
    vec![
        WordTable {
            title: "Presets",
            setting: "preset",
            rows: integrity_gate::presets(),
        },
        WordTable {
            title: "Dialects of anchors",
            setting: "slugs",
            rows: integrity_gate::dialects(),
        },
    ]
}

/// A table for each of them.
pub(super) fn words(body: &mut String, kind: &str) {
    for list in lists(kind) {
        let _ = write!(
            body,
            "\n## {}\n\n| `{}` | What it stands for |\n|---|---|\n",
            list.title, list.setting
        );
        for (word, summary) in list.rows {
            let _ = writeln!(body, "| `{word}` | {} |", cell(summary));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_policy::RuleSpec;

    #[test]
    fn every_rule_leads_to_the_criteria_that_count_it() {
        let rule = RuleSpec {
            summary: String::from("a | b"),
            criteria: vec![String::from("one"), String::from("two")],
            detail: None,
        };
        let spec = KindSpec {
            rules: [(String::from("r"), rule)].into(),
            ..KindSpec::default()
        };
        let mut body = String::new();
        write(&mut body, &spec);
        assert!(
            body.ends_with("| `r` | a \\| b | [`one`](#one), [`two`](#two) |\n"),
            "{body}"
        );
    }

    #[test]
    fn words_of_settings_are_those_that_a_policy_may_use() {
        let catalogue = crate::codegen::catalogue::catalogue();
        for (kind, spec) in &catalogue.kinds {
            for list in lists(kind) {
                let shape = spec.settings[list.setting].shape.expected();
                for (word, _) in list.rows {
                    assert!(
                        shape.contains(&format!("`{word}`")),
                        "{kind}: {word}: {shape}"
                    );
                }
            }
        }
    }
}
