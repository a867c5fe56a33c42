//! Test reports. Adding a format is one file beside this one and one line in [`FORMATS`].
//!
//! What was found counts, never what a report says it counted. A suite that fails outside of its cases (a build, a
//! set-up, a crash), or that states failures which none of its cases shows, is an errored case without a name.

mod draft;
mod go_test;
mod head;
mod jest;
mod json;
mod junit;
mod mocha;
mod model;
mod nunit3;
mod text;
mod trx;
mod xunit2;

use std::io::{BufRead, Cursor, Read};

pub use model::{Case, CaseId, Cases, Detail, Place, Status, TestRun, Totals};

use crate::coverage;
use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;
use head::Head;

/// A report format: its name, how it is recognised, how it is read.
#[derive(Debug)]
pub struct Format {
    /// `snake_case` name, as the evidence record writes it.
    pub name: &'static str,
    sniff: fn(&Head<'_>) -> bool,
    parse: fn(&mut dyn BufRead, Limits) -> Result<TestRun, ReportError>,
}

/// Every format that can be read, one line each.
#[rustfmt::skip]
pub static FORMATS: &[Format] = &[
    Format { name: "junit", sniff: junit::sniff, parse: junit::parse },
    Format { name: "trx", sniff: trx::sniff, parse: trx::parse },
    Format { name: "nunit3", sniff: nunit3::sniff, parse: nunit3::parse },
    Format { name: "xunit2", sniff: xunit2::sniff, parse: xunit2::parse },
    Format { name: "go_test", sniff: go_test::sniff, parse: go_test::parse },
    Format { name: "jest", sniff: jest::sniff, parse: jest::parse },
    Format { name: "mocha", sniff: mocha::sniff, parse: mocha::parse },
];

/// Test reports hold whole logs in one text, and fewer records than coverage does.
pub const LIMITS: Limits = Limits {
    bytes: 4 << 30,
    line_bytes: 64 << 20,
    records: 5_000_000,
    name_bytes: 1 << 30,
    depth: 128,
};

/// How many bytes of a report's beginning [`sniff`] is best given.
pub const SNIFF_BYTES: usize = coverage::SNIFF_BYTES;

/// The format with this name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format of a report that begins with `head`, told by its root element or its first keys alone.
pub fn sniff(head: &[u8]) -> Option<&'static Format> {
    let head = Head::of(head);
    FORMATS.iter().find(|format| (format.sniff)(&head))
}

/// Reads a report of the given format. One that is whole and holds no test is an empty run, with a note: whether
/// that is enough is known only where all reports are.
///
/// # Errors
/// Everything that makes the report no evidence: see [`ReportErrorKind`].
pub fn parse(
    format: &Format,
    reader: &mut dyn BufRead,
    limits: Limits,
) -> Result<TestRun, ReportError> {
    let bytes = coverage::read_head(reader)?;
    let head = Head::of(&bytes);
    if !(format.sniff)(&head) {
        return Err(match head.declares {
            Some(error) => error,
            None => refusal(format, &bytes, &head),
        });
    }
    (format.parse)(&mut Cursor::new(bytes).chain(reader), limits)
}

/// Why these bytes do not begin a report of the format.
fn refusal(format: &Format, bytes: &[u8], head: &Head<'_>) -> ReportError {
    let refuse = |kind, found: String| {
        ReportError::new(
            kind,
            Some(1),
            found,
            format!("a {} test report", format.name),
        )
    };
    let name = sniff(bytes).map(|format| format!("a {} test report", format.name));
    let name = name.or_else(|| coverage::looks_like(bytes).map(str::to_owned));
    match name {
        _ if head.is_blank() => refuse(ReportErrorKind::Empty, "nothing".into()),
        _ if bytes.starts_with(b"\xff\xfe")
            || bytes.starts_with(b"\xfe\xff")
            || bytes.get(1) == Some(&0) =>
        {
            refuse(
                ReportErrorKind::NotUtf8,
                "what looks like UTF-16 text".into(),
            )
        }
        Some(name) if !head.is_cut(bytes.len() < SNIFF_BYTES) => refuse(
            ReportErrorKind::WrongFormat,
            format!("what looks like {name}"),
        ),
        _ if !head.is_utf8() => refuse(ReportErrorKind::NotUtf8, "bytes that are not UTF-8".into()),
        _ if head.is_cut(bytes.len() < SNIFF_BYTES) => refuse(
            ReportErrorKind::Truncated,
            "a document that ends at its beginning".into(),
        ),
        _ => {
            let line = head.text.lines().next().unwrap_or_default();
            refuse(
                ReportErrorKind::WrongFormat,
                format!("{}, which begins no known format", excerpt(line)),
            )
        }
    }
}
