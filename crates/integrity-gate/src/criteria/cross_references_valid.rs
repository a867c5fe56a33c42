//! `cross_references_valid`: every fragment of a link names a heading or an
//! explicit anchor of its target, as the target's host makes them (`slugs:`
//! says which host, GitHub without); a line fragment names a line that is
//! there. The file itself is `no_broken_links`' matter.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "cross_references_valid",
        counts.fragments,
        |broken| {
            format!(
                "{broken} broken of {}",
                counted(counts.fragments, "fragment")
            )
        },
        "write the fragment as the host makes it from the heading",
    )
}
