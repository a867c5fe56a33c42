//! What test reports say, and the law by which several of them are one.

use std::collections::BTreeMap;
use std::fmt;

/// The tests of one report, or of several merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestRun {
    /// Cases by the name of their suite (package, file, assembly); nested suites are joined by ` > `.
    pub suites: BTreeMap<String, Cases>,
    /// Results read, each attempt and each failure of a suite by itself.
    pub records: u64,
    /// Records that could not be understood.
    pub skipped: u64,
    /// Remarks for a person; per report at most [`TestRun::MAX_NOTES`]. They stay with their report.
    pub notes: Vec<String>,
}

pub type Cases = BTreeMap<CaseId, Case>;

/// What makes a case of a suite the same one in another report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId {
    /// Class or group; empty where there is none.
    pub class: String,
    /// Empty: the suite itself, which failed outside of its cases (build, set-up, crash).
    pub name: String,
    /// File, as far as the report says, unchanged.
    pub file: String,
    /// Which of the cases that are named alike in one suite, from 0.
    pub row: u32,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub status: Status,
    /// How often it was run until that came of it; 1 unless it was retried.
    pub attempts: u32,
    /// Microseconds that all attempts took, where told.
    pub micros: Option<u64>,
    pub detail: Detail,
}

/// The outcomes, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Switched off in the source.
    Disabled,
    Skipped,
    Passed,
    Failed,
    /// Broken outside of what it checks, not finished, or not understood.
    Errored,
}

/// What is told about a case that did not just pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Detail {
    /// The first line of the message, bounded.
    pub message: Option<Box<str>>,
    /// Source lines that the report names, the likeliest first.
    pub places: Vec<Place>,
}

/// A line of a file, as the report writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    /// Counted from 1; 0 where only the file is known.
    pub line: u32,
}

/// How many cases came to what. Flaky ones are among the passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub passed: u64,
    pub failed: u64,
    pub errored: u64,
    pub skipped: u64,
    pub disabled: u64,
    pub flaky: u64,
    /// Microseconds over all cases that tell.
    pub micros: u64,
    /// Cases that ran and do not tell their time.
    pub untimed: u64,
}

impl TestRun {
    pub const MAX_NOTES: usize = 10;

    /// Every case with the name of its suite.
    pub fn cases(&self) -> impl Iterator<Item = (&str, &CaseId, &Case)> {
        self.suites.iter().flat_map(|(suite, cases)| {
            cases
                .iter()
                .map(move |(id, case)| (suite.as_str(), id, case))
        })
    }

    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (_, _, case) in self.cases() {
            *match case.status {
                Status::Passed => &mut totals.passed,
                Status::Failed => &mut totals.failed,
                Status::Errored => &mut totals.errored,
                Status::Skipped => &mut totals.skipped,
                Status::Disabled => &mut totals.disabled,
            } += 1;
            totals.flaky += u64::from(case.is_flaky());
            totals.micros = totals.micros.saturating_add(case.micros.unwrap_or(0));
            totals.untimed += u64::from(case.ran() && case.micros.is_none());
        }
        totals
    }

    /// Adds another report, of a shard or of another suite. Of a case that stands in both the worst outcome
    /// counts, with the most attempts and the longest time, so that reports merge in any order and a report that
    /// is merged twice changes nothing but [`TestRun::records`].
    pub fn merge(&mut self, other: Self) {
        for (suite, cases) in other.suites {
            let mine = self.suites.entry(suite).or_default();
            for (id, case) in cases {
                match mine.entry(id) {
                    std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(case)),
                    std::collections::btree_map::Entry::Occupied(mut entry) => {
                        entry.get_mut().worse(case);
                    }
                }
            }
        }
        self.records += other.records;
        self.skipped += other.skipped;
    }
}

impl Totals {
    /// Cases that ran.
    pub const fn ran(&self) -> u64 {
        self.passed + self.failed + self.errored
    }

    pub const fn all(&self) -> u64 {
        self.ran() + self.skipped + self.disabled
    }
}

impl Case {
    /// It passed, but not at once.
    pub fn is_flaky(&self) -> bool {
        self.status == Status::Passed && self.attempts > 1
    }

    pub fn is_bad(&self) -> bool {
        self.status >= Status::Failed
    }

    pub fn ran(&self) -> bool {
        self.status >= Status::Passed
    }

    fn worse(&mut self, other: Self) {
        if (other.status, &other.detail) > (self.status, &self.detail) {
            (self.status, self.detail) = (other.status, other.detail);
        }
        self.attempts = self.attempts.max(other.attempts);
        self.micros = self.micros.max(other.micros);
    }
}

/// Class, name and row; the file only where there is nothing else.
impl fmt::Display for CaseId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.class.as_str(), self.name.as_str()];
        let mut written = false;
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            write!(to, "{}{part}", if written { " > " } else { "" })?;
            written = true;
        }
        if !written {
            to.write_str(&self.file)?;
        }
        if self.row > 0 {
            write!(to, " (no. {})", self.row + 1)?;
        }
        Ok(())
    }
}
