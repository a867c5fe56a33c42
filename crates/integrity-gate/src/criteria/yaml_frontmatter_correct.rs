//! `yaml_frontmatter_correct`: every front matter of a tracked Markdown file
//! parses as a YAML mapping without duplicate keys.

use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, Location, sha256_hex};

const RULE: &str = "bad_front_matter";

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.unread {
        return Judgement::missing(missing.clone());
    }
    let findings = facts
        .bad_front_matter
        .iter()
        .map(|(path, error)| Finding {
            rule: RULE.to_owned(),
            criterion: String::from("yaml_frontmatter_correct"),
            level: Level::Error,
            message: format!("front matter does not parse: {}", error.message),
            location: Some(Location {
                path: path.clone(),
                line: Some(error.line),
                column: Some(error.column),
                end_line: None,
                end_column: None,
            }),
            fingerprint: sha256_hex(format!("{RULE}\0{path}").as_bytes()),
            baseline_state: None,
            fix: None,
        })
        .collect();
    Judgement::measured(
        Measured::Count(facts.bad_front_matter.len() as u64),
        format!(
            "{} broken of {}",
            facts.bad_front_matter.len(),
            counted(facts.front_matters, "front matter")
        ),
    )
    .sample(facts.front_matters)
    .findings(findings)
    .next_step("mend the YAML between the `---` lines")
}
