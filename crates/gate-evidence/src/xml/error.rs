//! From the errors of the XML reader to those of a report.

use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};

use super::meter::{Meter, Stop};
use crate::error::{ReportError, ReportErrorKind, excerpt};

/// Why reading stopped in a node.
pub(super) fn stopped(meter: &mut Meter<'_>, error: &XmlError) -> ReportError {
    let (line, end) = (meter.window.line(), meter.window.end_line());
    match meter.stop() {
        Some(Stop::Total) => ReportError::over_limit(
            end,
            "more input",
            format!("at most {} bytes", meter.limits.bytes),
        ),
        Some(Stop::Node) => ReportError::over_limit(
            line,
            "a longer tag, comment or text",
            format!("at most {} bytes", meter.limits.line_bytes),
        ),
        Some(Stop::NotAscii(line, encoding)) => ReportError::new(
            ReportErrorKind::NotUtf8,
            Some(line),
            format!("characters outside of ASCII in a document that says it is in {encoding}"),
            "UTF-8",
        ),
        None => explain(error, line, end),
    }
}

fn explain(error: &XmlError, start: u64, end: u64) -> ReportError {
    match error {
        // every syntax error of the reader is markup that the input ends in, except one
        XmlError::Syntax(SyntaxError::InvalidBangMarkup) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            "`<!` that opens nothing known",
            "a comment, CDATA or DOCTYPE",
        ),
        XmlError::Syntax(_) => truncated(end),
        XmlError::IllFormed(IllFormedError::UnclosedReference) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            "a reference that is not closed",
            "`&name;`",
        ),
        XmlError::IllFormed(error) => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            excerpt(&error.to_string()),
            "well-formed XML",
        ),
        XmlError::Encoding(_) => ReportError::new(
            ReportErrorKind::NotUtf8,
            Some(start),
            "bytes that are not UTF-8",
            "UTF-8",
        ),
        XmlError::Io(error) => ReportError::unreadable(start, error),
        other => ReportError::new(
            ReportErrorKind::Malformed,
            Some(start),
            excerpt(&other.to_string()),
            "well-formed XML",
        ),
    }
}

pub(super) fn truncated(line: u64) -> ReportError {
    ReportError::new(
        ReportErrorKind::Truncated,
        Some(line),
        "the end of the input inside an element",
        "every element closed",
    )
}
