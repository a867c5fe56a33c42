//! What is open while a `JUnit` report is read, and the words of its outcomes.

use crate::test_run::model::{CaseId, Detail, Place, Status};

/// An open suite.
#[derive(Default)]
pub(super) struct Frame {
    /// Its name after those it is in.
    pub(super) key: String,
    pub(super) element: u64,
    pub(super) line: u64,
    pub(super) stated: Counts,
    pub(super) held: Counts,
}

/// Of a suite with those in it.
#[derive(Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) tests: u64,
    pub(super) bad: u64,
}

/// An open case.
pub(super) struct Open {
    pub(super) id: CaseId,
    pub(super) line: u64,
    pub(super) status: Status,
    /// Switched off: what it did does not count.
    pub(super) disabled: bool,
    pub(super) attempts: u32,
    pub(super) bad: u64,
    pub(super) micros: Option<u64>,
    pub(super) detail: Detail,
    pub(super) place: Option<Place>,
}

/// An open `failure` or the like.
pub(super) struct Problem {
    pub(super) kind: Kind,
    pub(super) line: u64,
    pub(super) message: Option<String>,
    pub(super) type_name: Option<String>,
    pub(super) place: Option<Place>,
    pub(super) text: String,
    /// Open elements in it whose text is output and not its own.
    pub(super) output: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Of(Status),
    /// An attempt before the last.
    Attempt,
}

pub(super) fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "failure" => Kind::Of(Status::Failed),
        "error" => Kind::Of(Status::Errored),
        "skipped" => Kind::Of(Status::Skipped),
        "flakyFailure" | "flakyError" | "rerunFailure" | "rerunError" => Kind::Attempt,
        _ => return None,
    })
}

/// What a case's own attributes make of it, besides the elements in it.
pub(super) fn stated_status(status: Option<&str>, result: Option<&str>) -> (Status, bool) {
    let words = [status, result].map(|word| word.unwrap_or_default().to_ascii_lowercase());
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let disabled = any(&["disabled", "suppressed"]);
    let status = match () {
        () if disabled => Status::Disabled,
        () if any(&["error", "errored", "aborted", "timeout", "broken"]) => Status::Errored,
        () if any(&["fail", "failed", "failure"]) => Status::Failed,
        () if any(&["skip", "skipped", "ignored", "pending", "notrun"]) => Status::Skipped,
        () => Status::Passed,
    };
    (status, disabled)
}

pub(super) fn place(file: Option<&str>, line: Option<&str>, first: u32) -> Option<Place> {
    let file = file.filter(|file| !file.is_empty())?.to_owned();
    let line = line.and_then(|line| line.trim().parse::<u32>().ok());
    Some(Place {
        file,
        line: line.map_or(0, |line| line.saturating_add(first)),
    })
}
