//! Which edges of a page are references, by the extractors of the policy.

use crate::extractor::{Base, Edges, Extractor, Source};
use crate::form::Form;
use crate::paths::module;
use crate::roster::skill_of;
use crate::tree::Entry;
use crate::world::{Page, World};
use gate_syntax::{Edge, EdgeKind, Target};

impl Edges {
    pub(crate) fn applies(&self, world: &World<'_>, page: &Page<'_>) -> bool {
        // What is resolved against a skill is a reference in a skill only.
        if self.extractor.base == Base::Skill && skill_of(&world.tree, page.path).is_none() {
            return false;
        }
        match page.module.form {
            Form::Markdown => self.stands_in(page),
            Form::Xml if matches!(self.extractor.source, Source::Tag { .. }) => {
                self.stands_in(page)
            }
            // Of the other files only those that are meant.
            Form::Xml | Form::Text => {
                self.extractor.source.is_of_any_text() && self.names(page.path)
            }
        }
    }

    /// Whether the policy names this file as one where such references stand.
    pub(crate) fn names(&self, path: &str) -> bool {
        self.paths
            .as_ref()
            .is_some_and(|paths| paths.is_match(path))
    }

    /// Whether such references stand in this file at all.
    fn stands_in(&self, page: &Page<'_>) -> bool {
        let paths = self.paths.as_ref();
        paths.is_none_or(|paths| page.is_named_by(paths))
    }
}

pub(crate) fn is_of(world: &World<'_>, edge: &Edge<'_>, source: &Source) -> bool {
    match (edge.kind, source) {
        (EdgeKind::Tag, Source::Tag { .. }) | (EdgeKind::Pattern, Source::Pattern(_)) => {
            world.plan.is_rule(edge.rule, source)
        }
        (EdgeKind::Import, Source::Import)
        | (EdgeKind::CodePath, Source::CodePath)
        | (EdgeKind::Name, Source::Name)
        | (
            EdgeKind::Link | EdgeKind::Image | EdgeKind::HtmlLink | EdgeKind::HtmlMedia,
            Source::Link,
        ) => true,
        _ => false,
    }
}

/// Pages whose `@path` means something to an extractor: those it names, and what they import.
pub(crate) fn importing(world: &World<'_>, edges: &Edges) -> Vec<bool> {
    let mut importing: Vec<bool> = world
        .pages
        .iter()
        .map(|page| page.module.is_markdown() && edges.stands_in(page))
        .collect();
    let mut queue: Vec<usize> = (0..importing.len()).filter(|at| importing[*at]).collect();
    let Extractor {
        base, extensions, ..
    } = &edges.extractor;
    while let Some(at) = queue.pop() {
        let page = &world.pages[at];
        let found = page.module.markdown.edges();
        for edge in found.filter(|edge| edge.kind == EdgeKind::Import) {
            let Target::Path { path, .. } = edge.target() else {
                continue;
            };
            if let Ok(Entry::File(found)) = module(world, page.path, &path, base, extensions)
                && let Some(next) = world.page(found)
                && !std::mem::replace(&mut importing[next], true)
            {
                queue.push(next);
            }
        }
    }
    importing
}
