//! Which blobs the trees of commits bring: every tree is looked through once, whatever number of commits share it.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::objs::{Kind, TreeRefIter};

use crate::commits::Commit;
use crate::error::RepoError;
use crate::history::Gap;
use crate::index::FileKind;
use crate::objects::Objects;
use crate::paths::{PathId, Paths, TOP};

/// A blob where it first appears.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) oid: ObjectId,
    pub(crate) path: PathId,
    /// Its place in the list of commits.
    pub(crate) commit: u32,
    pub(crate) kind: FileKind,
}

/// All that is wanted of what commits brought.
pub(crate) struct Introduced {
    pub(crate) found: Vec<Found>,
    pub(crate) paths: Paths,
    pub(crate) gaps: Vec<Gap>,
    /// Unique trees that were looked through.
    pub(crate) trees: u64,
    /// Unique blobs that were met, wanted or not.
    pub(crate) blobs: u64,
}

/// Looks through the trees.
pub(crate) struct Search<'s, 'a> {
    objects: &'s mut Objects<'a>,
    prefix: &'s [u8],
    want: &'s mut dyn FnMut(&Paths, &Found) -> bool,
    all: Introduced,
    trees_seen: HashSet<ObjectId, RandomState>,
    /// Whether each blob is settled: taken, or known. One that was refused is offered again under other paths.
    blobs_seen: HashMap<ObjectId, bool, RandomState>,
    /// Hashes of what was refused: blob, folder and name.
    refused: HashSet<u64, RandomState>,
}

impl<'s, 'a> Search<'s, 'a> {
    pub(crate) fn new(
        objects: &'s mut Objects<'a>,
        prefix: &'s [u8],
        want: &'s mut dyn FnMut(&Paths, &Found) -> bool,
    ) -> Self {
        Self {
            objects,
            prefix,
            want,
            all: Introduced {
                found: Vec::new(),
                paths: Paths::new(),
                gaps: Vec::new(),
                trees: 0,
                blobs: 0,
            },
            trees_seen: HashSet::default(),
            blobs_seen: HashMap::default(),
            refused: HashSet::default(),
        }
    }

    /// Take everything in `tree` for known.
    pub(crate) fn know(&mut self, tree: ObjectId) -> Result<(), RepoError> {
        let blobs = &mut self.blobs_seen;
        every_blob(
            self.objects,
            tree,
            self.prefix,
            &mut self.trees_seen,
            &mut |oid| {
                blobs.insert(oid, true);
            },
        )
    }

    /// Offer every blob of a commit that is not settled.
    pub(crate) fn add(&mut self, place: u32, commit: &Commit) -> Result<(), RepoError> {
        let top = match below(self.objects, commit.tree, self.prefix)? {
            Below::Tree(top) => top,
            Below::Nothing => return Ok(()),
            Below::Missing(tree) => {
                self.missing(tree, TOP, commit);
                return Ok(());
            }
        };
        let mut trees = vec![(top, TOP)];
        while let Some((id, folder)) = trees.pop() {
            if !self.trees_seen.insert(id) {
                continue;
            }
            let Some(tree) = self.objects.get(&id, Kind::Tree)? else {
                self.missing(id, folder, commit);
                continue;
            };
            self.all.trees += 1;
            let first = trees.len();
            for entry in entries(&id, &tree.data) {
                let (kind, oid, name) = entry?;
                match kind {
                    None if self.trees_seen.contains(&oid) => {}
                    None => trees.push((oid, self.all.paths.folder(folder, name)?)),
                    Some(FileKind::Submodule) => {}
                    Some(kind) => self.offer(oid, kind, place, folder, name)?,
                }
            }
            // The first in the tree is the next to be looked through.
            trees[first..].reverse();
        }
        Ok(())
    }

    fn offer(
        &mut self,
        oid: ObjectId,
        kind: FileKind,
        commit: u32,
        folder: u32,
        name: &[u8],
    ) -> Result<(), RepoError> {
        let hash = || self.refused.hasher().hash_one((oid, folder, name));
        match self.blobs_seen.get(&oid) {
            Some(true) => return Ok(()),
            Some(false) if self.refused.contains(&hash()) => return Ok(()),
            Some(false) => {}
            None => self.all.blobs += 1,
        }
        let hash = hash();
        let found = Found {
            oid,
            path: self.all.paths.add(folder, name)?,
            commit,
            kind,
        };
        let wanted = (self.want)(&self.all.paths, &found);
        self.blobs_seen.insert(oid, wanted);
        if wanted {
            self.all.found.push(found);
        } else {
            self.all.paths.remove_last(found.path);
            self.refused.insert(hash);
        }
        Ok(())
    }

    fn missing(&mut self, tree: ObjectId, folder: u32, commit: &Commit) {
        let path = self.all.paths.folder_text(folder);
        self.all.gaps.push(Gap::MissingTree {
            tree: tree.to_string(),
            path: String::from_utf8_lossy(&path).into_owned(),
            commit: commit.id.to_string(),
        });
    }

    /// What was found; what the search itself needed is given back.
    pub(crate) fn finish(self) -> Introduced {
        self.all
    }
}

/// Every blob below `prefix` of `tree` that is in none of the trees `seen`. What this clone does not hold is passed over.
pub(crate) fn every_blob(
    objects: &mut Objects<'_>,
    tree: ObjectId,
    prefix: &[u8],
    seen: &mut HashSet<ObjectId, RandomState>,
    say: &mut dyn FnMut(ObjectId),
) -> Result<(), RepoError> {
    let Below::Tree(top) = below(objects, tree, prefix)? else {
        return Ok(());
    };
    let mut trees = vec![top];
    while let Some(id) = trees.pop() {
        if seen.contains(&id) {
            continue;
        }
        let Some(tree) = objects.get(&id, Kind::Tree)? else {
            continue;
        };
        seen.insert(id);
        for entry in entries(&id, &tree.data) {
            let (kind, oid, _) = entry?;
            match kind {
                None => trees.push(oid),
                Some(FileKind::Submodule) => {}
                Some(_) => say(oid),
            }
        }
    }
    Ok(())
}

enum Below {
    Tree(ObjectId),
    /// No folder of that name.
    Nothing,
    /// A tree on the way is not in this clone.
    Missing(ObjectId),
}

fn below(objects: &mut Objects<'_>, tree: ObjectId, prefix: &[u8]) -> Result<Below, RepoError> {
    let mut at = tree;
    for part in prefix.split(|b| *b == b'/').filter(|p| !p.is_empty()) {
        let Some(tree) = objects.get(&at, Kind::Tree)? else {
            return Ok(Below::Missing(at));
        };
        let mut next = None;
        for entry in entries(&at, &tree.data) {
            let (kind, oid, name) = entry?;
            if name == part {
                next = kind.is_none().then_some(oid);
                break;
            }
        }
        match next {
            Some(next) => at = next,
            None => return Ok(Below::Nothing),
        }
    }
    Ok(Below::Tree(at))
}

type Entry<'t> = (Option<FileKind>, ObjectId, &'t [u8]);

/// Kind (`None`: a folder), object and name.
fn entries<'t>(
    id: &ObjectId,
    data: &'t [u8],
) -> impl Iterator<Item = Result<Entry<'t>, RepoError>> {
    TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1).map(move |entry| {
        let entry = entry.map_err(|e| RepoError::Object {
            what: format!("tree {id}"),
            reason: e.to_string(),
        })?;
        let kind = match entry.mode.kind() {
            EntryKind::Tree => None,
            EntryKind::Blob => Some(FileKind::Regular),
            EntryKind::BlobExecutable => Some(FileKind::Executable),
            EntryKind::Link => Some(FileKind::Symlink),
            EntryKind::Commit => Some(FileKind::Submodule),
        };
        Ok((kind, entry.oid.to_owned(), entry.filename.as_bytes()))
    })
}
