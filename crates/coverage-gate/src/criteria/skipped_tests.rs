//! `skipped_tests`: how many tests were skipped or are switched off, as the reports say. Expected failures of pytest
//! are written as skipped and count. Tools that leave skipped tests out of their reports (nextest, unless
//! `report-skipped` is set) have none here.

use super::tests_passed::{nothing_ran, were};
use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let tests = match &facts.tests {
        Ok(tests) => tests,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    let totals = &tests.totals;
    if let (0, Some(missing)) = (totals.all(), nothing_ran(totals)) {
        return Judgement::missing(missing).evidence(tests.reports.clone());
    }
    let skipped = totals.skipped + totals.disabled;
    let off = match totals.disabled {
        0 => String::new(),
        off => format!(" ({off} switched off)"),
    };
    let reason = format!("{} skipped{off} of {}", were(skipped, "test"), totals.all());
    Judgement::measured(Measured::Count(skipped), reason)
        .sample(totals.all())
        .evidence(tests.reports.clone())
        .next_step(format!(
            "have them run again, or remove them: {}",
            tests.skipped.join(", ")
        ))
}
