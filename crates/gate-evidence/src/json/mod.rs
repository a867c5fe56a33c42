//! JSON that is read while it streams by. What a format wants of a document it asks for by walking
//! it: each value comes once, containers are entered or left alone, and what is left alone is
//! passed over. So no more is kept than the format keeps.

mod input;
mod stream;

use std::io::{self, BufRead, BufReader};

use serde::de::DeserializeSeed as _;
use serde_json::error::Category;

use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;
use input::Input;
use stream::{Seed, State};

/// One value of a document.
pub(crate) enum Value<'v> {
    Scalar(Scalar<'v>),
    List(Items<'v>),
    Object(Items<'v>),
}

/// A value that holds no others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar<'v> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Negative(i64),
    Float(f64),
    Text(&'v str),
}

/// Why reading stops: what the caller found, or what the parser did, which it keeps itself.
pub(crate) enum Stop {
    Report(ReportError),
    Parser,
}

pub(crate) type Taken = Result<(), Stop>;

/// The members of a list or an object.
pub(crate) struct Items<'v>(&'v mut dyn Source);

trait Source {
    /// Hands over the next member; whether there was one.
    fn next(&mut self, take: &mut Take<'_>) -> Result<bool, Stop>;
}

/// Takes a member: its key, empty in a list, and its value.
type Take<'t> = dyn FnMut(&str, Value<'_>) -> Taken + 't;

impl From<ReportError> for Stop {
    fn from(error: ReportError) -> Self {
        Self::Report(error)
    }
}

impl Value<'_> {
    /// Takes each member of an object in turn.
    pub(crate) fn entries(self, mut take: impl FnMut(&str, Value<'_>) -> Taken) -> Taken {
        match self {
            Self::Object(items) => items.each(&mut take),
            other => Err(other.unexpected("an object")),
        }
    }

    /// Takes each member of a list in turn.
    pub(crate) fn items(self, mut take: impl FnMut(Value<'_>) -> Taken) -> Taken {
        match self {
            Self::List(items) => items.each(&mut |_, value| take(value)),
            other => Err(other.unexpected("a list")),
        }
    }

    /// The first members of a list of scalars; those that are absent, text or containers are null.
    pub(crate) fn row<const N: usize>(self) -> Result<[Scalar<'static>; N], Stop> {
        let mut row = [Scalar::Null; N];
        let mut at = 0;
        self.items(|value| {
            if let (Some(cell), Value::Scalar(scalar)) = (row.get_mut(at), value) {
                *cell = scalar.without_text();
            }
            at += 1;
            Ok(())
        })?;
        Ok(row)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(Scalar::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(Scalar::Null))
    }

    fn unexpected(&self, expected: &str) -> Stop {
        let found = match self {
            Self::Scalar(Scalar::Null) => "null",
            Self::Scalar(Scalar::Bool(_)) => "a boolean",
            Self::Scalar(Scalar::Text(_)) => "a string",
            Self::Scalar(_) => "a number",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        };
        ReportError::new(ReportErrorKind::Malformed, None, found, expected).into()
    }
}

impl Scalar<'_> {
    pub(crate) fn without_text(self) -> Scalar<'static> {
        match self {
            Self::Null | Self::Text(_) => Scalar::Null,
            Self::Bool(value) => Scalar::Bool(value),
            Self::Unsigned(value) => Scalar::Unsigned(value),
            Self::Negative(value) => Scalar::Negative(value),
            Self::Float(value) => Scalar::Float(value),
        }
    }
}

impl Items<'_> {
    fn each(self, take: &mut Take<'_>) -> Taken {
        while self.0.next(take)? {}
        Ok(())
    }
}

/// Reads one document, or with `many` one after another, and gives each to `take`.
pub(crate) fn read(
    reader: &mut dyn BufRead,
    limits: Limits,
    many: bool,
    mut take: impl FnMut(Value<'_>) -> Taken,
) -> Result<(), ReportError> {
    let state = State::default();
    let input = BufReader::with_capacity(64 * 1024, Input::new(reader, limits));
    let mut json = serde_json::Deserializer::from_reader(input);
    loop {
        let seed = Seed {
            key: "",
            take: &mut |_, value| take(value),
            state: &state,
        };
        let mut read = seed.deserialize(&mut json);
        if read.is_ok() {
            match json.end() {
                Err(error) if !(many && error.is_syntax()) => read = Err(error),
                Err(_) => continue,
                Ok(()) => return Ok(()),
            }
        }
        if let Err(error) = read {
            return Err(report_error(error, state.failed.into_inner()));
        }
    }
}

fn report_error(error: serde_json::Error, failed: Option<ReportError>) -> ReportError {
    let (line, column) = (error.line() as u64, error.column() as u64);
    if let Some(mut failed) = failed {
        if failed.line.is_none() && line > 0 {
            (failed.line, failed.column) = (Some(line), Some(column));
        }
        return failed;
    }
    let at = (line > 0).then_some(line);
    let kind = match error.classify() {
        Category::Io => {
            return match io::Error::from(error).downcast::<ReportError>() {
                Ok(report) => report,
                Err(error) => ReportError::unreadable(line.max(1), &error),
            };
        }
        Category::Eof => ReportErrorKind::Truncated,
        Category::Syntax | Category::Data => {
            let why = error.to_string();
            if why.starts_with("recursion limit") {
                ReportErrorKind::OverLimit
            } else {
                ReportErrorKind::Malformed
            }
        }
    };
    let (found, expected) = match kind {
        ReportErrorKind::Truncated => ("the end of the file".into(), "the rest of the document"),
        ReportErrorKind::OverLimit => ("deeper nesting".into(), "fewer levels"),
        _ => {
            let why = error.to_string();
            let place = format!(" at line {line} column {column}");
            (
                format!("{} in", excerpt(why.trim_end_matches(&place))),
                "JSON",
            )
        }
    };
    ReportError::new(kind, at, found, expected).at_column(column)
}
