//! `coverage_ratchet`: no figure that the ratchet file keeps falls below it, by
//! more than its tolerance, and the file itself is not lowered. The file is
//! what `ratchet:` names; every run writes what it should say next beside the
//! verdict (`*.ratchet.json`), and figures far above what is kept are said, so
//! that it does not go slack. Who lowers a figure, or takes it out, writes
//! `lowered: [{figure, from, to, reason}]` into the file (`to: none` for one
//! that is gone); without a reason that is a violation against the base's file.

use crate::collect::Facts;
use crate::ratchet::{FIGURES, Kept};
use gate_evidence::coverage::Totals;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Decimal, Finding, Level, Location, Ratio, sha256_hex};
use std::cmp::Ordering;

/// The rule of figures below what is kept.
pub(crate) const BELOW: &str = "below_ratchet";
/// The rule of kept figures that were lowered.
pub(crate) const LOWERED: &str = "ratchet_lowered";
/// The rule of kept figures that should be raised.
pub(crate) const SLACK: &str = "ratchet_slack";

const ID: &str = "coverage_ratchet";

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Err(missing) = &facts.coverage {
        return Judgement::missing(missing.clone());
    }
    let kept = match &facts.ratchet {
        Some(Ok(kept)) => kept,
        Some(Err(missing)) => return Judgement::missing(missing.clone()),
        None => {
            return Judgement::missing(Missing::new(
                Code::NoEvidence,
                "`ratchet` names no file",
                "name it in the gate's section: ratchet: {file: .github/coverage-ratchet.json}",
            ));
        }
    };
    if kept.figures.is_empty() {
        return Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            format!("{} keeps no figure", kept.file),
            "commit what this run wrote as `*.ratchet.json` there",
        ));
    }
    let mut findings = Vec::new();
    measured(&mut findings, kept, &facts.totals);
    lowered(&mut findings, kept);
    let violations = findings
        .iter()
        .filter(|one| one.level == Level::Error)
        .count();
    let slack = findings.iter().filter(|one| one.rule == SLACK).count();
    let of_file = format!(
        "{} kept in {}",
        counted(kept.figures.len(), "figure"),
        kept.file
    );
    let mut reason = match violations {
        0 => format!("the {of_file} hold"),
        _ => format!("{of_file}, {}", counted(violations, "violation")),
    };
    if slack > 0 {
        reason.push_str("; the file should be raised");
    }
    Judgement::measured(Measured::Count(violations as u64), reason)
        .sample(kept.figures.len() as u64)
        .evidence(facts.reports.clone())
        .findings(findings)
        .next_step(format!(
            "add tests for what fell, or lower the figure in {} with a reason under `lowered`",
            kept.file
        ))
}

fn measured(findings: &mut Vec<Finding>, kept: &Kept, totals: &Totals) {
    for (name, percent) in &kept.figures {
        let Some((_, of)) = FIGURES.iter().find(|(figure, _)| figure == name) else {
            continue;
        };
        let ratio = of(totals);
        let ratio = Ratio::new(ratio.covered, ratio.total);
        let shown = ratio
            .percent_floor(2)
            .map_or_else(|| String::from("not measured"), |now| format!("{now}%"));
        let counts = format!("{} of {}", ratio.numerator, ratio.denominator);
        let lowest = percent.minus(kept.tolerance);
        if ratio.cmp_percent(lowest).is_none_or(Ordering::is_lt) {
            let message = format!(
                "{name} is {shown} ({counts}), and {} keeps {percent}%{}",
                kept.file,
                tolerated(kept.tolerance)
            );
            findings.push(finding((BELOW, Level::Error), kept, name, message));
        } else if ratio.cmp_percent(plus(*percent, kept.slack)) == Some(Ordering::Greater) {
            let message = format!(
                "{name} is {shown}, and {} keeps {percent}%: raise it, or what was won can be lost again",
                kept.file
            );
            findings.push(finding((SLACK, Level::Warning), kept, name, message));
        }
    }
}

fn plus(one: Decimal, other: Decimal) -> Decimal {
    one.minus(Decimal::ZERO.minus(other))
}

fn tolerated(tolerance: Decimal) -> String {
    if tolerance == Decimal::ZERO {
        String::new()
    } else {
        format!(" less {tolerance}pp")
    }
}

/// What the base keeps and the change keeps less of.
fn lowered(findings: &mut Vec<Finding>, kept: &Kept) {
    for (name, before) in &kept.base {
        let now = kept.figures.get(name);
        if now.is_some_and(|now| now >= before) {
            continue;
        }
        let to = now.map_or_else(|| String::from("none"), ToString::to_string);
        let why = kept.lowered.iter().find(|lowered| {
            lowered.figure == *name
                && lowered.from == before.to_string()
                && lowered.to == to
                && !lowered.reason.trim().is_empty()
        });
        let (level, message) = match why {
            Some(why) => (
                Level::Warning,
                format!(
                    "{name} is lowered from {before} to {to}: {}",
                    why.reason.trim()
                ),
            ),
            None => (
                Level::Error,
                format!(
                    "{name} is lowered from {before} to {to}, and no reason is given under `lowered`"
                ),
            ),
        };
        findings.push(finding((LOWERED, level), kept, name, message));
    }
}

fn finding((rule, level): (&str, Level), kept: &Kept, name: &str, message: String) -> Finding {
    Finding {
        rule: rule.to_owned(),
        criterion: ID.to_owned(),
        level,
        message,
        location: Some(Location {
            path: kept.file.clone(),
            line: None,
            column: None,
            end_line: None,
            end_column: None,
        }),
        fingerprint: sha256_hex(format!("{rule}\0{name}").as_bytes()),
        baseline_state: None,
        fix: None,
    }
}
