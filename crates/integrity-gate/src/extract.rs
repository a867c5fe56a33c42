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
    let pages = world.pages.iter();
    let named = pages.map(|page| page.module.is_markdown() && edges.stands_in(page));
    led_to(world, named.collect(), &[edges], |_, _| true)
}

/// Pages where the tags of presets that nobody named mean something: Markdown, the XML that such tags lead to, and XML below a
/// folder of the top in which Markdown has some. `<include>` is a tag of build files and resource lists too.
pub(crate) fn included(world: &World<'_>) -> Vec<bool> {
    let is_xml = |page: &Page<'_>| page.module.form == Form::Xml;
    if !world.pages.iter().any(is_xml) {
        return vec![true; world.pages.len()];
    }
    let top = |path: &str| Some(path.split_once('/')?.0.to_owned());
    let with_tags = world.pages.iter().filter(|page| {
        let words = world
            .config
            .edges
            .iter()
            .filter(|edges| edges.is_of_words());
        let words: Vec<&Source> = words.map(|edges| &edges.extractor.source).collect();
        let is_word = |edge: &Edge<'_>| words.iter().any(|source| is_of(world, edge, source));
        let mut found = page.module.markdown.edges();
        page.module.is_markdown() && found.any(|edge| edge.kind == EdgeKind::Tag && !is_word(&edge))
    });
    let tops: BTreeSet<String> = with_tags.filter_map(|page| top(page.path)).collect();
    let beside = |path: &str| top(path).is_some_and(|top| tops.contains(&top));
    let pages = world.pages.iter();
    let begin = pages.map(|page| !is_xml(page) || beside(page.path));
    let is_tag = |edges: &&Edges| matches!(edges.extractor.source, Source::Tag { .. });
    let tags: Vec<&Edges> = world.config.edges.iter().filter(is_tag).collect();
    let applies = |edges: &Edges, page: &Page<'_>| edges.applies(world, page);
    led_to(world, begin.collect(), &tags, applies)
}

/// The pages to begin with, those that their references lead to, and so on; by extractors, where they apply.
fn led_to(
    world: &World<'_>,
    begin: Vec<bool>,
    extractors: &[&Edges],
    applies: impl Fn(&Edges, &Page<'_>) -> bool,
) -> Vec<bool> {
    let mut reached = begin;
    let mut queue: Vec<usize> = (0..reached.len()).filter(|at| reached[*at]).collect();
    while let Some(at) = queue.pop() {
        let page = &world.pages[at];
        let here = extractors.iter().filter(|edges| applies(edges, page));
        let here: Vec<&Extractor> = here.map(|edges| &edges.extractor).collect();
        for edge in page.module.markdown.edges() {
            let takers = here.iter().filter(|one| is_of(world, &edge, &one.source));
            for taker in takers {
                let Target::Path { path, .. } = edge.target() else {
                    continue;
                };
                let found = module(world, page.path, &path, &taker.base, &taker.extensions);
                if let Ok(Entry::File(found)) = found
                    && let Some(next) = world.page(found)
                    && !std::mem::replace(&mut reached[next], true)
                {
                    queue.push(next);
                }
            }
        }
    }
    reached
}
