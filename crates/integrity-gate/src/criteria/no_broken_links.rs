//! `no_broken_links`: every relative link and anchor of tracked Markdown
//! resolves as GitHub resolves it, against the git index. External addresses
//! are not fetched and not counted.

use super::findings;
use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.unread {
        return Judgement::missing(missing.clone());
    }
    let broken = facts.broken_files.len() + facts.broken_fragments.len();
    Judgement::measured(
        Measured::Count(broken as u64),
        format!(
            "{broken} broken of {} in {}",
            counted(facts.links, "link"),
            counted(facts.files, "Markdown file")
        ),
    )
    .sample(facts.links)
    .findings(findings(
        "no_broken_links",
        facts.broken_files.iter().chain(&facts.broken_fragments),
    ))
    .next_step("mend each link, or track the file it names")
}
