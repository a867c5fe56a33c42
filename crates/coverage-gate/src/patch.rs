//! The change as far as reports measure it.

use crate::lines::{touched, within};
use gate_evidence::coverage::{Coverage, FileCoverage, Ratio, Totals};
use gate_repo::{ChangeKind, FileChange};
use gate_verdict::sha256_hex;
use std::collections::{BTreeMap, BTreeSet};

/// Measured files that the change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    /// By path, without those of which no measured line is touched.
    pub files: BTreeMap<String, FilePatch>,
    /// Files that are new: what the reports measure of each.
    pub new_files: BTreeMap<String, Totals>,
    /// Changed files of a kind that the reports measure elsewhere, and not here.
    pub unmeasured: Vec<String>,
    /// Changed files of which the reports have counts only, so that no line of
    /// the change can be looked up.
    pub without_lines: Vec<String>,
}

/// What of one file the change touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePatch {
    pub totals: Totals,
    /// Runs of measured changed lines that did not run: first and last.
    pub missed: Vec<(u32, u32)>,
    /// Changed lines that ran, of which not every branch was taken.
    pub partial: Vec<(u32, Ratio)>,
    /// What stands in those runs and lines, by the first line, as hashes: lines move, what stands in them less so.
    pub texts: BTreeMap<u32, String>,
}

impl Patch {
    /// Exact counts over the whole change.
    pub fn totals(&self) -> Totals {
        let mut sum = Totals::default();
        for file in self.files.values() {
            sum.add(file.totals);
        }
        sum
    }
}

/// Which measured lines the change touches, and which of them did not run. `read` gives what a file holds now.
pub(crate) fn patch(
    coverage: &Coverage,
    changes: &[FileChange],
    selects: impl Fn(&str) -> bool,
    read: impl Fn(&str) -> Option<Vec<u8>>,
) -> Patch {
    let mut patch = Patch::default();
    let kinds: BTreeSet<&str> = coverage
        .files
        .keys()
        .filter_map(|path| ending(path))
        .collect();
    for change in changes {
        if matches!(change.kind, ChangeKind::Deleted | ChangeKind::Submodule) {
            continue;
        }
        let Some(file) = coverage.files.get(&change.path) else {
            let of_a_kind = ending(&change.path).is_some_and(|ending| kinds.contains(ending));
            if of_a_kind && !change.added_lines.is_empty() && selects(&change.path) {
                patch.unmeasured.push(change.path.clone());
            }
            continue;
        };
        if change.kind == ChangeKind::Added {
            patch.new_files.insert(change.path.clone(), file.totals());
        }
        if file.summary.is_some() {
            if !change.added_lines.is_empty() {
                patch.without_lines.push(change.path.clone());
            }
            continue;
        }
        let mut of_file = of_file(file, &change.added_lines);
        of_file.texts = texts(&of_file, || read(&change.path));
        if of_file.totals != Totals::default() {
            patch.files.insert(change.path.clone(), of_file);
        }
    }
    patch
}

fn ending(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    name.rsplit_once('.').map(|(_, ending)| ending)
}

fn of_file(file: &FileCoverage, added: &[(u32, u32)]) -> FilePatch {
    let touched = touched(file, added);
    let ran = |line: u32| file.lines.get(&line).is_some_and(|&hits| hits > 0);
    FilePatch {
        totals: within(file, added),
        missed: runs(file, touched.iter().copied().filter(|&line| !ran(line))),
        partial: file
            .branch_lines()
            .filter(|&(line, on_line)| {
                touched.contains(&line) && ran(line) && on_line.covered < on_line.total
            })
            .collect(),
        texts: BTreeMap::new(),
    }
}

/// Hashes of what stands where something is to be found; none where the file cannot be read.
fn texts(file: &FilePatch, read: impl FnOnce() -> Option<Vec<u8>>) -> BTreeMap<u32, String> {
    let partial = file.partial.iter().map(|&(line, _)| (line, line));
    let runs: Vec<(u32, u32)> = file.missed.iter().copied().chain(partial).collect();
    let Some(bytes) = Some(&runs)
        .filter(|runs| !runs.is_empty())
        .and_then(|_| read())
    else {
        return BTreeMap::new();
    };
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let text = |(first, last): (u32, u32)| {
        let at = |line: u32| usize::try_from(line).ok();
        let run = lines.get(at(first)?.checked_sub(1)?..at(last)?)?;
        let run: Vec<&[u8]> = run.iter().map(|line| line.trim_ascii()).collect();
        Some((first, sha256_hex(&run.join(&b'\n'))))
    };
    runs.into_iter().filter_map(text).collect()
}

/// Lines between two that belong together still.
const GAP: u32 = 3;

/// Lines as runs: near ones are one, unless a line that ran lies between.
fn runs(file: &FileCoverage, lines: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last))
                if line - *last <= GAP + 1
                    && file.lines.range(*last..=line).all(|(_, &hits)| hits == 0) =>
            {
                *last = line;
            }
            _ => runs.push((line, line)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which text stands behind each run, after the file was laid out so.
    fn texts_of(lines: &[&str], missed: &[(u32, u32)]) -> Vec<String> {
        let file = FilePatch {
            missed: missed.to_vec(),
            ..FilePatch::default()
        };
        let texts = texts(&file, || Some(lines.join("\n").into_bytes()));
        texts.into_values().collect()
    }

    #[test]
    fn what_stands_in_a_run_is_the_same_wherever_it_moves() {
        let before = texts_of(&["a", "b", "c"], &[(1, 1), (3, 3)]);
        let after = texts_of(&["new", "  a\r", "", "b", "c"], &[(1, 1), (2, 2), (5, 5)]);
        assert_eq!(before, after[1..]);
        // Beyond the end nothing stands, and where nothing is to be found nothing is read.
        assert!(texts_of(&["a"], &[(2, 2), (0, 1)]).is_empty());
        assert!(texts(&FilePatch::default(), || panic!("read")).is_empty());
    }
}
