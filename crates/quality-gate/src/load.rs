//! Verdict files: found, bounded, and believed only when their digest agrees.
#![allow(
    clippy::disallowed_methods,
    reason = "reading verdict files is what this module is for"
)]

use gate_runner::{Failure, Session};
use gate_verdict::{SCHEMA_VERSION, Verdict, digest_of};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// More than any verdict with its thousand findings needs.
const MAX_VERDICT: u64 = 64 * 1024 * 1024;
const MAX_FILES: usize = 10_000;
/// Folders below the one that is named.
const MAX_DEPTH: usize = 32;

/// What was found under `--verdicts`.
#[derive(Debug, Default)]
pub struct Loaded {
    pub verdicts: Vec<Verdict>,
    pub unreadable: Vec<Unreadable>,
}

/// A file that is no verdict that can be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The file's name.
    pub name: String,
    /// The gate it seems to be of.
    pub gate: Option<String>,
    pub reason: String,
}

/// Reads every `*.verdict.json` under the paths; none given: the out folder.
pub fn load(session: &Session, paths: &[String]) -> Result<Loaded, Failure> {
    let mut files = Vec::new();
    if paths.is_empty() {
        files.extend(in_folder(&session.out));
    }
    for shown in paths {
        let path = session.root.join(shown);
        if path.is_dir() {
            files.extend(in_folder(&path));
        } else if path.is_file() {
            files.push(path);
        } else if shown.contains(['*', '?', '[', '{']) {
            files.extend(by_glob(&session.root, shown)?);
        } else {
            return Err(Failure::Flags(format!(
                "--verdicts {shown}: no such file or folder; name where the gates wrote their verdicts"
            )));
        }
    }
    files.sort();
    files.dedup();
    if files.len() > MAX_FILES {
        return Err(Failure::Flags(format!(
            "found {} verdict files, expected at most {MAX_FILES}; name fewer with --verdicts",
            files.len()
        )));
    }
    let mut loaded = Loaded::default();
    for file in files {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        match read(&file) {
            Ok(verdict) => loaded.verdicts.push(verdict),
            Err((gate, reason)) => loaded.unreadable.push(Unreadable { name, gate, reason }),
        }
    }
    Ok(loaded)
}

fn read(path: &Path) -> Result<Verdict, (Option<String>, String)> {
    let nameless = |reason: String| (None, reason);
    let size = fs::metadata(path)
        .map_err(|error| nameless(error.to_string()))?
        .len();
    if size > MAX_VERDICT {
        return Err(nameless(format!(
            "found {size} bytes, expected at most {MAX_VERDICT}"
        )));
    }
    let bytes = fs::read(path).map_err(|error| nameless(error.to_string()))?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| nameless(format!("not JSON: {error}")))?;
    let gate = value.get("gate").and_then(Value::as_str).map(str::to_owned);
    let version = value.get("schema_version").and_then(Value::as_u64);
    if version != Some(u64::from(SCHEMA_VERSION)) {
        let found = version.map_or_else(|| String::from("none"), |version| version.to_string());
        return Err((
            gate,
            format!("found schema_version {found}, expected {SCHEMA_VERSION}"),
        ));
    }
    let digest = digest_of(&value).map_err(|error| (gate.clone(), error.to_string()))?;
    let claimed = value
        .get("digest")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if claimed != digest {
        return Err((
            gate,
            format!(
                "its digest says {claimed:.16} and its content gives {digest:.16}: it was changed after it was written"
            ),
        ));
    }
    serde_json::from_value(value).map_err(|error| (gate, format!("not a verdict: {error}")))
}

fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = entry.path();
            // Downloaded artifacts arrive in a folder each.
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if kind.is_file()
                && entry
                    .file_name()
                    .to_string_lossy()
                    .ends_with(".verdict.json")
            {
                found.push(path);
            }
            if found.len() > MAX_FILES {
                return found;
            }
        }
    }
    found
}

fn by_glob(root: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let glob = globset::GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| Failure::Flags(format!("--verdicts {pattern}: {error}")))?
        .compile_matcher();
    let literal = pattern
        .split(['*', '?', '[', '{'])
        .next()
        .unwrap_or_default();
    let start = literal.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(in_folder(&root.join(start))
        .into_iter()
        .filter(|path| {
            path.strip_prefix(root)
                .is_ok_and(|path| glob.is_match(path))
                || glob.is_match(path)
        })
        .collect())
}
