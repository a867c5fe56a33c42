//! The lines of sources that results are about, and their hashes.
#![allow(
    clippy::disallowed_methods,
    reason = "reading the sources that results name is what this module is for"
)]

use super::Setting;
use gate_sarif::fingerprint::{LineHash, NoHash, Source, line_hashes, source};
use gate_sarif::{Run, SarifResult};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A source is held in memory; longer ones have no hashes.
const MAX_SOURCE: u64 = 128 * 1024 * 1024;
/// Wanted lines of a file are put in order when there are so many, so that repeated ones take no memory.
const TIDY: usize = 100_000;

/// Which lines are wanted, by path below the root.
#[derive(Debug, Default)]
pub(crate) struct Places(HashMap<String, Vec<u32>>);

/// The hashes of wanted lines by path, sorted; `None` for a file that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Hashes(HashMap<String, Option<Vec<(u32, LineHash)>>>);

impl Places {
    /// The line of a source that a result wants the hash of.
    pub(super) fn line(
        run: &Run,
        result: &SarifResult,
        setting: &Setting<'_>,
    ) -> Option<(String, u32)> {
        let wanted = || source(run, result, &setting.root_text, setting.bases);
        match setting.fingerprints.then(wanted)? {
            Source::Line { path, line } => Some((path, line)),
            Source::None(_) => None,
        }
    }

    pub(super) fn want(&mut self, path: String, line: u32) {
        let lines = self.0.entry(path).or_default();
        if lines.last() != Some(&line) {
            lines.push(line);
        }
        if lines.len().is_multiple_of(TIDY) {
            tidy(lines);
        }
    }

    /// Reads every source once.
    pub(super) fn hash(self, root: &Path) -> Hashes {
        // A link may lead out of the root: what it leads to is none of our business.
        let Ok(root) = root.canonicalize() else {
            return Hashes::default();
        };
        let files: Vec<(String, Vec<u32>)> = self.0.into_iter().collect();
        let next = AtomicUsize::new(0);
        let done = Mutex::new(HashMap::with_capacity(files.len()));
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..workers.min(files.len()) {
                scope.spawn(|| {
                    let mut own = Vec::new();
                    while let Some((path, lines)) = files.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        let mut lines = lines.clone();
                        tidy(&mut lines);
                        own.push((path.clone(), of_file(&root, path, &lines)));
                    }
                    if let Ok(mut done) = done.lock() {
                        done.extend(own);
                    }
                });
            }
        });
        Hashes(done.into_inner().unwrap_or_default())
    }
}

impl Hashes {
    /// The hash of the line that a result is about.
    pub(super) fn of(
        &self,
        run: &Run,
        result: &SarifResult,
        setting: &Setting<'_>,
    ) -> Result<LineHash, NoHash> {
        match source(run, result, &setting.root_text, setting.bases) {
            Source::None(why) => Err(NoHash::NoSource(why)),
            Source::Line { path, line } => {
                let lines = self
                    .0
                    .get(&path)
                    .and_then(Option::as_ref)
                    .ok_or(NoHash::NoFile)?;
                let at = lines.binary_search_by_key(&line, |(line, _)| *line);
                let found = at.ok().and_then(|at| lines.get(at));
                found.map(|(_, hash)| *hash).ok_or(NoHash::NoLine)
            }
        }
    }
}

fn tidy(lines: &mut Vec<u32>) {
    lines.sort_unstable();
    lines.dedup();
}

fn of_file(root: &Path, path: &str, lines: &[u32]) -> Option<Vec<(u32, LineHash)>> {
    let path = root.join(path).canonicalize().ok()?;
    path.starts_with(root).then_some(())?;
    let about = fs::metadata(&path).ok()?;
    (about.is_file() && about.len() <= MAX_SOURCE).then_some(())?;
    Some(line_hashes(&fs::read(&path).ok()?, lines))
}
