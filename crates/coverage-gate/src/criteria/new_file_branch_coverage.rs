//! `new_file_branch_coverage`: of all measured branches in files that are new
//! with the change, the share that was taken. With `per: file` or `component`
//! the requirement holds for each of them alone. A change without new measured
//! files passes, saying so.

use crate::collect::Facts;
use crate::judging::{new_files, units::BRANCHES};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    new_files::judge(facts, required, "new_file_branch_coverage", &BRANCHES)
}
