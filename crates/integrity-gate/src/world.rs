//! One revision of the repository as the criteria see it: names and pages.

use crate::anchors::Anchors;
use crate::config::Config;
use crate::own::Own;
use crate::plan::{FilePart, Module, Plan};
use crate::tree::{Entry, Tree, last};
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
    pub(crate) manifests: Vec<Manifest<'a>>,
    /// Judged files that the policy names as modules and that are no pages.
    pub(crate) other_modules: Vec<&'a str>,
    /// For the lines of files that are no pages; not in the base.
    pub(crate) repo: Option<&'a Repo>,
}

/// The manifest of a plugin or marketplace, of a file that is selected.
pub(crate) struct Manifest<'a> {
    pub(crate) path: &'a str,
    pub(crate) json: &'a Result<serde_json::Value, gate_syntax::SyntaxError>,
    /// Of this shard.
    pub(crate) judged: bool,
}

/// A file that is looked into.
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
        judged: impl Fn(&str) -> bool,
        repo: Option<&'a Repo>,
    ) -> Self {
        let mut pages = Vec::new();
        let mut manifests = Vec::new();
        for source in sources {
            let FilePart::Module(module) = source.part else {
                continue;
            };
            let manifest = module.manifest.as_ref().filter(|_| source.selected);
            manifests.extend(manifest.map(|json| Manifest {
                path: source.path,
                json,
                judged: source.judged,
            }));
            pages.push(Page {
                path: source.path,
                module,
                selected: source.selected,
                judged: source.judged,
                anchors: OnceCell::new(),
            });
        }
        pages.sort_by_key(|page: &Page<'_>| page.path);
        manifests.sort_by_key(|manifest: &Manifest<'_>| manifest.path);
        let other_modules = if config.own_modules && config.asks("all_modules_referenced") {
            // What git itself reads is nobody's module.
            let gits = |path: &str| last(path).starts_with(".git");
            let is_page = |path: &str| {
                let at = pages.binary_search_by(|page: &Page<'_>| page.path.cmp(path));
                at.is_ok()
            };
            tree.below("")
                .filter(|path| config.modules.is_match(path) && judged(path))
                .filter(|path| matches!(tree.entry(path), Entry::File(_)))
                .filter(|path| !gits(path) && !is_page(path))
                .collect()
        } else {
            Vec::new()
        };
        Self {
            other_modules,
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
