//! References between modules: what the extractors found, resolved.

mod front_matter;

use self::front_matter::front_matter;
use crate::arc::{Arc, To};
use crate::describe;
use crate::extract::{importing, is_of};
use crate::extractor::{Edges, Resolve, Source};
use crate::issue::Issue;
use crate::paths::{code_path, module};
use crate::resolve::{Problem, Resolved};
use crate::roster::{Kind, Roster};
use crate::tree::Entry;
use crate::world::World;
use foldhash::HashSet;
use gate_syntax::{Edge, Target};

/// Everything that modules say of one another.
#[derive(Debug, Default)]
pub(crate) struct Modules<'a> {
    pub(crate) arcs: Vec<Arc<'a>>,
    pub(crate) issues: Vec<Issue>,
    /// Paths looked at, and names.
    pub(crate) references: u64,
    pub(crate) names: u64,
    /// Page, place, text and kind of the references that were counted: presets
    /// overlap, and what two of them find is one reference.
    seen: HashSet<(usize, u32, u32, String, Option<Resolve>)>,
}

impl Modules<'_> {
    /// Whether what a reference says is met for the first time.
    fn is_first(&mut self, from: usize, reference: &Reference<'_>, resolve: Resolve) -> bool {
        let written = reference.written.to_owned();
        let place = (reference.line, reference.column);
        self.seen
            .insert((from, place.0, place.1, written, Some(resolve)))
    }
}

/// A reference as an extractor found it.
struct Reference<'e> {
    written: &'e str,
    target: Target<'e>,
    line: u32,
    column: u32,
    end_column: Option<u32>,
}

pub(crate) fn read<'a>(world: &World<'a>, roster: &Roster<'a>) -> Modules<'a> {
    let mut modules = Modules::default();
    let imports = importing(world);
    for (at, page) in world
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.selected)
    {
        let mut links = false;
        let mut edges_of_page: Vec<&'a Edges> = Vec::new();
        let asked = world
            .config
            .edges
            .iter()
            .filter(|edges| world.config.needs(&edges.extractor));
        for edges in asked.filter(|edges| edges.applies(world, page)) {
            match &edges.extractor.source {
                Source::FrontMatter(key) => {
                    front_matter(world, roster, at, edges, key, &mut modules);
                }
                Source::Import if !imports[at] => {}
                source => {
                    links |= *source == Source::Link;
                    edges_of_page.push(edges);
                }
            }
        }
        // Most edges of most pages are links, and few presets follow those.
        let markdown = page.module.markdown.edges();
        for edge in markdown.filter(|edge| links || !edge.kind.is_link()) {
            for edges in &edges_of_page {
                if is_of(world, &edge, &edges.extractor.source) {
                    one(world, roster, at, edges, &edge, &mut modules);
                }
            }
        }
    }
    modules
}

/// One edge that an extractor takes.
fn one<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    edges: &'a Edges,
    edge: &Edge<'_>,
    modules: &mut Modules<'a>,
) {
    let reference = Reference {
        written: edge.written,
        target: edge.target(),
        line: edge.line,
        column: edge.column,
        end_column: Some(edge.end_column),
    };
    if edges.extractor.source != Source::Link {
        follow(world, roster, from, edges, &reference, modules);
        return;
    }
    // Whether a link resolves is the link criteria's matter; one with a wrong
    // fragment leads to its file all the same.
    let found = match world.link(from, &edge.target()) {
        Resolved::To(path) | Resolved::Unread(path) | Resolved::Folder(Some(path)) => Some(path),
        Resolved::Broken(
            Problem::NoAnchor { path, .. }
            | Problem::OnlyLines { path, .. }
            | Problem::NoLine { path, .. },
        ) => world.tree.file(&path),
        _ => None,
    };
    if let Some(path) = found {
        let to = leads_to(world, path);
        modules.arcs.push(Arc::of(from, to, edges, &reference));
    }
}

/// A tracked file as the end of an arc.
fn leads_to<'a>(world: &World<'a>, path: &'a str) -> To<'a> {
    world.page(path).map_or(To::File(path), To::Page)
}

fn follow<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    edges: &'a Edges,
    reference: &Reference<'_>,
    modules: &mut Modules<'a>,
) {
    let extractor = &edges.extractor;
    let page = &world.pages[from];
    let kind = match extractor.resolve {
        Resolve::File => return file(world, from, edges, reference, modules),
        Resolve::Agent => Some(Kind::Agent),
        Resolve::Skill => Some(Kind::Skill),
        Resolve::Command => Some(Kind::Command),
        Resolve::Any => None,
    };
    let found = match kind {
        Some(kind) => roster.named(kind, reference.written),
        None => roster.qualified(reference.written, None),
    };
    // A namespace of somebody else, or a name that the tool brings.
    let Some(found) = found else { return };
    let counts = page.judged && modules.is_first(from, reference, extractor.resolve);
    modules.names += u64::from(counts);
    let to = match found {
        Ok(path) => leads_to(world, path),
        Err(nearest) => {
            if counts {
                let issue = describe::delegate(page.path, reference.written, kind, nearest);
                modules.issues.push(issue.at(
                    reference.line,
                    reference.column,
                    reference.end_column,
                ));
            }
            To::Missing(reference.written.to_owned())
        }
    };
    modules.arcs.push(Arc::of(from, to, edges, reference));
}

/// A reference to a file.
fn file<'a>(
    world: &World<'a>,
    from: usize,
    edges: &'a Edges,
    reference: &Reference<'_>,
    modules: &mut Modules<'a>,
) {
    let extractor = &edges.extractor;
    let page = &world.pages[from];
    let Target::Path { path, .. } = &reference.target else {
        return;
    };
    if path.is_empty() || path.starts_with('~') {
        return;
    }
    let found = if extractor.source == Source::CodePath {
        match code_path(world, page.path, path, &extractor.base) {
            Some(found) => found,
            None => return,
        }
    } else {
        module(
            world,
            page.path,
            path,
            &extractor.base,
            &extractor.extensions,
        )
    };
    let counts = page.judged && modules.is_first(from, reference, Resolve::File);
    let to = match found {
        Ok(Entry::File(path)) => leads_to(world, path),
        Ok(_) => return,
        Err(problem) => {
            let missing = describe::looked_for(&problem).to_owned();
            if counts {
                let issue =
                    describe::module(world, page.path, reference.written, extractor, &problem);
                modules.issues.push(issue.at(
                    reference.line,
                    reference.column,
                    reference.end_column,
                ));
            }
            To::Missing(missing)
        }
    };
    modules.references += u64::from(counts);
    modules.arcs.push(Arc::of(from, to, edges, reference));
}

impl<'a> Arc<'a> {
    fn of(from: usize, to: To<'a>, edges: &'a Edges, reference: &Reference<'_>) -> Self {
        Self {
            from,
            to,
            loads: edges.extractor.loads,
            deep: edges.extractor.loads || edges.extractor.deep,
            kind: &edges.extractor.name,
            line: reference.line,
            column: reference.column,
            written: reference.written.to_owned(),
        }
    }
}
