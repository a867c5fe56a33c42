//! The table: one line per criterion. A criterion's id is its file, its docs
//! page and the prefix of its fixtures.

mod critical_vulnerabilities;
mod high_vulnerabilities;
mod low_vulnerabilities;
mod malicious_content;
mod medium_vulnerabilities;
mod secrets_detected;

use crate::collect::Facts;
use crate::found::{Found, State};
use gate_policy::Measure::{self, Count, Presence};
use gate_policy::Measured;
use gate_runner::{Criterion, Gate as _, Judgement, Missing, Rule, counted};
use gate_sarif::Severity;
use gate_verdict::{Finding, Level};
use std::fmt::Write as _;

const FEWER: Measure = Count {
    higher_is_better: false,
};

#[rustfmt::skip]
pub(crate) static TABLE: &[Criterion<Facts>] = &[
    Criterion { id: "secrets_detected", summary: "credentials in tracked files", measure: FEWER, on_change: false, default: Some("0"), judge: Some(secrets_detected::judge) },
    Criterion { id: "malicious_content", summary: "text in tracked files that hides what it does", measure: Presence, on_change: false, default: Some("false"), judge: Some(malicious_content::judge) },
    Criterion { id: "critical_vulnerabilities", summary: "scanner findings of critical or unknown severity", measure: FEWER, on_change: false, default: None, judge: Some(critical_vulnerabilities::judge) },
    Criterion { id: "high_vulnerabilities", summary: "scanner findings of high severity", measure: FEWER, on_change: false, default: None, judge: Some(high_vulnerabilities::judge) },
    Criterion { id: "medium_vulnerabilities", summary: "scanner findings of medium severity", measure: FEWER, on_change: false, default: None, judge: Some(medium_vulnerabilities::judge) },
    Criterion { id: "low_vulnerabilities", summary: "scanner findings of low severity", measure: FEWER, on_change: false, default: None, judge: Some(low_vulnerabilities::judge) },
];

/// What a criterion says that counts findings of our own search. With
/// `only_new` those that the base has too are not counted.
/// What was found before something was missing is told all the same.
fn found(
    facts: &Facts,
    gap: Option<&Missing>,
    criterion: &str,
    (all, exempt): (&[Found], u64),
    noun: &str,
) -> Judgement {
    let is_old = |found: &&Found| found.state == Some(State::Unchanged);
    let old = all.iter().filter(is_old).count();
    let told: Vec<&Found> = all
        .iter()
        .filter(|found| !(facts.only_new && is_old(found)))
        .collect();
    let count = told.iter().filter(|found| found.is_counted).count();
    let heuristic = told.len() - count;
    let mut reason = format!(
        "{} in {}",
        counted(count, noun),
        counted(facts.files, "text file")
    );
    if heuristic > 0 {
        let _ = write!(
            reason,
            ", {} not counted",
            counted(heuristic, "heuristic finding")
        );
    }
    if facts.only_new && old > 0 {
        let _ = write!(reason, ", {old} that the base has too not counted");
    }
    if exempt > 0 {
        let _ = write!(reason, ", {exempt} exempt");
    }
    let next_step = told
        .iter()
        .filter(|found| found.is_counted)
        .find_map(|found| Some(rule(found.rule)?.detail?.next_step));
    let findings = told.iter().map(|found| found.finding(criterion)).collect();
    if let Some(missing) = gap {
        return Judgement::missing(missing.clone()).findings(findings);
    }
    Judgement::measured(Measured::Count(count as u64), reason)
        .sample(facts.files)
        .findings(findings)
        .next_step(next_step.unwrap_or_default())
}

/// The rule of a finding.
fn rule(id: &str) -> Option<Rule> {
    crate::GATE.rules().into_iter().find(|rule| rule.id == id)
}

/// A count of findings of one severity.
fn severe(count: usize, severity: &str) -> String {
    format!("{count} of {severity} severity")
}

/// Scanner findings of some severities.
fn vulnerabilities(
    facts: &Facts,
    criterion: &str,
    word: &str,
    counts: fn(Severity) -> bool,
) -> Judgement {
    let all = match &facts.vulnerabilities {
        Ok(all) => all,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    let findings: Vec<Finding> = all
        .iter()
        .filter(|found| counts(found.severity))
        .map(|found| Finding {
            rule: found.rule.clone(),
            criterion: criterion.to_owned(),
            level: match found.severity {
                Severity::Critical | Severity::High | Severity::Unknown => Level::Error,
                Severity::Medium => Level::Warning,
                Severity::Low | Severity::None => Level::Note,
            },
            message: format!(
                "{} ({} severity, {})",
                found.message,
                found.severity.word(),
                found.tool
            ),
            location: found.location.clone(),
            fingerprint: found.fingerprint.clone(),
            baseline_state: None,
            fix: None,
        })
        .collect();
    Judgement::measured(
        Measured::Count(findings.len() as u64),
        format!(
            "{} among {} in {}",
            severe(findings.len(), word),
            counted(all.len(), "finding"),
            counted(facts.reports.len(), "report")
        ),
    )
    .sample(all.len() as u64)
    .evidence(facts.reports.clone())
    .findings(findings)
    .next_step("mend what the findings name, then run the scanner again")
}
