//! From the path a report writes to the tracked file it means. The first rule
//! that gives exactly one tracked file wins; what is ambiguous stays unmapped.

use crate::collect::GoModule;
use gate_repo::Repo;
use std::collections::BTreeMap;

/// What a report path came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mapped {
    Tracked(String),
    /// An absolute path that leads outside the root: a system header, a
    /// toolchain's library. Not this repository's code.
    Outside,
    /// No tracked file, or several.
    Unmapped,
}

pub(crate) struct Mapper<'a> {
    repo: &'a Repo,
    root: String,
    sources: Vec<String>,
    modules: &'a [&'a GoModule],
    by_name: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Mapper<'a> {
    pub(crate) fn new(repo: &'a Repo, sources: &[String], modules: &'a [&'a GoModule]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for file in repo.files() {
            by_name
                .entry(last(&file.path))
                .or_default()
                .push(&file.path);
        }
        let root = slashed(&repo.root().to_string_lossy());
        let sources = sources.iter().map(|source| slashed(source)).collect();
        Self {
            repo,
            root,
            sources,
            modules,
            by_name,
        }
    }

    pub(crate) fn map(&self, written: &str) -> Mapped {
        let path = slashed(written);
        if let Some(found) = self.direct(&path) {
            return Mapped::Tracked(found);
        }
        for source in &self.sources {
            if let Some(found) = self.direct(&format!("{}/{path}", source.trim_end_matches('/'))) {
                return Mapped::Tracked(found);
            }
        }
        for module in self.modules {
            if let Some(rest) = path
                .strip_prefix(&module.path)
                .and_then(|rest| rest.strip_prefix('/'))
                && let Some(found) = self.tracked(&join(&module.folder, rest))
            {
                return Mapped::Tracked(found);
            }
        }
        if let Some(found) = self.by_ending(&path) {
            return Mapped::Tracked(found);
        }
        let inside = path.starts_with(&format!("{}/", self.root));
        if is_absolute(&path) && !inside {
            Mapped::Outside
        } else {
            Mapped::Unmapped
        }
    }

    /// The path itself, or below the root where it is absolute.
    fn direct(&self, path: &str) -> Option<String> {
        let relative = match path.strip_prefix(&self.root) {
            Some(rest) => rest.strip_prefix('/')?,
            None => path,
        };
        self.tracked(&join("", relative))
    }

    fn tracked(&self, path: &str) -> Option<String> {
        self.repo.file(path).map(|file| file.path.clone())
    }

    /// A report that was written in another folder than the root: either the
    /// tracked path ends with the written one, or the other way round. Two
    /// parts have to agree, so that `lib/x.rs` never means `other/x.rs`.
    fn by_ending(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let ends = |long: &str, short: &str| {
            long.strip_suffix(short)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut fitting = self.by_name.get(last(path))?.iter().filter(|tracked| {
            ends(tracked, path) || (tracked.contains('/') && ends(path, tracked))
        });
        let first = fitting.next()?;
        fitting.next().is_none().then(|| (*first).to_owned())
    }
}

fn slashed(path: &str) -> String {
    path.replace('\\', "/")
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') || path.contains("://")
}

/// `path` below `folder`, without `.` and `..`; what climbs out becomes a path
/// that no tracked file has.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return String::from("..");
                }
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
