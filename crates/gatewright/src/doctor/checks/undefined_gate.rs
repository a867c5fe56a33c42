//! What the policy itself notices, at the place of the list's entry, with the block that the name may be a part of.

use crate::doctor::papers::{Finding, Papers};
use gate_policy::{NoticeCode, Position, Value, alias};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let notices = papers.policy.notices.iter();
    notices
        .filter(|notice| notice.code == NoticeCode::UndefinedGate)
        .take(200)
        .filter_map(|notice| {
            let gate = notice.gate.as_deref().filter(|gate| !recorded(papers, gate))?;
            let at = listed_at(papers, notice.environment.as_deref()?, gate).or(notice.position.as_ref())?;
            let next = "define it under `gates:`, let `gatewright record` leave its verdict, or take it off the list";
            let finding = Finding::new(at, notice.text.clone(), next);
            Some(match part(papers, gate) {
                Some((block, name, at)) => {
                    finding.beside(at, format!("`{name}` is a part of `{block}`, which is the gate's name"))
                }
                None => finding,
            })
        })
        .collect()
}

/// A workflow leaves its verdict with `gatewright record`; the policy need not name it.
fn recorded(papers: &Papers<'_>, gate: &str) -> bool {
    let jobs = papers.workflows.iter().flat_map(|workflow| &workflow.jobs);
    let mut scripts = jobs.flat_map(|job| &job.steps).filter_map(|step| step.run);
    let flags = [format!("--gate {gate}"), format!("--gate={gate}")];
    scripts.any(|run| {
        run.text.contains("gatewright record") && flags.iter().any(|flag| run.text.contains(flag))
    })
}

fn listed_at<'a>(papers: &'a Papers<'_>, environment: &str, gate: &str) -> Option<&'a Position> {
    let (_, lists) = papers
        .environments()
        .into_iter()
        .find(|(entry, _)| entry.key == environment)?;
    let items = ["mandatory_gates", "advisory_gates"]
        .into_iter()
        .filter_map(|key| lists.get(key))
        .flat_map(Value::items);
    items
        .filter(|item| item.as_str().is_some_and(|name| alias(name) == gate))
        .map(|item| &item.position)
        .next()
}

/// A part of a block whose name begins with that of the gate.
fn part<'a>(papers: &'a Papers<'_>, gate: &str) -> Option<(&'a str, &'a str, &'a Position)> {
    papers.blocks().find_map(|block| {
        let mut parts = block
            .value
            .as_map()?
            .iter()
            .filter(|part| part.value.as_map().is_some());
        let part = parts.find(|part| {
            let rest = part.key.strip_prefix(gate);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        })?;
        Some((block.key.as_str(), part.key.as_str(), &part.position))
    })
}
