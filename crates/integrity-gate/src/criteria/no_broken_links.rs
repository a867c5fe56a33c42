//! `no_broken_links`: every relative link and anchor of tracked Markdown
//! resolves as GitHub resolves it, against the git index; addresses of this
//! repository on its own host are checked as local paths. Addresses of other
//! hosts are asked only with `external_links: check`; without it, or with
//! `--offline`, they are counted as not checked; so are fragments of files that
//! are not read, such as HTML and images.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "no_broken_links",
        counts.links,
        |broken| {
            let outside = match counts.asked {
                0 => String::new(),
                asked => format!(
                    " and {asked} of other hosts, {} of which gave no answer",
                    counts.unanswered
                ),
            };
            format!(
                "{broken} broken of {}{outside} in {}",
                counted(counts.links, "link"),
                counted(counts.files, "Markdown file")
            )
        },
        "mend each link, or track the file it names",
    )
}
