//! Reads many blobs on some threads, the packed ones in an order that makes each delta base once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gix::ObjectId;
use gix::objs::Kind;

use crate::error::{RepoError, reason};
use crate::forest::{Forest, count};
use crate::making::Worker;
use crate::objects::{Packs, check, local};
use crate::threads::share;

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
    let mut parts = share(threads, work).into_iter();
    let mut all = parts.next().transpose()?.unwrap_or_default();
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

pub(crate) type Say<'s> = &'s mut dyn FnMut(u32, Outcome<&[u8]>) -> Result<(), RepoError>;

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
