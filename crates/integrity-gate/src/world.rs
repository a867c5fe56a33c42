//! One revision of the repository as the criteria see it: names and pages.

use crate::anchors::Anchors;
use crate::config::Config;
use crate::own::Own;
use crate::plan::{FilePart, Module, Plan};
use crate::tree::Tree;
use foldhash::HashMap;
use gate_repo::Repo;
use std::cell::OnceCell;

/// Head or base.
pub(crate) struct World<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) config: &'a Config,
    pub(crate) own: &'a Own,
    pub(crate) tree: Tree<'a>,
    /// In the order of their paths.
    pub(crate) pages: Vec<Page<'a>>,
    by_path: HashMap<&'a str, usize>,
    pub(crate) manifests: Vec<(
        &'a str,
        &'a Result<serde_json::Value, gate_syntax::SyntaxError>,
    )>,
    /// For the lines of files that are no pages; not in the base.
    pub(crate) repo: Option<&'a Repo>,
}

/// A Markdown or XML file.
pub(crate) struct Page<'a> {
    pub(crate) path: &'a str,
    pub(crate) module: &'a Module,
    /// Inside `paths` and outside `exclude`.
    pub(crate) selected: bool,
    /// Selected, and of this shard.
    pub(crate) judged: bool,
    anchors: OnceCell<Anchors>,
}

/// A file and what was read of it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) part: &'a FilePart,
    pub(crate) selected: bool,
    pub(crate) judged: bool,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        config: &'a Config,
        own: &'a Own,
        tree: Tree<'a>,
        sources: impl IntoIterator<Item = Source<'a>>,
        repo: Option<&'a Repo>,
    ) -> Self {
        let mut pages = Vec::new();
        let mut manifests = Vec::new();
        for source in sources {
            match source.part {
                FilePart::Module(module) => pages.push(Page {
                    path: source.path,
                    module,
                    selected: source.selected,
                    judged: source.judged,
                    anchors: OnceCell::new(),
                }),
                FilePart::Manifest(manifest) if source.selected => {
                    manifests.push((source.path, &**manifest));
                }
                FilePart::Manifest(_) | FilePart::Absent | FilePart::Unread(_) => {}
            }
        }
        pages.sort_by_key(|page: &Page<'_>| page.path);
        manifests.sort_by_key(|(path, _)| *path);
        Self {
            plan,
            config,
            own,
            tree,
            by_path: pages
                .iter()
                .enumerate()
                .map(|(at, page)| (page.path, at))
                .collect(),
            pages,
            manifests,
            repo,
        }
    }

    /// The page of a path.
    pub(crate) fn page(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// The anchors of a page, made when first asked for.
    pub(crate) fn anchors(&self, page: usize) -> &Anchors {
        let page = &self.pages[page];
        page.anchors
            .get_or_init(|| Anchors::of(&page.module.markdown, self.config.dialect(page.path)))
    }
}
