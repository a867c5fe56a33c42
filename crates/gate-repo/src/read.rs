//! The one parallel read of the working tree.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use gix::index::fs::Metadata;

use crate::Repo;
use crate::ahead::Held;
use crate::disk::{Filled, OnDisk, Walker, fill};
use crate::error::RepoError;
use crate::index::{FileKind, TrackedFile};
use crate::large::{LARGE, Large, Room, SMALL};
use crate::threads::share;
use crate::tree;
use crate::unchanged::{Rules, blob_id};
use crate::view::{FileView, Scan};

/// Files that a worker takes at a time: neighbours share their folder.
const BATCH: usize = 32;
/// More workers than this do not read faster.
const MAX_THREADS: usize = 64;

impl Repo {
    /// Read every wanted tracked file once, on `threads` threads (0: as many as there are processors), and note on the
    /// way which tracked files differ from the index. Unwanted files are read only where their stat leaves it open.
    pub fn scan<P: Send>(
        &self,
        want: &(dyn Fn(&TrackedFile) -> bool + Sync),
        visit: &(dyn Fn(&TrackedFile, &FileView<'_>) -> P + Sync),
        threads: usize,
    ) -> Result<Scan<P>, RepoError> {
        self.scan_in_pieces(
            want,
            &|_| false,
            &|_, file, view| visit(file, view),
            threads,
        )
    }

    /// The same, but wanted files above [`LARGE`] for which `in_pieces` says so are shown as [`FileView::Large`], and every
    /// file with its place in [`Repo::files`].
    pub fn scan_in_pieces<P: Send>(
        &self,
        want: &(dyn Fn(&TrackedFile) -> bool + Sync),
        in_pieces: &(dyn Fn(&TrackedFile) -> bool + Sync),
        visit: &(dyn Fn(usize, &TrackedFile, &FileView<'_>) -> P + Sync),
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
        let room = Room::new();
        let work = || -> Result<Part<P>, RepoError> {
            let mut worker = Worker {
                repo: self,
                rules: &rules,
                held: &held,
                room: &room,
                in_pieces,
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

type Visit<'a, P> = &'a (dyn Fn(usize, &TrackedFile, &FileView<'_>) -> P + Sync);

struct Worker<'a, P> {
    repo: &'a Repo,
    rules: &'a Rules<'a>,
    held: &'a BTreeMap<usize, Held>,
    room: &'a Room,
    in_pieces: &'a (dyn Fn(&TrackedFile) -> bool + Sync),
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
            OnDisk::File(on_disk, meta) if visit.is_some() && self.is_large(file, &meta) => {
                let _taken = self.room.take(meta.len());
                let large = Large::new(&on_disk, meta.len());
                self.part.files_read += 1;
                self.part.bytes_read += meta.len();
                let clean = self.rules.kind_of(file.kind, &meta) == file.kind
                    && (self.rules.stat_proves(file, &meta) || large.matches(self.rules, file));
                self.say(i, file, visit, &FileView::Large(large), !clean);
            }
            OnDisk::File(mut on_disk, meta) => {
                let size = meta.len();
                let within = size <= self.repo.read_limit;
                let _taken = within.then(|| self.room.take(size));
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
                // One large file does not stay with every worker.
                if buffer.len() <= SMALL {
                    self.buffer = buffer;
                }
            }
        }
    }

    /// Whether a file on disk is shown piece by piece.
    fn is_large(&self, file: &TrackedFile, meta: &Metadata) -> bool {
        (LARGE + 1..=self.repo.read_limit).contains(&meta.len())
            && self.rules.kind_of(file.kind, meta) != FileKind::Symlink
            && (self.in_pieces)(file)
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
            self.part.results.push((i, visit(i, file, view)));
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
