//! A gate that applies only to events that no workflow starts on never applies, and a gate that does not apply allows.

use crate::doctor::papers::{Finding, Papers, entry, listed};
use crate::doctor::workflow::{Part, Workflow};
use std::collections::BTreeSet;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let judges = |workflow: &&Workflow<'_>| {
        let judges = |part| matches!(part, Part::Gate(_) | Part::Decision | Part::Whole);
        workflow.jobs.iter().any(|job| job.has(judges))
    };
    let workflows: Vec<_> = papers.workflows.iter().filter(judges).collect();
    let mut starts = BTreeSet::new();
    for workflow in &workflows {
        starts.extend(workflow.events());
    }
    // A called workflow has the events of its callers, which may stand elsewhere.
    if starts.is_empty() || starts.contains("workflow_call") || papers.calls_elsewhere() {
        return Vec::new();
    }
    papers
        .native("gates")
        .take(500)
        .filter_map(|written| {
            let gate = papers.policy.gates.get(gate_policy::alias(&written.key))?;
            let never = |events: &Vec<String>| {
                !events.is_empty() && events.iter().all(|event| !starts.contains(event.as_str()))
            };
            if gate.when.is_empty() || !gate.when.iter().all(|when| never(&when.events)) {
                return None;
            }
            let at = entry(&written.value, "when")?;
            let asked = gate.when.iter().flat_map(|when| &when.events);
            let text = format!(
                "gate `{}` applies only to {}, and the workflows that judge start on {}: it never applies, and allows everything",
                gate.key,
                listed(asked.map(String::as_str)),
                listed(starts.iter().copied())
            );
            let next = "add the event to the workflow that judges, or name one that it starts on";
            let first = workflows.first()?.root.get("on")?;
            Some(Finding::new(&at.position, text, next).beside(&first.position, "what starts it"))
        })
        .collect()
}
