//! `cross_references_valid`: every fragment of a link names a heading or an
//! explicit anchor of its target. The file itself is `no_broken_links`' matter.

use super::findings;
use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.unread {
        return Judgement::missing(missing.clone());
    }
    let broken = facts.broken_fragments.len();
    Judgement::measured(
        Measured::Count(broken as u64),
        format!(
            "{broken} broken of {}",
            counted(facts.fragments, "fragment")
        ),
    )
    .sample(facts.fragments)
    .findings(findings("cross_references_valid", &facts.broken_fragments))
    .next_step("write the fragment as GitHub makes it from the heading")
}
