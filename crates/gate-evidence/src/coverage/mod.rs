//! Coverage reports. Adding a format is one file beside this one and one line in [`FORMATS`].

mod clover;
mod cobertura;
mod codecov_json;
mod coverage_py;
mod dotcover;
mod dotnet_coverage;
mod draft;
mod extent;
mod formats;
mod gcov_json;
mod gcov_text;
mod go_profile;
mod istanbul;
mod istanbul_summary;
mod jacoco;
mod json_head;
mod json_values;
mod lcov;
mod llvm_cov;
mod merge;
mod model;
mod number;
mod opencover;
#[cfg(test)]
mod pieces;
mod simplecov;
mod sniff;
mod sources;
mod table;
mod write;

use std::io::{BufRead, Cursor, Read};

pub use formats::{FORMATS, Format, Known};
pub use merge::Others;
pub use model::{
    Block, Branch, BranchKey, Condition, Coverage, FileCoverage, FunctionKey, Ratio, Statement,
    Totals,
};
pub use sniff::looks_like;
pub use table::Table;
pub use write::{EXPORTS, Export};

use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;
use formats::Parse;
use merge::Nothing;
use sniff::Head;

/// How many bytes of a report's beginning [`sniff`] is best given.
pub const SNIFF_BYTES: usize = 64 * 1024;

/// The format with this name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format of a report that begins with `head`, told by header line or root element alone.
pub fn sniff(head: &[u8]) -> Option<&'static Format> {
    let head = Head::of(head);
    FORMATS.iter().find(|format| (format.sniff)(&head))
}

/// Reads a report of the given format.
///
/// # Errors
/// Everything that makes the report no evidence: see [`ReportErrorKind`]. A report without one
/// record is [`ReportErrorKind::Empty`]. Single records that cannot be understood are counted in
/// [`Coverage::skipped`] instead.
pub fn parse(
    format: &Format,
    reader: &mut dyn BufRead,
    limits: Limits,
) -> Result<Coverage, ReportError> {
    parse_beside(format, reader, limits, &mut Nothing)
}

/// The same, and what can be added to `others` at once is not in what is returned. Of a report
/// that cannot be read, too, they may hold something then.
///
/// # Errors
/// Those of [`parse`].
pub fn parse_beside(
    format: &Format,
    reader: &mut dyn BufRead,
    limits: Limits,
    others: &mut dyn Others,
) -> Result<Coverage, ReportError> {
    let head = read_head(reader)?;
    refuse_other_formats(format, &head)?;
    let mut whole = Cursor::new(head).chain(reader);
    let read = match format.parse {
        Parse::Whole(parse) => parse(&mut whole, limits),
        Parse::ByFile(parse) => parse(&mut whole, limits, others),
    };
    let coverage = read?.finish()?;
    if coverage.records == 0 {
        return Err(ReportError::new(
            ReportErrorKind::Empty,
            None,
            format!(
                "no record that carries coverage ({} skipped)",
                coverage.skipped
            ),
            format!("at least one measured line in a {} report", format.name),
        ));
    }
    Ok(coverage)
}

/// The beginning that a format is told by.
pub(crate) fn read_head(reader: &mut dyn BufRead) -> Result<Vec<u8>, ReportError> {
    let mut head = Vec::new();
    reader
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|error| ReportError::unreadable(1, &error))?;
    Ok(head)
}

fn refuse_other_formats(format: &Format, bytes: &[u8]) -> Result<(), ReportError> {
    let head = Head::of(bytes);
    if (format.sniff)(&head) {
        return Ok(());
    }
    let refuse = |kind, found: String| {
        let expected = format!("a {} report", format.name);
        Err(ReportError::new(kind, Some(1), found, expected))
    };
    if head.is_blank() {
        return refuse(ReportErrorKind::Empty, "nothing".into());
    }
    if let Some(name) = sniff::magic(bytes) {
        let kind = match name {
            sniff::UTF_16 => ReportErrorKind::NotUtf8,
            _ => ReportErrorKind::WrongFormat,
        };
        return refuse(kind, format!("what looks like {name}"));
    }
    if head.invalid_at.is_some() {
        return refuse(ReportErrorKind::NotUtf8, "bytes that are not UTF-8".into());
    }
    if head.is_unfinished_xml(bytes.len() < SNIFF_BYTES) {
        let found = "an XML document that ends at its beginning";
        return refuse(ReportErrorKind::Truncated, found.into());
    }
    if head.json.open_ended && bytes.len() < SNIFF_BYTES {
        let found = "a JSON document that ends at its beginning";
        return refuse(ReportErrorKind::Truncated, found.into());
    }
    match looks_like(bytes) {
        Some(name) => refuse(
            ReportErrorKind::WrongFormat,
            format!("what looks like {name}"),
        ),
        None => refuse(
            ReportErrorKind::WrongFormat,
            format!(
                "{}, which begins no known format",
                excerpt(head.first_line())
            ),
        ),
    }
}
