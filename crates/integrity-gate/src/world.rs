//! One revision of the repository as the criteria see it: names and pages.

use crate::anchors::Anchors;
use crate::config::Config;
use crate::contents::Contents;
use crate::encoding::is_pointer;
use crate::form::extension;
use crate::own::Own;
use crate::plan::{FilePart, Module, Plan};
use crate::tree::{Entry, Tree, last};
use foldhash::{HashMap, HashSet};
use gate_runner::Inputs;
use gate_syntax::is_markdown;
use globset::GlobSet;
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
    pub(crate) manifests: Vec<Manifest<'a>>,
    /// Judged files with the name of Markdown that are no text.
    pub(crate) not_text: Vec<&'a str>,
    /// Where there are manifests: JSON that they may name.
    pub(crate) selected_json: HashSet<&'a str>,
    /// Files that the policy names as modules and that are no pages, and whether they are judged.
    pub(crate) other_modules: Vec<(&'a str, bool)>,
    /// Pages know all of their paths by way of symbolic links.
    pub(crate) knows_links: bool,
    /// For the lines and tokens of files that are no pages.
    pub(crate) contents: Contents<'a>,
    /// Lines of those that links have asked for.
    lines: RefCell<HashMap<&'a str, Option<u32>>>,
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
    /// Its paths by way of symbolic links.
    also: Vec<String>,
    anchors: OnceCell<Anchors>,
}

/// A file and what was read of it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) part: &'a FilePart,
    pub(crate) scope: Scope,
}

/// Whether a path concerns the gate.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// Inside `paths` and outside `exclude`.
    pub(crate) selected: bool,
    /// Selected, and of this shard.
    pub(crate) judged: bool,
}

impl Scope {
    /// `shared_by` is the path that says which shard it is of.
    pub(crate) fn of(inputs: &Inputs<'_>, path: &str, shared_by: &str) -> Self {
        let selected = inputs.selects(path);
        Self {
            selected,
            judged: selected && inputs.in_shard(shared_by),
        }
    }
}

impl Page<'_> {
    /// Whether globs name it, by its own path or that of a link to it.
    pub(crate) fn is_named_by(&self, globs: &GlobSet) -> bool {
        self.named_by(globs).next().is_some()
    }

    /// Those of its paths that globs name.
    pub(crate) fn named_by(&self, globs: &GlobSet) -> impl Iterator<Item = &str> {
        let also = self.also.iter().map(String::as_str);
        let paths = [self.path].into_iter().chain(also);
        paths.filter(|path| globs.is_match(path))
    }
}

impl<'a> World<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        config: &'a Config,
        own: &'a Own,
        tree: Tree<'a>,
        sources: impl IntoIterator<Item = Source<'a>>,
        scope: impl Fn(&str) -> Scope,
        contents: Contents<'a>,
    ) -> Self {
        let mut links = Vec::new();
        let mut pages = Vec::new();
        let mut manifests = Vec::new();
        let mut not_text = Vec::new();
        for source in sources {
            let module = match source.part {
                FilePart::Module(module) => module,
                FilePart::Link(target) => {
                    links.push((source.path, &**target));
                    continue;
                }
                FilePart::Binary if source.scope.judged && is_markdown(source.path) => {
                    not_text.push(source.path);
                    continue;
                }
                FilePart::Absent | FilePart::Binary | FilePart::Unread(_) => continue,
            };
            let manifest = module.manifest.as_ref().filter(|_| source.scope.selected);
            manifests.extend(manifest.map(|json| Manifest {
                path: source.path,
                json,
                judged: source.scope.judged,
            }));
            pages.push(Page {
                path: source.path,
                module,
                selected: source.scope.selected,
                judged: source.scope.judged,
                also: Vec::new(),
                anchors: OnceCell::new(),
            });
        }
        pages.sort_by_key(|page: &Page<'_>| page.path);
        manifests.sort_by_key(|manifest: &Manifest<'_>| manifest.path);
        let by_path: HashMap<&str, usize> = pages
            .iter()
            .enumerate()
            .map(|(at, page)| (page.path, at))
            .collect();
        let tree = tree.with_links(links);
        let knows_links = also(&tree, &mut pages);
        let other_modules = if config.own_modules && config.asks("all_modules_referenced") {
            // What git itself reads is nobody's module.
            let gits = |path: &str| last(path).starts_with(".git");
            tree.below("")
                .filter(|path| config.modules.is_match(path) && scope(path).selected)
                .filter(|path| {
                    !matches!(tree.through(path), Some(Entry::Folder | Entry::Submodule))
                })
                .filter(|path| !gits(path) && !by_path.contains_key(path))
                .map(|path| (path, scope(path).judged))
                .collect()
        } else {
            Vec::new()
        };
        let selected_json = if manifests.is_empty() {
            HashSet::default()
        } else {
            let json = tree
                .below("")
                .filter(|path| extension(path).eq_ignore_ascii_case("json"));
            json.filter(|path| scope(path).selected).collect()
        };
        Self {
            not_text,
            selected_json,
            other_modules,
            knows_links,
            plan,
            config,
            own,
            tree,
            by_path,
            pages,
            manifests,
            contents,
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

    /// What a reader of the checkout finds at a path. What a symbolic link names outside of the root may be more of the repository;
    /// outside of that there is nothing that can be relied on.
    pub(crate) fn on_disk(&self, path: &str) -> Entry<'a> {
        let outside = if self.own.prefix.is_empty() {
            Entry::Nothing
        } else {
            Entry::Submodule
        };
        self.tree.through(path).unwrap_or(outside)
    }

    /// The file that GitHub shows at a tracked path: a symbolic link's is what it leads to.
    pub(crate) fn shown(&self, path: &str) -> Option<&'a str> {
        match self.tree.through(path) {
            Some(Entry::File(shown)) => Some(shown),
            _ => None,
        }
    }

    /// How many lines a tracked file has, where it can be told.
    pub(crate) fn lines_of(&self, path: &'a str) -> Option<u32> {
        *self
            .lines
            .borrow_mut()
            .entry(path)
            .or_insert_with(|| lines(&self.contents.read(path)?))
    }
}

/// Paths by way of symbolic links that are known, in all: many folders may be linked many times.
const MAX_ALSO: usize = 100_000;

/// Says of pages how else they can be named; whether that is all.
fn also(tree: &Tree<'_>, pages: &mut [Page<'_>]) -> bool {
    let mut left = MAX_ALSO;
    for (link, real) in tree.links().filter(|(_, real)| !real.is_empty()) {
        let folder = tree.is_folder(&real).then(|| format!("{real}/"));
        let first = folder.as_deref().unwrap_or(&real);
        let start = pages.partition_point(|page| page.path < first);
        let named = |page: &&mut Page<'_>| match &folder {
            Some(folder) => page.path.starts_with(folder),
            None => page.path == real,
        };
        for page in pages[start..].iter_mut().take_while(named) {
            if left == 0 {
                return false;
            }
            page.also
                .push(format!("{link}{}", &page.path[real.len()..]));
            left -= 1;
        }
    }
    true
}

fn lines(bytes: &[u8]) -> Option<u32> {
    let breaks = memchr::memchr_iter(b'\n', bytes).count();
    let open = bytes.last().is_some_and(|last| *last != b'\n');
    (!is_pointer(bytes)).then(|| u32::try_from(breaks + usize::from(open)).unwrap_or(u32::MAX))
}
