//! The drawing itself. States are told by shape, line and word; colour only
//! repeats them.

use super::layout::{BOX, layout};
use super::{counts, short};
use gate_verdict::{EdgeState, Graph, GraphNode, NodeState};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much of a name fits into a box, in columns of its font.
const NAME_COLUMNS: usize = 24;
/// How much of a path fits beside the state, where a node goes by a name.
const PATH_COLUMNS: usize = 18;
/// The widest name in a tooltip, in columns: paths are shorter.
const TITLE_COLUMNS: usize = 240;

/// The drawing in a frame that scrolls where it is too wide.
pub(super) fn push(out: &mut String, at: usize, graph: &Graph) {
    let numbers: BTreeMap<&str, usize> = graph
        .nodes
        .iter()
        .enumerate()
        .map(|(number, node)| (node.id.as_str(), number))
        .collect();
    let number = |id: &str| numbers.get(id).copied();
    let ends: Vec<((usize, usize), EdgeState)> = graph
        .edges
        .iter()
        .filter_map(|edge| Some(((number(&edge.from)?, number(&edge.to)?), edge.state)))
        .collect();
    let edges: Vec<(usize, usize)> = ends.iter().map(|(ends, _)| *ends).collect();
    let layout = layout(graph.nodes.len(), &edges);
    let (width, height) = layout.size;
    let _ = write!(
        out,
        "<div class=\"graph\" role=\"group\" tabindex=\"0\" aria-labelledby=\"graph-{at}\">\n\
         <svg class=\"lines\" role=\"img\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-labelledby=\"graph-{at}-title graph-{at}-desc\">\n\
         <title id=\"graph-{at}-title\">What refers to what, from left to right</title>\n\
         <desc id=\"graph-{at}-desc\">{} The list below says the same.</desc>\n",
        counts(graph)
    );
    // What holds is drawn first, so that nothing covers what does not.
    let mut marks = String::new();
    for state in [EdgeState::Ok, EdgeState::Cycle, EdgeState::Broken] {
        for ((_, its), line) in ends.iter().zip(&layout.lines) {
            if *its == state {
                let _ = writeln!(
                    out,
                    "<path class=\"e {}\" d=\"{}\"/>",
                    edge_class(state),
                    line.path
                );
                marks.push_str(&mark(state, line.middle.0, line.middle.1));
            }
        }
    }
    for (node, corner) in graph.nodes.iter().zip(&layout.corners) {
        push_node(out, node, *corner);
    }
    let _ = write!(out, "{marks}\n</svg>\n</div>\n");
}

fn push_node(out: &mut String, node: &GraphNode, (x, y): (i32, i32)) {
    let (width, height) = BOX;
    let class = node_class(node.state);
    let (sign, words) = node_words(node.state);
    let (name, below) = match &node.label {
        Some(name) => {
            let path = short(&node.id, PATH_COLUMNS);
            (name, format!("{sign} {class} · {path}"))
        }
        None => (&node.id, format!("{sign} {words}")),
    };
    let _ = writeln!(
        out,
        "<svg class=\"n {class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"><title>{} ({words})</title>\
         {}<text x=\"14\" y=\"19\">{}</text><text class=\"w\" x=\"14\" y=\"35\">{below}</text></svg>",
        short(&node.id, TITLE_COLUMNS),
        outline(node.state),
        short(name, NAME_COLUMNS)
    );
}

/// The shape of a box, two pixels within it so that its line is not cut off.
const fn outline(state: NodeState) -> &'static str {
    match state {
        NodeState::Ok | NodeState::Missing => {
            "<rect x=\"2\" y=\"2\" width=\"204\" height=\"40\" rx=\"8\"/>"
        }
        NodeState::Broken => "<path d=\"M11 2H197L206 11V33L197 42H11L2 33V11z\"/>",
        NodeState::Cycle => "<rect x=\"2\" y=\"2\" width=\"204\" height=\"40\" rx=\"20\"/>",
        NodeState::Orphan => "<rect x=\"2\" y=\"2\" width=\"204\" height=\"40\"/>",
    }
}

/// A cross in a circle on what leads nowhere.
pub(super) fn mark(state: EdgeState, x: i32, y: i32) -> String {
    if state != EdgeState::Broken {
        return String::new();
    }
    format!(
        "<use href=\"#i-cut\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\"/>",
        x - 7,
        y - 7
    )
}

pub(super) const fn edge_class(state: EdgeState) -> &'static str {
    match state {
        EdgeState::Broken => "broken",
        EdgeState::Cycle => "cycle",
        EdgeState::Ok => "ok",
    }
}

pub(super) const fn node_class(state: NodeState) -> &'static str {
    match state {
        NodeState::Missing => "missing",
        NodeState::Broken => "broken",
        NodeState::Cycle => "cycle",
        NodeState::Orphan => "orphan",
        NodeState::Ok => "ok",
    }
}

/// A state as a sign and in words.
const fn node_words(state: NodeState) -> (&'static str, &'static str) {
    match state {
        NodeState::Missing => ("✗", "missing"),
        NodeState::Broken => ("!", "broken reference"),
        NodeState::Cycle => ("↻", "in a cycle"),
        NodeState::Orphan => ("?", "referred to by nothing"),
        NodeState::Ok => ("✓", "ok"),
    }
}
