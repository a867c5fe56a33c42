//! The names a reference may lead to: what git tracks at one revision, and the
//! nearest ones to a wrong name. The disk is not asked.

use foldhash::{HashMap, HashSet};
use gate_repo::FileKind;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

/// Everything tracked at one revision.
pub(crate) struct Tree<'a> {
    /// Sorted by bytes.
    files: Vec<(&'a str, FileKind)>,
    kinds: HashMap<&'a str, FileKind>,
    /// What symbolic links hold, by their path.
    links: HashMap<&'a str, &'a str>,
    folders: HashSet<&'a str>,
    /// Files and folders by their lower-case path; built on first use.
    folded: OnceCell<HashMap<String, &'a str>>,
    /// Files by their lower-case last part; built on first use.
    by_name: OnceCell<HashMap<String, Vec<&'a str>>>,
    /// Files by their folder; built on first use.
    by_folder: OnceCell<HashMap<&'a str, Vec<&'a str>>>,
    /// Comparisons left for suggestions: they are a courtesy, not a duty.
    comparisons: Cell<usize>,
    /// Candidates left that may be looked at before they are compared.
    looks: Cell<usize>,
}

/// Comparisons of one run, and the longest words compared, in characters.
const MAX_COMPARISONS: usize = 200_000;
const MAX_COMPARED: usize = 128;
const MAX_LOOKS: usize = 20_000_000;
/// Links followed on one way, as many as Linux follows.
const MAX_LINKS: usize = 40;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    File(&'a str),
    Folder,
    /// A submodule or below one: another repository, which is not here.
    Submodule,
    Nothing,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(files: impl IntoIterator<Item = (&'a str, FileKind)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        let mut folders = HashSet::default();
        for (path, _) in &files {
            let mut rest = *path;
            while let Some((folder, _)) = rest.rsplit_once('/') {
                // The folders above it are known then, too.
                if !folders.insert(folder) {
                    break;
                }
                rest = folder;
            }
        }
        Self {
            kinds: files.iter().copied().collect(),
            files,
            links: HashMap::default(),
            folders,
            folded: OnceCell::new(),
            by_name: OnceCell::new(),
            by_folder: OnceCell::new(),
            comparisons: Cell::new(MAX_COMPARISONS),
            looks: Cell::new(MAX_LOOKS),
        }
    }

    /// With what its symbolic links hold.
    pub(crate) fn with_links(self, links: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            links: links.into_iter().collect(),
            ..self
        }
    }

    /// The symbolic links that lead somewhere in the root, sorted, and the path that each stands for.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
        let mut links: Vec<&'a str> = self.links.keys().copied().collect();
        links.sort_unstable();
        let leads = |link: &'a str| Some((link, self.real(link)?));
        links.into_iter().filter_map(leads)
    }

    /// What a reader of the disk finds at a normalised path: symbolic links are followed, of folders too. `None`: they lead
    /// out of the root, or in a circle.
    pub(crate) fn through(&self, path: &str) -> Option<Entry<'a>> {
        self.real(path).map(|path| self.entry(&path))
    }

    /// The path without symbolic links that a path stands for.
    pub(crate) fn real<'p>(&self, path: &'p str) -> Option<Cow<'p, str>> {
        let mut path = Cow::Borrowed(path);
        for _ in 0..MAX_LINKS {
            let Some((link, rest)) = self.first_link(&path) else {
                return Some(path);
            };
            let target = *self.links.get(link)?;
            if target.starts_with('/') {
                return None;
            }
            path = Cow::Owned(join(&join(folder(link), target)?, rest)?);
        }
        None
    }

    /// The first link on the way to a path, and what follows it.
    fn first_link<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        if self.links.is_empty() {
            return None;
        }
        let ends = memchr::memchr_iter(b'/', path.as_bytes()).chain([path.len()]);
        let mut parts = ends.map(|end| path.split_at(end));
        parts
            .find(|(above, _)| self.links.contains_key(above))
            .map(|(link, rest)| (link, rest.trim_start_matches('/')))
    }

    /// What a normalised path leads to.
    pub(crate) fn entry(&self, path: &str) -> Entry<'a> {
        match self.kinds.get_key_value(path) {
            Some((_, FileKind::Submodule)) => return Entry::Submodule,
            Some((path, _)) => return Entry::File(path),
            None if self.is_folder(path) => return Entry::Folder,
            None => {}
        }
        let mut above = path;
        while let Some((parent, _)) = above.rsplit_once('/') {
            if self.kinds.get(parent) == Some(&FileKind::Submodule) {
                return Entry::Submodule;
            }
            // No folder lies in a submodule, and paths may be very deep.
            if self.folders.contains(parent) {
                break;
            }
            above = parent;
        }
        Entry::Nothing
    }

    /// The tracked file of exactly this path.
    pub(crate) fn file(&self, path: &str) -> Option<&'a str> {
        match self.entry(path) {
            Entry::File(path) => Some(path),
            Entry::Folder | Entry::Submodule | Entry::Nothing => None,
        }
    }

    /// Whether a tracked file lies below; the root is a folder too.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains(path)
    }

    /// The files below a folder, in order.
    pub(crate) fn below(&self, folder: &str) -> impl Iterator<Item = &'a str> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let start = self
            .files
            .partition_point(|(path, _)| *path < prefix.as_str());
        self.files[start..]
            .iter()
            .map(|(path, _)| *path)
            .take_while(move |path| path.starts_with(&prefix))
    }

    /// The tracked file or folder whose path differs only in letter case.
    pub(crate) fn case_match(&self, path: &str) -> Option<&'a str> {
        let folded = self.folded.get_or_init(|| {
            let mut folded: HashMap<String, &'a str> = HashMap::default();
            for (path, _) in &self.files {
                folded.entry(path.to_lowercase()).or_insert(path);
                let mut rest = *path;
                while let Some((folder, _)) = rest.rsplit_once('/') {
                    folded.entry(folder.to_lowercase()).or_insert(folder);
                    rest = folder;
                }
            }
            folded
        });
        folded.get(&path.to_lowercase()).copied()
    }

    /// The one tracked file of that name elsewhere.
    pub(crate) fn same_name(&self, path: &str) -> Option<&'a str> {
        match self.with_name(path) {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The tracked files whose last part is that of the path, in whatever case.
    pub(crate) fn with_name(&self, path: &str) -> &[&'a str] {
        let by_name = self.by_name.get_or_init(|| {
            let mut names: HashMap<String, Vec<&'a str>> = HashMap::default();
            for (path, _) in &self.files {
                names
                    .entry(last(path).to_lowercase())
                    .or_default()
                    .push(path);
            }
            names
        });
        by_name
            .get(&last(path).to_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    /// The nearest spelling in the same folder.
    pub(crate) fn nearest(&self, path: &str) -> Option<&'a str> {
        let by_folder = self.by_folder.get_or_init(|| {
            let mut folders: HashMap<&'a str, Vec<&'a str>> = HashMap::default();
            for (path, _) in &self.files {
                folders.entry(folder(path)).or_default().push(path);
            }
            folders
        });
        let near = by_folder.get(folder(path))?;
        let names = near.iter().map(|file| (last(file), *file));
        self.closest(last(path), names, |length| length / 4)
    }

    /// The candidate nearest to a word, within a distance that depends on the
    /// candidate's length.
    pub(crate) fn closest<'b>(
        &self,
        word: &str,
        candidates: impl Iterator<Item = (&'b str, &'b str)>,
        budget: fn(usize) -> usize,
    ) -> Option<&'b str> {
        let length = word.chars().count();
        if length > MAX_COMPARED {
            return None;
        }
        let mut best: Option<(usize, &str)> = None;
        for (candidate, whole) in candidates {
            self.looks.set(self.looks.get().checked_sub(1)?);
            let candidate_length = candidate.chars().count();
            let budget = budget(candidate_length);
            if candidate_length > MAX_COMPARED || length.abs_diff(candidate_length) > budget {
                continue;
            }
            let left = self.comparisons.get().checked_sub(1)?;
            self.comparisons.set(left);
            let distance = strsim::damerau_levenshtein(candidate, word);
            if distance <= budget && best.is_none_or(|best| (distance, whole) < best) {
                best = Some((distance, whole));
            }
        }
        best.map(|(_, whole)| whole)
    }
}

pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(crate) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `path` seen from `base`, normalised; `/x` is the root's. `None` where `..`
/// climbs above the root.
pub(crate) fn join(base: &str, path: &str) -> Option<String> {
    let (base, path) = match path.strip_prefix('/') {
        Some(rest) => ("", rest),
        None => (base, path),
    };
    let mut joined = String::with_capacity(base.len() + path.len() + 1);
    joined.push_str(base);
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or_default()),
            _ => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(part);
            }
        }
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_as_on_github() {
        assert_eq!(join("docs/a", "../b.md").as_deref(), Some("docs/b.md"));
        assert_eq!(join("docs", "/x.md").as_deref(), Some("x.md"));
        assert_eq!(join("docs", "./x//y/").as_deref(), Some("docs/x/y"));
        assert_eq!(join("docs", "..").as_deref(), Some(""));
        assert_eq!(join("a/b/c", "../../d").as_deref(), Some("a/d"));
        assert_eq!(join("docs", "../../x"), None);
    }

    #[test]
    fn a_reader_of_the_disk_goes_through_links() {
        let link = |path: &'static str| (path, FileKind::Symlink);
        let tree = Tree::new([
            ("AGENTS.md", FileKind::Regular),
            ("skills/a/SKILL.md", FileKind::Regular),
            link("CLAUDE.md"),
            link(".claude/skills"),
            link("out.md"),
            link("abs.md"),
            link("x"),
            link("y"),
            link("gone.md"),
        ])
        .with_links([
            ("CLAUDE.md", "AGENTS.md"),
            (".claude/skills", "../skills/"),
            ("out.md", "../out.md"),
            ("abs.md", "/AGENTS.md"),
            ("x", "y"),
            ("y", "x"),
            ("gone.md", "nothing.md"),
        ]);
        let through = |path: &str| tree.through(path);
        assert_eq!(through("CLAUDE.md"), Some(Entry::File("AGENTS.md")));
        assert_eq!(
            through(".claude/skills/a/SKILL.md"),
            Some(Entry::File("skills/a/SKILL.md"))
        );
        assert_eq!(through(".claude/skills"), Some(Entry::Folder));
        assert_eq!(through("gone.md"), Some(Entry::Nothing));
        for out in ["out.md", "abs.md", "x", "x/y.md"] {
            assert_eq!(through(out), None, "{out}");
        }
        // The host shows what the index has.
        assert_eq!(tree.entry(".claude/skills/a/SKILL.md"), Entry::Nothing);
    }

    #[test]
    fn a_tree_knows_files_folders_and_submodules() {
        let tree = Tree::new([
            ("docs/a/b.md", FileKind::Regular),
            ("docs/C.md", FileKind::Regular),
            ("docs-x/d.md", FileKind::Regular),
            ("vendor/lib", FileKind::Submodule),
        ]);
        assert_eq!(tree.entry("docs/a/b.md"), Entry::File("docs/a/b.md"));
        assert_eq!(tree.entry("docs/a"), Entry::Folder);
        assert_eq!(tree.entry(""), Entry::Folder);
        assert_eq!(tree.entry("vendor/lib/src/x"), Entry::Submodule);
        assert_eq!(tree.entry("docs/c.md"), Entry::Nothing);
        assert_eq!(tree.case_match("DOCS/c.MD"), Some("docs/C.md"));
        assert_eq!(tree.case_match("Docs/A"), Some("docs/a"));
        let below: Vec<_> = tree.below("docs").collect();
        assert_eq!(below, ["docs/C.md", "docs/a/b.md"]);
        assert_eq!(tree.same_name("x/D.md"), Some("docs-x/d.md"));
        assert_eq!(tree.nearest("docs/a/bb.md"), Some("docs/a/b.md"));
        assert_eq!(tree.nearest("docs/a/zzzz.md"), None);
    }
}
