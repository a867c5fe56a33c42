//! `new_file_statement_coverage`: of all measured statements in files that are
//! new with the change, the share that ran. With `per: file` or `component` the
//! requirement holds for each of them alone. A change without new measured
//! files passes, saying so.

use crate::collect::Facts;
use crate::judging::{new_files, units::STATEMENTS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    new_files::judge(facts, required, "new_file_statement_coverage", &STATEMENTS)
}
