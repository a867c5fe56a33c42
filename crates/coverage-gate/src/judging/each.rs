//! A requirement that holds for every part alone: the lowest part is what is
//! judged, and every part that falls short is a finding.

use super::units::Unit;
use crate::collect::Facts;
use crate::parts::{self, is_lower};
use gate_evidence::coverage::{Ratio, Totals};
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Finding, Level, Status, sha256_hex};

/// The rule of parts that fall short.
pub(crate) const RULE: &str = "coverage_below";

/// What is judged part by part: the files with their counts, and what the
/// parts are.
pub(crate) struct Parts<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) per: &'a str,
    /// All of the code: a component of which nothing is measured is an error then.
    pub(crate) whole: bool,
}

/// Judges each part. `None`: no part measures anything of the unit.
pub(crate) fn judge<'f>(
    of: &Parts<'_>,
    files: impl Iterator<Item = (&'f str, Totals)>,
    required: &Requirement,
    id: &str,
    unit: &Unit,
) -> Option<Judgement> {
    let (per, components) = (of.per, &of.facts.components);
    if per == "component" && components.is_empty() {
        return Some(Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            "`per: component` is asked for, and `components` names none",
            "name the components with their globs under `components:`",
        )));
    }
    let parts = parts::by(per, files, components);
    let measured: Vec<(&str, Ratio)> = parts
        .iter()
        .map(|(part, totals)| (part.as_str(), (unit.of)(totals)))
        .filter(|(_, ratio)| ratio.total > 0)
        .collect();
    let empty = parts
        .iter()
        .find(|(_, totals)| (unit.of)(totals).total == 0);
    if let Some((empty, _)) = empty.filter(|_| of.whole && per == "component") {
        return Some(Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "the reports measure no {} of component `{empty}`",
                unit.noun
            ),
            "bring the component's report, mend its globs under `components:`, or take it out",
        )));
    }
    let mut lowest = *measured.first()?;
    for &(part, ratio) in &measured {
        if is_lower(ratio, lowest.1) {
            lowest = (part, ratio);
        }
    }
    let mut short: Vec<(&str, Ratio, Status)> = measured
        .iter()
        .map(|&(part, ratio)| (part, ratio, required.judge(&share(ratio)).status))
        .filter(|(_, _, status)| matches!(status, Status::Fail | Status::Warn))
        .collect();
    // The lowest first: that is what to begin with.
    short.sort_by(|one, other| {
        let below = |one: Ratio, other: Ratio| is_lower(one, other);
        below(other.1, one.1)
            .cmp(&below(one.1, other.1))
            .then_with(|| one.0.cmp(other.0))
    });
    let findings = short
        .iter()
        .map(|&(part, ratio, status)| finding(part, ratio, status, (per, id, unit)))
        .collect();
    let (part, ratio) = lowest;
    Some(
        Judgement::measured(
            share(ratio),
            format!(
                "{} of {} in {part} {}, the lowest of {}",
                ratio.covered,
                counted(ratio.total, unit.noun),
                unit.did,
                counted(measured.len(), noun(per)),
            ),
        )
        .sample(measured.len() as u64)
        .findings(findings)
        .next_step(format!(
            "add tests for {}, beginning with {part}",
            counted(short.len(), noun(per))
        )),
    )
}

fn share(ratio: Ratio) -> Measured {
    Measured::Percent(gate_verdict::Ratio::new(ratio.covered, ratio.total))
}

fn noun(per: &str) -> &str {
    match per {
        "directory" => "folder",
        other => other,
    }
}

fn finding(
    part: &str,
    ratio: Ratio,
    status: Status,
    (per, id, unit): (&str, &str, &Unit),
) -> Finding {
    let percent = gate_verdict::Ratio::new(ratio.covered, ratio.total).percent_floor(2);
    let percent = percent
        .map(|percent| format!(" ({percent}%)"))
        .unwrap_or_default();
    let of = counted(ratio.total, unit.noun);
    Finding {
        rule: RULE.to_owned(),
        criterion: id.to_owned(),
        level: match status {
            Status::Fail => Level::Error,
            _ => Level::Warning,
        },
        message: format!(
            "{} of {of} in {} `{part}` {}{percent}",
            ratio.covered,
            noun(per),
            unit.did
        ),
        // a place would become an annotation on lines that the change may not touch
        location: None,
        fingerprint: sha256_hex(format!("{RULE}\0{id}\0{per}\0{part}").as_bytes()),
        baseline_state: None,
        fix: None,
    }
}
