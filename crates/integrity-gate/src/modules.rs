//! References between modules: what the extractors found, resolved.

mod front_matter;
mod link;
mod words;

use self::front_matter::front_matter;
use self::link::link;
use crate::arc::{Arc, To};
use crate::describe;
use crate::extract::{importing, included, is_of};
use crate::extractor::{Edges, Extractor, Resolve, Source};
use crate::issue::Issue;
use crate::paths::{code_path, module};
use crate::roster::{Kind, Roster};
use crate::slots;
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
    /// How many references a rule looks at.
    fn count(&mut self, rule: &str) -> &mut u64 {
        match rule {
            "missing_module" => &mut self.references,
            _ => &mut self.names,
        }
    }

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
    let asked = world.config.edges.iter();
    let asked = asked.filter(|edges| world.config.needs(&edges.extractor));
    let asked: Vec<(&'a Edges, Option<Vec<bool>>)> = asked
        .map(|edges| {
            let is_import = edges.extractor.source == Source::Import;
            (edges, is_import.then(|| importing(world, edges)))
        })
        .collect();
    let included = included(world);
    let mut waiting = Vec::new();
    for (at, page) in world.pages.iter().enumerate() {
        let of_page: Vec<&'a Edges> = asked
            .iter()
            .filter(|(edges, imports)| match imports {
                Some(imports) => imports[at],
                None => edges.applies(world, page) && (included[at] || !edges.is_guess),
            })
            .map(|(edges, _)| *edges)
            // What is left out is not judged, but what it loads is loaded.
            .filter(|edges| page.selected || edges.extractor.loads)
            .collect();
        if of_page.is_empty() {
            continue;
        }
        front_matter(world, roster, at, &of_page, &mut modules);
        // Most edges of most pages are links, and few presets follow those.
        let links = of_page
            .iter()
            .any(|edges| edges.extractor.source == Source::Link);
        let markdown = page.module.markdown.edges();
        for edge in markdown.filter(|edge| links || !edge.kind.is_link()) {
            let takers: Vec<&'a Edges> = of_page
                .iter()
                .copied()
                .filter(|edges| is_of(world, &edge, &edges.extractor.source))
                .collect();
            if edge.kind.is_link() {
                link(world, at, &takers, &edge, &mut modules);
            } else if !takers.is_empty() {
                let reference = Reference::of(world, page.path, &edge);
                match words::meant(world, at, &takers, &reference) {
                    Some(true) => follow(world, roster, at, &takers, &reference, &mut modules),
                    Some(false) => {}
                    None => waiting.push((at, takers, reference)),
                }
            }
        }
    }
    words::settle(
        world,
        waiting,
        &mut modules,
        |(at, takers, reference), modules| {
            follow(world, roster, at, &takers, &reference, modules);
        },
    );
    modules
}

impl<'e> Reference<'e> {
    fn of(world: &World<'_>, from: &str, edge: &Edge<'e>) -> Self {
        Self {
            written: edge.written,
            target: slots::filled(world, from, edge.written, edge.target()),
            line: edge.line,
            column: edge.column,
            end_column: Some(edge.end_column),
        }
    }
}

/// A tracked file as the end of an arc.
fn leads_to<'a>(world: &World<'a>, path: &'a str) -> To<'a> {
    world.page(path).map_or(To::File(path), To::Page)
}

/// One reference that some extractors take. Several that look in several places are one question, and one answer is enough;
/// what is looked for by name is a question of its own for every kind.
fn follow<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    takers: &[&'a Edges],
    reference: &Reference<'_>,
    modules: &mut Modules<'a>,
) {
    let (files, names): (Vec<_>, Vec<_>) = takers
        .iter()
        .copied()
        .partition(|edges| edges.extractor.resolve == Resolve::File);
    file(world, from, &files, reference, modules);
    for edges in names {
        name(world, roster, from, edges, reference, modules);
    }
}

/// A reference by name.
fn name<'a>(
    world: &World<'a>,
    roster: &Roster<'a>,
    from: usize,
    edges: &'a Edges,
    reference: &Reference<'_>,
    modules: &mut Modules<'a>,
) {
    let resolve = edges.extractor.resolve;
    let page = &world.pages[from];
    let kind = match resolve {
        Resolve::Agent => Some(Kind::Agent),
        Resolve::Skill => Some(Kind::Skill),
        Resolve::Command => Some(Kind::Command),
        Resolve::Any | Resolve::File => None,
    };
    let found = match kind {
        Some(kind) => roster.named(kind, reference.written),
        None => roster.qualified(reference.written, None),
    };
    // A namespace of somebody else, or a name that the tool brings.
    let Some(found) = found else { return };
    let counts = page.judged && modules.is_first(from, reference, resolve);
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
    takers: &[&'a Edges],
    reference: &Reference<'_>,
    modules: &mut Modules<'a>,
) {
    let page = &world.pages[from];
    let Target::Path { path, .. } = &reference.target else {
        return;
    };
    if path.is_empty() || path.starts_with('~') {
        return;
    }
    // A glob names no file; of the policy's own edges it is what was asked for.
    let is_glob = path.contains('*');
    let look = |edges: &&'a Edges| {
        let Extractor {
            source,
            base,
            extensions,
            ..
        } = &edges.extractor;
        let found = match source {
            Source::CodePath => code_path(world, page.path, path, base, extensions)?,
            _ => module(world, page.path, path, base, extensions),
        };
        Some((*edges, found))
    };
    let meant = takers.iter().filter(|edges| !(is_glob && edges.of_preset));
    let looked: Vec<_> = meant.filter_map(look).collect();
    let any = looked.iter().any(|(_, found)| found.is_ok());
    // The last extractor is the policy's own, if there is one.
    let Some((last, found)) = looked.last() else {
        return;
    };
    let counts = page.judged && modules.is_first(from, reference, Resolve::File);
    modules.references += u64::from(counts);
    if let (Err(problem), false, true) = (found, any, counts) {
        let issue = describe::module(
            world,
            page.path,
            reference.written,
            &last.extractor,
            problem,
        );
        let (line, column) = (reference.line, reference.column);
        modules
            .issues
            .push(issue.at(line, column, reference.end_column));
    }
    for (edges, found) in &looked {
        let to = match found {
            Ok(Entry::File(path)) => leads_to(world, path),
            Ok(_) => To::Elsewhere,
            Err(_) if any => continue,
            Err(problem) => To::Missing(describe::looked_for(problem).to_owned()),
        };
        modules.arcs.push(Arc::of(from, to, edges, reference));
    }
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
