use std::collections::{BTreeMap, BTreeSet};

/// What reports say about which code ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Measured files by the path that the report wrote, unchanged. A file in which nothing could
    /// be measured is present and empty.
    pub files: BTreeMap<String, FileCoverage>,
    /// Source roots that the report names (Cobertura), in the order written, without repeats.
    pub sources: Vec<String>,
    /// Records read: each line, branch, function and statement as the report wrote it.
    pub records: u64,
    /// Records that could not be understood. Known dirt is normalised and not counted here.
    pub skipped: u64,
    /// The first skipped records with their line numbers, and other remarks for a person; per
    /// report at most [`Coverage::MAX_NOTES`].
    pub notes: Vec<String>,
    /// Files whose measured lines or branches differ between merged reports, so that the
    /// denominator depends on which shards came.
    pub unstable: BTreeSet<String>,
}

/// One file of [`Coverage`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileCoverage {
    /// Measured lines, counted from 1, with their hits. Formats without hit counts write 1.
    pub lines: BTreeMap<u32, u64>,
    /// Branches by the line they are on.
    pub branches: BTreeMap<u32, Branches>,
    /// Functions with their calls.
    pub functions: BTreeMap<FunctionKey, u64>,
    /// Blocks of statements (Go); `None` where the format has no such unit.
    pub statements: Option<BTreeMap<Block, Statement>>,
}

/// The branches of one line: by key where the format names each, else as a fraction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branches {
    /// Named branches and whether they were taken.
    pub taken: BTreeMap<BranchKey, bool>,
    /// `(covered, total)` where only a fraction is known.
    pub fraction: (u32, u32),
}

/// What makes a branch the same one in another report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BranchKey {
    /// Block and branch by number.
    Index(u32, u32),
    /// `block,branch` where either is text.
    Named(Box<str>),
}

/// What makes a function the same one in another report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FunctionKey {
    /// First line; 0 where the report does not say.
    pub line: u32,
    /// Name; empty for a group of aliases, which its line alone identifies (lcov 2.2 and later).
    pub name: String,
}

/// The extent of a block: lines and columns counted from 1, the end column exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// Statements in the block.
    pub count: u32,
    /// How often the block ran.
    pub hits: u64,
}

/// An exact fraction of counted things. A total of 0 means that nothing was measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratio {
    pub covered: u64,
    pub total: u64,
}

/// Exact counts per unit. Units are never comparable with each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub lines: Ratio,
    pub branches: Ratio,
    pub functions: Ratio,
    pub statements: Ratio,
}

impl Coverage {
    /// Notes kept per report.
    pub const MAX_NOTES: usize = 5;

    /// Exact counts over all files.
    pub fn totals(&self) -> Totals {
        let mut sum = Totals::default();
        for file in self.files.values() {
            sum.add(file.totals());
        }
        sum
    }

    /// Counts a record that was not understood, with a note while there are few.
    pub(super) fn skip(&mut self, line: u64, why: &str) {
        self.skipped += 1;
        self.note(format!("line {line}: skipped {why}"));
    }

    pub(super) fn note(&mut self, note: String) {
        if self.notes.len() < Self::MAX_NOTES {
            self.notes.push(note);
        }
    }

    /// The entry of `path`, made if absent.
    pub(super) fn file(&mut self, path: &str) -> &mut FileCoverage {
        self.files.entry(path.to_owned()).or_default()
    }
}

impl FileCoverage {
    /// Exact counts of this file.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals {
            lines: Ratio::count(self.lines.values().map(|&hits| hits > 0)),
            functions: Ratio::count(self.functions.values().map(|&calls| calls > 0)),
            ..Totals::default()
        };
        for branches in self.branches.values() {
            totals.branches.covered += u64::from(branches.covered());
            totals.branches.total += u64::from(branches.total());
        }
        for statement in self.statements.iter().flat_map(BTreeMap::values) {
            let count = u64::from(statement.count);
            totals.statements.total += count;
            totals.statements.covered += if statement.hits > 0 { count } else { 0 };
        }
        totals
    }
}

impl Branches {
    /// Branches taken, at most [`Branches::total`].
    pub fn covered(&self) -> u32 {
        let taken = self.taken.values().filter(|&&taken| taken).count();
        u32::try_from(taken)
            .unwrap_or(u32::MAX)
            .max(self.fraction.0)
    }

    /// All branches of the line.
    pub fn total(&self) -> u32 {
        u32::try_from(self.taken.len())
            .unwrap_or(u32::MAX)
            .max(self.fraction.1)
    }
}

impl Ratio {
    fn count(covered: impl Iterator<Item = bool>) -> Self {
        covered.fold(Self::default(), |ratio, covered| Self {
            covered: ratio.covered + u64::from(covered),
            total: ratio.total + 1,
        })
    }

    fn add(&mut self, other: Self) {
        self.covered += other.covered;
        self.total += other.total;
    }
}

impl Totals {
    /// Adds the counts of another set of files.
    pub fn add(&mut self, other: Self) {
        self.lines.add(other.lines);
        self.branches.add(other.branches);
        self.functions.add(other.functions);
        self.statements.add(other.statements);
    }
}
