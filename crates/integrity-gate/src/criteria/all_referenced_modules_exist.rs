//! `all_referenced_modules_exist`: every include, import and other reference to
//! a file that the presets and `edges:` know names a tracked file: seen from
//! its own folder, from the preset's base and from the root, with and without
//! `.md`. What manifests of plugins and marketplaces name is there too, and they
//! hold nothing that their formats do not have.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "all_referenced_modules_exist",
        counts.references,
        |dangling| {
            format!(
                "{dangling} dangling of {}",
                counted(counts.references, "module reference")
            )
        },
        "mend each reference, or track the module it names",
    )
}
