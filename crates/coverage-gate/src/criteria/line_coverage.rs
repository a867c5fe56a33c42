//! `line_coverage`: the share of measured lines of tracked, selected files that
//! ran, over all reports together.

use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    super::share(facts, required, "line", |totals| totals.lines)
}
