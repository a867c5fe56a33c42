//! `reference_depth`: no chain of references is longer than allowed: includes and
//! imports, and in a skill what its files refer to. Modules that load one
//! another in a circle count as one step. Texts, scripts and pictures that are
//! not looked into are no step.

use super::beside;
use crate::collect::Facts;
use crate::issue::{Issue, State};
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::Status;

const ID: &str = "reference_depth";

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    let missing = facts.unread.as_ref();
    if let Some(missing) = missing.filter(|_| !facts.is_certain(ID)) {
        return Judgement::missing(missing.clone());
    }
    let deeper: Vec<&Issue> = facts
        .issues
        .iter()
        .filter(|issue| issue.rule == "deep_reference")
        .filter(|issue| !facts.only_new || issue.state != Some(State::Unchanged))
        .collect();
    let deepest = deeper.iter().map(|issue| issue.weight).max();
    let deepest = deepest.unwrap_or_default().max(facts.counts.depth);
    let too_deep = deeper
        .into_iter()
        .filter(|issue| required.judge(&Measured::Count(issue.weight)).status != Status::Pass);
    let too_deep: Vec<_> = too_deep.map(|issue| issue.finding(ID)).collect();
    if let Some(missing) = missing {
        return beside(missing, too_deep.len()).findings(too_deep);
    }
    Judgement::measured(
        Measured::Count(deepest),
        format!(
            "the longest chain of {} found has {}",
            facts.counts.chains,
            counted(deepest, "reference")
        ),
    )
    .sample(facts.counts.chains)
    .findings(too_deep)
    .next_step("refer to the deeper modules from further up, or inline them")
}
