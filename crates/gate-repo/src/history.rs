//! The history as evidence: every blob that commits brought, each read once.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use gix::ObjectId;

use crate::Repo;
use crate::blobs;
use crate::commits::Commit;
use crate::error::RepoError;
use crate::index::{FileKind, id, lossy};
use crate::introduced::{Found, Search, every_blob};
use crate::objects::{Objects, Packs};
use crate::paths::Paths;
use crate::read::threads_for;
use crate::tips::Commits;

/// A blob of the history, where it first appears.
///
/// The commits go from the oldest to the newest, each after its parents, so the commit is one that introduced the blob.
/// The path is one of those that it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryBlob {
    /// Path relative to the root, with `/`; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// What it is there: never a submodule. A symbolic link's bytes are its target.
    pub kind: FileKind,
    /// The commit's committer time, seconds since 1970-01-01 UTC; 0 where it is garbled.
    pub unix_time: i64,
    /// Some tracked file below the root is staged with this content: what [`Repo::scan`] reads, unless it is dirty.
    pub staged: bool,
    /// Some file below the root has this content in the head commit.
    pub in_head: bool,
    raw: Option<Box<[u8]>>,
    oid: ObjectId,
    commit: ObjectId,
}

impl HistoryBlob {
    /// The blob's name: 40 lower-case hex digits.
    pub fn oid(&self) -> String {
        self.oid.to_string()
    }

    /// The blob's name, for instance as a key of a [`BlobCache`](crate::BlobCache).
    pub fn id(&self) -> [u8; 20] {
        id(&self.oid)
    }

    /// The commit: 40 lower-case hex digits.
    pub fn commit(&self) -> String {
        self.commit.to_string()
    }

    /// The path's bytes, relative to the root, as git stores them.
    pub fn raw(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.path.as_bytes())
    }
}

/// Why a wanted blob was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotRead {
    /// Above the read limit.
    TooLarge {
        /// Size in bytes.
        size: u64,
    },
    /// Packed as a difference from something above 512 MiB.
    BaseTooLarge {
        /// Size of that in bytes.
        size: u64,
    },
    /// Not in this clone (a partial clone, as a rule).
    Missing,
}

/// Where the history ends too early, or leads to no commit. Names are 40 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Gap {
    /// The clone is shallow: what came before this commit is not here, and everything in it counts as introduced by it.
    Shallow {
        /// The commit.
        commit: String,
    },
    /// A commit that is named by another one, or by a reference, and is not here.
    MissingCommit {
        /// The commit.
        commit: String,
    },
    /// A folder that is not here.
    MissingTree {
        /// The tree.
        tree: String,
        /// Its path relative to the root, ending in `/`; the root itself is empty.
        path: String,
        /// The oldest commit that has it.
        commit: String,
    },
    /// A reference to something else than a commit, into which nobody looks.
    NoCommit {
        /// The reference's full name.
        reference: String,
    },
}

/// What [`Repo::history`] gave.
#[derive(Debug)]
pub struct History<T> {
    /// What `visit` returned, one per blob that was read: by commit, oldest first, then by the order of the tree.
    pub results: Vec<T>,
    /// Wanted blobs that were not read, in the same order.
    pub not_read: Vec<(HistoryBlob, NotRead)>,
    /// What of the history is not here, sorted.
    pub gaps: Vec<Gap>,
    /// Commits that were looked at.
    pub commits: u64,
    /// Unique folders that were looked through.
    pub trees: u64,
    /// Unique blobs that were met, wanted or not.
    pub blobs: u64,
    /// Blobs that were read.
    pub blobs_read: u64,
    /// Their bytes.
    pub bytes_read: u64,
}

impl<T> History<T> {
    /// Whether everything that was wanted has been read, and nothing of the history is missing.
    pub fn is_complete(&self) -> bool {
        self.not_read.is_empty() && self.gaps.is_empty()
    }
}

impl Repo {
    /// Read every blob below the root that `commits` introduced, each once, on `threads` threads (0: as many as there
    /// are processors).
    ///
    /// `want` says which; it is asked for each blob where it first appears, and where it said no again under each other
    /// path (but not where a whole folder appears unchanged a second time). Blobs above the read limit are not read.
    /// `visit` gets the bytes as committed. What a merge commit took from any of its parents is not introduced by it;
    /// nor is what was moved or copied. Submodules are other repositories. A sparse checkout changes nothing here.
    ///
    /// Memory: some 300 bytes for each unique blob and tree, 12 MiB of folders, a few MiB for each thread, what `visit`
    /// returned, and for large blobs up to three times their size for each thread.
    pub fn history<T: Send>(
        &self,
        commits: &Commits<'_>,
        want: &dyn Fn(&HistoryBlob) -> bool,
        visit: &(dyn Fn(&HistoryBlob, &[u8]) -> T + Sync),
        threads: usize,
    ) -> Result<History<T>, RepoError> {
        let git = self.git.to_thread_local();
        let packs = Packs::open(&git)?;
        let mut objects = Objects::new(&packs, &self.git);
        let line = self.line(&git, &mut objects, commits)?;
        let present = self.present(&mut objects)?;
        let blob = |paths: &Paths, found: &Found| {
            let commit = &line.commits[found.commit as usize];
            present.blob(&paths.text(found.path), found, commit)
        };
        let mut offered = |paths: &Paths, found: &Found| want(&blob(paths, found));
        let mut search = Search::new(&mut objects, &self.prefix, &mut offered);
        for tree in &line.known {
            search.know(*tree)?;
        }
        for (place, commit) in (0..).zip(&line.commits) {
            search.add(place, commit)?;
        }
        let found = search.finish();
        drop(objects);
        let wanted: Vec<ObjectId> = found.found.iter().map(|f| f.oid).collect();
        let blob = |at: usize| blob(&found.paths, &found.found[at]);
        let outcomes = blobs::read(
            &packs,
            &self.git,
            &wanted,
            self.read_limit,
            threads_for(threads),
            &|at, bytes| (visit(&blob(at), bytes), bytes.len() as u64),
        )?;
        let mut gaps = line.gaps;
        gaps.extend(found.gaps);
        gaps.sort_unstable();
        let mut history = History {
            results: Vec::new(),
            not_read: Vec::new(),
            gaps,
            commits: line.commits.len() as u64,
            trees: found.trees,
            blobs: found.blobs,
            blobs_read: 0,
            bytes_read: 0,
        };
        for (at, outcome) in outcomes.into_iter().enumerate() {
            match outcome.or_why() {
                Ok((result, size)) => {
                    history.results.push(result);
                    history.blobs_read += 1;
                    history.bytes_read += size;
                }
                Err(why) => history.not_read.push((blob(at), why)),
            }
        }
        Ok(history)
    }
}

/// What is here now, beside the history.
struct Present {
    staged: HashSet<ObjectId, RandomState>,
    in_head: HashSet<ObjectId, RandomState>,
}

impl Present {
    fn blob(&self, path: &[u8], found: &Found, commit: &Commit) -> HistoryBlob {
        let (path, raw) = lossy(path);
        HistoryBlob {
            path,
            raw,
            kind: found.kind,
            unix_time: commit.time,
            staged: self.staged.contains(&found.oid),
            in_head: self.in_head.contains(&found.oid),
            oid: found.oid,
            commit: commit.id,
        }
    }
}

impl Repo {
    fn present(&self, objects: &mut Objects<'_>) -> Result<Present, RepoError> {
        let files = self
            .files()
            .iter()
            .filter(|f| f.kind != FileKind::Submodule);
        let staged = files.map(|f| f.oid).collect();
        let mut in_head = HashSet::default();
        if let Some(head) = &self.head
            && let Ok(tree) = ObjectId::from_hex(head.tree.as_bytes())
        {
            let say = &mut |oid| {
                in_head.insert(oid);
            };
            every_blob(objects, tree, &self.prefix, &mut HashSet::default(), say)?;
        }
        Ok(Present { staged, in_head })
    }
}
