//! One revision of the repository as the criteria see it: names and pages.

use crate::anchors::Anchors;
use crate::config::Config;
use crate::own::Own;
use crate::plan::{FilePart, Module, Plan};
use crate::tree::Tree;
use foldhash::HashMap;
use gate_repo::Repo;
use std::cell::{OnceCell, RefCell};

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
    /// Where files that are no pages are read from.
    bytes: Bytes<'a>,
    /// Lines of files that are no pages, counted when first asked for.
    lines: RefCell<HashMap<&'a str, Option<u32>>>,
}

/// Where the bytes of one revision lie.
#[derive(Clone, Copy)]
pub(crate) enum Bytes<'a> {
    /// On disk, and where they are not, in the index.
    Here(&'a Repo),
    /// In a commit.
    Commit(&'a Repo, &'a str),
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
        bytes: Bytes<'a>,
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
            bytes,
            lines: RefCell::default(),
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

    /// The file that GitHub shows at a tracked path: a symbolic link's is what it leads to.
    pub(crate) fn shown(&self, path: &str) -> Option<&'a str> {
        self.tree.through(path, |link| {
            let target = match self.bytes {
                Bytes::Here(repo) => repo.staged_contents(link),
                Bytes::Commit(repo, commit) => repo.blob_at(commit, link).ok().flatten(),
            };
            String::from_utf8(target?).ok()
        })
    }

    /// How many lines a tracked regular file has, where it can be told.
    pub(crate) fn lines(&self, path: &'a str) -> Option<u32> {
        let known = self.lines.borrow().get(path).copied();
        known.unwrap_or_else(|| {
            let lines = self.count_lines(path);
            self.lines.borrow_mut().insert(path, lines);
            lines
        })
    }

    fn count_lines(&self, path: &str) -> Option<u32> {
        let bytes = match self.bytes {
            Bytes::Here(repo) => repo.contents(path).or_else(|| repo.staged_contents(path))?,
            Bytes::Commit(repo, commit) => repo.blob_at(commit, path).ok().flatten()?,
        };
        let breaks = memchr::memchr_iter(b'\n', &bytes).count();
        let open = bytes.last().is_some_and(|last| *last != b'\n');
        // A pointer of Git LFS stands for a file that is not here.
        let pointer = bytes.starts_with(b"version https://git-lfs");
        (!pointer).then(|| u32::try_from(breaks + usize::from(open)).unwrap_or(u32::MAX))
    }
}
