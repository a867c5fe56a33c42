//! `function_coverage`: the share of measured functions of tracked, selected
//! files that were called, by name and first line. With `per: file`,
//! `directory` or `component` the requirement holds for each of them alone, and
//! the lowest is what is shown.

use crate::collect::Facts;
use crate::judging::{share, units::FUNCTIONS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    share::judge(facts, required, "function_coverage", &FUNCTIONS)
}
