//! Which edges of a page are references, by the extractors of the policy.

use crate::extractor::{Base, Edges, Extractor, Source};
use crate::form::Form;
use crate::paths::module;
use crate::roster::skill_of;
use crate::tree::Entry;
use crate::world::{Page, World};
use gate_syntax::{Edge, EdgeKind, Target};
use std::collections::BTreeSet;

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
            EdgeKind::Link
            | EdgeKind::Image
            | EdgeKind::Autolink
            | EdgeKind::HtmlLink
            | EdgeKind::HtmlMedia,
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

/// Pages where the tags of presets that nobody named mean something: Markdown, the XML that such tags lead to, and XML below a
/// folder of the top in which Markdown has some. `<include>` is a tag of build files and resource lists too.
pub(crate) fn included(world: &World<'_>) -> Vec<bool> {
    let tags: Vec<&Edges> = world
        .config
        .edges
        .iter()
        .filter(|edges| matches!(edges.extractor.source, Source::Tag { .. }))
        .collect();
    let top = |path: &str| Some(path.split_once('/')?.0.to_owned());
    let with_tags = world.pages.iter().filter(|page| {
        let mut found = page.module.markdown.edges();
        page.module.is_markdown() && found.any(|edge| edge.kind == EdgeKind::Tag)
    });
    let tops: BTreeSet<String> = with_tags.filter_map(|page| top(page.path)).collect();
    let beside = |path: &str| top(path).is_some_and(|top| tops.contains(&top));
    let mut included: Vec<bool> = world
        .pages
        .iter()
        .map(|page| page.module.form != Form::Xml || beside(page.path))
        .collect();
    let mut queue: Vec<usize> = (0..included.len()).filter(|at| included[*at]).collect();
    while let Some(at) = queue.pop() {
        let page = &world.pages[at];
        let found = page.module.markdown.edges();
        for edge in found.filter(|edge| edge.kind == EdgeKind::Tag) {
            let Target::Path { path, .. } = edge.target() else {
                continue;
            };
            let takers = tags
                .iter()
                .filter(|edges| is_of(world, &edge, &edges.extractor.source));
            for edges in takers.filter(|edges| edges.applies(world, page)) {
                let Extractor {
                    base, extensions, ..
                } = &edges.extractor;
                if let Ok(Entry::File(found)) = module(world, page.path, &path, base, extensions)
                    && let Some(next) = world.page(found)
                    && !std::mem::replace(&mut included[next], true)
                {
                    queue.push(next);
                }
            }
        }
    }
    included
}
