//! `markdown_syntax_valid`: what is written is what GitHub shows: reference
//! links have a definition, code fences are closed and not cut short by others,
//! tables are tables and lose no cells, and the file is text at all.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "markdown_syntax_valid",
        counts.files + counts.not_text,
        |broken| {
            format!(
                "{} shown otherwise than meant in {}",
                counted(broken, "construct"),
                counted(counts.files + counts.not_text, "Markdown file")
            )
        },
        "write each construct so that it is shown as it is meant",
    )
}
