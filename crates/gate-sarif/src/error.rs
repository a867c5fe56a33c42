use thiserror::Error;

/// Why a file is no SARIF evidence. The caller knows the file's name and puts it in front.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}found {found}, expected {expected}", position(*.line, *.column))]
pub struct SarifError {
    /// The kind of defect.
    pub kind: SarifErrorKind,
    /// Line, counted from 1, where known.
    pub line: Option<usize>,
    /// Column, counted from 1, where known.
    pub column: Option<usize>,
    /// What was there; safe to print.
    pub found: String,
    /// What should have been there.
    pub expected: String,
}

/// The kinds of defect that make a file unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SarifErrorKind {
    /// Nothing but white space.
    Empty,
    /// JSON that ends early.
    Truncated,
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    NotText,
    /// Text that is not JSON.
    NotJson,
    /// JSON, but of another tool or format.
    WrongFormat,
    /// SARIF of a version other than 2.1.
    WrongVersion,
    /// SARIF 2.1.0 in which a property has the wrong type.
    Malformed,
}

impl SarifErrorKind {
    /// The kind as a stable `snake_case` code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "sarif_empty",
            Self::Truncated => "sarif_truncated",
            Self::NotText => "sarif_not_text",
            Self::NotJson => "sarif_not_json",
            Self::WrongFormat => "sarif_wrong_format",
            Self::WrongVersion => "sarif_wrong_version",
            Self::Malformed => "sarif_malformed",
        }
    }

    /// What a person should do about it.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Empty | Self::Truncated => {
                "let the scanner finish and check that the disk or artifact did not cut the file off"
            }
            Self::NotText => "write the file as UTF-8",
            Self::NotJson | Self::WrongFormat => "make the scanner write SARIF 2.1.0",
            Self::WrongVersion => "make the scanner write SARIF 2.1.0, or convert the file",
            Self::Malformed => "update the scanner, or correct the property",
        }
    }
}

impl SarifError {
    pub(crate) fn new(
        kind: SarifErrorKind,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            line: None,
            column: None,
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// Takes over the position and words of a JSON error.
    pub(crate) fn json(kind: SarifErrorKind, error: &serde_json::Error, expected: &str) -> Self {
        let text = error.to_string();
        // the words end in " at line L column C", which is said in front
        let words = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(words, _)| words);
        Self {
            line: Some(error.line()),
            column: Some(error.column()),
            ..Self::new(kind, excerpt(words), expected)
        }
    }
}

fn position(line: Option<usize>, column: Option<usize>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        (None, _) => String::new(),
    }
}

/// A piece of input made safe for a message: one line, bounded, control characters escaped.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX: usize = 100;
    let mut out: String = text
        .chars()
        .take(MAX)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(MAX).is_some() {
        out.push('…');
    }
    out
}
