//! The names: tracked files as the git index lists them.

use std::collections::BTreeSet;
use std::path::Path;

use gix::ObjectId;
use gix::index::Entry;
use gix::index::entry::{Flags, Mode, Stage, Stat};

use crate::error::{RepoError, reason};
pub use crate::tracked::{FileKind, TrackedFile};
use crate::tree;

/// Everything the index says about the files below the root.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Sorted by path bytes.
    pub(crate) files: Vec<TrackedFile>,
    /// Paths in conflict, sorted.
    pub(crate) conflicts: Vec<String>,
    /// Every folder that holds a tracked file, without the root.
    pub(crate) directories: BTreeSet<String>,
    /// Any `.gitattributes` in the whole index: line endings may be converted.
    pub(crate) has_attributes: bool,
}

/// What is needed of an index once its files are listed: it is as large as the list, so it is not kept beside it.
pub(crate) struct Indexed {
    /// Empty, and written when the index was.
    pub(crate) time: gix::index::State,
    /// The tree that it would be written as, where it says so.
    pub(crate) tree: Option<ObjectId>,
    /// The index itself, where the list is not all of it: the root is below the top.
    pub(crate) whole: Option<gix::index::File>,
}

impl Indexed {
    pub(crate) fn of(index: &gix::index::File) -> Self {
        let tree = index.tree().filter(|tree| tree.num_entries.is_some());
        let mut time = gix::index::State::new(index.object_hash());
        time.set_timestamp(index.timestamp());
        Self {
            time,
            tree: tree.map(|tree| tree.id),
            whole: None,
        }
    }
}

/// Read the index of `repo`. A repository without one (nothing added yet) has an empty one.
pub(crate) fn load(repo: &gix::Repository) -> Result<gix::index::File, RepoError> {
    let path = repo.index_path();
    match path.symlink_metadata() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let empty = gix::index::State::new(repo.object_hash());
            return Ok(gix::index::File::from_state(empty, path));
        }
        _ => {}
    }
    repo.open_index().map_err(|e| RepoError::Index {
        path,
        reason: reason(&e),
    })
}

/// Entries that are listed before the room of those done is given back.
const GIVE_BACK: usize = 1 << 14;

/// All entries of `index`, which is used up: the list is as large, and both at once are the most that a run holds.
pub(crate) fn list_all(
    repo: &gix::Repository,
    index: gix::index::File,
) -> Result<(Listing, Indexed), RepoError> {
    let indexed = Indexed::of(&index);
    let (state, path) = index.into_parts();
    let (mut entries, paths) = state.into_entries();
    let mut lister = Lister::new(repo, &path, b"");
    lister.listing.files.reserve_exact(entries.len());
    while let Some(entry) = entries.pop() {
        lister.add(&entry, entry.path_in(&paths))?;
        if entries.len().is_multiple_of(GIVE_BACK) {
            entries.shrink_to_fit();
        }
    }
    lister.listing.files.reverse();
    Ok((lister.done()?, indexed))
}

/// The entries below `prefix` (empty, or a folder ending in `/`).
pub(crate) fn list(
    repo: &gix::Repository,
    index: &gix::index::File,
    prefix: &[u8],
) -> Result<Listing, RepoError> {
    let mut lister = Lister::new(repo, index.path(), prefix);
    for entry in index.entries() {
        lister.add(entry, entry.path(index))?;
    }
    lister.done()
}

struct Lister<'a> {
    repo: &'a gix::Repository,
    index_path: &'a Path,
    prefix: &'a [u8],
    listing: Listing,
    conflicts: BTreeSet<String>,
}

impl<'a> Lister<'a> {
    fn new(repo: &'a gix::Repository, index_path: &'a Path, prefix: &'a [u8]) -> Self {
        Self {
            repo,
            index_path,
            prefix,
            listing: Listing::default(),
            conflicts: BTreeSet::new(),
        }
    }

    fn add(&mut self, entry: &Entry, full: &[u8]) -> Result<(), RepoError> {
        if full.ends_with(b".gitattributes") {
            self.listing.has_attributes = true;
        }
        if entry.mode == Mode::DIR {
            let (prefix, listing) = (self.prefix, &mut self.listing);
            return expand_sparse(self.repo, self.index_path, full, entry.id, prefix, listing);
        }
        let Some(path) = full.strip_prefix(self.prefix) else {
            return Ok(());
        };
        check_path(self.index_path, full)?;
        if entry.stage() != Stage::Unconflicted {
            self.conflicts.insert(lossy(path).0);
            return Ok(());
        }
        let kind = kind_of(entry.mode).ok_or_else(|| RepoError::Index {
            path: self.index_path.to_owned(),
            reason: format!(
                "'{}' has the mode {:o}, which git does not use",
                lossy(full).0,
                entry.mode.bits()
            ),
        })?;
        let (text, raw) = lossy(path);
        self.listing.files.push(TrackedFile {
            path: text,
            kind,
            skip_worktree: entry.flags.contains(Flags::SKIP_WORKTREE),
            assume_valid: entry.flags.contains(Flags::ASSUME_VALID),
            intent_to_add: entry.flags.contains(Flags::INTENT_TO_ADD),
            raw: raw.map(Box::new),
            oid: entry.id,
            stat: entry.stat,
        });
        Ok(())
    }

    fn done(self) -> Result<Listing, RepoError> {
        let mut listing = self.listing;
        listing.files.sort_by(|a, b| a.raw().cmp(b.raw()));
        if let Some(twice) = listing.files.windows(2).find(|w| w[0].raw() == w[1].raw()) {
            return Err(RepoError::Index {
                path: self.index_path.to_owned(),
                reason: format!("'{}' is listed twice", twice[0].path),
            });
        }
        listing.conflicts = self.conflicts.into_iter().collect();
        for file in &listing.files {
            let mut folder = file.path.as_str();
            while let Some((parent, _)) = folder.rsplit_once('/') {
                if !listing.directories.insert(parent.to_owned()) {
                    break;
                }
                folder = parent;
            }
        }
        Ok(listing)
    }
}

/// A folder that a sparse index keeps as one entry: its files are tracked all the same.
fn expand_sparse(
    repo: &gix::Repository,
    index_path: &Path,
    folder: &[u8],
    id: ObjectId,
    prefix: &[u8],
    listing: &mut Listing,
) -> Result<(), RepoError> {
    if !folder.starts_with(prefix) && !prefix.starts_with(folder) {
        return Ok(());
    }
    for (path, entry) in tree::flatten(repo, id, folder)? {
        check_path(index_path, &path)?;
        let Some(path) = path.strip_prefix(prefix) else {
            continue;
        };
        let (text, raw) = lossy(path);
        listing.files.push(TrackedFile {
            path: text,
            kind: entry.kind,
            skip_worktree: true,
            assume_valid: false,
            intent_to_add: false,
            raw: raw.map(Box::new),
            oid: entry.oid,
            stat: Stat::default(),
        });
    }
    Ok(())
}

/// The bytes of an object's name.
pub(crate) fn id(oid: &ObjectId) -> [u8; 20] {
    let mut id = [0; 20];
    // Repositories with longer names are not opened.
    id.copy_from_slice(&oid.as_slice()[..20]);
    id
}

/// The text of a path, and its bytes where they are not UTF-8.
pub(crate) fn lossy(path: &[u8]) -> (String, Option<Box<[u8]>>) {
    match std::str::from_utf8(path) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (
            String::from_utf8_lossy(path).into_owned(),
            Some(path.into()),
        ),
    }
}

fn kind_of(mode: Mode) -> Option<FileKind> {
    match mode {
        Mode::FILE => Some(FileKind::Regular),
        Mode::FILE_EXECUTABLE => Some(FileKind::Executable),
        Mode::SYMLINK => Some(FileKind::Symlink),
        Mode::COMMIT => Some(FileKind::Submodule),
        _ => None,
    }
}

/// Names that git itself refuses to check out: they would lead out of the root or into `.git`.
fn check_path(index_path: &Path, path: &[u8]) -> Result<(), RepoError> {
    if is_safe(path) {
        return Ok(());
    }
    Err(RepoError::Index {
        path: index_path.to_owned(),
        reason: format!(
            "the path '{}' leads out of the work tree or into .git",
            lossy(path).0
        ),
    })
}

fn is_safe(path: &[u8]) -> bool {
    let windows = cfg!(windows) && path.iter().any(|b| matches!(b, b'\\' | b':'));
    !windows
        && !path.contains(&0)
        && path
            .split(|b| *b == b'/')
            .all(|part| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git"))
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for good in [
            "a",
            "a/b",
            ".github/x",
            "a..b",
            ".gitignore",
            "...",
            "a/.git2",
        ] {
            assert!(is_safe(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "/a",
            "a//b",
            "a/",
            "../a",
            "a/../../b",
            "./a",
            ".git/config",
            "sub/.GIT/x",
            "a\0b",
        ] {
            assert!(!is_safe(bad.as_bytes()), "{bad:?}");
        }
    }
}
