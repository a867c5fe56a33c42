//! `line_coverage`: the share of measured lines of tracked, selected files that
//! ran, over all reports together. With `per: file`, `directory` or `component`
//! the requirement holds for each of them alone, and the lowest is what is
//! shown.

use crate::collect::Facts;
use crate::judging::{share, units::LINES};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    share::judge(facts, required, "line_coverage", &LINES)
}
