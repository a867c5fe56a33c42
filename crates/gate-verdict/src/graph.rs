//! The broken neighbourhood: the part of a reference graph around what does
//! not hold, small enough to be drawn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// As many nodes as a verdict holds of its graph; more is no drawing a person reads.
pub const MAX_GRAPH_NODES: usize = 80;
/// As many edges: two for each node, more than reference graphs commonly have.
pub const MAX_GRAPH_EDGES: usize = 160;

/// What refers to what, around what is broken: at most 80 nodes, sorted by `id`,
/// and 160 edges between them, sorted by their ends, as [`Graph::cut`] leaves them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Graph {
    pub nodes: Vec<GraphNode>,
    pub edges: Vec<GraphEdge>,
    /// Nodes that belong to the neighbourhood and are not held here.
    pub left_out: u64,
}

/// Something that refers or is referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct GraphNode {
    /// Its path, relative to the root with `/`, or its name. Unique in a graph.
    pub id: String,
    pub state: NodeState,
    /// What people call it, where that is not its path.
    pub label: Option<String>,
}

/// One reference, from the file that holds it to what it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct GraphEdge {
    /// A node's `id`.
    pub from: String,
    /// A node's `id`.
    pub to: String,
    /// `include`, `link`, `import`, `delegates`, ...
    pub kind: String,
    pub state: EdgeState,
}

/// What is wrong with a node. The first is the weightiest: a node that is given
/// twice is what weighs most.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// It does not exist.
    Missing,
    /// It holds a reference that leads nowhere.
    Broken,
    /// It refers to itself, by itself or by way of others.
    Cycle,
    /// Nothing refers to it.
    Orphan,
    Ok,
}

/// What is wrong with an edge; the first is the weightiest.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EdgeState {
    /// It leads nowhere.
    Broken,
    /// It closes or continues a cycle.
    Cycle,
    Ok,
}

impl Graph {
    /// The graph within its bounds, in its one order, whatever order it was
    /// given in; cutting again changes nothing.
    ///
    /// A node or edge that is given twice is one, an edge to what is no node is
    /// dropped. What is missing, broken or in a cycle is kept first, and of it
    /// what a broken or circular edge joins, so that both ends are to be seen;
    /// then orphans, then what stands beside what was kept, then the rest, by
    /// name. The nodes that are cut are added to `left_out`.
    pub fn cut(self) -> Self {
        let nodes = distinct(self.nodes);
        let edges = joining(self.edges, |id| nodes.contains_key(id));
        let kept: BTreeSet<String> = weightiest(&nodes, &edges)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let cut = nodes.len() - kept.len();
        let mut edges = joining(edges, |id| kept.contains(id));
        edges.sort_by(|a, b| (a.state, a).cmp(&(b.state, b)));
        edges.truncate(MAX_GRAPH_EDGES);
        edges.sort();
        let nodes = nodes
            .iter()
            .filter(|(id, _)| kept.contains(*id))
            .map(|(_, node)| node.clone())
            .collect();
        Self {
            nodes,
            edges,
            left_out: self.left_out.saturating_add(cut as u64),
        }
    }
}

/// The nodes by id; of two with one id the weightier.
fn distinct(mut nodes: Vec<GraphNode>) -> BTreeMap<String, GraphNode> {
    nodes.sort();
    let mut by_id = BTreeMap::new();
    for node in nodes {
        by_id.entry(node.id.clone()).or_insert(node);
    }
    by_id
}

/// The edges both of whose ends are there, each once.
fn joining(mut edges: Vec<GraphEdge>, is_there: impl Fn(&str) -> bool) -> Vec<GraphEdge> {
    edges.retain(|edge| is_there(&edge.from) && is_there(&edge.to));
    edges.sort();
    edges.dedup();
    edges
}

/// The ids of the nodes to keep.
fn weightiest<'a>(
    nodes: &'a BTreeMap<String, GraphNode>,
    edges: &'a [GraphEdge],
) -> BTreeSet<&'a str> {
    let mut kept = BTreeSet::new();
    let keep = |kept: &mut BTreeSet<&'a str>, ids: &[&'a str]| {
        let new: BTreeSet<&str> = ids
            .iter()
            .copied()
            .filter(|id| !kept.contains(id))
            .collect();
        if kept.len() + new.len() <= MAX_GRAPH_NODES {
            kept.extend(new);
        }
    };
    let is_bad = |id: &str| {
        nodes
            .get(id)
            .is_some_and(|node| node.state < NodeState::Orphan)
    };
    let bad_edges = edges.iter().filter(|edge| edge.state != EdgeState::Ok);
    for edge in bad_edges.filter(|edge| is_bad(&edge.from) && is_bad(&edge.to)) {
        keep(&mut kept, &[&edge.from, &edge.to]);
    }
    let mut by_weight: Vec<&GraphNode> = nodes.values().collect();
    by_weight.sort_by_key(|node| (node.state, &node.id));
    for node in by_weight
        .iter()
        .filter(|node| node.state <= NodeState::Orphan)
    {
        keep(&mut kept, &[&node.id]);
    }
    let mut beside = BTreeSet::new();
    for edge in edges {
        for (one, other) in [(&edge.from, &edge.to), (&edge.to, &edge.from)] {
            if kept.contains(one.as_str()) {
                beside.insert(other.as_str());
            }
        }
    }
    for id in beside.into_iter().chain(nodes.keys().map(String::as_str)) {
        keep(&mut kept, &[id]);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn node(id: &str, state: NodeState) -> GraphNode {
        GraphNode {
            id: id.to_owned(),
            state,
            label: None,
        }
    }

    fn edge(from: &str, to: &str, state: EdgeState) -> GraphEdge {
        GraphEdge {
            from: from.to_owned(),
            to: to.to_owned(),
            kind: String::from("link"),
            state,
        }
    }

    fn graphs() -> impl Strategy<Value = Graph> {
        let states = [
            NodeState::Missing,
            NodeState::Broken,
            NodeState::Cycle,
            NodeState::Orphan,
            NodeState::Ok,
        ];
        let name = || (0_u32..140).prop_map(|at| format!("n{at}"));
        let nodes = proptest::collection::vec(
            (name(), proptest::sample::select(states.to_vec())).prop_map(|(id, s)| node(&id, s)),
            0..200,
        );
        let states = [EdgeState::Broken, EdgeState::Cycle, EdgeState::Ok];
        let edges = proptest::collection::vec(
            (name(), name(), proptest::sample::select(states.to_vec()))
                .prop_map(|(from, to, s)| edge(&from, &to, s)),
            0..400,
        );
        (nodes, edges, 0_u64..9).prop_map(|(nodes, edges, left_out)| Graph {
            nodes,
            edges,
            left_out,
        })
    }

    proptest! {
        #[test]
        fn a_cut_graph_is_bounded_whole_and_the_same_in_any_order(graph in graphs()) {
            let cut = graph.clone().cut();
            prop_assert!(cut.nodes.len() <= 80);
            prop_assert!(cut.edges.len() <= 160);
            prop_assert!(cut.nodes.windows(2).all(|pair| pair[0].id < pair[1].id));
            prop_assert!(cut.edges.windows(2).all(|pair| pair[0] < pair[1]));
            let ids: BTreeSet<&str> = cut.nodes.iter().map(|node| node.id.as_str()).collect();
            for edge in &cut.edges {
                prop_assert!(ids.contains(edge.from.as_str()) && ids.contains(edge.to.as_str()));
            }
            let all: BTreeSet<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
            prop_assert_eq!(cut.left_out, graph.left_out + (all.len() - ids.len()) as u64);
            prop_assert_eq!(ids.len(), all.len().min(80));
            prop_assert_eq!(&cut.clone().cut(), &cut);
            let mut turned = graph.clone();
            turned.nodes.reverse();
            turned.edges.reverse();
            prop_assert_eq!(&turned.cut(), &cut);
            // Nothing that holds stands where something broken was cut.
            let whole = distinct(graph.nodes);
            let bad_is_cut = whole
                .values()
                .any(|node| node.state < NodeState::Orphan && !ids.contains(node.id.as_str()));
            prop_assert!(!bad_is_cut || cut.nodes.iter().all(|n| n.state < NodeState::Orphan));
        }
    }

    #[test]
    fn both_ends_of_what_is_broken_are_kept() {
        let mut graph = Graph::default();
        for at in 0..60 {
            let (from, to) = (format!("a{at:02}"), format!("z{at:02}"));
            graph.nodes.push(node(&from, NodeState::Broken));
            graph.nodes.push(node(&to, NodeState::Missing));
            graph.edges.push(edge(&from, &to, EdgeState::Broken));
        }
        let cut = graph.cut();
        assert_eq!(
            (cut.nodes.len(), cut.edges.len(), cut.left_out),
            (80, 40, 40)
        );
    }

    #[test]
    fn edges_that_hold_are_cut_first() {
        let names: Vec<String> = (0..20).map(|at| format!("n{at:02}")).collect();
        let mut graph = Graph::default();
        for from in &names {
            graph.nodes.push(node(from, NodeState::Ok));
            for to in &names {
                graph.edges.push(edge(from, to, EdgeState::Ok));
            }
        }
        graph.edges.push(edge("n19", "n19", EdgeState::Broken));
        graph.edges.push(edge("n19", "nowhere", EdgeState::Broken));
        let cut = graph.cut();
        assert_eq!((cut.nodes.len(), cut.edges.len()), (20, MAX_GRAPH_EDGES));
        let broken: Vec<_> = cut
            .edges
            .iter()
            .filter(|e| e.state == EdgeState::Broken)
            .collect();
        assert_eq!(broken, [&edge("n19", "n19", EdgeState::Broken)]);
    }

    #[test]
    fn a_node_given_twice_is_what_weighs_most() {
        let graph = Graph {
            nodes: vec![node("a", NodeState::Ok), node("a", NodeState::Missing)],
            ..Graph::default()
        };
        assert_eq!(graph.cut().nodes, [node("a", NodeState::Missing)]);
    }
}
