//! `patch_line_coverage`: of the measured lines that the change adds or edits,
//! the share that ran. A changed line that continues a statement counts as the
//! statement's first one, where the format says how far statements go. The
//! change is the difference between the base and the tested tree. A change
//! without any has nothing that could fall short and passes, saying so. With
//! `per: file` or `component` the requirement holds for each of them alone.

use crate::collect::Facts;
use crate::judging::{of_change, units::LINES};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    of_change::judge(facts, required, "patch_line_coverage", &LINES)
}
