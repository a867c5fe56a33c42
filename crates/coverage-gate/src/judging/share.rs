//! Shares of the whole, or of each of its parts.

use super::each;
use super::units::Unit;
use crate::collect::Facts;
use crate::parts;
use gate_evidence::coverage::Ratio;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::Code;

pub(crate) fn judge(facts: &Facts, required: &Requirement, id: &str, unit: &Unit) -> Judgement {
    let coverage = match &facts.coverage {
        Ok(coverage) => coverage,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    let judged = if let Some(per) = &required.per {
        let of = each::Parts {
            facts,
            per,
            whole: true,
        };
        each::judge(&of, parts::files(coverage), required, id, unit)
    } else {
        let noun = counted(coverage.files.len(), "file");
        whole((unit.of)(&facts.totals), unit, &format!(" in {noun}"))
    };
    let judged = judged.unwrap_or_else(|| Judgement::missing(nothing_measured(unit)));
    judged.evidence(facts.reports.clone())
}

/// No report counts in this unit.
pub(crate) fn nothing_measured(unit: &Unit) -> Missing {
    Missing::new(
        Code::EvidenceInsufficient,
        format!("the reports measure {}", counted(0_u64, unit.noun)),
        format!(
            "have the coverage tool write its data per {}, or take the criterion out",
            unit.noun
        ),
    )
}

/// One share of all; `place` is what it is of, behind what was counted.
pub(crate) fn whole(ratio: Ratio, unit: &Unit, place: &str) -> Option<Judgement> {
    (ratio.total > 0).then(|| {
        Judgement::measured(
            Measured::Percent(gate_verdict::Ratio::new(ratio.covered, ratio.total)),
            format!(
                "{} of {}{place} {}",
                ratio.covered,
                counted(ratio.total, &format!("measured {}", unit.noun)),
                unit.did
            ),
        )
        .sample(ratio.total)
        .next_step(format!(
            "add tests that reach what {}: {}",
            unit.not,
            counted(ratio.total - ratio.covered, unit.noun)
        ))
    })
}
