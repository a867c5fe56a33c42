//! `delegation_chains_resolve`: every agent, skill and command that is called
//! by name exists: `plugin:name` of a plugin of this repository, the agent of a
//! task call, and the names that front matter lists. Names of other plugins and
//! of agents that the tool brings itself are not looked for.

use super::judged;
use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::{Judgement, counted};

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let counts = &facts.counts;
    judged(
        facts,
        "delegation_chains_resolve",
        counts.names,
        |missing| format!("{missing} unknown of {}", counted(counts.names, "name")),
        "call each by the name in its front matter, or add what is called",
    )
}
