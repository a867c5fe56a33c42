//! The neighbourhood of what is broken: a drawing, and the same in words.

mod draw;
mod fit;
mod layers;
mod layout;
mod route;
mod rows;

use super::{label, push_more};
use crate::{escape, story, words};
use fit::fit;
use gate_verdict::{DecisionDoc, EdgeState, Graph, GraphEdge, MAX_GRAPH_EDGES, NodeState, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// As many drawings as the page shows; each may be a hundred kilobytes.
const MAX_GRAPHS: usize = 8;
/// The widest name in the list, in columns; the drawing's tooltips say more.
const LIST_COLUMNS: usize = 96;
/// The widest kind of a reference, in columns.
const KIND_COLUMNS: usize = 28;

/// A section for each gate whose verdict has a graph, the worst gate first.
pub(super) fn push_graphs(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let graphs: Vec<(String, &Verdict, &Graph)> = story::gates(decision)
        .into_iter()
        .filter_map(|gate| {
            let verdict = story::verdict_of(gate, verdicts)?;
            let graph = verdict.graph.as_ref().filter(|g| !g.nodes.is_empty())?;
            Some((story::stem(gate), verdict, graph))
        })
        .collect();
    for (at, (stem, _, graph)) in graphs.iter().enumerate().take(MAX_GRAPHS) {
        // A file may hold more than a verdict of ours would.
        push_graph(out, at, stem, &(*graph).clone().cut());
    }
    if let Some((_, verdict, _)) = graphs.get(MAX_GRAPHS) {
        let file = format!("{}.verdict.json", verdict.file_stem());
        push_more(out, graphs.len() as u64, MAX_GRAPHS, &file);
    }
}

fn push_graph(out: &mut String, at: usize, gate: &str, graph: &Graph) {
    let _ = writeln!(
        out,
        "<section aria-labelledby=\"graph-{at}\">\n\
         <h2 id=\"graph-{at}\">Neighbourhood of what is broken <small>{}</small></h2>\n<p>{}</p>",
        label(gate),
        counts(graph)
    );
    push_key(out, graph);
    draw::push(out, at, graph);
    push_text(out, graph);
    out.push_str("</section>\n");
}

/// How much of what there is, in one or two sentences.
fn counts(graph: &Graph) -> String {
    let of = |state| {
        graph
            .nodes
            .iter()
            .filter(|node| node.state == state)
            .count()
    };
    let parts: Vec<String> = [
        (NodeState::Missing, "missing"),
        (NodeState::Broken, "with a broken reference"),
        (NodeState::Cycle, "in a cycle"),
        (NodeState::Orphan, "referred to by nothing"),
    ]
    .into_iter()
    .filter(|(state, _)| of(*state) > 0)
    .map(|(state, words)| format!("{} {words}", of(state)))
    .collect();
    let mut text = format!(
        "{} and {}",
        words::counted(graph.nodes.len() as u64, "node", "nodes"),
        words::counted(graph.edges.len() as u64, "reference", "references")
    );
    if !parts.is_empty() {
        let _ = write!(text, ": {}", parts.join(", "));
    }
    text.push('.');
    if graph.left_out > 0 {
        let _ = write!(
            text,
            " {} left out here; what is broken was kept first.",
            words::counted(graph.left_out, "more node is", "more nodes are")
        );
    }
    if graph.edges.len() >= MAX_GRAPH_EDGES {
        text.push_str(" No more references are held than these, the broken ones first.");
    }
    text
}

/// What the lines mean.
fn push_key(out: &mut String, graph: &Graph) {
    out.push_str("<ul class=\"key\">");
    for (state, words) in [
        (EdgeState::Broken, "leads nowhere"),
        (EdgeState::Cycle, "part of a cycle"),
        (EdgeState::Ok, "holds"),
    ] {
        if graph.edges.iter().any(|edge| edge.state == state) {
            let class = draw::edge_class(state);
            let mark = draw::mark(state, 21, 7);
            let _ = write!(
                out,
                "<li><svg class=\"lines\" width=\"48\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">\
                 <path class=\"e {class}\" d=\"M1 7H45\"/>{mark}</svg>{words}</li>"
            );
        }
    }
    out.push_str("</ul>\n");
}

/// Every edge, and every node that has none, for those who do not see the drawing.
fn push_text(out: &mut String, graph: &Graph) {
    let states: BTreeMap<&str, NodeState> = graph
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node.state))
        .collect();
    let _ = write!(
        out,
        "<details class=\"sub\">\n<summary>The same as a list</summary>\n<ul class=\"plain refs\">\n"
    );
    let mut edges: Vec<&GraphEdge> = graph.edges.iter().collect();
    edges.sort_by_key(|edge| edge.state);
    for edge in &edges {
        let state = match (edge.state, states.get(edge.to.as_str())) {
            (EdgeState::Broken, Some(NodeState::Missing)) => "missing",
            (EdgeState::Broken, _) => "broken",
            (EdgeState::Cycle, _) => "cycle",
            (EdgeState::Ok, _) => "ok",
        };
        let _ = writeln!(
            out,
            "<li><code>{}</code> → <code>{}</code> <span class=\"dim\">({}, {state})</span></li>",
            short(&edge.from, LIST_COLUMNS),
            short(&edge.to, LIST_COLUMNS),
            short(&edge.kind, KIND_COLUMNS)
        );
    }
    let joined: BTreeSet<&str> = edges
        .iter()
        .flat_map(|edge| [edge.from.as_str(), edge.to.as_str()])
        .collect();
    for node in &graph.nodes {
        if !joined.contains(node.id.as_str()) {
            let _ = writeln!(
                out,
                "<li><code>{}</code> <span class=\"dim\">({})</span></li>",
                short(&node.id, LIST_COLUMNS),
                draw::node_class(node.state)
            );
        }
    }
    out.push_str("</ul>\n</details>\n");
}

/// A name as wide as there is room for, safe as text.
fn short(name: &str, columns: usize) -> String {
    escape::html(&fit(&escape::name(name), columns))
}
