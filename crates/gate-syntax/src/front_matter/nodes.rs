//! The block as a list of nodes: what the parser says, without its events, and nothing expanded.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

use super::problem;
use super::scalar::{Scalar, Tag};
use crate::SyntaxError;

/// Most values of a block once every alias is put in its place; real blocks have a few dozen.
pub(super) const MAX_NODES: usize = 10_000;
/// Deepest nesting; the block's own mapping is the first level.
pub(super) const MAX_DEPTH: usize = 64;

/// One value as the block writes it, in document order; a collection is followed by what it holds.
#[derive(Debug)]
pub(super) struct Node<'y> {
    /// Line (1-based) and column (0-based) in the block.
    pub(super) at: (usize, usize),
    pub(super) kind: Kind<'y>,
    /// Index of the first node behind this one and all that it holds; 0 as long as it is open.
    pub(super) next: usize,
}

#[derive(Debug)]
pub(super) enum Kind<'y> {
    Scalar(Scalar<'y>),
    /// The index of the node that has the anchor.
    Alias(usize),
    Sequence,
    Mapping,
}

/// Every node of the only document. Nothing is expanded, so this is linear in the block.
pub(super) fn nodes(yaml: &str) -> Result<Vec<Node<'_>>, SyntaxError> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut anchors: BTreeMap<usize, usize> = BTreeMap::new();
    let mut documents = 0;
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            problem((mark.line(), mark.col()), error.info())
        })?;
        let at = (span.start.line(), span.start.col());
        let (kind, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag =
                    Tag::of_scalar(tag.as_deref()).map_err(|message| problem(at, &message))?;
                (Kind::Scalar(Scalar::new(text, style, tag)), anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                Tag::of_collection(tag.as_deref(), "seq")
                    .map_err(|message| problem(at, &message))?;
                (Kind::Sequence, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                Tag::of_collection(tag.as_deref(), "map")
                    .map_err(|message| problem(at, &message))?;
                (Kind::Mapping, anchor)
            }
            Event::Alias(anchor) => match anchors.get(&anchor) {
                Some(&node) => (Kind::Alias(node), 0),
                None => return Err(problem(at, "found an alias of an anchor that is not there")),
            },
            Event::SequenceEnd | Event::MappingEnd => {
                let end = nodes.len();
                if let Some(node) = open.pop().and_then(|node| nodes.get_mut(node)) {
                    node.next = end;
                }
                continue;
            }
            Event::DocumentStart(_) if documents > 0 => {
                return Err(problem(at, "found a second document, expected one mapping"));
            }
            Event::DocumentStart(_) => {
                documents += 1;
                continue;
            }
            _ => continue,
        };
        if nodes.len() >= 2 * MAX_NODES {
            return Err(too_many(at));
        }
        let index = nodes.len();
        if anchor > 0 {
            anchors.insert(anchor, index);
        }
        let is_open = matches!(kind, Kind::Sequence | Kind::Mapping);
        let next = if is_open { 0 } else { index + 1 };
        nodes.push(Node { at, kind, next });
        if is_open {
            open.push(index);
            if open.len() > MAX_DEPTH {
                return Err(too_deep(at));
            }
        }
    }
    Ok(nodes)
}

pub(super) fn too_many(at: (usize, usize)) -> SyntaxError {
    let message = format!(
        "found more than {MAX_NODES} values, expected fewer (aliases count where they are used)"
    );
    problem(at, &message)
}

pub(super) fn too_deep(at: (usize, usize)) -> SyntaxError {
    let message = format!("found values more than {MAX_DEPTH} levels deep, expected fewer levels");
    problem(at, &message)
}
