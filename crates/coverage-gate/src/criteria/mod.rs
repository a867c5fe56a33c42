//! The table: one line per criterion. A criterion's id is its file, its docs
//! page and the prefix of its fixtures.

mod branch_coverage;
mod function_coverage;
mod line_coverage;
mod patch_line_coverage;
mod statement_coverage;

use crate::collect::Facts;
use gate_evidence::coverage::{Ratio, Totals};
use gate_policy::Measure::{self, Count, Duration, Percent, Points, Violations};
use gate_policy::{Measured, Requirement};
use gate_runner::{Criterion, Judgement, Missing, counted};
use gate_verdict::Code;

const HIGHER: Measure = Percent {
    higher_is_better: true,
};

#[rustfmt::skip]
pub(crate) static TABLE: &[Criterion<Facts>] = &[
    Criterion { id: "line_coverage", summary: "share of measured lines that ran", measure: HIGHER, on_change: false, default: Some(">= 85%"), judge: Some(line_coverage::judge) },
    Criterion { id: "branch_coverage", summary: "share of measured branches that were taken", measure: HIGHER, on_change: false, default: None, judge: Some(branch_coverage::judge) },
    Criterion { id: "function_coverage", summary: "share of measured functions that were called", measure: HIGHER, on_change: false, default: None, judge: Some(function_coverage::judge) },
    Criterion { id: "statement_coverage", summary: "share of measured statements that ran (Go)", measure: HIGHER, on_change: false, default: None, judge: Some(statement_coverage::judge) },
    Criterion { id: "patch_line_coverage", summary: "share of the change's measured lines that ran", measure: HIGHER, on_change: true, default: None, judge: Some(patch_line_coverage::judge) },
    Criterion { id: "patch_branch_coverage", summary: "share of the change's measured branches that were taken", measure: HIGHER, on_change: true, default: None, judge: None },
    Criterion { id: "new_file_line_coverage", summary: "share of measured lines in new files that ran", measure: HIGHER, on_change: true, default: None, judge: None },
    Criterion { id: "region_coverage", summary: "share of measured regions that ran", measure: HIGHER, on_change: false, default: None, judge: None },
    Criterion { id: "line_coverage_drop", summary: "how far line coverage falls against the base", measure: Points, on_change: true, default: None, judge: None },
    Criterion { id: "branch_coverage_drop", summary: "how far branch coverage falls against the base", measure: Points, on_change: true, default: None, judge: None },
    Criterion { id: "tests_passed", summary: "every test passed", measure: Violations, on_change: false, default: None, judge: None },
    Criterion { id: "flaky_tests", summary: "tests that passed only when repeated", measure: Count { higher_is_better: false }, on_change: false, default: None, judge: None },
    Criterion { id: "skipped_tests", summary: "tests that were skipped", measure: Count { higher_is_better: false }, on_change: false, default: None, judge: None },
    Criterion { id: "test_duration", summary: "how long the tests took", measure: Duration, on_change: false, default: None, judge: None },
];

/// A share of the whole, by the unit that `of` picks.
fn share(facts: &Facts, required: &Requirement, unit: &str, of: fn(&Totals) -> Ratio) -> Judgement {
    let coverage = match &facts.coverage {
        Ok(coverage) => coverage,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    if let Some(missing) = whole_only(required) {
        return Judgement::missing(missing);
    }
    let ratio = of(&coverage.totals());
    if ratio.total == 0 {
        return Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            format!("the reports measure {}", counted(0_u64, unit)),
            format!("have the coverage tool write its data per {unit}, or take the criterion out"),
        ));
    }
    let uncovered = ratio.total - ratio.covered;
    Judgement::measured(
        Measured::Percent(gate_verdict::Ratio::new(ratio.covered, ratio.total)),
        format!(
            "{} of {} ran in {}",
            ratio.covered,
            counted(ratio.total, unit),
            counted(coverage.files.len(), "file")
        ),
    )
    .sample(ratio.total)
    .evidence(facts.reports.clone())
    .next_step(format!(
        "add tests that reach what did not run: {}",
        counted(uncovered, unit)
    ))
}

/// `per:` asks for every file or component by itself, which is not judged yet.
fn whole_only(required: &Requirement) -> Option<Missing> {
    required.per.as_ref().map(|per| {
        Missing::new(
            Code::NotBuilt,
            format!("`per: {per}` is planned and no released build judges it yet"),
            "take `per:` out, or split the gate with `paths:`",
        )
    })
}
