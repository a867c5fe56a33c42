//! What changed between a commit and the working copies of the tracked files.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;

use crate::Repo;
pub use crate::change::{ChangeKind, FileChange};
use crate::error::RepoError;
use crate::index::FileKind;
use crate::lines::lines;
use crate::renames::{Candidate, Pieces, find};
use crate::revisions::tree_of;
use crate::sides::{New, Side, Sides, is_binary};
use crate::tree::{self, TreeEntry};
use crate::unchanged::Rules;

/// Files above this many bytes take part in renames only when equal.
const MAX_RENAME_SIZE: usize = 4 * 1024 * 1024;
/// Bytes of all the files that one comparison looks into for renames; the rest take part only when equal.
const MAX_RENAME_TOTAL: usize = 256 * 1024 * 1024;

impl Repo {
    /// Compare the tree of a commit with the tracked files: names from the index, bytes from disk; sorted by path bytes.
    /// Only files whose staged object differs from the base, or whose stat differs from the index, are read.
    /// Lines are those of `git diff -U0 -M <base>`.
    pub fn diff(&self, base_commit: &str) -> Result<Vec<FileChange>, RepoError> {
        let mut git = self.git.to_thread_local();
        git.object_cache_size_if_unset(4 * 1024 * 1024);
        let commit = self.commit(&git, base_commit)?;
        let base = self.base_files(&git, tree_of(&git, commit, base_commit)?)?;
        let rules = Rules::new(&git, &self.index, self.listing.has_attributes);
        let mut sides = Sides {
            repo: self,
            git: &git,
            rules: &rules,
            walker: self.walker()?,
            buffer: Vec::new(),
        };
        let mut new = BTreeMap::new();
        for file in self.files() {
            if let Some(state) = sides.state_of(file)? {
                new.insert(file.raw().to_vec(), state);
            }
        }
        for path in self.conflicts() {
            if let Some(state) = sides.state_of_conflict(path.as_bytes()) {
                new.insert(path.clone().into_bytes(), state);
            }
        }
        changes(&mut sides, &base, &new)
    }

    /// What the base has of files that are other now or gone, one by one, as committed; submodules and what the base does not
    /// have are left out. Stops at the first error of `visit`; a missing object, or one above the read limit, is an error.
    pub fn of_base<'c, E: From<RepoError>>(
        &self,
        changes: impl IntoIterator<Item = &'c FileChange>,
        mut visit: impl FnMut(&'c FileChange, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let git = self.git.to_thread_local();
        for change in changes {
            let Some(old) = change
                .old
                .filter(|_| change.was != Some(FileKind::Submodule))
            else {
                continue;
            };
            let path = change.old_path.as_ref().unwrap_or(&change.path);
            let what = format!("'{path}' of the base");
            visit(change, tree::blob(&git, old, self.read_limit, &what)?)?;
        }
        Ok(())
    }

    /// The files below the root in the tree `top`.
    pub(crate) fn base_files(
        &self,
        git: &gix::Repository,
        top: ObjectId,
    ) -> Result<BTreeMap<Vec<u8>, TreeEntry>, RepoError> {
        match tree::lookup(git, top, &self.prefix)? {
            Some(folder) if folder.kind.is_none() => tree::flatten(git, folder.oid, b""),
            _ => Ok(BTreeMap::new()),
        }
    }
}

fn changes<'a>(
    sides: &mut Sides<'a>,
    base: &BTreeMap<Vec<u8>, TreeEntry>,
    new: &BTreeMap<Vec<u8>, New<'a>>,
) -> Result<Vec<FileChange>, RepoError> {
    let gone: Vec<&Vec<u8>> = base.keys().filter(|p| !new.contains_key(*p)).collect();
    let came: Vec<&Vec<u8>> = new.keys().filter(|p| !base.contains_key(*p)).collect();
    let renamed = renames(sides, base, new, &gone, &came)?;
    let sources: BTreeSet<&Vec<u8>> = renamed.values().copied().collect();
    let mut changes = BTreeMap::new();
    for (path, now) in new {
        let (old_path, old) = match renamed.get(path) {
            Some(old) => (Some(*old), base.get(*old)),
            None => (None, base.get(path)),
        };
        if let Some(change) = change(sides, path, old_path, old, now)? {
            changes.insert(path, with_old(change, old));
        }
    }
    for path in gone.into_iter().filter(|p| !sources.contains(p)) {
        let old = base[path];
        let (kind, side) = if old.kind == FileKind::Submodule {
            (ChangeKind::Submodule, Side::Text(Vec::new()))
        } else {
            (ChangeKind::Deleted, sides.old_side(path, old)?)
        };
        let change = lines(path, None, kind, &side, &Side::Text(Vec::new()));
        changes.insert(path, with_old(change, Some(&old)));
    }
    Ok(changes.into_values().collect())
}

fn change<'a>(
    sides: &mut Sides<'a>,
    path: &[u8],
    old_path: Option<&Vec<u8>>,
    old: Option<&TreeEntry>,
    now: &New<'a>,
) -> Result<Option<FileChange>, RepoError> {
    let nothing = || Side::Text(Vec::new());
    let Some(old) = old else {
        if now.kind == FileKind::Submodule {
            return Ok(Some(no_lines(path, None, ChangeKind::Submodule)));
        }
        let new = sides.new_side(path, now, &nothing())?;
        return Ok(Some(lines(path, None, ChangeKind::Added, &nothing(), &new)));
    };
    let same_content = now.oid == Some(old.oid);
    if same_content && old_path.is_some() {
        return Ok(Some(no_lines(path, old_path, ChangeKind::Renamed)));
    }
    if same_content && now.kind == old.kind {
        return Ok(None);
    }
    if now.kind == FileKind::Submodule || old.kind == FileKind::Submodule {
        return Ok(Some(no_lines(path, None, ChangeKind::Submodule)));
    }
    if same_content && now.kind.is_regular() && old.kind.is_regular() {
        return Ok(Some(no_lines(path, None, ChangeKind::ModeOnly)));
    }
    let before = sides.old_side(old_path.map_or(path, |p| p), *old)?;
    let after = sides.new_side(path, now, &before)?;
    // A file that became a link, or the other way round, has nothing in common with itself.
    if now.kind.is_regular() != old.kind.is_regular() {
        let mut change = lines(path, None, ChangeKind::Modified, &nothing(), &after);
        change.removed_lines =
            lines(path, None, ChangeKind::Modified, &before, &nothing()).removed_lines;
        return Ok(Some(change));
    }
    let kind = if old_path.is_some() {
        ChangeKind::Renamed
    } else {
        ChangeKind::Modified
    };
    let change = lines(path, old_path, kind, &before, &after);
    // Only line endings that git converts differ: no change.
    let empty = kind == ChangeKind::Modified
        && !change.binary
        && change.removed_lines.is_empty()
        && change.added_lines.is_empty();
    if empty {
        let bit = now.kind != old.kind;
        return Ok(bit.then(|| no_lines(path, None, ChangeKind::ModeOnly)));
    }
    Ok(Some(change))
}

fn renames<'p, 'a>(
    sides: &mut Sides<'a>,
    base: &BTreeMap<Vec<u8>, TreeEntry>,
    new: &BTreeMap<Vec<u8>, New<'a>>,
    gone: &[&'p Vec<u8>],
    came: &[&'p Vec<u8>],
) -> Result<BTreeMap<&'p Vec<u8>, &'p Vec<u8>>, RepoError> {
    let gone: Vec<&Vec<u8>> = gone
        .iter()
        .copied()
        .filter(|p| base[*p].kind != FileKind::Submodule)
        .collect();
    let came: Vec<&Vec<u8>> = came
        .iter()
        .copied()
        .filter(|p| new[*p].kind != FileKind::Submodule)
        .collect();
    let deleted: Vec<Candidate> = gone
        .iter()
        .map(|p| Candidate {
            path: (*p).clone(),
            oid: Some(base[*p].oid),
            regular: base[*p].kind.is_regular(),
        })
        .collect();
    let added: Vec<Candidate> = came
        .iter()
        .map(|p| Candidate {
            path: (*p).clone(),
            oid: new[*p].oid,
            regular: new[*p].kind.is_regular(),
        })
        .collect();
    let mut budget = MAX_RENAME_TOTAL;
    let from = find(&deleted, &added, |is_added, i| {
        let bytes = if is_added {
            sides.new_bytes(came[i], &new[came[i]])?
        } else {
            sides.old_bytes(gone[i], base[gone[i]])?
        };
        let Some(bytes) = bytes.filter(|b| b.len() <= MAX_RENAME_SIZE.min(budget)) else {
            return Ok(None);
        };
        budget -= bytes.len();
        Ok(Some(Pieces::of(&bytes, !is_binary(&bytes))))
    })?;
    Ok(from.into_iter().map(|(a, d)| (came[a], gone[d])).collect())
}

fn with_old(change: FileChange, old: Option<&TreeEntry>) -> FileChange {
    FileChange {
        was: old.map(|old| old.kind),
        old: old.map(|old| old.oid),
        ..change
    }
}

/// A change that leaves every line as it was.
fn no_lines(path: &[u8], old_path: Option<&Vec<u8>>, kind: ChangeKind) -> FileChange {
    let nothing = Side::Text(Vec::new());
    lines(path, old_path, kind, &nothing, &nothing)
}
