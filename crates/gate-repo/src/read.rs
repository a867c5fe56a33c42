//! The one parallel read of the working tree.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Repo;
use crate::ahead::Held;
use crate::disk::{Filled, OnDisk, Walker, fill};
use crate::error::RepoError;
use crate::index::{FileKind, TrackedFile};
use crate::threads::share;
use crate::tree;
use crate::unchanged::{Rules, blob_id};

/// Files that a worker takes at a time: neighbours share their folder.
const BATCH: usize = 32;
/// More workers than this do not read faster.
const MAX_THREADS: usize = 64;

/// What lies on disk at a tracked name.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileView<'a> {
    /// A regular file's bytes, as they are on disk; outside of a sparse checkout as they are staged.
    Bytes(&'a [u8]),
    /// A regular file above the read limit, by its size in bytes.
    TooLarge {
        /// Size in bytes.
        size: u64,
    },
    /// A symbolic link's target, not followed.
    Symlink(&'a [u8]),
    /// A submodule: another repository's business.
    Submodule,
    /// Nothing there, or only by way of a symbolic link among the folders.
    Missing,
    /// There, but not readable as a file: why.
    Unreadable(&'a str),
}

/// What one pass over the tracked files gave.
#[derive(Debug)]
pub struct Scan<P> {
    /// What `visit` returned, one per wanted file, in the order of [`Repo::files`].
    pub results: Vec<P>,
    /// Tracked files, wanted or not, whose working copy differs from the index, in path order; also the ones missing,
    /// unreadable, or above the read limit and not provably unchanged. A sparse checkout's absent files and the
    /// content of submodules do not count.
    pub dirty: Vec<String>,
    /// Files that were opened and read.
    pub files_read: u64,
    /// Their bytes.
    pub bytes_read: u64,
}

impl Repo {
    /// Read every wanted tracked file once, on `threads` threads (0: as many as there are processors), and note on the
    /// way which tracked files differ from the index. Unwanted files are read only where their stat leaves it open.
    pub fn scan<P: Send>(
        &self,
        want: &(dyn Fn(&TrackedFile) -> bool + Sync),
        visit: &(dyn Fn(&TrackedFile, &FileView<'_>) -> P + Sync),
        threads: usize,
    ) -> Result<Scan<P>, RepoError> {
        let files = self.files();
        let threads = threads_for(threads).min(files.len().div_ceil(BATCH).max(1));
        let rules = Rules::new(
            &self.git.to_thread_local(),
            &self.index,
            self.listing.has_attributes,
        );
        let held = std::mem::take(&mut *self.held.lock().unwrap_or_else(PoisonError::into_inner));
        let next = AtomicUsize::new(0);
        let work = || -> Result<Part<P>, RepoError> {
            let mut worker = Worker {
                repo: self,
                rules: &rules,
                held: &held,
                walker: self.walker()?,
                buffer: Vec::new(),
                part: Part::default(),
            };
            loop {
                let start = next.fetch_add(BATCH, Ordering::Relaxed);
                let Some(rest) = files.get(start..).filter(|rest| !rest.is_empty()) else {
                    return Ok(worker.part);
                };
                for (offset, file) in rest.iter().take(BATCH).enumerate() {
                    let wanted = want(file).then_some(visit);
                    worker.look_at(start + offset, file, wanted);
                }
            }
        };
        let parts = share(threads, work);
        let mut all = Part::default();
        for part in parts {
            let part = part?;
            all.results.extend(part.results);
            all.dirty.extend(part.dirty);
            all.files_read += part.files_read;
            all.bytes_read += part.bytes_read;
        }
        all.results.sort_unstable_by_key(|(i, _)| *i);
        all.dirty.sort_unstable();
        Ok(Scan {
            results: all.results.into_iter().map(|(_, p)| p).collect(),
            dirty: all
                .dirty
                .into_iter()
                .map(|i| files[i].path.clone())
                .collect(),
            files_read: all.files_read,
            bytes_read: all.bytes_read,
        })
    }

    /// The staged bytes of a file, or the target of a link; `None` where the object is not here or is above the read limit.
    fn staged_bytes(&self, file: &TrackedFile) -> Option<Vec<u8>> {
        let has_bytes = file.kind.is_regular() || file.kind == FileKind::Symlink;
        has_bytes.then(|| self.blob_of(file)).flatten()
    }

    pub(crate) fn blob_of(&self, file: &TrackedFile) -> Option<Vec<u8>> {
        let git = self.git.to_thread_local();
        let what = format!("'{}' in the index", file.path);
        tree::blob(&git, file.oid, self.read_limit, &what).ok()
    }

    pub(crate) fn walker(&self) -> Result<Walker, RepoError> {
        Walker::new(&self.root).map_err(|e| RepoError::Open {
            root: self.root.clone(),
            reason: e.to_string(),
        })
    }
}

/// As many threads as were asked for (0: as many as there are processors), within bounds.
pub(crate) fn threads_for(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
    .clamp(1, MAX_THREADS)
}

struct Part<P> {
    results: Vec<(usize, P)>,
    dirty: Vec<usize>,
    files_read: u64,
    bytes_read: u64,
}

impl<P> Default for Part<P> {
    fn default() -> Self {
        Self {
            results: Vec::new(),
            dirty: Vec::new(),
            files_read: 0,
            bytes_read: 0,
        }
    }
}

type Visit<'a, P> = &'a (dyn Fn(&TrackedFile, &FileView<'_>) -> P + Sync);

struct Worker<'a, P> {
    repo: &'a Repo,
    rules: &'a Rules<'a>,
    held: &'a BTreeMap<usize, Held>,
    walker: Walker,
    buffer: Vec<u8>,
    part: Part<P>,
}

impl<P> Worker<'_, P> {
    /// Look at one file; `visit` only where it is wanted.
    fn look_at(&mut self, i: usize, file: &TrackedFile, visit: Option<Visit<'_, P>>) {
        if file.kind == FileKind::Submodule {
            return self.say(i, file, visit, &FileView::Submodule, false);
        }
        if let Some(held) = self.held.get(&i) {
            self.part.files_read += 1;
            self.part.bytes_read += held.bytes.len() as u64;
            let (view, dirty) = (FileView::Bytes(&held.bytes), held.dirty);
            return self.say(i, file, visit, &view, dirty);
        }
        if visit.is_none() && self.unchanged_by_stat(file) {
            return;
        }
        match self.walker.open(file.raw()) {
            // A sparse checkout leaves it out on purpose: what is staged is what it is.
            OnDisk::Missing if file.skip_worktree && visit.is_some() => {
                match self.repo.staged_bytes(file) {
                    Some(target) if file.kind == FileKind::Symlink => {
                        self.say(i, file, visit, &FileView::Symlink(&target), false);
                    }
                    Some(bytes) => self.say(i, file, visit, &FileView::Bytes(&bytes), false),
                    None => self.say(i, file, visit, &FileView::Missing, false),
                }
            }
            OnDisk::Missing => self.say(i, file, visit, &FileView::Missing, !file.skip_worktree),
            OnDisk::Folder => self.say(
                i,
                file,
                visit,
                &FileView::Unreadable("a folder, where git tracks a file"),
                true,
            ),
            OnDisk::Special => self.say(
                i,
                file,
                visit,
                &FileView::Unreadable("a pipe, socket or device"),
                true,
            ),
            OnDisk::Failed(e) => {
                self.say(i, file, visit, &FileView::Unreadable(&e.to_string()), true);
            }
            OnDisk::Symlink(target, meta) => {
                let clean = file.kind == FileKind::Symlink
                    && (self.rules.stat_proves(file, &meta) || blob_id(&target) == Some(file.oid));
                self.say(i, file, visit, &FileView::Symlink(&target), !clean);
            }
            OnDisk::File(mut on_disk, meta) => {
                let mut buffer = std::mem::take(&mut self.buffer);
                let filled = fill(&mut on_disk, meta.len(), self.repo.read_limit, &mut buffer);
                drop(on_disk);
                let proven = self.rules.stat_proves(file, &meta);
                let kind = self.rules.kind_of(file.kind, &meta);
                match filled {
                    Ok(Filled::Whole(n)) => {
                        self.part.files_read += 1;
                        self.part.bytes_read += n as u64;
                        let bytes = &buffer[..n];
                        let clean = kind == file.kind
                            && (proven || self.rules.content_matches(file, bytes));
                        let view = if kind == FileKind::Symlink {
                            FileView::Symlink(bytes)
                        } else {
                            FileView::Bytes(bytes)
                        };
                        self.say(i, file, visit, &view, !clean);
                    }
                    Ok(Filled::TooLarge(size)) => {
                        self.say(
                            i,
                            file,
                            visit,
                            &FileView::TooLarge { size },
                            kind != file.kind || !proven,
                        );
                    }
                    Err(e) => self.say(i, file, visit, &FileView::Unreadable(&e.to_string()), true),
                }
                self.buffer = buffer;
            }
        }
    }

    fn say(
        &mut self,
        i: usize,
        file: &TrackedFile,
        visit: Option<Visit<'_, P>>,
        view: &FileView<'_>,
        dirty: bool,
    ) {
        if dirty {
            self.part.dirty.push(i);
        }
        if let Some(visit) = visit {
            self.part.results.push((i, visit(file, view)));
        }
    }

    /// Whether an unwanted file can be left closed.
    fn unchanged_by_stat(&mut self, file: &TrackedFile) -> bool {
        self.walker.stat(file.raw()).is_some_and(|meta| {
            let same_kind = if meta.is_symlink() {
                file.kind == FileKind::Symlink
            } else {
                meta.is_file() && self.rules.kind_of(file.kind, &meta) == file.kind
            };
            same_kind && self.rules.stat_proves(file, &meta)
        })
    }
}
