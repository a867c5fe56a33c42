//! Report files: found by glob below the root, read with bounds, hashed while
//! they are read so that each is opened once.

use crate::judgement::Missing;
use gate_verdict::Code;
use globset::{Glob, GlobSetBuilder};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Directory entries looked at before a search gives up, so that a pattern
/// cannot make a gate walk a disk.
const MAX_ENTRIES: usize = 500_000;

/// A report file below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Relative to the root, with `/`.
    pub path: String,
    source: Source,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    /// Absolute.
    Disk(PathBuf),
    Planted(Vec<u8>),
}

impl Report {
    /// A report that no tool wrote: the planted case of a positive control.
    pub fn planted(path: &str, text: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.to_owned(),
            source: Source::Planted(text.into()),
        }
    }

    /// Opens the report; reading it to the end also gives its sha256.
    pub fn open(&self) -> io::Result<HashingReader> {
        let inner: Box<dyn Read> = match &self.source {
            Source::Disk(path) => Box::new(File::open(path)?),
            Source::Planted(bytes) => Box::new(Cursor::new(bytes.clone())),
        };
        Ok(HashingReader {
            inner,
            hasher: Sha256::new(),
            bytes: 0,
        })
    }

    /// When the file was last written, where the disk says so.
    pub fn modified(&self) -> Option<SystemTime> {
        match &self.source {
            Source::Disk(path) => path.metadata().ok()?.modified().ok(),
            Source::Planted(_) => None,
        }
    }

    /// The whole report in memory, at most `limit` bytes, and its sha256.
    pub fn read(&self, limit: u64) -> Result<(Vec<u8>, String), Missing> {
        let unreadable = |what: String| {
            Missing::new(
                Code::EvidenceUnreadable,
                format!("{}: {what}", self.path),
                "make the step that writes the report finish before this one",
            )
        };
        let mut reader = self.open().map_err(|error| unreadable(error.to_string()))?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut reader)
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(error.to_string()))?;
        if bytes.len() as u64 > limit {
            return Err(unreadable(format!(
                "found more than {limit} bytes, expected at most that many"
            )));
        }
        Ok((bytes, reader.sha256()))
    }
}

/// A reader that hashes what passes through it. It holds nothing back, so read it in large pieces.
pub struct HashingReader {
    inner: Box<dyn Read>,
    hasher: Sha256,
    bytes: u64,
}

impl fmt::Debug for HashingReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HashingReader")
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl HashingReader {
    /// sha256 of everything read so far, as 64 hex digits. A parser may stop
    /// before the end of the file, so the rest is drained first.
    pub fn sha256(mut self) -> String {
        let mut rest = vec![0; 64 * 1024];
        while matches!(self.read(&mut rest), Ok(read) if read > 0) {}
        self.hasher
            .finalize()
            .iter()
            .fold(String::with_capacity(64), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// The regular files below `root` that match any glob, in path order. `.git`
/// and the out folder are never searched, `node_modules` only where a pattern
/// names it; links are not followed.
pub(crate) fn find(root: &Path, out: &Path, globs: &[String]) -> Result<Vec<Report>, Missing> {
    let mut set = GlobSetBuilder::new();
    let mut starts = Vec::new();
    for pattern in globs {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        if pattern.starts_with('/') || pattern.split('/').any(|part| part == "..") {
            return Err(Missing::new(
                Code::NoEvidence,
                format!("the report pattern `{pattern}` points outside the root"),
                "write it relative to the root, without `..`",
            ));
        }
        let glob = globset::GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| {
                Missing::new(
                    Code::NoEvidence,
                    format!("the report pattern `{pattern}` is not a glob: {error}"),
                    "mend the pattern",
                )
            })?;
        set.add(glob);
        starts.push(literal_prefix(pattern));
    }
    let set = set.build().map_err(|error| {
        Missing::new(
            Code::NoEvidence,
            format!("the report patterns do not build: {error}"),
            "use fewer or simpler patterns",
        )
    })?;
    starts.sort();
    starts.dedup();
    let named_modules = globs.iter().any(|glob| glob.contains("node_modules"));
    let mut left = MAX_ENTRIES;
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    for start in starts {
        // A link on the way there must not lead out of the root.
        let inside = fs::canonicalize(root.join(&start)).is_ok_and(|real| real.starts_with(root));
        if !inside {
            continue;
        }
        match fs::symlink_metadata(root.join(&start)) {
            Ok(meta) if meta.is_dir() => folders.push(PathBuf::from(start)),
            Ok(meta) if meta.is_file() && set.is_match(&start) => {
                found.push(Report {
                    source: Source::Disk(root.join(&start)),
                    path: start,
                });
            }
            _ => {}
        }
    }
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else {
            continue;
        };
        for entry in entries.flatten() {
            left = left.checked_sub(1).ok_or_else(|| {
                Missing::new(
                    Code::Incomplete,
                    format!("looked at {MAX_ENTRIES} files and folders for reports and stopped"),
                    "name the reports more closely under `reports:`",
                )
            })?;
            let name = entry.file_name();
            let path = folder.join(&name);
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                let skipped = name == ".git"
                    || (name == "node_modules" && !named_modules)
                    || root.join(&path) == out;
                if !skipped {
                    folders.push(path);
                }
            } else if kind.is_file() && set.is_match(&path) {
                found.push(Report {
                    path: slashed(&path),
                    source: Source::Disk(root.join(&path)),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup();
    Ok(found)
}

/// The part of a pattern before its first wildcard, cut at a `/`.
fn literal_prefix(pattern: &str) -> String {
    match pattern.find(['*', '?', '[', '{', '\\']) {
        None => pattern.to_owned(),
        Some(wild) => pattern[..wild]
            .rfind('/')
            .map_or(String::new(), |slash| pattern[..slash].to_owned()),
    }
}

fn slashed(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Compiles policy globs. A pattern that ends in `/` means everything below.
pub(crate) fn globs(patterns: &[String]) -> Result<Option<globset::GlobSet>, String> {
    if patterns.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        let whole = if pattern.ends_with('/') {
            format!("{pattern}**")
        } else {
            pattern.to_owned()
        };
        let glob: Glob = globset::GlobBuilder::new(&whole)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{pattern}` is not a glob: {error}"))?;
        set.add(glob);
    }
    set.build().map(Some).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a temp dir");
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(path, file).expect("a file");
        }
        dir
    }

    fn found(root: &Path, globs: &[&str]) -> Vec<String> {
        let root = &fs::canonicalize(root).expect("a folder");
        let globs: Vec<_> = globs.iter().map(|&g| g.to_owned()).collect();
        let reports = find(root, &root.join(".gatewright"), &globs).expect("a search");
        reports.into_iter().map(|report| report.path).collect()
    }

    #[test]
    fn finds_by_name_and_by_pattern_and_not_in_its_own_output() {
        let dir = tree(&[
            "coverage/a/lcov.info",
            "coverage/lcov.info",
            "x/lcov.info",
            ".gatewright/lcov.info",
            "node_modules/p/lcov.info",
        ]);
        assert_eq!(
            found(dir.path(), &["coverage/**/lcov.info"]),
            ["coverage/a/lcov.info", "coverage/lcov.info"]
        );
        assert_eq!(
            found(dir.path(), &["**/lcov.info"]),
            ["coverage/a/lcov.info", "coverage/lcov.info", "x/lcov.info"]
        );
        assert_eq!(
            found(dir.path(), &["./x/lcov.info", "x/*"]),
            ["x/lcov.info"]
        );
        assert_eq!(found(dir.path(), &["absent/*.info"]), [""; 0]);
    }

    #[test]
    fn a_pattern_that_leaves_the_root_is_refused() {
        let dir = tree(&["a"]);
        for pattern in ["../x", "/etc/passwd", "a/../../b"] {
            assert!(
                find(dir.path(), dir.path(), &[pattern.to_owned()]).is_err(),
                "{pattern}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let dir = tree(&["real/lcov.info"]);
        let outside = tree(&["lcov.info"]);
        std::os::unix::fs::symlink(outside.path(), dir.path().join("linked")).expect("a link");
        std::os::unix::fs::symlink(
            outside.path().join("lcov.info"),
            dir.path().join("lcov.info"),
        )
        .expect("a link");
        assert_eq!(
            found(dir.path(), &["linked/*.info", "linked/lcov.info"]),
            [""; 0]
        );
        assert_eq!(
            found(dir.path(), &["**/lcov.info", "lcov.info"]),
            ["real/lcov.info"]
        );
    }

    #[test]
    fn the_hash_is_of_the_whole_file() {
        let dir = tree(&["a"]);
        let report = &find(dir.path(), Path::new("none"), &["a".into()]).expect("found")[0];
        assert_eq!(
            report.open().expect("opens").sha256(),
            gate_verdict::sha256_hex(b"a")
        );
        assert!(report.read(0).is_err());
    }
}
