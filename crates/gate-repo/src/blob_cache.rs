//! What was found out about blobs, kept from run to run: by the blob's name and by the key of whatever judged it.
//!
//! One file, `blobs.cache`, in a folder that the caller names: 8 bytes that say what it is, the key (32), the number of
//! entries (8, little-endian), the entries by ascending name (name 20, length 2, value), the sha256 of all that (32).
//! A file that is not exactly so is ignored with a reason and replaced by the next save. The checksum finds accidents;
//! it is no signature: **whoever can write the file can make it say of any blob what they like**. So it must come from
//! where only those write who may decide: a runner's own disk, or a cache that only the default branch's runs save.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use crate::error::RepoError;

/// Most bytes of the file: 64 MiB.
pub const MAX_CACHE: usize = 64 * 1024 * 1024;
/// Most bytes of a value: 65,535.
pub const MAX_VALUE: usize = u16::MAX as usize;

const FILE: &str = "blobs.cache";
/// Ends in the version.
const MAGIC: &[u8; 8] = b"gwblob\0\x01";
const HEAD: usize = MAGIC.len() + 32 + 8;
const NAME: usize = 20;
const ENTRY: usize = NAME + 2;
const SUM: usize = 32;
/// Files that are tried for writing; one that a killed process left is in the way of one other process at most.
const ATTEMPTS: u32 = 16;

/// Values by blob, for one key.
///
/// The key has to cover all that a value depends on beside the blob's bytes: rules, their settings, the program's
/// version. A value must not depend on the blob's path or commit.
#[derive(Debug)]
pub struct BlobCache {
    key: [u8; 32],
    /// The file as it was read: empty, or found sound.
    file: Vec<u8>,
    entries: Vec<Entry>,
    new: BTreeMap<[u8; NAME], Box<[u8]>>,
    ignored: Option<String>,
}

/// An entry of the file.
#[derive(Debug)]
struct Entry {
    /// Where its name starts; the length and the value follow.
    at: usize,
    used: AtomicBool,
}

impl BlobCache {
    /// Read what `folder` holds for `key`. Never fails: where there is nothing of use, the cache is empty, and
    /// [`BlobCache::ignored`] says why unless there just was no file.
    pub fn open(folder: &Path, key: &[u8; 32]) -> Self {
        let mut cache = Self {
            key: *key,
            file: Vec::new(),
            entries: Vec::new(),
            new: BTreeMap::new(),
            ignored: None,
        };
        let read = read(&folder.join(FILE)).and_then(|bytes| match bytes {
            Some(bytes) => parse(&bytes, key).map(|entries| (bytes, entries)),
            None => Ok((Vec::new(), Vec::new())),
        });
        match read {
            Ok((file, entries)) => (cache.file, cache.entries) = (file, entries),
            Err(reason) => cache.ignored = Some(reason),
        }
        cache
    }

    /// Why the file that was there is not used.
    pub fn ignored(&self) -> Option<&str> {
        self.ignored.as_deref()
    }

    /// How many blobs have a value.
    pub fn len(&self) -> usize {
        let is_new = |name: &&[u8; NAME]| self.position(name).is_none();
        self.entries.len() + self.new.keys().filter(is_new).count()
    }

    /// Whether no blob has a value.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.new.is_empty()
    }

    /// The value of a blob; [`HistoryBlob::id`](crate::HistoryBlob::id) and
    /// [`TrackedFile::id`](crate::TrackedFile::id) name it.
    pub fn get(&self, id: &[u8; 20]) -> Option<&[u8]> {
        if let Some(value) = self.new.get(id) {
            return Some(value);
        }
        let entry = &self.entries[self.position(id)?];
        entry.used.store(true, Ordering::Relaxed);
        Some(self.value(entry))
    }

    /// Set the value of a blob. `false`: it is longer than [`MAX_VALUE`] and is not kept; nor is a value from before.
    pub fn insert(&mut self, id: &[u8; 20], value: &[u8]) -> bool {
        if value.len() > MAX_VALUE {
            self.new.remove(id);
            if let Some(at) = self.position(id) {
                self.entries.remove(at);
            }
            return false;
        }
        self.new.insert(*id, value.into());
        true
    }

    /// Write the file anew, whole or not at all: what was set or asked for since it was read, then what else fits into
    /// [`MAX_CACHE`], by name. How many values were left out for their room.
    pub fn save(&self, folder: &Path) -> Result<usize, RepoError> {
        let (bytes, left_out) = self.serialise();
        let path = folder.join(FILE);
        std::fs::create_dir_all(folder)
            .and_then(|()| write(folder, &path, &bytes))
            .map_err(|e| RepoError::Cache {
                path,
                reason: e.to_string(),
            })?;
        Ok(left_out)
    }

    fn serialise(&self) -> (Vec<u8>, usize) {
        let mut room = MAX_CACHE - HEAD - SUM;
        let mut kept: BTreeMap<&[u8], &[u8]> = BTreeMap::new();
        let old = |used: bool| {
            self.entries
                .iter()
                .filter(move |e| e.used.load(Ordering::Relaxed) == used)
                .map(|e| (self.name(e), self.value(e)))
        };
        let new = self.new.iter().map(|(name, value)| (&name[..], &**value));
        let mut left_out = 0;
        for (name, value) in new.chain(old(true)).chain(old(false)) {
            let needed = ENTRY + value.len();
            if kept.contains_key(name) {
                continue;
            }
            if needed > room {
                left_out += 1;
                continue;
            }
            room -= needed;
            kept.insert(name, value);
        }
        let mut bytes = Vec::with_capacity(MAX_CACHE - room);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.key);
        bytes.extend_from_slice(&(kept.len() as u64).to_le_bytes());
        for (name, value) in kept {
            bytes.extend_from_slice(name);
            // At most `MAX_VALUE`, which is the largest of its kind.
            bytes.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend_from_slice(value);
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&sum);
        (bytes, left_out)
    }

    fn position(&self, id: &[u8; NAME]) -> Option<usize> {
        self.entries
            .binary_search_by(|e| self.name(e).cmp(&id[..]))
            .ok()
    }

    fn name(&self, entry: &Entry) -> &[u8] {
        &self.file[entry.at..entry.at + NAME]
    }

    fn value(&self, entry: &Entry) -> &[u8] {
        let start = entry.at + ENTRY;
        let len = u16::from_le_bytes([self.file[start - 2], self.file[start - 1]]);
        &self.file[start..start + usize::from(len)]
    }
}

/// The file's bytes; `None`: there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let said = |e: io::Error| e.to_string();
    match path.symlink_metadata() {
        Ok(meta) if !meta.is_file() => return Err("it is no regular file".to_owned()),
        Ok(_) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(said(e)),
    }
    let file = File::open(path).map_err(said)?;
    let mut bytes = Vec::new();
    let most = MAX_CACHE as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(said)?;
    if bytes.len() > MAX_CACHE {
        return Err(format!("it has more than {MAX_CACHE} bytes"));
    }
    Ok(Some(bytes))
}

/// The entries of a file's bytes, or why they are not believed. Nothing that the bytes claim decides what is allocated.
fn parse(bytes: &[u8], key: &[u8; 32]) -> Result<Vec<Entry>, String> {
    let said = |reason: &str| Err(reason.to_owned());
    if bytes.len() < HEAD + SUM {
        return said("it is too short to be a blob cache");
    }
    if !bytes.starts_with(MAGIC) {
        return said("it is no blob cache of this version");
    }
    let end = bytes.len() - SUM;
    if Sha256::digest(&bytes[..end])[..] != bytes[end..] {
        return said("its checksum does not fit");
    }
    if bytes[MAGIC.len()..MAGIC.len() + 32] != key[..] {
        return said("it was made with other rules");
    }
    let (mut entries, mut at) = (Vec::new(), HEAD);
    let mut last: Option<&[u8]> = None;
    while at < end {
        let Some(head) = bytes[..end].get(at..at + ENTRY) else {
            return said("it is cut");
        };
        let (name, len) = head.split_at(NAME);
        if last.is_some_and(|last| last >= name) {
            return said("its entries are not in order");
        }
        last = Some(name);
        entries.push(Entry {
            at,
            used: AtomicBool::new(false),
        });
        at += ENTRY + usize::from(u16::from_le_bytes([len[0], len[1]]));
    }
    let mut count = [0; 8];
    count.copy_from_slice(&bytes[HEAD - 8..HEAD]);
    if at != end || u64::from_le_bytes(count) != entries.len() as u64 {
        return said("it is cut");
    }
    Ok(entries)
}

/// Write beside the file, then take its place.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = temporary(folder)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

fn temporary(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut attempt = 0;
    loop {
        let name = format!("{FILE}.{}.{attempt}.tmp", std::process::id());
        let path = folder.join(name);
        match File::options().write(true).create_new(true).open(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => {
                attempt += 1;
            }
            opened => return opened.map(|file| (path, file)),
        }
    }
}
