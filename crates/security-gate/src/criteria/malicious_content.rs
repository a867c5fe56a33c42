//! `malicious_content`: content that deceives who reads it, or acts where
//! nobody asked it to: hidden and reordered text, invisible characters in
//! names, hidden instructions to agents, configuration that runs what it
//! downloads, links that run scripts, YAML that builds objects, reverse shells,
//! payloads that are decoded and run, install hooks, traces of known attacks.
//!
//! Certain findings count. Heuristic ones are shown as warnings that say so and
//! never count. `gatewright:allow` with a reason on the same line exempts;
//! where a base governs, only once it is there.

use crate::collect::Facts;
use crate::malicious::{self, Level};
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{self as verdict, Finding, Location};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.malicious_gap {
        return Judgement::missing(missing.clone());
    }
    let findings = facts.malicious.iter().map(|(path, hit)| finding(path, hit));
    let certain = facts
        .malicious
        .iter()
        .filter(|(_, hit)| hit.level == Level::Certain);
    let (count, first) = (certain.clone().count(), certain.clone().next());
    let warnings = facts.malicious.len() - count;
    let next_step = first
        .and_then(|(_, hit)| malicious::rule(hit.rule))
        .map_or("", |rule| rule.next_step);
    Judgement::measured(
        Measured::Count(count as u64),
        format!(
            "{} and {} in {}",
            counted(count, "certain finding"),
            counted(warnings, "heuristic one"),
            counted(facts.files, "text file")
        ),
    )
    .sample(facts.files)
    .findings(findings.collect())
    .next_step(next_step)
}

fn finding(path: &str, hit: &malicious::Hit) -> Finding {
    Finding {
        rule: hit.rule.to_owned(),
        criterion: String::from("malicious_content"),
        level: match hit.level {
            Level::Certain => verdict::Level::Error,
            Level::Heuristic => verdict::Level::Warning,
        },
        message: match &hit.hidden {
            Some(hidden) => format!("{}; hidden text: {hidden}", hit.message),
            None => hit.message.clone(),
        },
        location: Some(Location {
            path: path.to_owned(),
            line: Some(hit.line),
            column: Some(hit.column),
            end_line: Some(hit.line),
            end_column: Some(hit.end_column),
        }),
        fingerprint: hit.fingerprint.clone(),
        baseline_state: None,
        fix: None,
    }
}
