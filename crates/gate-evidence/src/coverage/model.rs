use std::collections::{BTreeMap, BTreeSet};

use super::table::Table;

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
    pub lines: Table<u32, u64>,
    /// Branches that the format names, and whether they were taken.
    pub branches: Table<Branch, bool>,
    /// `(covered, total)` branches of lines where only a fraction is known.
    pub fractions: Table<u32, (u32, u32)>,
    /// Conditions of decisions (MC/DC) by what makes them one, and whether each was shown to
    /// decide on its own.
    pub conditions: Table<Condition, bool>,
    /// Functions with their calls.
    pub functions: Table<FunctionKey, u64>,
    /// Statements by extent; `None` where the format has no such unit.
    pub statements: Option<Table<Block, Statement>>,
    /// Code regions by extent, with their hits; `None` where the format has no such unit.
    pub regions: Option<Table<Block, u64>>,
    /// Lines that a suite leaves out on purpose: they are measured in none.
    pub ignored: Table<u32, ()>,
    /// Counts of a format that has no lines. They cannot be united with other reports of the file.
    pub summary: Option<Totals>,
    /// The file was not run and its tool only guessed what could be measured in it (Istanbul's
    /// `all`): any other report of the file comes in its place.
    pub placeholder: bool,
}

/// A branch: the line it is on and what tells it from the others there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch {
    pub line: u32,
    pub key: BranchKey,
}

/// What makes a branch of a line the same one in another report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BranchKey {
    /// Block and branch by number.
    Index(u32, u32),
    /// `block,branch` where either is text.
    Named(Box<str>),
}

/// One condition of a decision, in one of its two senses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    pub line: u32,
    /// How many conditions the decision has: with the line, what tells decisions apart.
    pub group: u32,
    pub index: u32,
    pub sense: bool,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
    pub conditions: Ratio,
    pub functions: Ratio,
    pub statements: Ratio,
    pub regions: Ratio,
}

impl Coverage {
    /// Notes kept per report.
    pub const MAX_NOTES: usize = 5;
    /// Files that one report may name: several times those of the largest repositories, and half a
    /// gigabyte of tables.
    pub const MAX_FILES: usize = 500_000;

    /// Exact counts over all files.
    pub fn totals(&self) -> Totals {
        let mut sum = Totals::default();
        for file in self.files.values() {
            sum.add(file.totals());
        }
        sum
    }
}

impl FileCoverage {
    /// Exact counts of this file.
    pub fn totals(&self) -> Totals {
        if let Some(summary) = self.summary {
            return summary;
        }
        let mut totals = Totals {
            lines: Ratio::count(self.lines.values().map(|&hits| hits > 0)),
            conditions: Ratio::count(self.conditions.values().copied()),
            functions: Ratio::count(self.functions.values().map(|&calls| calls > 0)),
            ..Totals::default()
        };
        if let Some(regions) = &self.regions {
            totals.regions = Ratio::count(regions.values().map(|&hits| hits > 0));
        }
        for (_, on_line) in self.branch_lines() {
            totals.branches.add(on_line);
        }
        for statement in self.statements.iter().flat_map(Table::values) {
            let count = u64::from(statement.count);
            totals.statements.total += count;
            totals.statements.covered += if statement.hits > 0 { count } else { 0 };
        }
        totals
    }

    /// Lines that have branches, in order, with how many were taken of how many. Where a line has
    /// both named branches and a fraction, nothing tells which they mean and the larger numbers hold.
    pub fn branch_lines(&self) -> impl Iterator<Item = (u32, Ratio)> {
        let mut named = self.branches.iter().peekable();
        let mut fractions = self.fractions.iter().peekable();
        std::iter::from_fn(move || {
            let first = named.peek().map(|(branch, _)| branch.line);
            let second = fractions.peek().map(|(line, _)| **line);
            let line = first.into_iter().chain(second).min()?;
            let mut ratio = Ratio::default();
            while let Some((_, &taken)) = named.next_if(|(branch, _)| branch.line == line) {
                ratio.total += 1;
                ratio.covered += u64::from(taken);
            }
            if let Some((_, &(covered, total))) = fractions.next_if(|(at, _)| **at == line) {
                ratio.total = ratio.total.max(total.into());
                ratio.covered = ratio.covered.max(covered.into());
            }
            Some((line, ratio))
        })
    }
}

impl Ratio {
    pub(super) fn count(covered: impl Iterator<Item = bool>) -> Self {
        covered.fold(Self::default(), |ratio, covered| Self {
            covered: ratio.covered + u64::from(covered),
            total: ratio.total + 1,
        })
    }

    fn most(self, other: Self) -> Self {
        Self {
            covered: self.covered.max(other.covered),
            total: self.total.max(other.total),
        }
    }

    /// Adds another count of the same unit.
    pub fn add(&mut self, other: Self) {
        self.covered = self.covered.saturating_add(other.covered);
        self.total = self.total.saturating_add(other.total);
    }
}

impl Totals {
    /// The larger count of each unit.
    pub(super) fn most(self, other: Self) -> Self {
        Self {
            lines: self.lines.most(other.lines),
            branches: self.branches.most(other.branches),
            conditions: self.conditions.most(other.conditions),
            functions: self.functions.most(other.functions),
            statements: self.statements.most(other.statements),
            regions: self.regions.most(other.regions),
        }
    }

    /// Adds the counts of another set of files.
    pub fn add(&mut self, other: Self) {
        self.lines.add(other.lines);
        self.branches.add(other.branches);
        self.conditions.add(other.conditions);
        self.functions.add(other.functions);
        self.statements.add(other.statements);
        self.regions.add(other.regions);
    }
}
