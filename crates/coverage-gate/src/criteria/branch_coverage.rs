//! `branch_coverage`: the share of measured branches of tracked, selected files
//! that were taken. Where reports name branches, the same branch of two reports
//! is one; where they give a fraction of a line, the larger holds. With `per:
//! file`, `directory` or `component` the requirement holds for each of them
//! alone, and the lowest is what is shown.

use crate::collect::Facts;
use crate::judging::{share, units::BRANCHES};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    share::judge(facts, required, "branch_coverage", &BRANCHES)
}
