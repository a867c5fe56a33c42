//! Report files to test runs.

use super::MOST_NOTES;
use crate::collect::Facts;
use crate::reading::is_at_most;
use crate::settings::Config;
use gate_evidence::coverage;
use gate_evidence::test_run::{self, LIMITS, TestRun};
use gate_evidence::unpacked;
use gate_runner::{Collected, Missing, Report, counted};
use gate_verdict::{Code, EvidenceRef};
use std::io::{self, BufReader, Cursor, Read};

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
    let Ok(head) = head(report) else {
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

fn head(report: &Report) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    unpacked(BufReader::new(report.open()?))?
        .take(test_run::SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    Ok(head)
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
        let (run, format, sha256) = match parse(report) {
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
        if let Err(missing) = too_many_skipped(report, &run, config) {
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

fn parse(report: &Report) -> Result<(TestRun, &'static str, String), Missing> {
    let unreadable = |what: String, next: &str| {
        let what = format!("{}: {what}", report.path);
        Missing::new(Code::EvidenceUnreadable, what, next)
    };
    let io =
        |error: io::Error| unreadable(error.to_string(), "make the report readable for this step");
    let mut file = report.open().map_err(io)?;
    let plain = BufReader::with_capacity(64 * 1024, Read::by_ref(&mut file));
    let mut reader = unpacked(plain).map_err(io)?;
    let mut head = Vec::new();
    Read::by_ref(&mut reader)
        .take(test_run::SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(io)?;
    let Some(format) = test_run::sniff(&head) else {
        let found = match coverage::looks_like(&head) {
            Some(name) => name,
            None if head.is_empty() => "an empty file",
            None => "something else",
        };
        let known: Vec<_> = test_run::FORMATS.iter().map(|format| format.name).collect();
        return Err(unreadable(
            format!(
                "found {found}, expected a test report in one of: {}",
                known.join(", ")
            ),
            "point `reports:` at reports only, or let the tool that writes it finish",
        ));
    };
    let mut whole = Cursor::new(head).chain(reader);
    let run = test_run::parse(format, &mut whole, LIMITS).map_err(|error| {
        unreadable(
            error.to_string(),
            "have the tests write the report again, and wait until it is whole",
        )
    })?;
    drop(whole);
    Ok((run, format.name, file.sha256()))
}

fn too_many_skipped(report: &Report, run: &TestRun, config: &Config) -> Result<(), Missing> {
    let all = run.records.saturating_add(run.skipped);
    if is_at_most(run.skipped, all, config.max_skipped) {
        return Ok(());
    }
    let first = run.notes.first().map(|note| format!(" ({note})"));
    Err(Missing::new(
        Code::EvidenceInsufficient,
        format!(
            "{}: {} of {all} cannot be read{}",
            report.path,
            counted(run.skipped, "record"),
            first.unwrap_or_default()
        ),
        "write the report again with the test tool, or allow more with `max_skipped`",
    ))
}
