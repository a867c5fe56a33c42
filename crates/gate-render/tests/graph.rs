//! What holds for every drawing of a graph.

mod common;

use gate_render::html;
use gate_verdict::{
    Decision, EdgeState, Enforcement, Graph, MAX_GRAPH_EDGES, MAX_GRAPH_NODES, NodeState, Status,
};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use std::collections::{BTreeMap, BTreeSet};

/// The page about one gate with this graph. The verdict is not sealed: a file
/// may hold anything.
fn page(graph: Option<Graph>) -> String {
    let mut v = common::verdict("integrity", Status::Fail, Decision::Block);
    v.graph = graph;
    let gates = [(&v, Enforcement::Mandatory)];
    let d = common::decision(Decision::Block, Status::Fail, &gates);
    html(&d, std::slice::from_ref(&v))
}

/// What a drawing holds.
#[derive(Debug, Default, PartialEq)]
struct Drawing {
    size: (i64, i64),
    /// Tooltip, and corner and size of the box.
    nodes: Vec<(String, [i64; 4])>,
    /// How many lines of each class.
    lines: BTreeMap<String, usize>,
    marks: usize,
    /// The items of the list beside it.
    items: Vec<String>,
}

fn drawing(page: &str) -> Drawing {
    let mut found = Drawing::default();
    let mut reader = Reader::from_str(page);
    let (mut in_drawing, mut in_list, mut text) = (false, false, String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Xml::Start(tag) | Xml::Empty(tag) => {
                let attributes: BTreeMap<String, String> = tag
                    .attributes()
                    .map(|attribute| {
                        let attribute = attribute.expect("quoted");
                        (
                            attribute.key.as_ref().to_owned(),
                            attribute.value.to_string(),
                        )
                    })
                    .collect();
                let get = |key: &str| attributes.get(key).map_or("", String::as_str).to_owned();
                let number = |key: &str| get(key).parse::<i64>().expect("a whole number");
                let class = get("class");
                match tag.name().as_ref() {
                    "div" if class == "graph" => in_drawing = true,
                    "ul" => in_list = class.ends_with("refs"),
                    "li" => text.clear(),
                    "svg" if in_drawing && class == "lines" => {
                        found.size = (number("width"), number("height"));
                    }
                    "svg" if in_drawing => {
                        let place = ["x", "y", "width", "height"].map(number);
                        found.nodes.push((String::new(), place));
                    }
                    "path" if in_drawing && class.starts_with("e ") => {
                        *found.lines.entry(class).or_default() += 1;
                    }
                    "use" if in_drawing => found.marks += 1,
                    "title" => text.clear(),
                    _ => {}
                }
            }
            Xml::End(tag) => match tag.name().as_ref() {
                "title" if in_drawing => {
                    if let Some((title, _)) = found.nodes.last_mut().filter(|n| n.0.is_empty()) {
                        title.clone_from(&text);
                    }
                }
                "div" => in_drawing = false,
                "li" if in_list => found.items.push(text.clone()),
                _ => {}
            },
            Xml::Text(part) => text.push_str(&part),
            Xml::GeneralRef(name) => text.extend(["&", &*name, ";"]),
            Xml::Eof => return found,
            _ => {}
        }
    }
}

fn graphs() -> impl Strategy<Value = Graph> {
    let name = || (0_u32..30).prop_map(|at| format!("docs/{at}.md"));
    let states = [
        NodeState::Missing,
        NodeState::Broken,
        NodeState::Cycle,
        NodeState::Orphan,
        NodeState::Ok,
    ];
    let nodes = proptest::collection::vec(
        (name(), proptest::sample::select(states.to_vec()))
            .prop_map(|(id, s)| common::node(&id, s)),
        1..40,
    );
    let states = [EdgeState::Broken, EdgeState::Cycle, EdgeState::Ok];
    let kinds = proptest::sample::select(vec!["link", "include"]);
    let edges = proptest::collection::vec(
        (
            name(),
            name(),
            kinds,
            proptest::sample::select(states.to_vec()),
        )
            .prop_map(|(from, to, kind, s)| common::edge(&from, &to, kind, s)),
        0..60,
    );
    (nodes, edges).prop_map(|(nodes, edges)| Graph {
        nodes,
        edges,
        left_out: 0,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_node_and_edge_is_drawn_and_said(graph in graphs()) {
        let found = drawing(&page(Some(graph.clone())));
        let cut = graph.cut();
        prop_assert_eq!(found.nodes.len(), cut.nodes.len());
        for (node, (title, _)) in cut.nodes.iter().zip(&found.nodes) {
            prop_assert!(title.starts_with(&format!("{} (", node.id)), "{title}");
        }
        let lines = |state, class: &str| {
            let edges = cut.edges.iter().filter(|edge| edge.state == state).count();
            assert_eq!(found.lines.get(class).copied().unwrap_or(0), edges, "{class}");
            edges
        };
        prop_assert_eq!(lines(EdgeState::Broken, "e broken"), found.marks);
        lines(EdgeState::Cycle, "e cycle");
        lines(EdgeState::Ok, "e ok");
        let ends: BTreeSet<&str> = cut.edges.iter().flat_map(|e| [&*e.from, &*e.to]).collect();
        let alone = cut.nodes.iter().filter(|node| !ends.contains(&*node.id)).count();
        prop_assert_eq!(found.items.len(), cut.edges.len() + alone);
        for edge in &cut.edges {
            let said = format!("{} → {} ({}, ", edge.from, edge.to, edge.kind);
            prop_assert!(found.items.iter().any(|item| item.starts_with(&said)), "{said}");
        }
    }

    #[test]
    fn no_box_covers_another(graph in graphs()) {
        let found = drawing(&page(Some(graph)));
        for (at, (_, [x, y, width, height])) in found.nodes.iter().enumerate() {
            prop_assert!(*x >= 0 && x + width <= found.size.0);
            prop_assert!(*y >= 0 && y + height <= found.size.1);
            for (_, [other_x, other_y, ..]) in &found.nodes[at + 1..] {
                prop_assert!((x - other_x).abs() > *width || (y - other_y).abs() > *height);
            }
        }
    }

    #[test]
    fn the_order_it_is_given_in_changes_nothing(graph in graphs()) {
        let mut turned = graph.clone();
        turned.nodes.reverse();
        turned.edges.reverse();
        prop_assert_eq!(page(Some(graph)), page(Some(turned)));
    }
}

/// As many nodes and edges as there may be and more, in a tangle.
fn tangle(name: impl Fn(usize) -> String) -> Graph {
    let names: Vec<String> = (0..MAX_GRAPH_NODES + 20).map(name).collect();
    let pairs = (0..MAX_GRAPH_EDGES * 2).map(|at| (at * 7 % 100, at * at % 93));
    Graph {
        nodes: names
            .iter()
            .map(|id| common::node(id, NodeState::Broken))
            .collect(),
        edges: pairs
            .map(|(from, to)| common::edge(&names[from], &names[to], "include", EdgeState::Broken))
            .collect(),
        left_out: 0,
    }
}

#[test]
fn the_largest_graphs_stay_small() {
    let without = page(None).len();
    for (what, most, graph) in [
        (
            "ascii",
            150_000,
            tangle(|at| format!("{at}/{}", "deep/".repeat(60))),
        ),
        (
            "wide",
            150_000,
            tangle(|at| format!("{at}/{}", "文档".repeat(150))),
        ),
        (
            "hostile",
            500_000,
            tangle(|at| format!("{at}{}", "\"".repeat(900))),
        ),
    ] {
        let page = page(Some(graph));
        let found = drawing(&page);
        assert_eq!(found.nodes.len(), MAX_GRAPH_NODES, "{what}");
        assert!(
            found.lines.values().sum::<usize>() <= MAX_GRAPH_EDGES,
            "{what}"
        );
        let size = page.len() - without;
        assert!(size < most, "{what}: {size} bytes");
        assert!(size > 50_000, "{what}: {size} bytes, so nothing was tried");
    }
}

#[test]
fn a_state_is_a_word_too() {
    let found = page(Some(common::modules()));
    for words in [
        "✗ missing",
        "! broken reference",
        "! broken · commands/review.md",
        "↻ in a cycle",
        "? referred to by nothing",
        "✓ ok",
        "<code>commands/review.md</code> → <code>agents/code-reviwer.md</code> <span class=\"dim\">(delegates, missing)</span>",
        "<code>agents/unused.md</code> <span class=\"dim\">(orphan)</span>",
        "24 nodes and 24 references: 4 missing, 4 with a broken reference, 4 in a cycle, 3 referred to by nothing. 5 more nodes are left out here; what is broken was kept first.",
    ] {
        assert!(found.contains(words), "{words}");
    }
}

#[test]
fn nothing_is_drawn_of_nothing() {
    for graph in [None, Some(Graph::default())] {
        assert!(!page(graph).contains("Neighbourhood"));
    }
}
