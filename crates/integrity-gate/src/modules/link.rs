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
    let target = edge.target();
    // What stands on the page itself is not loaded once more.
    if takers.is_empty() || matches!(target, Target::Fragment { .. }) {
        return;
    }
    let path = match &target {
        Target::Path { path, .. } => Some(path),
        _ => None,
    };
    let mut broken = None;
    let found = match world.link(from, &target) {
        Resolved::To(path) | Resolved::Unread(path) | Resolved::Folder(Some(path)) => Some(path),
        Resolved::Broken(
            Problem::NoAnchor { path, .. }
            | Problem::OnlyLines { path, .. }
            | Problem::NoLine { path, .. },
        ) => world.tree.file(&path),
        Resolved::Broken(problem) => {
            broken = Some(To::Missing(describe::looked_for(&problem).to_owned()));
            None
        }
        // Inside of a submodule, or above the root that was named.
        Resolved::NotChecked if path.is_some() => {
            broken = Some(To::Elsewhere);
            None
        }
        _ => None,
    };
    let Some(path) = found else {
        // What is loaded and not here has to be known; all else is the link criteria's.
        let loading = takers.iter().filter(|edges| edges.extractor.loads);
        for (edges, to) in loading.filter_map(|edges| Some((edges, broken.clone()?))) {
            modules
                .arcs
                .push(Arc::of(from, to, edges, &Reference::of(edge)));
        }
        return;
    };
    // The host shows a link's own text; who reads the file goes through it.
    let to = match world.tree.through(path) {
        Some(Entry::File(path)) => leads_to(world, path),
        _ => To::File(path),
    };
    for edges in takers {
        let arc = Arc::of(from, to.clone(), edges, &Reference::of(edge));
        modules.arcs.push(arc);
    }
}
