//! Reads many blobs: each delta base is made once, and all that is made of it comes right after it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gix::ObjectId;
use gix::objs::Kind;

use crate::error::{RepoError, reason};
use crate::forest::{Forest, NONE, count};
use crate::objects::{Packs, check, local};
use crate::pack::{Made, Scratch};

/// Bases above this many bytes (512 MiB) are not made; git itself makes no deltas of what is larger.
const MAX_BASE: u64 = 512 * 1024 * 1024;
/// Bytes of bases that one thread keeps while it is among their deltas; others are made again.
const KEPT: usize = 8 * 1024 * 1024;
/// Buffers below this many bytes are used again.
const REUSED: usize = 1024 * 1024;
/// Objects that are in no pack, which a thread takes at a time.
const BATCH: usize = 16;
/// Fewer blobs than this are not worth a second thread.
const WORTH_A_THREAD: usize = 64;

/// What became of one blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome<T> {
    Read(T),
    /// It has this many bytes.
    TooLarge(u64),
    /// It is a delta of something of this many bytes.
    BaseTooLarge(u64),
    Missing,
}

/// Read `wanted`, each of at most `limit` bytes, on `threads` threads. What became of each comes with its place in
/// `wanted`, in that order.
pub(crate) fn read<T: Send>(
    packs: &Packs,
    git: &gix::ThreadSafeRepository,
    wanted: &[ObjectId],
    limit: u64,
    threads: usize,
    visit: &(dyn Fn(usize, &[u8]) -> T + Sync),
) -> Result<Vec<Outcome<T>>, RepoError> {
    let (forests, unpacked) = sort(packs, wanted)?;
    let (stop, next) = (AtomicBool::new(false), AtomicUsize::new(0));
    let work = || -> Result<Vec<(u32, Outcome<T>)>, RepoError> {
        let mut part = Vec::new();
        let mut say = |blob: u32, outcome: Outcome<&[u8]>| -> Result<(), RepoError> {
            let place = blob as usize;
            let outcome = match outcome {
                Outcome::Read(bytes) => {
                    check(&wanted[place], Kind::Blob, Kind::Blob, bytes)?;
                    Outcome::Read(visit(place, bytes))
                }
                Outcome::TooLarge(size) => Outcome::TooLarge(size),
                Outcome::BaseTooLarge(size) => Outcome::BaseTooLarge(size),
                Outcome::Missing => Outcome::Missing,
            };
            part.push((blob, outcome));
            Ok(())
        };
        for forest in &forests {
            let mut worker = Worker::new(forest, limit);
            while !stop.load(Ordering::Relaxed)
                && let Some(root) = forest.take()
            {
                worker.tree(root, &mut say)?;
            }
        }
        let git = local(git);
        while !stop.load(Ordering::Relaxed) {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(rest) = unpacked.get(start..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            for blob in rest.iter().take(BATCH) {
                loose(&git, *blob, &wanted[*blob as usize], limit, &mut say)?;
            }
        }
        Ok(part)
    };
    let work = || {
        let part = work();
        if part.is_err() {
            stop.store(true, Ordering::Relaxed);
        }
        part
    };
    let threads = threads.min(wanted.len().div_ceil(WORTH_A_THREAD)).max(1);
    let parts: Vec<_> = std::thread::scope(|scope| {
        // A thread that cannot be started only means that the others do its share.
        let others: Vec<_> = (1..threads)
            .filter_map(|_| std::thread::Builder::new().spawn_scoped(scope, work).ok())
            .collect();
        let own = work();
        let others = others.into_iter().map(|t| {
            t.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        std::iter::once(own).chain(others.collect::<Vec<_>>()).collect()
    });
    let mut all = Vec::with_capacity(wanted.len());
    for part in parts {
        all.extend(part?);
    }
    all.sort_unstable_by_key(|(blob, _)| *blob);
    Ok(all.into_iter().map(|(_, outcome)| outcome).collect())
}

/// The wanted blobs by pack, and those that are in none.
fn sort<'a>(
    packs: &'a Packs,
    wanted: &[ObjectId],
) -> Result<(Vec<Forest<'a>>, Vec<u32>), RepoError> {
    count(wanted.len())?;
    let (mut packed, mut unpacked) = (Vec::new(), Vec::new());
    for (blob, id) in (0..).zip(wanted) {
        match packs.find(id) {
            Some(place) => packed.push((place, blob)),
            None => unpacked.push(blob),
        }
    }
    packed.sort_unstable();
    let forests = packed
        .chunk_by(|a, b| a.0.pack == b.0.pack)
        .map(|wanted| Forest::new(packs, wanted[0].0.pack, wanted))
        .collect::<Result<_, _>>()?;
    Ok((forests, unpacked))
}

type Say<'s> = &'s mut dyn FnMut(u32, Outcome<&[u8]>) -> Result<(), RepoError>;

fn loose(
    git: &gix::Repository,
    blob: u32,
    id: &ObjectId,
    limit: u64,
    say: Say<'_>,
) -> Result<(), RepoError> {
    let damaged = |e: gix::Error| RepoError::Object {
        what: format!("object {id}"),
        reason: reason(&e),
    };
    let Some(header) = git.try_find_header(*id).map_err(damaged)? else {
        return say(blob, Outcome::Missing);
    };
    if header.size() > limit {
        return say(blob, Outcome::TooLarge(header.size()));
    }
    match git.try_find_object(*id).map_err(damaged)? {
        Some(object) if object.kind == Kind::Blob => say(blob, Outcome::Read(&object.data)),
        Some(object) => Err(RepoError::Object {
            what: format!("object {id}"),
            reason: format!("it is a {}, not a blob", object.kind),
        }),
        None => say(blob, Outcome::Missing),
    }
}

/// A base whose deltas are being made.
struct Frame {
    place: u32,
    /// `None`: given up, for there were too many.
    bytes: Option<Vec<u8>>,
    /// Deltas that have been made of it.
    made: usize,
}

struct Worker<'f, 'a> {
    forest: &'f Forest<'a>,
    limit: u64,
    scratch: Scratch,
    frames: Vec<Frame>,
    spare: Vec<Vec<u8>>,
}

impl<'f, 'a> Worker<'f, 'a> {
    fn new(forest: &'f Forest<'a>, limit: u64) -> Self {
        Self {
            forest,
            limit,
            scratch: Scratch::default(),
            frames: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Make `root` and everything that is made of it.
    fn tree(&mut self, root: u32, say: Say<'_>) -> Result<(), RepoError> {
        self.make(root, None, say)?;
        while let Some(frame) = self.frames.last_mut() {
            let place = frame.place;
            let children = self.forest.children(place);
            let child = children[frame.made];
            frame.made += 1;
            let last = frame.made == children.len();
            let base = match frame.bytes.take() {
                Some(bytes) => bytes,
                None => self.again(place)?,
            };
            let at = self.frames.len() - 1;
            if last {
                self.frames.pop();
            }
            self.make(child, Some(&base), say)?;
            if last {
                self.give_back(base);
            } else {
                self.frames[at].bytes = Some(base);
                self.shed();
            }
        }
        Ok(())
    }

    /// Make one blob; a frame waits for what is made of it.
    fn make(&mut self, place: u32, base: Option<&[u8]>, say: Say<'_>) -> Result<(), RepoError> {
        let (node, pack) = (self.forest.node(place), self.forest.pack);
        let leaf = self.forest.children(place).is_empty();
        let limit = if leaf { self.limit } else { self.limit.max(MAX_BASE) };
        let mut bytes = self.spare.pop().unwrap_or_default();
        let made = match base {
            None => pack.whole(node.offset, limit, &mut self.scratch, &mut bytes)?,
            Some(base) => pack.delta(node.offset, base, limit, &mut self.scratch, &mut bytes)?,
        };
        if let Made::TooLarge(size) = made {
            self.give_back(bytes);
            return self.lost(place, size, say);
        }
        if node.blob != NONE {
            let size = bytes.len() as u64;
            if size > self.limit {
                say(node.blob, Outcome::TooLarge(size))?;
            } else {
                say(node.blob, Outcome::Read(&bytes))?;
            }
        }
        if leaf {
            self.give_back(bytes);
        } else {
            self.frames.push(Frame {
                place,
                bytes: Some(bytes),
                made: 0,
            });
        }
        Ok(())
    }

    /// Say of a blob that it is too large, and of all that is made of it that it cannot be made.
    fn lost(&mut self, place: u32, size: u64, say: Say<'_>) -> Result<(), RepoError> {
        let mut places = vec![place];
        while let Some(next) = places.pop() {
            let blob = self.forest.node(next).blob;
            if blob != NONE && next == place {
                say(blob, Outcome::TooLarge(size))?;
            } else if blob != NONE {
                say(blob, Outcome::BaseTooLarge(size))?;
            }
            places.extend_from_slice(self.forest.children(next));
        }
        Ok(())
    }

    /// A base whose bytes were given up.
    fn again(&mut self, place: u32) -> Result<Vec<u8>, RepoError> {
        let (mut at, mut chain, mut base) = (place, Vec::new(), None);
        while at != NONE && base.is_none() {
            base = self
                .frames
                .iter()
                .find(|f| f.place == at)
                .and_then(|f| f.bytes.clone());
            if base.is_none() {
                chain.push(at);
                at = self.forest.node(at).base;
            }
        }
        while let Some(place) = chain.pop() {
            let (offset, pack) = (self.forest.node(place).offset, self.forest.pack);
            let mut bytes = Vec::new();
            // It has been made before.
            let limit = u64::MAX;
            match &base {
                None => pack.whole(offset, limit, &mut self.scratch, &mut bytes)?,
                Some(base) => pack.delta(offset, base, limit, &mut self.scratch, &mut bytes)?,
            };
            base = Some(bytes);
        }
        Ok(base.unwrap_or_default())
    }

    /// Give up the oldest bases, which are needed again last, where too much is kept; never the newest.
    fn shed(&mut self) {
        let size = |f: &Frame| f.bytes.as_ref().map_or(0, Vec::len);
        let mut kept: usize = self.frames.iter().map(size).sum();
        let newest = self.frames.len().saturating_sub(1);
        for frame in &mut self.frames[..newest] {
            if kept <= KEPT {
                break;
            }
            kept -= size(frame);
            frame.bytes = None;
        }
    }

    fn give_back(&mut self, bytes: Vec<u8>) {
        if bytes.capacity() <= REUSED && self.spare.len() < 4 {
            self.spare.push(bytes);
        }
    }
}
