//! Report files to test runs.

use super::MOST_NOTES;
use crate::collect::Facts;
use crate::report_file::{Kind, head, parse, too_many_skipped};
use crate::settings::Config;
use gate_evidence::coverage;
use gate_evidence::test_run::{self, Format, LIMITS, TestRun};
use gate_evidence::unpacked;
use gate_runner::{Collected, Missing, Report, counted};
use gate_verdict::EvidenceRef;
use std::io::BufReader;

/// Reports of tests.
static TESTS: Kind<Format> = Kind {
    sniff: test_run::sniff,
    name: |format| format.name,
    formats: test_run::FORMATS,
    noun: "a test report",
    other: "point `reports:` at reports only, or let the tool that writes it finish",
    broken: |_| "have the tests write the report again, and wait until it is whole",
};

/// What a file holds, told by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Tests,
    Coverage,
    /// Something that is known and neither.
    Other,
    /// Nothing, something cut off, or something that cannot be read.
    Unknown,
}

pub(super) fn content(report: &Report) -> Content {
    let file = report
        .open()
        .and_then(|file| unpacked(BufReader::new(file)));
    let Ok(head) = file.and_then(|mut reader| head(&mut reader)) else {
        return Content::Unknown;
    };
    if test_run::sniff(&head).is_some() {
        return Content::Tests;
    }
    if coverage::sniff(&head).is_some() {
        return Content::Coverage;
    }
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    match coverage::looks_like(&head) {
        Some(_) if !utf16 => Content::Other,
        _ => Content::Unknown,
    }
}

/// Reads all reports as one run; beside it, why that is not enough to judge by.
/// `of` stands before remarks.
pub(super) fn read(
    reports: &[Report],
    config: &Config,
    (kind, of): (&str, &str),
    collected: &mut Collected<Facts>,
) -> (TestRun, Result<(), Missing>) {
    let mut whole = TestRun::default();
    let mut notes = Vec::new();
    let mut outcome = Ok(());
    for report in reports {
        let (run, format, sha256) = match parse(report, &TESTS, |format, reader| {
            test_run::parse(format, reader, LIMITS)
        }) {
            Ok(parsed) => parsed,
            Err(missing) => {
                outcome = Err(missing);
                break;
            }
        };
        let said = run.notes.iter();
        notes.extend(said.map(|note| format!("{of}{}: {note}", report.path)));
        collected.evidence.push(EvidenceRef {
            kind: kind.to_owned(),
            format: Some(format.to_owned()),
            path: Some(report.path.clone()),
            sha256: Some(sha256),
            tool: None,
            records: run.records,
            skipped: run.skipped,
            excluded: 0,
        });
        let counts = (run.records, run.skipped);
        if let Err(missing) = too_many_skipped(report, counts, &run.notes, config, "test") {
            outcome = Err(missing);
            break;
        }
        whole.merge(run);
    }
    let left = notes.len().saturating_sub(MOST_NOTES);
    notes.truncate(MOST_NOTES);
    if left > 0 {
        notes.push(format!(
            "{of}{} more",
            counted(left, "remark about test reports")
        ));
    }
    collected.notices.extend(notes);
    (whole, outcome)
}
