//! `malicious_content`: text that shows something else than it is. Judged so
//! far: bidirectional controls, hidden tag characters, payloads in variation
//! selectors. Each is certain; heuristics are not among them.

use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, Location};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.malicious_gap {
        return Judgement::missing(missing.clone());
    }
    let findings: Vec<_> = facts
        .malicious
        .iter()
        .map(|(path, hit)| Finding {
            rule: hit.rule.to_owned(),
            criterion: String::from("malicious_content"),
            level: Level::Error,
            message: match &hit.hidden {
                Some(hidden) => format!("{}; hidden text: {hidden}", hit.message),
                None => hit.message.clone(),
            },
            location: Some(Location {
                path: path.clone(),
                line: Some(hit.line),
                column: Some(hit.column),
                end_line: Some(hit.line),
                end_column: Some(hit.end_column),
            }),
            fingerprint: hit.fingerprint.clone(),
            baseline_state: None,
            fix: None,
        })
        .collect();
    Judgement::measured(
        Measured::Count(findings.len() as u64),
        format!(
            "{} with hidden or reordered text in {}",
            counted(findings.len(), "place"),
            counted(facts.files, "text file")
        ),
    )
    .sample(facts.files)
    .findings(findings)
    .next_step("remove the characters; a legitimate use needs `gatewright:allow` with a reason on the line")
}
