//! What the JSON reports have in common: counts, places, and how much is read.

use super::draft::Draft;
use super::number::{self, Line};
use crate::error::{ReportError, ReportErrorKind};
use crate::json::{Scalar, Value};
use crate::limits::Limits;

/// How many records may still be read.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
    most: u64,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            left: limits.records,
            most: limits.records,
        }
    }

    pub(super) fn spend(&mut self, records: u64) -> Result<(), ReportError> {
        match self.left.checked_sub(records) {
            Some(left) => self.left = left,
            None => {
                return Err(ReportError::new(
                    ReportErrorKind::OverLimit,
                    None,
                    "more records",
                    format!("at most {} records", self.most),
                ));
            }
        }
        Ok(())
    }
}

impl Draft {
    /// Counts a record of a file that was not understood.
    pub(super) fn skip_in(&mut self, path: &str, why: &str) {
        self.skipped += 1;
        self.note(|| format!("{}: skipped {why}", crate::error::excerpt(path)));
    }
}

/// Reads a hit count; `None` is a malformed one. The dirt is that of [`number::hits`]; null is what
/// a writer makes of a count that is no number.
pub(super) fn hits(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Scalar(scalar) => scalar_hits(*scalar),
        Value::List(_) | Value::Object(_) => None,
    }
}

pub(super) fn scalar_hits(scalar: Scalar<'_>) -> Option<u64> {
    match scalar {
        Scalar::Null => Some(0),
        Scalar::Unsigned(count) => Some(number::clamped(count)),
        Scalar::Negative(_) => Some(0),
        Scalar::Float(count) => number::hits(&format!("{count:e}")),
        Scalar::Text(text) => number::hits(text),
        Scalar::Bool(_) => None,
    }
}

/// Reads a line number; `None` is a malformed one.
pub(super) fn line(value: &Value<'_>) -> Option<Line> {
    match value {
        Value::Scalar(scalar) => scalar_line(*scalar),
        Value::List(_) | Value::Object(_) => None,
    }
}

pub(super) fn scalar_line(scalar: Scalar<'_>) -> Option<Line> {
    match scalar {
        Scalar::Null | Scalar::Unsigned(0) => Some(Line::Nowhere),
        Scalar::Unsigned(line) => u32::try_from(line).ok().map(Line::At),
        Scalar::Text(text) => number::line(text),
        Scalar::Bool(_) | Scalar::Negative(_) | Scalar::Float(_) => None,
    }
}

/// A number that fits; anything else is `None`.
pub(super) fn small(scalar: Scalar<'_>) -> Option<u32> {
    match scalar {
        Scalar::Unsigned(number) => u32::try_from(number).ok(),
        _ => None,
    }
}
