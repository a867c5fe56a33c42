//! `function_coverage_drop`: how many percentage points function coverage falls
//! against the base, as the base's own reports (`base_reports`) measured it; 0
//! where it does not. Code that the change takes out is taken out of the base
//! too where that asks less, so deleting covered code is no fall.

use crate::collect::Facts;
use crate::judging::{fall, units::FUNCTIONS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    fall::judge(facts, "function_coverage_drop", &FUNCTIONS)
}
