//! From tracked Markdown to facts: what each file offers and names, and which
//! of that does not resolve.

use crate::graph::{self, Cycle};
use crate::names::Names;
use crate::resolve::{Problem, Resolved, resolve_include, resolve_link};
use gate_repo::{FileView, TrackedFile};
use gate_runner::{Collected, Inputs, Missing, Part};
use gate_syntax::{Edge, EdgeKind, Markdown, Options, SyntaxError, Target};
use gate_verdict::{Code, EvidenceRef};
use std::collections::BTreeMap;

/// What one Markdown file gives.
#[derive(Debug)]
pub enum FilePart {
    Read(Box<Markdown>),
    /// A name whose bytes are not Markdown of this repository.
    Absent,
    Unread(String),
}

/// What the criteria judge. A file that could not be read makes all of it
/// insufficient, because what it names is not known.
#[derive(Debug)]
pub struct Facts {
    pub unread: Option<Missing>,
    /// Markdown files looked at.
    pub files: u64,
    /// Relative links and anchors looked at.
    pub links: u64,
    pub fragments: u64,
    pub references: u64,
    /// Addresses of other hosts: counted, not fetched.
    pub external: u64,
    pub front_matters: u64,
    /// Links whose file is not there, or is spelled differently.
    pub broken_files: Vec<Broken>,
    /// Links whose file is there and whose fragment is not.
    pub broken_fragments: Vec<Broken>,
    /// Includes and imports whose module is not there.
    pub dangling: Vec<Broken>,
    pub cycles: Vec<Cycle>,
    pub bad_front_matter: Vec<(String, SyntaxError)>,
}

/// What a file includes, as an entry of the module graph.
fn included<'a>(
    names: &Names<'a>,
    path: &'a str,
    markdown: &'a Markdown,
) -> Option<(&'a str, Vec<(&'a str, &'a Edge)>)> {
    let targets: Vec<_> = markdown
        .edges
        .iter()
        .filter(|edge| matches!(edge.kind, EdgeKind::Include | EdgeKind::Import))
        .filter_map(|edge| match resolve_include(names, path, edge) {
            Resolved::To(target) => Some((target, edge)),
            _ => None,
        })
        .collect();
    (!targets.is_empty()).then_some((path, targets))
}

impl Facts {
    /// An include or import.
    fn reference(&mut self, names: &Names<'_>, path: &str, edge: &Edge) {
        match resolve_include(names, path, edge) {
            Resolved::To(_) => {}
            Resolved::NotChecked | Resolved::Folder => return,
            Resolved::Broken(problem) => self.dangling.push(Broken::new(path, edge, problem)),
        }
        self.references += 1;
    }

    /// A link, image or HTML reference.
    fn link<'a>(&mut self, names: &Names<'a>, path: &'a str, own: &Markdown, edge: &Edge) {
        if matches!(edge.target, Target::External { .. }) {
            self.external += 1;
            return;
        }
        match resolve_link(names, path, own, edge) {
            Resolved::NotChecked => return,
            Resolved::To(_) | Resolved::Folder => {}
            Resolved::Broken(problem @ Problem::NoAnchor { .. }) => {
                self.broken_fragments.push(Broken::new(path, edge, problem));
            }
            Resolved::Broken(problem) => {
                self.broken_files.push(Broken::new(path, edge, problem));
            }
        }
        self.links += 1;
        self.fragments += u64::from(crate::resolve::fragment(&edge.target).is_some());
    }
}

impl Broken {
    fn new(path: &str, edge: &Edge, problem: Problem) -> Self {
        Self {
            path: path.to_owned(),
            edge: edge.clone(),
            problem,
        }
    }
}

/// One reference that does not resolve.
#[derive(Debug)]
pub struct Broken {
    pub path: String,
    pub edge: Edge,
    pub problem: Problem,
}

pub(crate) fn read(file: &TrackedFile, view: &FileView<'_>) -> FilePart {
    match view {
        FileView::Bytes(bytes) => {
            let options = Options {
                imports: loads_imports(&file.path),
            };
            FilePart::Read(Box::new(gate_syntax::parse_with(bytes, options)))
        }
        FileView::Submodule | FileView::Symlink(_) => FilePart::Absent,
        FileView::Missing => FilePart::Unread(String::from(
            "it is tracked and not on disk: a sparse checkout, or deleted and not staged",
        )),
        FileView::TooLarge { size } => {
            FilePart::Unread(format!("found {size} bytes, more than is read of one file"))
        }
        FileView::Unreadable(reason) => FilePart::Unread((*reason).to_owned()),
        _ => FilePart::Unread(String::from("not a kind of file that can be read")),
    }
}

/// `@path` means something only in the files an agent loads as its memory.
fn loads_imports(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "CLAUDE.md" | "CLAUDE.local.md" | "GEMINI.md")
}

pub(crate) fn collect(inputs: &Inputs<'_>, parts: &[Part<'_, FilePart>]) -> Collected<Facts> {
    let names = Names::new(inputs.repo, parts);
    let mut facts = Facts {
        unread: None,
        files: 0,
        links: 0,
        fragments: 0,
        references: 0,
        external: 0,
        front_matters: 0,
        broken_files: Vec::new(),
        broken_fragments: Vec::new(),
        dangling: Vec::new(),
        cycles: Vec::new(),
        bad_front_matter: Vec::new(),
    };
    let mut excluded = 0;
    let mut includes: BTreeMap<&str, Vec<(&str, &Edge)>> = BTreeMap::new();
    for part in parts {
        let path = part.file.path.as_str();
        if !inputs.selects(path) {
            excluded += 1;
            continue;
        }
        // A circle may run through the files of several shards.
        if let FilePart::Read(markdown) = part.part {
            includes.extend(included(&names, path, markdown));
        }
        if !inputs.in_shard(path) {
            continue;
        }
        let markdown = match part.part {
            FilePart::Read(markdown) => markdown,
            FilePart::Absent => continue,
            FilePart::Unread(reason) => {
                facts.unread.get_or_insert_with(|| {
                    Missing::new(
                        Code::EvidenceUnreadable,
                        format!("{path} cannot be read: {reason}"),
                        "make the file readable, or exclude it in the policy",
                    )
                });
                continue;
            }
        };
        facts.files += 1;
        if let Some(matter) = &markdown.front_matter {
            facts.front_matters += 1;
            facts
                .bad_front_matter
                .extend(matter.error.clone().map(|error| (path.to_owned(), error)));
        }
        for edge in &markdown.edges {
            match edge.kind {
                EdgeKind::Include | EdgeKind::Import => facts.reference(&names, path, edge),
                _ => facts.link(&names, path, markdown, edge),
            }
        }
    }
    facts.cycles = graph::cycles(&includes);
    facts.cycles.retain(|cycle| {
        cycle
            .modules
            .first()
            .is_some_and(|first| inputs.in_shard(first))
    });
    if facts.files == 0 && excluded > 0 && inputs.shard.is_none() {
        facts
            .unread
            .get_or_insert_with(|| inputs.nothing_left("Markdown file", excluded));
    }
    let metrics = BTreeMap::from([
        (String::from("markdown_files"), facts.files.to_string()),
        (String::from("links"), facts.links.to_string()),
        (
            String::from("external_links_not_checked"),
            facts.external.to_string(),
        ),
        (
            String::from("module_references"),
            facts.references.to_string(),
        ),
    ]);
    Collected {
        evidence: vec![EvidenceRef {
            kind: String::from("references"),
            format: Some(String::from("markdown")),
            path: None,
            sha256: None,
            tool: None,
            records: facts.files,
            skipped: 0,
            excluded,
        }],
        facts,
        metrics,
        exemptions: Vec::new(),
        notices: Vec::new(),
    }
}
