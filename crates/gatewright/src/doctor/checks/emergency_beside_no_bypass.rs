//! "Mandatory gates cannot be bypassed" beside an emergency override: which path is left has to be said.

use crate::doctor::papers::{Finding, Papers, below, entry};
use gate_policy::{Entry, Position, Value};

/// Inputs and keys that are for nothing else.
const PATHS: [&str; 6] = [
    "emergency_override",
    "emergency_bypass",
    "bypass_gates",
    "bypass_quality_gates",
    "skip_gates",
    "skip_quality_gates",
];

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let Some((said_at, said)) = said(papers) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for block in papers.blocks() {
        let maps = below(&block.value);
        let own = std::iter::once(block)
            .chain(maps.iter().flat_map(|map| map.as_map().unwrap_or_default()));
        found.extend(own.filter(|entry| opens(entry)).map(|entry| {
            let text = format!("{said}, and `{}` is a way round them", entry.key);
            finding(&entry.position, text).beside(&said_at, "what is said")
        }));
    }
    for workflow in &papers.workflows {
        let inputs = ["workflow_dispatch", "workflow_call"]
            .into_iter()
            .filter_map(|event| {
                let inputs = workflow.root.get("on")?.get(event)?.get("inputs")?;
                inputs.as_map()
            });
        found.extend(
            inputs
                .flatten()
                .filter(|entry| is_path(&entry.key))
                .map(|entry| {
                    let text = format!(
                        "{said}, and whoever starts this workflow may set `{}`",
                        entry.key
                    );
                    finding(&entry.position, text).beside(&said_at, "what is said")
                }),
        );
    }
    found
}

fn finding(at: &Position, text: String) -> Finding {
    let next = "say that emergencies are the one path, who approves them and for how long, and use overrides for it; or remove this one";
    Finding::new(at, text, next)
}

fn is_path(key: &str) -> bool {
    PATHS.contains(&key.replace('-', "_").to_ascii_lowercase().as_str())
}

fn opens(entry: &Entry) -> bool {
    let off = |value: &Value| {
        value.as_bool() == Some(false) || value.as_str().is_some_and(|text| text == "forbidden")
    };
    let closed = off(&entry.value) || entry.value.get("enabled").is_some_and(off);
    is_path(&entry.key) && !closed
}

/// Where it is said that nothing may be bypassed: in words, or by every environment.
fn said(papers: &Papers<'_>) -> Option<(Position, String)> {
    let words = papers
        .blocks()
        .flat_map(|block| below(&block.value))
        .find(|value| {
            value
                .as_str()
                .is_some_and(|text| text.to_ascii_lowercase().contains("cannot be bypassed"))
        });
    if let Some(value) = words {
        let text = String::from("it is said that gates cannot be bypassed");
        return Some((value.position.clone(), text));
    }
    let environments = papers.environments();
    let closed = |lists: &Value| lists.bool_of("bypass_allowed") == Some(false);
    let (first, lists) = environments.first()?;
    if !environments.iter().all(|(_, lists)| closed(lists)) {
        return None;
    }
    let at = entry(lists, "bypass_allowed").map_or(&first.position, |one| &one.position);
    Some((
        at.clone(),
        String::from("no environment allows gates to be bypassed"),
    ))
}
