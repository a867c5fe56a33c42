//! A ledger on disk. Writers wait for one another; a file is replaced as a
//! whole, so that no reader and no crash sees half a record.
#![allow(
    clippy::disallowed_methods,
    reason = "a ledger's files are read and written here"
)]

use super::append::{Last, Wanted, look_back, plan};
use super::{Files, Recorded};
use gate_ledger::{MAX_SEGMENT, Segment};
use gate_runner::out;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Tries to get the lock, and the time between them: half a minute.
const TRIES: u32 = 600;
const BETWEEN: Duration = Duration::from_millis(50);

pub(super) fn append(path: &Path, wanted: &Wanted<'_>) -> Result<Recorded, String> {
    let said = |path: &Path, error: &io::Error| format!("{}: {error}", path.display());
    let (folder, single) = place(path);
    fs::create_dir_all(&folder).map_err(|error| said(&folder, &error))?;
    let lock = match single {
        Some(name) => folder.join(format!(".{name}.lock")),
        None => folder.join(".lock"),
    };
    // Held until the end; the system lets go of it when a process ends, however it does.
    let _held = locked(&lock).map_err(|error| said(&lock, &error))?;
    let names = names(path).map_err(|error| said(path, &error))?;
    let bytes = match names.last() {
        Some(name) => Some(bytes(&folder.join(name))?),
        None => None,
    };
    let last = names
        .last()
        .zip(bytes.as_deref())
        .map(|(name, bytes)| Last {
            name,
            bytes,
            only: names.len() == 1,
        });
    let (write, recorded) = plan(last.as_ref(), single, wanted)?;
    if let Some(write) = write {
        let target = folder.join(&write.name);
        out::write_atomic(&target, write.text.as_bytes())
            .and_then(|()| sync(&folder))
            .map_err(|error| said(&target, &error))?;
    }
    Ok(look_back(recorded, wanted, || {
        let earlier = names.iter().rev().nth(1)?;
        Some((earlier.clone(), self::bytes(&folder.join(earlier)).ok()?))
    }))
}

/// The folder, and the name of the file where the ledger is a single one.
fn place(path: &Path) -> (PathBuf, Option<&str>) {
    let single = path
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|name| is_part(name));
    match (single, path.parent()) {
        (Some(name), Some(parent)) if parent.as_os_str().is_empty() => {
            (PathBuf::from("."), Some(name))
        }
        (Some(name), Some(parent)) => (parent.to_owned(), Some(name)),
        _ => (path.to_owned(), None),
    }
}

fn is_part(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "jsonl")
}

/// The files of the ledger at `path` that are there, in order.
pub(super) fn names(path: &Path) -> io::Result<Vec<String>> {
    let (folder, single) = place(path);
    if let Some(name) = single {
        return match fs::metadata(folder.join(name)) {
            Ok(_) => Ok(vec![name.to_owned()]),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        };
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if is_part(&name) && Segment::parse(&name).is_none() {
            return Err(io::Error::other(format!(
                "found `{name}`, expected files named like 2026-11.jsonl and no others of this kind"
            )));
        }
        if is_part(&name) {
            names.push(name);
        }
    }
    names.sort_by_key(|name| Segment::parse(name));
    Ok(names)
}

/// Whether there is anything yet.
pub(super) fn is_there(path: &Path) -> bool {
    path.exists()
}

/// The files with what is in them.
pub(super) fn contents(path: &Path) -> Result<Files, String> {
    let (folder, _) = place(path);
    let names = names(path).map_err(|error| format!("{}: {error}", path.display()))?;
    names
        .into_iter()
        .map(|name| {
            let bytes = bytes(&folder.join(&name))?;
            Ok((name, bytes))
        })
        .collect()
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let said = |what: String| format!("{}: {what}", path.display());
    // A pipe or a device would hold us up or never end.
    if !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return Err(said(String::from(
            "found something that is no regular file",
        )));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_SEGMENT as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| said(error.to_string()))?;
    if bytes.len() > MAX_SEGMENT {
        return Err(said(format!(
            "found more than {MAX_SEGMENT} bytes, expected a file of at most that many"
        )));
    }
    Ok(bytes)
}

fn locked(path: &Path) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::other(
        "another writer has held it for half a minute; run it again when that has ended",
    ))
}

/// The new name of a file is on the disk only when its folder is.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
