//! `secrets_detected`: credentials in tracked files, by formats that a provider
//! or a standard fixes. A finding carries the first characters and the length,
//! never the value. `gatewright:allow` with a reason on the same line exempts;
//! where a base governs, only once it is there.

use crate::collect::Facts;
use crate::secrets;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, Location};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.secrets_gap {
        return Judgement::missing(missing.clone());
    }
    let findings: Vec<_> = facts
        .secrets
        .iter()
        .map(|(path, hit)| Finding {
            rule: hit.rule.to_owned(),
            criterion: String::from("secrets_detected"),
            level: Level::Error,
            message: hit.message.clone(),
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
    let next_step = facts
        .secrets
        .first()
        .and_then(|(_, hit)| secrets::rule(hit.rule))
        .map_or("", |rule| rule.next_step);
    Judgement::measured(
        Measured::Count(findings.len() as u64),
        format!(
            "{} in {}, {} exempt",
            counted(findings.len(), "secret"),
            counted(facts.files, "text file"),
            counted(facts.exempt, "finding")
        ),
    )
    .sample(facts.files)
    .findings(findings)
    .next_step(next_step)
}
