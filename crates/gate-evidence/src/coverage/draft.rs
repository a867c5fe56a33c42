//! Coverage while a report is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::model::{
    Block, Branch, Condition, Coverage, FileCoverage, FunctionKey, Statement, Totals,
};
use super::table::Rows;
use crate::error::{ReportError, ReportErrorKind};

/// What a parser fills.
#[derive(Debug)]
pub(super) struct Draft {
    files: Vec<FileDraft>,
    by_path: HashMap<String, usize>,
    /// What was added whole.
    whole: BTreeMap<String, FileCoverage>,
    /// How many files it may hold, and whether there were more: they are not kept then.
    most_files: usize,
    is_over: bool,
    sources: Vec<String>,
    pub(super) records: u64,
    pub(super) skipped: u64,
    notes: Vec<String>,
}

/// A file of the [`Draft`] that opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(usize);

/// One file while it is read; the fields are those of [`FileCoverage`].
#[derive(Debug, Default)]
pub(super) struct FileDraft {
    pub(super) lines: Rows<u32, u64>,
    pub(super) branches: Rows<Branch, bool>,
    pub(super) fractions: Rows<u32, (u32, u32)>,
    pub(super) conditions: Rows<Condition, bool>,
    pub(super) functions: Rows<FunctionKey, u64>,
    pub(super) statements: Option<Rows<Block, Statement>>,
    pub(super) regions: Option<Rows<Block, u64>>,
    pub(super) ignored: Rows<u32, ()>,
    pub(super) summary: Option<Totals>,
    pub(super) placeholder: bool,
}

pub(super) fn too_many_files(most: usize) -> ReportError {
    ReportError::new(
        ReportErrorKind::OverLimit,
        None,
        "more files",
        format!("at most {most} files in one report"),
    )
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            by_path: HashMap::new(),
            whole: BTreeMap::new(),
            most_files: Coverage::MAX_FILES,
            is_over: false,
            sources: Vec::new(),
            records: 0,
            skipped: 0,
            notes: Vec::new(),
        }
    }
}

impl Draft {
    /// The file with this path, made if absent.
    pub(super) fn open(&mut self, path: &str) -> FileId {
        if let Some(&at) = self.by_path.get(path) {
            return FileId(at);
        }
        let at = self.files.len();
        if self.is_full() && at > 0 {
            return FileId(0); // whatever is added to it is refused with the rest
        }
        self.files.push(FileDraft::default());
        self.by_path.insert(path.to_owned(), at);
        FileId(at)
    }

    /// Adds what a report says about a file in one piece; several pieces are united.
    pub(super) fn add(&mut self, path: &str, file: FileCoverage) {
        if let Some(known) = self.whole.get_mut(path) {
            // that one report measures other lines in each piece is no disagreement
            let _ = known.merge(file);
        } else if !self.is_full() {
            self.whole.insert(path.to_owned(), file);
        }
    }

    fn is_full(&mut self) -> bool {
        let full = self.files.len() + self.whole.len() >= self.most_files;
        self.is_over |= full;
        full
    }

    pub(super) fn at(&mut self, file: FileId) -> &mut FileDraft {
        &mut self.files[file.0]
    }

    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut FileDraft> {
        self.files.iter_mut()
    }

    /// Measured lines so far.
    pub(super) fn lines(&self) -> u64 {
        self.files.iter().map(|file| file.lines.len() as u64).sum()
    }

    /// Counts a record that was not understood, with a note while there are few.
    pub(super) fn skip(&mut self, line: u64, why: &str) {
        self.skipped += 1;
        self.note(|| format!("line {line}: skipped {why}"));
    }

    pub(super) fn note(&mut self, note: impl FnOnce() -> String) {
        if self.notes.len() < Coverage::MAX_NOTES {
            self.notes.push(note());
        }
    }

    /// Adds a source root; past a number that no real report has they are dropped.
    pub(super) fn add_source(&mut self, source: String) {
        const MOST: usize = 1000;
        if self.sources.len() < MOST && !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    pub(super) fn finish(self) -> Result<Coverage, ReportError> {
        if self.is_over {
            return Err(too_many_files(self.most_files));
        }
        let mut drafts = self.files;
        let read = self.by_path.into_iter();
        let mut files: BTreeMap<String, FileCoverage> = read
            .map(|(path, at)| (path, std::mem::take(&mut drafts[at]).take()))
            .collect();
        if files.is_empty() {
            files = self.whole;
        } else {
            for (path, file) in self.whole {
                let _ = files.entry(path).or_default().merge(file);
            }
        }
        Ok(Coverage {
            files,
            sources: self.sources,
            records: self.records,
            skipped: self.skipped,
            notes: self.notes,
            unstable: BTreeSet::new(),
        })
    }
}

impl FileDraft {
    /// Adds hits to a line.
    pub(super) fn add_line(&mut self, line: u32, hits: u64) {
        let sum = self.lines.entry(line);
        *sum = sum.saturating_add(hits);
    }

    /// Sets a line to at least `hits`: for formats that write one measurement several times.
    pub(super) fn raise_line(&mut self, line: u32, hits: u64) {
        let most = self.lines.entry(line);
        *most = hits.max(*most);
    }

    pub(super) fn raise_fraction(&mut self, line: u32, covered: u32, total: u32) {
        let most = self.fractions.entry(line);
        *most = (most.0.max(covered), most.1.max(total));
    }

    pub(super) fn add_statement(&mut self, block: Block, statement: Statement) {
        let sum = self.statements.get_or_insert_default().entry(block);
        sum.count = sum.count.max(statement.count);
        sum.hits = sum.hits.saturating_add(statement.hits);
    }

    /// What was read; the draft is empty then, and keeps its room for the next file.
    pub(super) fn take(&mut self) -> FileCoverage {
        let mut file = FileCoverage {
            lines: self.lines.take(),
            branches: self.branches.take(),
            fractions: self.fractions.take(),
            conditions: self.conditions.take(),
            functions: self.functions.take(),
            statements: self.statements.take().map(|mut rows| rows.take()),
            regions: self.regions.take().map(|mut rows| rows.take()),
            ignored: self.ignored.take(),
            summary: self.summary.take(),
            placeholder: std::mem::take(&mut self.placeholder),
        };
        file.leave_out_ignored();
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_files_than_a_report_may_have_are_refused_and_not_kept() {
        let mut opened = Draft {
            most_files: 2,
            ..Draft::default()
        };
        let mut added = Draft {
            most_files: 2,
            ..Draft::default()
        };
        for path in ["a", "b", "a", "b"] {
            opened.open(path);
            added.add(path, FileCoverage::default());
        }
        assert!(!opened.is_over && !added.is_over);
        for path in ["c", "d"] {
            let file = opened.open(path);
            opened.at(file).add_line(1, 1);
            added.add(path, FileCoverage::default());
        }
        assert_eq!((opened.files.len(), added.whole.len()), (2, 2));
        for draft in [opened, added] {
            let error = draft.finish().unwrap_err();
            assert_eq!(error.kind, ReportErrorKind::OverLimit);
        }
    }
}
