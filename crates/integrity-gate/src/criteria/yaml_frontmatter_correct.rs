//! `yaml_frontmatter_correct`: every front matter of a tracked Markdown file
//! parses as a YAML mapping without duplicate keys at any depth and without tags
//! that YAML does not have (`!!x`). Where `front_matter:` says so by path,
//! required keys are there and the data fits a JSON Schema; without it, skills,
//! agents and commands have to fit what their readers document.
//!
//! Front matter is what stands between a first line `---` and the next line
//! `---` or `...`. As a document may also begin with a rule, a block that begins
//! with an empty line or a comment counts if it is a mapping, if its first line
//! with something in it is a key, or if it is a list without an empty line. An
//! opening `---` that is never closed counts if a key follows directly, comments
//! aside: one that is quoted or begins with a small letter; another word if data
//! follows it, or if it stands alone and is no sentence (`Title: Page`, not
//! `Note: read this first.`).

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "yaml_frontmatter_correct",
        counts.front_matters,
        |broken| {
            format!(
                "{broken} wrong in {}",
                counted(counts.front_matters, "front matter")
            )
        },
        "mend the YAML between the `---` lines",
    )
}
