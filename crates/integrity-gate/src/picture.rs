//! The broken part of the module graph, for the report: what is broken, and
//! what stands next to it.

use crate::arc::To;
use crate::form::is_manifest;
use crate::issue::Issue;
use crate::modules::Modules;
use crate::world::World;
use gate_verdict::{EdgeState, Graph, GraphEdge, GraphNode, NodeState};
use std::collections::{BTreeMap, BTreeSet};

/// Issues that are looked at: the drawing holds fewer still.
const MAX_ISSUES: usize = 1_000;

/// `None` where nothing of the graph is broken.
pub(crate) fn draw(world: &World<'_>, modules: &Modules<'_>, issues: &[Issue]) -> Option<Graph> {
    let mut states: BTreeMap<String, NodeState> = BTreeMap::new();
    let mut edges: BTreeMap<(String, String), (EdgeState, String)> = BTreeMap::new();
    let circular = circles(issues, &mut states, &mut edges);
    let kinds: BTreeMap<(&str, &str), &str> = modules
        .arcs
        .iter()
        .filter(|arc| matches!(arc.to, To::Missing(_)))
        .map(|arc| ((world.pages[arc.from].path, arc.written.as_str()), arc.kind))
        .collect();
    for issue in issues.iter().take(MAX_ISSUES) {
        match issue.rule {
            "unreferenced_module" | "unlisted_module" => {
                let id = if issue.rule == "unlisted_module" {
                    &issue.key
                } else {
                    &issue.path
                };
                states.entry(id.clone()).or_insert(NodeState::Orphan);
            }
            "missing_module" | "module_case" | "missing_delegate" | "broken_link" | "link_case" => {
                // A module that is nowhere has no path but the one that is written.
                let nowhere = issue.rule == "missing_module" && !is_manifest(&issue.path);
                let target = match &issue.target {
                    Some((target, _)) if !nowhere => target.clone(),
                    _ => issue.key.clone(),
                };
                states
                    .entry(issue.path.clone())
                    .or_insert(NodeState::Broken);
                states.entry(target.clone()).or_insert(NodeState::Missing);
                let kind = kinds.get(&(issue.path.as_str(), issue.key.as_str()));
                let kind = kind.copied().unwrap_or("link");
                edges.insert(
                    (issue.path.clone(), target),
                    (EdgeState::Broken, kind.to_owned()),
                );
            }
            _ => {}
        }
    }
    if states.is_empty() {
        return None;
    }
    // One step around, by the arcs of the module graph.
    let broken: BTreeSet<String> = states.keys().cloned().collect();
    for arc in &modules.arcs {
        let To::Page(to) = arc.to else { continue };
        let (from, to) = (world.pages[arc.from].path, world.pages[to].path);
        if broken.contains(from) || broken.contains(to) {
            states.entry(from.to_owned()).or_insert(NodeState::Ok);
            states.entry(to.to_owned()).or_insert(NodeState::Ok);
            let state = if circular.contains(&(from.to_owned(), to.to_owned())) {
                EdgeState::Cycle
            } else {
                EdgeState::Ok
            };
            edges
                .entry((from.to_owned(), to.to_owned()))
                .or_insert((state, arc.kind.to_owned()));
        }
    }
    let nodes = states.into_iter().map(|(id, state)| GraphNode {
        id,
        state,
        label: None,
    });
    let edges = edges
        .into_iter()
        .map(|((from, to), (state, kind))| GraphEdge {
            from,
            to,
            state,
            kind,
        });
    Some(
        Graph {
            nodes: nodes.collect(),
            edges: edges.collect(),
            left_out: 0,
        }
        .cut(),
    )
}

/// Members and steps of every circle.
fn circles(
    issues: &[Issue],
    states: &mut BTreeMap<String, NodeState>,
    edges: &mut BTreeMap<(String, String), (EdgeState, String)>,
) -> BTreeSet<(String, String)> {
    let mut steps = BTreeSet::new();
    for issue in issues
        .iter()
        .filter(|issue| issue.rule == "circular_dependency")
    {
        let way: Vec<&str> = issue.key.split('\0').collect();
        for (at, member) in way.iter().enumerate() {
            states.insert((*member).to_owned(), NodeState::Cycle);
            let next = way.get(at + 1).or(way.first()).copied().unwrap_or_default();
            steps.insert(((*member).to_owned(), next.to_owned()));
        }
    }
    for step in &steps {
        edges.insert(step.clone(), (EdgeState::Cycle, String::from("loads")));
    }
    steps
}
