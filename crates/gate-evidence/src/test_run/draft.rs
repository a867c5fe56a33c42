//! Builds a [`TestRun`] while a report is read: tells retries from cases that are just named alike.

use std::collections::BTreeMap;

use super::model::{Case, CaseId, Detail, Status, TestRun};
use crate::error::{ReportError, excerpt, within};
use crate::limits::Limits;

/// What it means that a case stands several times in one suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// Cases that are named alike (rows of data, titles used twice). The format has its own words for retries.
    Rows,
    /// After a failure: a retry. Nobody retries what passed, so what follows a pass is another case.
    RetriesAfterFailure,
    /// Always a retry: names are unique, and failed attempts are written without their failure (pytest).
    Retries,
}

pub(super) struct Draft {
    suites: BTreeMap<String, BTreeMap<CaseId, Entry>>,
    run: TestRun,
    limits: Limits,
    name_bytes: u64,
    /// Cases that passed after the report held a failure of theirs.
    retried: u64,
}

struct Entry {
    case: Case,
    /// Which element of the report it stood in: suites that are named alike are different runs.
    element: u64,
    /// The last row, kept at row 0.
    last_row: u32,
}

impl Draft {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            suites: BTreeMap::new(),
            run: TestRun::default(),
            limits,
            name_bytes: 0,
            retried: 0,
        }
    }

    pub(super) fn note(&mut self, note: String) {
        if self.run.notes.len() < TestRun::MAX_NOTES {
            self.run.notes.push(note);
        }
    }

    /// Counts the bytes of names that are kept.
    pub(super) fn named(&mut self, line: u64, bytes: usize) -> Result<(), ReportError> {
        self.name_bytes += bytes as u64;
        within(
            self.name_bytes,
            self.limits.name_bytes,
            "bytes of names",
            line,
        )
    }

    /// Counts a record that was not understood.
    pub(super) fn skip(&mut self, line: u64, why: &str) {
        self.run.skipped += 1;
        self.note(format!("line {line}: skipped {why}"));
    }

    /// Adds a case, or an attempt at it.
    pub(super) fn add(
        &mut self,
        line: u64,
        (suite, element): (&str, u64),
        id: CaseId,
        case: Case,
        repeats: Repeats,
    ) -> Result<(), ReportError> {
        self.run.records += 1;
        within(self.run.records, self.limits.records, "tests", line)?;
        let names = [&id.class, &id.name, &id.file].map(String::len);
        let places = case.detail.places.iter().map(|place| place.file.len());
        self.named(line, names.into_iter().chain(places).sum())?;

        if !self.suites.contains_key(suite) {
            self.suites.insert(suite.to_owned(), BTreeMap::new());
        }
        let Some(entries) = self.suites.get_mut(suite) else {
            return Ok(());
        };
        let entry = |case| Entry {
            case,
            element,
            last_row: 0,
        };
        let Some(first) = entries.get_mut(&id) else {
            entries.insert(id, entry(case));
            return Ok(());
        };
        let row = first.last_row;
        let mut this = CaseId { row, ..id };
        if let Some(last) = entries.get_mut(&this)
            && last.element == element
            && is_retry(&last.case, repeats)
        {
            let bad = last.case.is_bad();
            retry(&mut last.case, case, repeats);
            self.retried += u64::from(bad && last.case.is_flaky());
            return Ok(());
        }
        let next = row + 1;
        entries.insert(
            CaseId {
                row: next,
                ..this.clone()
            },
            entry(case),
        );
        this.row = 0;
        if let Some(first) = entries.get_mut(&this) {
            first.last_row = next;
        }
        Ok(())
    }

    /// Adds that a suite failed outside of its cases.
    pub(super) fn broken(
        &mut self,
        line: u64,
        suite: (&str, u64),
        id: CaseId,
        detail: Detail,
    ) -> Result<(), ReportError> {
        let case = Case {
            status: Status::Errored,
            attempts: 1,
            micros: None,
            detail,
        };
        let id = CaseId {
            name: String::new(),
            ..id
        };
        self.add(line, suite, id, case, Repeats::Rows)
    }

    pub(super) fn finish(mut self) -> TestRun {
        if self.retried > 0 {
            let cases = if self.retried == 1 {
                "1 case stands".to_owned()
            } else {
                format!("{} cases stand", self.retried)
            };
            self.note(format!(
                "{cases} several times, failed and at last passed: read as retries"
            ));
        }
        if self.run.records == 0 {
            self.note("the report holds no test".to_owned());
        }
        let suites = self.suites.into_iter();
        self.run.suites = suites
            .map(|(suite, entries)| {
                let cases = entries.into_iter().map(|(id, entry)| (id, entry.case));
                (suite, cases.collect())
            })
            .collect();
        self.run
    }
}

fn is_retry(last: &Case, repeats: Repeats) -> bool {
    match repeats {
        Repeats::Rows => false,
        Repeats::RetriesAfterFailure => last.is_bad(),
        Repeats::Retries => true,
    }
}

/// What a later attempt makes of a case: a pass counts, a skip does not take a failure back.
fn retry(case: &mut Case, next: Case, repeats: Repeats) {
    // where failed attempts bear no failure, two failures are those of a call and its tear-down
    let both_bad = case.is_bad() && next.is_bad();
    if !(both_bad && repeats == Repeats::Retries) {
        case.attempts = case.attempts.saturating_add(next.attempts);
    }
    case.micros = match (case.micros, next.micros) {
        (Some(first), Some(second)) => Some(first.saturating_add(second)),
        (first, second) => first.or(second),
    };
    if next.status >= Status::Passed || !case.is_bad() {
        case.status = if both_bad {
            case.status.max(next.status)
        } else {
            next.status
        };
    }
    if case.detail.message.is_none() {
        case.detail = next.detail;
    }
}

/// A remark that a report states more than it holds.
pub(super) fn fewer(what: &str, suite: &str, stated: u64, held: u64) -> String {
    let suite = if suite.is_empty() {
        "the report".to_owned()
    } else {
        excerpt(suite)
    };
    format!("{suite} states {stated} {what} and holds {held}")
}
