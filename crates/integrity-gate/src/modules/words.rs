//! Bare words in the tags of presets: `<include>tone</include>`, and `<component>Button</component>` in prose about other things.

use super::{Modules, Reference};
use crate::arc::To;
use crate::extractor::Edges;
use crate::paths::module;
use crate::world::World;
use std::collections::BTreeSet;

/// A word that leads nowhere: its page, who takes it, and where it stands.
pub(super) type Waiting<'a, 'e> = (usize, Vec<&'a Edges>, Reference<'e>);

/// Whether a reference is meant as one: a word is where it leads to a file, or where the policy names the preset. `None`: it
/// depends on what else is found.
pub(super) fn meant(
    world: &World<'_>,
    from: usize,
    takers: &[&Edges],
    reference: &Reference<'_>,
) -> Option<bool> {
    if !takers.iter().all(|edges| edges.is_of_words()) {
        return Some(true);
    }
    let word = reference.written;
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    // What looks like a path is taken as one.
    if !word.chars().all(is_letter) {
        return Some(false);
    }
    let page = &world.pages[from];
    let leads = |edges: &&Edges| {
        let of = &edges.extractor;
        module(world, page.path, word, &of.base, &of.extensions).is_ok()
    };
    let is_meant = takers.iter().any(|edges| !edges.is_guess || leads(edges));
    if is_meant {
        return Some(true);
    }
    (!page.module.is_markdown()).then_some(false)
}

/// Words that lead nowhere are missed where the same tag names files elsewhere in Markdown of the repository.
pub(super) fn settle<'a, 'e>(
    world: &World<'_>,
    waiting: Vec<Waiting<'a, 'e>>,
    modules: &mut Modules<'a>,
    mut follow: impl FnMut(Waiting<'a, 'e>, &mut Modules<'a>),
) {
    if waiting.is_empty() {
        return;
    }
    let found = modules.arcs.iter();
    let found = found.filter(|arc| world.pages[arc.from].module.is_markdown());
    let found = found.filter(|arc| matches!(arc.to, To::Page(_) | To::File(_)));
    let used: BTreeSet<String> = found.map(|arc| arc.kind.to_owned()).collect();
    for word in waiting {
        if word
            .1
            .iter()
            .any(|edges| used.contains(&edges.extractor.name))
        {
            follow(word, modules);
        }
    }
    // Others look for the arcs of one page together.
    modules.arcs.sort_by_key(|arc| arc.from);
}
