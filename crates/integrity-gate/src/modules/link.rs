//! Links of pages as references of the module graph.

use super::{Modules, Reference, leads_to};
use crate::arc::{Arc, To};
use crate::describe;
use crate::extractor::Edges;
use crate::resolve::{Problem, Resolved};
use crate::tree::Entry;
use crate::world::World;
use gate_syntax::{Edge, Target};

/// A link. Whether it resolves is the link criteria's matter; one with a wrong fragment leads to its file all the same.
pub(super) fn link<'a>(
    world: &World<'a>,
    from: usize,
    takers: &[&'a Edges],
    edge: &Edge<'_>,
    modules: &mut Modules<'a>,
) {
    let reference = Reference::of(world, world.pages[from].path, edge);
    // What stands on the page itself is not loaded once more.
    if takers.is_empty() || matches!(reference.target, Target::Fragment { .. }) {
        return;
    }
    let found = match world.link(from, &reference.target) {
        Resolved::To(path) | Resolved::Unread(path) | Resolved::Folder(Some(path)) => Ok(path),
        Resolved::Broken(
            Problem::NoAnchor { path, .. }
            | Problem::OnlyLines { path, .. }
            | Problem::NoLine { path, .. },
        ) => match world.tree.file(&path) {
            Some(path) => Ok(path),
            None => return,
        },
        Resolved::Broken(problem) => Err(To::Missing(describe::looked_for(&problem).to_owned())),
        // Inside of a submodule, or above the root that was named.
        Resolved::NotChecked if matches!(reference.target, Target::Path { .. }) => {
            Err(To::Elsewhere)
        }
        _ => return,
    };
    // What is loaded and not here has to be known; all else is the link criteria's.
    let is_told = |edges: &&&Edges| found.is_ok() || edges.extractor.loads;
    let to = match &found {
        // The host shows a link's own text; who reads the file goes through it.
        Ok(path) => match world.tree.through(path) {
            Some(Entry::File(path)) => leads_to(world, path),
            _ => To::File(path),
        },
        Err(to) => to.clone(),
    };
    for edges in takers.iter().filter(is_told) {
        let arc = Arc::of(from, to.clone(), edges, &reference);
        modules.arcs.push(arc);
    }
}
