//! `region_coverage`: the share of measured code regions of tracked, selected
//! files that ran, for the formats that have regions: llvm-cov. With `per:
//! file`, `directory` or `component` the requirement holds for each of them
//! alone, and the lowest is what is shown.

use crate::collect::Facts;
use crate::judging::{share, units::REGIONS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    share::judge(facts, required, "region_coverage", &REGIONS)
}
