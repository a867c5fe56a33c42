//! Modules that no root leads to.

use crate::arc::To;
use crate::evaluate::Counts;
use crate::graph;
use crate::issue::Issue;
use crate::modules::Modules;
use crate::tree::Entry;
use crate::world::{Page, World};
use std::collections::BTreeSet;

/// `all`: every arc between pages.
pub(crate) fn orphans(
    world: &World<'_>,
    modules: &Modules<'_>,
    all: &graph::Arcs,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) {
    let config = world.config;
    let roots = world
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.selected && page.is_named_by(&config.roots))
        .map(|(at, _)| at);
    let reached = graph::reached(all, roots);
    let pages = world.pages.iter().enumerate();
    let named: Vec<(usize, &Page<'_>)> = pages
        .filter(|(_, page)| page.selected && config.modules.is_match(page.path))
        .collect();
    counts.modules_of_all = (named.len() + world.other_modules.len()) as u64;
    let mut judge = |path: &str, is_reached: bool| {
        counts.modules += 1;
        if !is_reached {
            let message = format!("no root leads to `{path}`");
            issues.push(Issue::of_file("unreferenced_module", path, "", message));
        }
    };
    for (at, page) in named.into_iter().filter(|(_, page)| page.judged) {
        judge(page.path, reached[at]);
    }
    let arcs = modules.arcs.iter().filter(|arc| reached[arc.from]);
    let files: BTreeSet<&str> = arcs
        .filter_map(|arc| match arc.to {
            To::File(path) => Some(path),
            To::Page(_) | To::Elsewhere | To::Missing(_) => None,
        })
        .collect();
    let judged = world.other_modules.iter().filter(|(_, judged)| *judged);
    for (path, _) in judged {
        // Who leads to a link leads to what it leads to.
        let is_reached = match world.on_disk(path) {
            Entry::File(path) => match world.page(path) {
                Some(at) => reached[at],
                None => files.contains(path),
            },
            _ => files.contains(path),
        };
        judge(path, is_reached || config.roots.is_match(path));
    }
}
