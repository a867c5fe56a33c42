//! `yaml_frontmatter_correct`: every front matter of a tracked Markdown file
//! parses as a YAML mapping without duplicate keys. Where `front_matter:` says
//! so by path, required keys are there and the data fits a JSON Schema; without
//! it, skills, agents and commands have to fit what their readers document.

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
