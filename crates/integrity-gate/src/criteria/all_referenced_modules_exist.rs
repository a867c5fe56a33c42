//! `all_referenced_modules_exist`: every `<include>`, `<component>` and, in the
//! files an agent loads as its memory, every `@path` names a tracked file,
//! seen from its own folder or from the root, with or without `.md`.

use super::findings;
use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.unread {
        return Judgement::missing(missing.clone());
    }
    let dangling = facts.dangling.len();
    Judgement::measured(
        Measured::Count(dangling as u64),
        format!(
            "{dangling} dangling of {}",
            counted(facts.references, "module reference")
        ),
    )
    .sample(facts.references)
    .findings(findings("all_referenced_modules_exist", &facts.dangling))
    .next_step("mend each reference, or track the module it names")
}
