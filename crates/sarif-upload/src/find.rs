//! Which files are meant: names, folders, globs, or what the gates wrote.
#![allow(
    clippy::disallowed_methods,
    reason = "finding files is what this module is for"
)]

use crate::log::FOLDER;
use gate_runner::Session;
use std::fs;
use std::path::{Path, PathBuf};

/// The endings that a folder's SARIF files have.
const ENDINGS: [&str; 3] = [".sarif", ".sarif.json", ".sarif.gz"];
/// Directory entries looked at before a search gives up.
const MAX_ENTRIES: usize = 500_000;
/// GitHub counts uploads; nobody means more than this.
const MAX_FILES: usize = 100;
const MAX_DEPTH: usize = 32;

/// A file to upload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Relative to the root with `/`, where it lies below it.
    pub(crate) shown: String,
    pub(crate) path: PathBuf,
}

/// The files that the patterns name, sorted; without patterns those in the out folder. The error is a reason and a
/// next step: a pattern that finds nothing is never taken for "nothing to upload".
pub(crate) fn find(session: &Session, patterns: &[String]) -> Result<Vec<Found>, (String, String)> {
    let mut left = MAX_ENTRIES;
    let mut paths = Vec::new();
    let patterns: Vec<&str> = patterns
        .iter()
        .flat_map(|pattern| pattern.lines())
        .map(str::trim)
        .filter(|pattern| !pattern.is_empty())
        .collect();
    if patterns.is_empty() {
        paths = walk(&session.out, 0, &mut left, &|path| has_ending(path))?;
        if paths.is_empty() {
            return Err((
                format!("found no SARIF file in {}", session.out.display()),
                String::from(
                    "run the gates or scanners before this step, or name their files with --sarif",
                ),
            ));
        }
    }
    for pattern in patterns {
        let whole = session.root.join(pattern);
        let found = if whole.is_dir() {
            walk(&whole, MAX_DEPTH, &mut left, &|path| has_ending(path))?
        } else if whole.is_file() {
            vec![whole]
        } else {
            by_glob(&session.root, pattern, &mut left)?
        };
        if found.is_empty() {
            return Err((
                format!(
                    "`{pattern}` names no SARIF file below {}",
                    session.root.display()
                ),
                String::from(
                    "make the scanner's step run before this one, and check the path it writes to",
                ),
            ));
        }
        paths.extend(found);
    }
    let mut found: Vec<_> = paths
        .into_iter()
        .map(|path| Found {
            shown: shown(&session.root, &path),
            path,
        })
        .collect();
    found.sort();
    found.dedup();
    if found.len() > MAX_FILES {
        return Err((
            format!(
                "found {} SARIF files, expected at most {MAX_FILES}",
                found.len()
            ),
            String::from("name fewer files, or merge them"),
        ));
    }
    Ok(found)
}

fn by_glob(root: &Path, pattern: &str, left: &mut usize) -> Result<Vec<PathBuf>, (String, String)> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    if !pattern.contains(['*', '?', '[', '{']) {
        return Ok(Vec::new());
    }
    let glob = globset::GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| {
            (
                format!("`{pattern}` is not a glob: {error}"),
                String::from("correct the pattern"),
            )
        })?;
    let glob = glob.compile_matcher();
    let literal = pattern
        .split(['*', '?', '[', '{'])
        .next()
        .unwrap_or_default();
    let start = literal.rsplit_once('/').map_or(
        "",
        |(folder, _)| if folder.is_empty() { "/" } else { folder },
    );
    // `results/**` means the SARIF files there, not everything.
    let all_names = pattern.ends_with('*')
        && pattern
            .rsplit('/')
            .next()
            .is_some_and(|last| last.bytes().all(|b| b == b'*'));
    let wanted = |path: &Path| {
        let matches = path
            .strip_prefix(root)
            .is_ok_and(|below| glob.is_match(below))
            || glob.is_match(path);
        matches && (!all_names || has_ending(path))
    };
    walk(&root.join(start), MAX_DEPTH, left, &wanted)
}

/// Files below a folder, at most `depth` folders deep. Links are not followed.
fn walk(
    folder: &Path,
    depth: usize,
    left: &mut usize,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, (String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), depth)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            *left = left.checked_sub(1).ok_or_else(|| {
                (
                    format!("looked at {MAX_ENTRIES} files and folders for SARIF and stopped"),
                    String::from("name the files more closely"),
                )
            })?;
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let path = entry.path();
            if kind.is_dir()
                && depth > 0
                && entry.file_name() != ".git"
                && entry.file_name() != FOLDER
            {
                folders.push((path, depth - 1));
            } else if kind.is_file() && wanted(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn has_ending(path: &Path) -> bool {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    ENDINGS
        .iter()
        .any(|ending| name.len() > ending.len() && name.ends_with(ending))
}

/// The file's name without its SARIF ending: the default category.
pub(crate) fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let lower = name.to_ascii_lowercase();
    let ending = [
        ".sarif.json",
        ".sarif.gz",
        ".sarif",
        ".json.gz",
        ".json",
        ".gz",
    ]
    .into_iter()
    .find(|ending| lower.len() > ending.len() && lower.ends_with(ending));
    let stem = ending
        .and_then(|ending| name.get(..name.len() - ending.len()))
        .unwrap_or(&name);
    stem.chars()
        .map(|c| if c.is_control() { '_' } else { c })
        .collect()
}

fn shown(root: &Path, path: &Path) -> String {
    match path.strip_prefix(root) {
        Ok(below) => below
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/"),
        Err(_) => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_categories() {
        for (name, expected) in [
            ("out/security.sarif", "security"),
            ("security.api.1-of-4.sarif", "security.api.1-of-4"),
            ("scan.SARIF.gz", "scan"),
            ("scan.sarif.json", "scan"),
            ("trivy.json", "trivy"),
            (".sarif", ".sarif"),
            ("é.sarif", "é"),
        ] {
            assert_eq!(stem(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn endings_are_known_in_any_case() {
        for name in ["a.sarif", "a.SARIF", "a.sarif.json", "a.sarif.gz"] {
            assert!(has_ending(Path::new(name)), "{name}");
        }
        for name in [".sarif", "a.json", "a.sarif.bak", "sarif"] {
            assert!(!has_ending(Path::new(name)), "{name}");
        }
    }
}
