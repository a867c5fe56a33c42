use thiserror::Error;

/// Why a report is no evidence. The caller knows the file's name and puts it in front.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}found {found}, expected {expected}", position(*.line, *.column))]
pub struct ReportError {
    /// The kind of defect.
    pub kind: ReportErrorKind,
    /// Line, counted from 1, where known.
    pub line: Option<u64>,
    /// Column in bytes, counted from 1, where known.
    pub column: Option<u64>,
    /// What was there; safe to print (one line, bounded, control characters escaped).
    pub found: String,
    /// What should have been there.
    pub expected: String,
}

/// The kinds of defect that make a report unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportErrorKind {
    /// No bytes, or no record that carries coverage.
    Empty,
    /// The report ends before it is complete.
    Truncated,
    /// Another format than the one asked for, or none that is known.
    WrongFormat,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// More than a field of [`crate::Limits`] allows.
    OverLimit,
    /// A DOCTYPE that declares entities.
    EntityDeclaration,
    /// The structure of the report is broken.
    Malformed,
    /// The reader failed.
    Unreadable,
}

impl ReportErrorKind {
    /// The kind as a stable `snake_case` code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "report_empty",
            Self::Truncated => "report_truncated",
            Self::WrongFormat => "report_wrong_format",
            Self::NotUtf8 => "report_not_utf8",
            Self::OverLimit => "report_over_limit",
            Self::EntityDeclaration => "report_entity_declaration",
            Self::Malformed => "report_malformed",
            Self::Unreadable => "report_unreadable",
        }
    }

    /// What a person should do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Empty => {
                "check that the tests ran with coverage switched on and that the report is written after them"
            }
            Self::Truncated => {
                "let the tool that writes the report finish, and check that the disk or artifact did not cut it off"
            }
            Self::WrongFormat => {
                "point `reports` at a coverage report in one of the supported formats"
            }
            Self::NotUtf8 => "write the report as UTF-8",
            Self::OverLimit => {
                "split the report, or leave generated and third-party files out of it"
            }
            Self::EntityDeclaration => "write the report without entity declarations",
            Self::Malformed => "write the report again with the coverage tool",
            Self::Unreadable => "check that the file can be read",
        }
    }
}

impl ReportError {
    pub(crate) fn new(
        kind: ReportErrorKind,
        line: Option<u64>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            line,
            column: None,
            found: found.into(),
            expected: expected.into(),
        }
    }

    pub(crate) fn at_column(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }

    pub(crate) fn unreadable(line: u64, error: &std::io::Error) -> Self {
        Self::new(
            ReportErrorKind::Unreadable,
            Some(line),
            format!("a read error ({error})"),
            "readable bytes",
        )
    }

    pub(crate) fn over_limit(line: u64, found: impl Into<String>, expected: String) -> Self {
        Self::new(ReportErrorKind::OverLimit, Some(line), found, expected)
    }
}

/// Fails once more was read than is allowed.
pub(crate) fn within(count: u64, most: u64, what: &str, line: u64) -> Result<(), ReportError> {
    if count <= most {
        return Ok(());
    }
    let expected = format!("at most {most} {what}");
    Err(ReportError::over_limit(
        line,
        format!("more {what}"),
        expected,
    ))
}

fn position(line: Option<u64>, column: Option<u64>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    }
}

/// A piece of input made safe for a message: one line, at most 60 characters, control characters escaped.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX: usize = 60;
    let mut out = String::from("`");
    out.extend(text.chars().take(MAX).flat_map(char::escape_debug));
    if text.chars().nth(MAX).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_names_place_found_and_expected() {
        let error = ReportError::new(ReportErrorKind::NotUtf8, Some(3), "byte 0xe9", "UTF-8");
        assert_eq!(error.to_string(), "line 3: found byte 0xe9, expected UTF-8");
        assert_eq!(
            error.at_column(7).to_string(),
            "line 3, column 7: found byte 0xe9, expected UTF-8"
        );
    }

    #[test]
    fn excerpts_are_one_bounded_line() {
        assert_eq!(excerpt("a\u{1b}[31m\nb"), "`a\\u{1b}[31m\\nb`");
        assert_eq!(excerpt(&"x".repeat(1000)).chars().count(), 63);
    }
}
