//! Coverage while a report is read.

use std::collections::{BTreeSet, HashMap};

use super::model::{
    Block, Branch, Condition, Coverage, FileCoverage, FunctionKey, Statement, Totals,
};
use super::table::Rows;

/// What a parser fills.
#[derive(Debug, Default)]
pub(super) struct Draft {
    files: Vec<FileDraft>,
    /// What was added whole, by the same number; those behind the end have nothing.
    whole: Vec<FileCoverage>,
    by_path: HashMap<String, usize>,
    sources: Vec<String>,
    pub(super) records: u64,
    pub(super) skipped: u64,
    notes: Vec<String>,
    unstable: BTreeSet<String>,
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
}

impl Draft {
    /// The file with this path, made if absent.
    pub(super) fn open(&mut self, path: &str) -> FileId {
        if let Some(&at) = self.by_path.get(path) {
            return FileId(at);
        }
        let at = self.files.len();
        self.files.push(FileDraft::default());
        self.by_path.insert(path.to_owned(), at);
        FileId(at)
    }

    /// Adds what a report says about a file in one piece; several pieces are united.
    pub(super) fn add(&mut self, path: &str, file: FileCoverage) {
        let FileId(at) = self.open(path);
        if self.whole.len() <= at {
            self.whole.resize_with(at + 1, FileCoverage::default);
        }
        if self.whole[at] == FileCoverage::default() {
            self.whole[at] = file;
        } else {
            // that one report measures other lines in each piece is no disagreement
            let _ = self.whole[at].merge(file);
        }
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

    /// Says once that the report itself disagrees about a file's denominator.
    pub(super) fn unstable(&mut self, path: &str) -> bool {
        self.unstable.insert(path.to_owned())
    }

    /// Adds a source root; past a number that no real report has they are dropped.
    pub(super) fn add_source(&mut self, source: String) {
        const MOST: usize = 1000;
        if self.sources.len() < MOST && !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    pub(super) fn finish(self) -> Coverage {
        let mut whole = self.whole.into_iter();
        let mut files: Vec<FileCoverage> = self
            .files
            .into_iter()
            .map(|mut draft| {
                // of a file that was added whole the draft holds nothing
                let mut file = whole.next().unwrap_or_default();
                let _ = file.merge(draft.take());
                file
            })
            .collect();
        Coverage {
            files: self
                .by_path
                .into_iter()
                .map(|(path, at)| (path, std::mem::take(&mut files[at])))
                .collect(),
            sources: self.sources,
            records: self.records,
            skipped: self.skipped,
            notes: self.notes,
            unstable: self.unstable,
        }
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
        };
        file.leave_out_ignored();
        file
    }
}
