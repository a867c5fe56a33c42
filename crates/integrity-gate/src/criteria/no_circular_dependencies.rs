//! `no_circular_dependencies`: no module loads itself, directly or through
//! others. The shortest circle of every knot is named. Links between pages
//! load nothing and may go in circles.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "no_circular_dependencies",
        counts.references,
        |circles| {
            format!(
                "{} among {}",
                counted(circles, "circle"),
                counted(counts.references, "module reference")
            )
        },
        "take one reference out of each circle",
    )
}
