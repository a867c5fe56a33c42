//! Findings as SARIF.

use gate_sarif::{WrittenFinding, WrittenRule};
use gate_verdict::{Finding, Level, Verdict};

/// One SARIF log of the findings of these verdicts. A finding without a place
/// is in the verdict only: code scanning refuses a file that holds one.
pub(crate) fn sarif(verdicts: &[Verdict]) -> Vec<u8> {
    let findings: Vec<_> = verdicts
        .iter()
        .flat_map(|verdict| &verdict.findings)
        .filter_map(|finding| {
            let location = finding.location.as_ref()?;
            Some(WrittenFinding {
                path: location.path.clone(),
                line: location.line,
                column: location.column,
                end_line: location.end_line,
                end_column: location.end_column,
                rule: finding.rule.clone(),
                level: level(finding),
                message: finding.message.clone(),
                fingerprint: finding.fingerprint.clone(),
            })
        })
        .collect();
    let rules: Vec<_> = verdicts
        .iter()
        .flat_map(|verdict| {
            verdict
                .findings
                .iter()
                .map(|finding| (&*verdict.gate_kind, finding))
        })
        .filter_map(|(kind, finding)| rule(kind, finding))
        .collect();
    let tool = crate::tool();
    gate_sarif::write(&tool.name, &tool.version, &rules, &findings)
}

/// What is known of the rule that a finding names; `None` where its kind has
/// no table of rules, and the id has to do.
fn rule(kind: &str, finding: &Finding) -> Option<WrittenRule> {
    let spec = crate::catalogue::catalogue()
        .kinds
        .get(kind)?
        .rules
        .get(&finding.rule)?;
    let criteria: Vec<_> = spec.criteria.iter().map(|id| format!("`{id}`")).collect();
    let mut letters = spec.summary.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let summary: String = first.chain(letters).collect();
    Some(WrittenRule {
        id: finding.rule.clone(),
        help: format!(
            "{}. Counted by {}. Where it is accepted, a suppression with a reason says so: {}/blob/main/docs/reference/{kind}.md#rules",
            spec.detail.as_ref().map_or_else(
                || summary.clone(),
                |detail| format!(
                    "{summary}. {} {}",
                    detail.explain,
                    detail.next_step.trim_end_matches('.')
                )
            ),
            criteria.join(" and "),
            env!("CARGO_PKG_REPOSITORY"),
        ),
        short_description: summary,
        level: level(finding),
        security_severity: None,
    })
}

fn level(finding: &Finding) -> gate_sarif::Level {
    match finding.level {
        Level::Error => gate_sarif::Level::Error,
        Level::Warning => gate_sarif::Level::Warning,
        Level::Note => gate_sarif::Level::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str) -> Finding {
        Finding {
            rule: rule.to_owned(),
            criterion: String::from("no_broken_links"),
            level: Level::Error,
            message: String::from("for the test"),
            location: None,
            fingerprint: String::new(),
            baseline_state: None,
            fix: None,
        }
    }

    #[test]
    fn rules_of_a_table_say_what_they_mean_and_where_more_stands() {
        let written = rule("integrity", &finding("broken_anchor")).expect("a rule of the table");
        assert!(
            written
                .short_description
                .starts_with("A fragment names no heading")
        );
        for part in [
            "`no_broken_links` and `cross_references_valid`",
            "docs/reference/integrity.md#rules",
        ] {
            assert!(written.help.contains(part), "{}", written.help);
        }
        assert_eq!(rule("integrity", &finding("no_such_rule")), None);
        assert_eq!(rule("of-a-team", &finding("broken_anchor")), None);
    }
}
