//! One pack, read by position and not through a memory map: what has been read does not stay resident, so that a whole
//! history fits into a few megabytes whatever the pack weighs.

use std::fs::File;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::odb::pack;
use gix::odb::pack::data::entry::Header;
use gix::zlib::{Inflate, Status};

use crate::delta;
use crate::error::{RepoError, reason};

/// No deflated byte stands for more than 1,032 plain ones: what claims more is damaged, and nothing is allocated for it.
const MAX_RATIO: u64 = 1_032;
/// Longest head of an entry: 10 bytes of size, then a name of 20 or a distance of 10.
const MAX_HEAD: u64 = 32;
/// Read at a time where only heads are wanted: small neighbours come along.
const HEADS: u64 = 4096;
/// Buffers above this many bytes are not kept for what comes after.
const KEPT: usize = 1024 * 1024;
/// Most bytes of one entry (512 MiB); git itself makes no deltas of what is larger.
pub(crate) const MAX_BASE: u64 = 512 * 1024 * 1024;
/// The checksum at the end of a pack.
const TRAILER: u64 = 20;

/// A pack and its index. Both are checked only as far as they are used.
pub(crate) struct Pack {
    index: pack::index::File,
    file: File,
    path: PathBuf,
    /// Its place among the packs.
    number: u32,
    /// Where each entry starts, ascending; the end of the last one comes after them.
    offsets: Vec<u64>,
}

/// The head of an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) base: Base,
    /// Plain bytes of the entry; of a delta: of its instructions.
    pub(crate) size: u64,
}

/// What an entry is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// Nothing but itself.
    None(gix::objs::Kind),
    /// The entry at this place in the same pack.
    At(u64),
}

/// What became of an object that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    Whole,
    /// It has this many bytes, which is more than was asked for.
    TooLarge(u64),
}

/// Buffers of one thread.
#[derive(Default)]
pub(crate) struct Scratch {
    inflate: Inflate,
    packed: Vec<u8>,
    instructions: Vec<u8>,
    /// Bytes of a pack, from this place on.
    heads: Vec<u8>,
    heads_at: (u32, u64),
}

impl Pack {
    /// Open the pack that belongs to the index file at `path`.
    pub(crate) fn open(path: &Path, number: u32) -> Result<Self, RepoError> {
        let damaged = |reason: String| RepoError::Object {
            what: path.display().to_string(),
            reason,
        };
        let index =
            pack::index::File::at(path, gix::hash::Kind::Sha1).map_err(|e| damaged(reason(&e)))?;
        // A flipped bit in the index would show the bytes of one object under the name of another.
        index
            .verify_checksum(
                &mut gix::progress::Discard,
                &std::sync::atomic::AtomicBool::new(false),
            )
            .map_err(|e| damaged(reason(&e)))?;
        let pack = path.with_extension("pack");
        let file = File::open(&pack).map_err(|e| damaged(format!("{}: {e}", pack.display())))?;
        let len = file.metadata().map_err(|e| damaged(e.to_string()))?.len();
        let mut offsets = index.sorted_offsets();
        let end = len.saturating_sub(TRAILER);
        if offsets.last().is_some_and(|last| *last >= end) {
            return Err(damaged(
                "names entries behind the end of the pack".to_owned(),
            ));
        }
        offsets.push(end);
        Ok(Self {
            index,
            file,
            path: pack,
            number,
            offsets,
        })
    }

    /// Where the object lies, if it is in this pack.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<u64> {
        let at = self.index.lookup(id)?;
        Some(self.index.pack_offset_at_index(at))
    }

    /// The head of the entry at `offset`; cheap where offsets come in ascending order.
    pub(crate) fn head(&self, offset: u64, scratch: &mut Scratch) -> Result<Head, RepoError> {
        let end = self.end_of(offset)?;
        let wanted = (end - offset).min(MAX_HEAD);
        let (number, start) = scratch.heads_at;
        let held = start..start + scratch.heads.len() as u64;
        if number != self.number || offset < held.start || offset + wanted > held.end {
            let all = self.offsets.last().copied().unwrap_or(end);
            self.read(offset, (all - offset).min(HEADS), &mut scratch.heads)?;
            scratch.heads_at = (self.number, offset);
        }
        let from = usize::try_from(offset - scratch.heads_at.1).unwrap_or(usize::MAX);
        let bytes = scratch.heads.get(from..).unwrap_or_default();
        Ok(self.parse(offset, bytes)?.0)
    }

    /// Replace `out` by the object at `offset`, which is no delta, unless it has more than `limit` bytes.
    pub(crate) fn whole(
        &self,
        offset: u64,
        limit: u64,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Result<Made, RepoError> {
        let size = self.head(offset, scratch)?.size;
        if size > limit {
            return Ok(Made::TooLarge(size));
        }
        self.inflate(offset, scratch, out)?;
        Ok(Made::Whole)
    }

    /// Replace `out` by the object that the delta at `offset` makes of `base`, unless it has more than `limit` bytes.
    pub(crate) fn delta(
        &self,
        offset: u64,
        base: &[u8],
        limit: u64,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Result<Made, RepoError> {
        let mut instructions = std::mem::take(&mut scratch.instructions);
        let made = self.inflate(offset, scratch, &mut instructions).map(|()| {
            match delta::sizes(&instructions) {
                Some((_, size, _)) if size > limit => Some(Made::TooLarge(size)),
                _ => delta::apply(base, &instructions, out).map(|()| Made::Whole),
            }
        });
        if instructions.capacity() <= KEPT {
            scratch.instructions = instructions;
        }
        made?.ok_or_else(|| self.damaged(offset, "a delta that does not fit its base"))
    }

    fn inflate(
        &self,
        offset: u64,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Result<(), RepoError> {
        let end = self.end_of(offset)?;
        self.read(offset, end - offset, &mut scratch.packed)?;
        let (head, used) = self.parse(offset, &scratch.packed)?;
        let packed = scratch.packed.get(used..).unwrap_or_default();
        if head.size > MAX_BASE {
            return Err(RepoError::TooLarge {
                what: self.name(offset),
                size: head.size,
                limit: MAX_BASE,
                unit: "bytes",
            });
        }
        if head.size > (packed.len() as u64).saturating_mul(MAX_RATIO) {
            return Err(self.damaged(offset, "an entry that claims more than it can hold"));
        }
        let size = usize::try_from(head.size)
            .map_err(|_| self.damaged(offset, "an entry larger than memory"))?;
        out.clear();
        if size == 0 {
            return Ok(());
        }
        out.resize(size, 0);
        scratch.inflate.reset();
        match scratch.inflate.once(packed, out) {
            Ok((Status::StreamEnd, _, n)) if n == size => Ok(()),
            Ok(_) => Err(self.damaged(offset, "an entry of another size than it says")),
            Err(e) => Err(self.damaged(offset, &reason(&e))),
        }
    }

    fn parse(&self, offset: u64, bytes: &[u8]) -> Result<(Head, usize), RepoError> {
        let entry = pack::data::Entry::from_bytes(bytes, offset, gix::hash::Kind::Sha1)
            .map_err(|e| self.damaged(offset, &reason(&e)))?;
        let base = match entry.header {
            Header::Commit => Base::None(gix::objs::Kind::Commit),
            Header::Tree => Base::None(gix::objs::Kind::Tree),
            Header::Blob => Base::None(gix::objs::Kind::Blob),
            Header::Tag => Base::None(gix::objs::Kind::Tag),
            Header::OfsDelta { base_distance } => Base::At(
                offset
                    .checked_sub(base_distance)
                    .filter(|base| *base < offset && self.offsets.binary_search(base).is_ok())
                    .ok_or_else(|| self.damaged(offset, "a delta whose base is no entry"))?,
            ),
            Header::RefDelta { base_id } => Base::At(
                self.find(&base_id)
                    .ok_or_else(|| self.damaged(offset, "a delta whose base is elsewhere"))?,
            ),
        };
        let used = usize::from(entry.encoded_header_size);
        let size = entry.decompressed_size;
        Ok((Head { base, size }, used))
    }

    fn end_of(&self, offset: u64) -> Result<u64, RepoError> {
        match self.offsets.binary_search(&offset) {
            Ok(i) if i + 1 < self.offsets.len() => Ok(self.offsets[i + 1]),
            _ => Err(self.damaged(offset, "no entry starts here")),
        }
    }

    fn read(&self, offset: u64, len: u64, out: &mut Vec<u8>) -> Result<(), RepoError> {
        let len = usize::try_from(len).map_err(|_| self.damaged(offset, "larger than memory"))?;
        // What one large entry needed is not kept for all the small ones.
        if out.capacity() > KEPT && out.capacity() / 4 > len {
            *out = Vec::new();
        }
        out.clear();
        out.resize(len, 0);
        read_exact_at(&self.file, out, offset).map_err(|e| self.damaged(offset, &e.to_string()))
    }

    pub(crate) fn damaged(&self, offset: u64, reason: &str) -> RepoError {
        RepoError::Object {
            what: self.name(offset),
            reason: reason.to_owned(),
        }
    }

    fn name(&self, offset: u64) -> String {
        format!("{} at byte {offset}", self.path.display())
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, out: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut out: &mut [u8], mut offset: u64) -> std::io::Result<()> {
    while !out.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, out, offset) {
            Ok(0) => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => {
                out = &mut out[n..];
                offset += n as u64;
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
