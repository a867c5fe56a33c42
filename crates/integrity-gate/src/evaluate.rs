//! Everything that is wrong with one revision, and how much was looked at.

use crate::arc::{Arc, To};
use crate::circles::circles;
use crate::depth::{chains, inside_skill};
use crate::describe;
use crate::form::Form;
use crate::issue::{self, Issue};
use crate::manifests;
use crate::matter::{self, Schemas};
use crate::modules::{self, Modules};
use crate::orphans::orphans;
use crate::resolve::{Resolved, has_fragment};
use crate::roster::Roster;
use crate::slots;
use crate::tokens;
use crate::world::World;
use gate_runner::Missing;
use gate_syntax::Target;
use std::collections::BTreeMap;

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Markdown files.
    pub files: u64,
    /// Files with the name of Markdown that are no text.
    pub not_text: u64,
    /// Relative links and anchors.
    pub links: u64,
    pub fragments: u64,
    /// Fragments of files that are there and were not read.
    pub unread: u64,
    /// Addresses of other hosts.
    pub external: u64,
    /// Of those: asked, and without an answer.
    pub asked: u64,
    pub unanswered: u64,
    /// Includes, imports and other references to files.
    pub references: u64,
    /// References by name.
    pub names: u64,
    /// Files that have to be reached; of this shard and of all.
    pub modules: u64,
    pub modules_of_all: u64,
    pub front_matters: u64,
    pub xml_files: u64,
    /// Files with a token budget; of this shard and of all.
    pub budgeted: u64,
    pub budgeted_of_all: u64,
    pub tokens: u64,
    /// Chains of references, and the longest of those that are allowed.
    pub chains: u64,
    pub depth: u64,
}

/// One revision, judged.
pub(crate) struct Evaluated<'a> {
    pub(crate) issues: Vec<Issue>,
    pub(crate) counts: Counts,
    pub(crate) modules: Modules<'a>,
    /// Addresses of other hosts with the page and the place they stand at.
    pub(crate) addresses: Vec<Address>,
    /// Why token budgets are not judged to the end.
    pub(crate) gap: Option<Missing>,
    /// By criterion, why not all that is wrong is among `issues`.
    pub(crate) cut: BTreeMap<&'static str, String>,
}

/// An address of another host.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) page: usize,
    pub(crate) url: String,
    pub(crate) written: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) end_column: u32,
}

pub(crate) fn evaluate<'a>(world: &World<'a>, schemas: &Schemas) -> Evaluated<'a> {
    let config = world.config;
    let mut counts = Counts::default();
    let mut issues = Vec::new();
    let mut addresses = Vec::new();
    if config.asks("no_broken_links") || config.asks("cross_references_valid") {
        links(world, &mut counts, &mut issues, &mut addresses);
    }
    let roster = Roster::of(world);
    let mut modules = modules::read(world, &roster);
    (counts.references, counts.names) = (modules.references, modules.names);
    issues.append(&mut modules.issues);
    let arcs = |kept: &dyn Fn(&Arc<'_>) -> bool| -> Vec<Vec<usize>> {
        let mut arcs = vec![Vec::new(); world.pages.len()];
        for arc in modules.arcs.iter().filter(|arc| kept(arc)) {
            if let To::Page(to) = arc.to {
                arcs[arc.from].push(to);
            }
        }
        for targets in &mut arcs {
            targets.sort_unstable();
            targets.dedup();
        }
        arcs
    };
    let loads = arcs(&|arc| arc.loads);
    if config.asks("no_circular_dependencies") {
        circles(world, &modules, &loads, &mut issues);
    }
    if config.asks("reference_depth") {
        let deep = arcs(&|arc| arc.loads || (arc.deep && inside_skill(world, arc)));
        chains(world, &deep, &mut counts, &mut issues);
    }
    if config.asks("all_modules_referenced") {
        orphans(world, &modules, &arcs(&|_| true), &mut counts, &mut issues);
    }
    manifests::check(world, &mut issues, &mut counts);
    let cut = own_pages(world, schemas, &mut counts, &mut issues);
    let mut gap = None;
    if config.asks("token_budgets_respected") {
        gap = tokens::check(world, &modules.arcs, &loads, &mut counts, &mut issues).err();
    }
    issues.retain(|issue| config.asks_rule(issue.rule));
    issues.sort_by(issue::by_place);
    // Two presets may see the same reference; it is one problem.
    issues.dedup_by(|a, b| issue::by_place(a, b).is_eq());
    issue::number(&mut issues);
    Evaluated {
        issues,
        counts,
        modules,
        addresses,
        gap,
        cut,
    }
}

fn links(
    world: &World<'_>,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
    addresses: &mut Vec<Address>,
) {
    for (at, page) in world.pages.iter().enumerate() {
        if !page.judged || !page.module.is_markdown() {
            continue;
        }
        for edge in page
            .module
            .markdown
            .edges()
            .filter(|edge| edge.kind.is_link())
        {
            let target = slots::filled(world, page.path, edge.written, edge.target());
            match world.link(at, &target) {
                Resolved::NotChecked => continue,
                Resolved::External => {
                    counts.external += 1;
                    if world.config.check_external
                        && let Target::External { url } = target
                    {
                        addresses.push(Address {
                            page: at,
                            url: url.into_owned(),
                            written: edge.written.to_owned(),
                            line: edge.line,
                            column: edge.column,
                            end_column: edge.end_column,
                        });
                    }
                    continue;
                }
                Resolved::Unread(_) => {
                    counts.links += 1;
                    counts.unread += 1;
                    continue;
                }
                Resolved::To(_) | Resolved::Folder(_) => {}
                Resolved::Broken(problem) => {
                    issues.push(describe::link(world, page.path, &edge, &problem));
                }
            }
            counts.links += 1;
            counts.fragments += u64::from(has_fragment(&target));
        }
    }
}

/// What concerns one page by itself; and by criterion, why that is not all.
fn own_pages(
    world: &World<'_>,
    schemas: &Schemas,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) -> BTreeMap<&'static str, String> {
    for path in &world.not_text {
        counts.not_text += 1;
        let message =
            "the file is no text: found NUL bytes, expected Markdown; rename it or save it as text";
        issues.push(Issue::of_file("not_text", path, "", message.to_owned()));
    }
    let mut all_cut = BTreeMap::new();
    for page in world.pages.iter().filter(|page| page.judged) {
        if page.module.form == Form::Xml {
            counts.xml_files += 1;
            if let Some(error) = &page.module.malformed {
                let message = format!("the file is not well-formed XML: {}", error.message);
                let issue = Issue::of_file("malformed_xml", page.path, "", message);
                issues.push(issue.at(error.line, error.column, None));
            }
        }
        if !page.module.is_markdown() {
            continue;
        }
        counts.files += 1;
        let markdown = &page.module.markdown;
        for undefined in &markdown.undefined_references {
            let message = format!(
                "`[{}]` is defined nowhere in the file, so GitHub shows the brackets as text",
                undefined.label
            );
            let issue = Issue::of_file("undefined_reference", page.path, &undefined.label, message);
            issues.push(issue.at(undefined.line, undefined.column, Some(undefined.end_column)));
        }
        for problem in &markdown.problems {
            let issue = Issue::of_file(
                problem.rule,
                page.path,
                &problem.key,
                problem.message.to_string(),
            );
            issues.push(issue.at(problem.line, problem.column, Some(problem.end_column)));
        }
        counts.front_matters += u64::from(markdown.front_matter.is_some());
        let matter = world
            .config
            .asks("yaml_frontmatter_correct")
            .then(|| matter::check(page, world.config, schemas, issues))
            .flatten();
        for (criterion, cut) in [
            ("valid_xml_structure", markdown.cut_tags.as_deref()),
            ("markdown_syntax_valid", markdown.cut_lint.as_deref()),
            ("yaml_frontmatter_correct", matter.as_deref()),
        ] {
            if let Some(cut) = cut {
                let told = || format!("{}: {cut}", page.path);
                all_cut.entry(criterion).or_insert_with(told);
            }
        }
    }
    all_cut
}
