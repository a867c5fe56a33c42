//! How far a share falls against the base.

use super::share;
use super::units::Unit;
use crate::base::{bar, fall};
use crate::collect::Facts;
use gate_evidence::coverage::Ratio;
use gate_policy::{Measured, Unit as Of};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, sha256_hex};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The rule of lines outside of the change that ran before and do not now.
pub(crate) const LOST: &str = "lost_coverage";

pub(crate) fn judge(facts: &Facts, id: &str, unit: &Unit) -> Judgement {
    let against = match (&facts.coverage, &facts.against) {
        (Err(missing), _) | (_, Err(missing)) => return Judgement::missing(missing.clone()),
        (Ok(_), Ok(against)) => against,
    };
    let head = (unit.of)(&facts.totals);
    let (base, left) = (
        (unit.of)(&against.base),
        (unit.of)(&against.without_removed),
    );
    let bar = bar(base, left);
    let Some(points) = fall(bar, head) else {
        return Judgement::missing(share::nothing_measured(unit));
    };
    let lost = if unit.noun == "line" {
        lost(&against.lost, id)
    } else {
        Vec::new()
    };
    let place = against.source.as_ref().map(|source| source.place.as_str());
    let mut reason = format!(
        "{} now, {} {}",
        shown(head, unit),
        shown(base, unit),
        place.unwrap_or("in the base")
    );
    // Of statements and regions nothing but counts is ever recorded.
    let by_count = against
        .source
        .as_ref()
        .is_some_and(|source| source.counts_only || matches!(unit.noun, "statement" | "region"));
    if by_count {
        reason.push_str("; only counts are recorded of it, so code that the change takes out is not taken out of them");
    }
    if bar != base {
        let bar = shown(bar, unit);
        let _ = write!(reason, "; {bar} without the code that the change takes out");
    }
    if !lost.is_empty() {
        let files = counted(against.lost.len(), "file");
        let _ = write!(
            reason,
            "; code outside of the change lost coverage in {files}"
        );
    }
    Judgement::measured(
        Measured::Quantity {
            value: points,
            unit: Of::POINTS,
        },
        reason,
    )
    .sample(head.total)
    .evidence(facts.reports.clone())
    .findings(lost)
    .next_step(format!(
        "add tests that reach what {}, first of all what the change touches",
        unit.not
    ))
}

fn shown(ratio: Ratio, unit: &Unit) -> String {
    let percent = gate_verdict::Ratio::new(ratio.covered, ratio.total).percent_floor(2);
    let percent = percent.map_or_else(|| String::from("nothing"), |percent| format!("{percent}%"));
    let of = counted(ratio.total, unit.noun);
    format!("{percent} ({} of {of})", ratio.covered)
}

fn lost(by_file: &BTreeMap<String, Vec<u32>>, id: &str) -> Vec<Finding> {
    const SHOWN: usize = 5;
    let finding = |path: &String, lines: &Vec<u32>| {
        let shown: Vec<String> = lines.iter().take(SHOWN).map(u32::to_string).collect();
        let more = if lines.len() > SHOWN { ", ..." } else { "" };
        Finding {
            rule: LOST.to_owned(),
            criterion: id.to_owned(),
            level: Level::Note,
            message: format!(
                "{path}: {} that the change does not touch ran in the base and did not run now ({}{more})",
                counted(lines.len(), "line"),
                shown.join(", ")
            ),
            // a place would become an annotation on a line that the change does not touch
            location: None,
            fingerprint: sha256_hex(format!("{LOST}\0{path}").as_bytes()),
            baseline_state: None,
            fix: None,
        }
    };
    by_file
        .iter()
        .map(|(path, lines)| finding(path, lines))
        .collect()
}
