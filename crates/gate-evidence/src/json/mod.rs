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
            let why = excerpt(why.trim_end_matches(&place));
            (format!("broken JSON ({why})"), "a sound document")
        }
    };
    ReportError::new(kind, at, found, expected).at_column(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(value: Value<'_>, entered: &mut u32) -> Taken {
        match value {
            Value::Object(_) => value.entries(|_, value| walk(value, entered)),
            Value::List(_) => value.items(|value| walk(value, entered)),
            Value::Scalar(_) => {
                *entered += 1;
                Ok(())
            }
        }
    }

    fn reads(text: &str, take: impl FnMut(Value<'_>) -> Taken) -> Result<(), ReportError> {
        read(&mut text.as_bytes(), Limits::default(), false, take)
    }

    #[test]
    fn what_is_entered_and_what_is_left_alone_is_read_to_its_end() {
        let text =
            r#"{"a": [1, [2, {"b": 3}]], "c": {"d": "e", "f": [null, true, -1, 2.5]}, "g": 4}"#;
        let mut all = 0;
        assert_eq!(reads(text, |value| walk(value, &mut all)), Ok(()));
        assert_eq!(all, 9);
        assert_eq!(reads(text, |_| Ok(())), Ok(()));
        let mut keys = Vec::new();
        let found = reads(text, |value| {
            value.entries(|key, value| {
                keys.push(key.to_owned());
                // the second member of a list is looked at, the rest of it is not
                match key {
                    "a" => value.items(|value| match value {
                        Value::List(_) => value
                            .row::<1>()
                            .map(|row| assert_eq!(row, [Scalar::Unsigned(2)])),
                        _ => Ok(()),
                    }),
                    _ => Ok(()),
                }
            })
        });
        assert_eq!((found, keys.concat().as_str()), (Ok(()), "acg"));
    }

    #[test]
    fn all_that_the_parser_refuses_is_refused_whatever_is_entered() {
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{a:1}",
            "[01]",
            "nul",
            "\"a",
            "[1] 2",
            "{\"a\":1,}",
            "[\"\\x\"]",
            "[1e999]",
        ] {
            let mut count = 0;
            let entered = reads(text, |value| walk(value, &mut count));
            assert!(entered.is_err(), "{text}");
            if text != "[1e999]" && text != "[\"\\x\"]" {
                assert!(reads(text, |_| Ok(())).is_err(), "{text}");
            }
            // an error that a caller drops is one all the same
            let dropped = reads(text, |value| {
                let _ = value.items(|_| Ok(()));
                Ok(())
            });
            assert!(
                dropped.is_err() || text.starts_with("[\"") || text == "[1e999]",
                "{text}"
            );
        }
    }

    #[test]
    fn errors_have_a_place() {
        let error = reads("[1,\n  {\"a\": null}]", |value| {
            value.items(|value| match value {
                Value::Object(_) => value.entries(|_, value| value.items(|_| Ok(()))),
                _ => Ok(()),
            })
        });
        let error = error.unwrap_err();
        assert_eq!(
            (error.kind, error.line),
            (ReportErrorKind::Malformed, Some(2))
        );
        assert_eq!(error.found, "null");
        let error = reads("[1,\n 2 3]", |_| Ok(())).unwrap_err();
        assert_eq!(
            (error.kind, error.line, error.column),
            (ReportErrorKind::Malformed, Some(2), Some(4))
        );
        assert!(
            error
                .to_string()
                .contains("broken JSON (`expected `,` or `]``)"),
            "{error}"
        );
        let error = reads("[1,\n 2", |_| Ok(())).unwrap_err();
        assert_eq!(
            (error.kind, error.line),
            (ReportErrorKind::Truncated, Some(2))
        );
    }

    #[test]
    fn several_documents_where_they_are_asked_for() {
        let text = "{\"a\": 1}\n{\"a\": 2}[3]\n";
        assert_eq!(reads(text, |_| Ok(())).unwrap_err().line, Some(2));
        let mut documents = 0;
        let found = read(&mut text.as_bytes(), Limits::default(), true, |_| {
            documents += 1;
            Ok(())
        });
        assert_eq!((found, documents), (Ok(()), 3));
        let broken = read(&mut "{}\n{} x".as_bytes(), Limits::default(), true, |_| {
            Ok(())
        });
        assert_eq!(broken.unwrap_err().kind, ReportErrorKind::Malformed);
    }
}
