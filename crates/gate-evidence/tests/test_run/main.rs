//! Test reports as values: every format, broken input, real files, and the laws of retries and of merging.

mod broken;
mod corpus;
mod fixtures;
mod go_test;
mod json;
mod junit;
mod laws;
mod samples;
mod xml;

use gate_evidence::test_run::{self, Case, LIMITS, Status, TestRun};
use gate_evidence::{Limits, ReportError};

/// Reads text as the named format with the limits of test reports.
fn read(format: &str, text: impl AsRef<[u8]>) -> Result<TestRun, ReportError> {
    read_within(format, text, LIMITS)
}

fn read_within(
    format: &str,
    text: impl AsRef<[u8]>,
    limits: Limits,
) -> Result<TestRun, ReportError> {
    let format = test_run::format(format).expect("a known format");
    test_run::parse(format, &mut text.as_ref(), limits)
}

/// Passed (of them flaky), failed, errored, skipped, disabled.
fn counts(run: &TestRun) -> [u64; 6] {
    let totals = run.totals();
    [
        totals.passed,
        totals.flaky,
        totals.failed,
        totals.errored,
        totals.skipped,
        totals.disabled,
    ]
}

/// The one case whose title is this.
fn case<'r>(run: &'r TestRun, title: &str) -> &'r Case {
    let mut found = run.cases().filter(|(_, id, _)| id.to_string() == title);
    let case = found.next().unwrap_or_else(|| {
        let titles: Vec<_> = run.cases().map(|(_, id, _)| id.to_string()).collect();
        panic!("{title} is none of {titles:?}")
    });
    assert!(found.next().is_none(), "{title} stands twice");
    case.2
}

/// Status, attempts, message and places as text.
fn told(run: &TestRun, title: &str) -> (Status, u32, String, Vec<String>) {
    let case = case(run, title);
    let places = case.detail.places.iter();
    (
        case.status,
        case.attempts,
        case.detail
            .message
            .as_deref()
            .unwrap_or_default()
            .to_owned(),
        places
            .map(|place| format!("{}:{}", place.file, place.line))
            .collect(),
    )
}
