//! `patch_region_coverage`: of the code regions that the change adds or edits a
//! line of, the share that ran, for the formats that have regions. The change
//! is the difference between the base and the tested tree. A change without any
//! has nothing that could fall short and passes, saying so. With `per: file` or
//! `component` the requirement holds for each of them alone.

use crate::collect::Facts;
use crate::judging::{of_change, units::REGIONS};
use gate_policy::Requirement;
use gate_runner::Judgement;

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    of_change::judge(facts, required, "patch_region_coverage", &REGIONS)
}
