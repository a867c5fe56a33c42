//! `statement_coverage`: the share of measured statements of tracked, selected
//! files that ran, for the formats that have statements: Go profiles (what `go
//! tool cover` counts), Istanbul, `OpenCover` and `dotCover`. With `per: file`,
//! `directory` or `component` the requirement holds for each of them alone, and
//! the lowest is what is shown.

use crate::collect::Facts;
use crate::judging::{share, units::STATEMENTS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    share::judge(facts, required, "statement_coverage", &STATEMENTS)
}
