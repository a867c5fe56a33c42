//! `patch_branch_coverage`: of the branches on the measured lines that the
//! change adds or edits, the share that was taken. The change is the difference
//! between the base and the tested tree. A change without any has nothing that
//! could fall short and passes, saying so. With `per: file` or `component` the
//! requirement holds for each of them alone.

use crate::collect::Facts;
use crate::judging::{of_change, units::BRANCHES};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    of_change::judge(facts, required, "patch_branch_coverage", &BRANCHES)
}
