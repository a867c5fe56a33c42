//! JSON that is read while it streams by. What a format wants of a document it asks for by walking
//! it: each value comes once, containers are entered or left alone, and what is left alone is
//! passed over. So no more is kept than the format keeps.

mod input;

use std::cell::RefCell;
use std::fmt;
use std::io::{self, BufRead, BufReader};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::error::{ReportError, ReportErrorKind, excerpt};
use crate::limits::Limits;
use input::Input;

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
    let failed = RefCell::new(None);
    let input = BufReader::with_capacity(64 * 1024, Input::new(reader, limits));
    let mut json = serde_json::Deserializer::from_reader(input);
    loop {
        let seed = Seed {
            key: "",
            take: &mut |_, value| take(value),
            failed: &failed,
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
            return Err(report_error(error, failed.into_inner()));
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

/// Where a value goes that is about to be parsed.
struct Seed<'s, 't> {
    key: &'s str,
    take: &'s mut Take<'t>,
    failed: &'s RefCell<Option<ReportError>>,
}

impl Seed<'_, '_> {
    fn give<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<(), E> {
        (self.take)(self.key, Value::Scalar(scalar)).map_err(|stop| keep(self.failed, stop))
    }
}

/// Keeps what the caller found beside the parser, whose errors can only hold text.
fn keep<E: serde::de::Error>(failed: &RefCell<Option<ReportError>>, stop: Stop) -> E {
    if let Stop::Report(report) = stop {
        failed.replace(Some(report));
    }
    E::custom("stopped")
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.give(Scalar::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.give(Scalar::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.give(Scalar::Unsigned(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.give(Scalar::Negative(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.give(Scalar::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.give(Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut list = List {
            access,
            failed: self.failed,
            error: None,
            done: false,
        };
        let taken = (self.take)(self.key, Value::List(Items(&mut list)));
        if let Some(error) = list.error {
            return Err(error);
        }
        taken.map_err(|stop| keep(self.failed, stop))?;
        while !list.done && list.access.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut object = Object {
            access,
            key: String::new(),
            failed: self.failed,
            error: None,
            done: false,
        };
        let taken = (self.take)(self.key, Value::Object(Items(&mut object)));
        if let Some(error) = object.error {
            return Err(error);
        }
        taken.map_err(|stop| keep(self.failed, stop))?;
        while !object.done
            && object
                .access
                .next_entry::<IgnoredAny, IgnoredAny>()?
                .is_some()
        {}
        Ok(())
    }
}

struct List<'s, A, E> {
    access: A,
    failed: &'s RefCell<Option<ReportError>>,
    error: Option<E>,
    done: bool,
}

impl<'de, A: SeqAccess<'de>> Source for List<'_, A, A::Error> {
    fn next(&mut self, take: &mut Take<'_>) -> Result<bool, Stop> {
        let seed = Seed {
            key: "",
            take,
            failed: self.failed,
        };
        match self.access.next_element_seed(seed) {
            Ok(member) => {
                self.done = member.is_none();
                Ok(!self.done)
            }
            Err(error) => {
                self.error = Some(error);
                Err(Stop::Parser)
            }
        }
    }
}

struct Object<'s, A, E> {
    access: A,
    key: String,
    failed: &'s RefCell<Option<ReportError>>,
    error: Option<E>,
    done: bool,
}

impl<'de, A: MapAccess<'de>> Source for Object<'_, A, A::Error> {
    fn next(&mut self, take: &mut Take<'_>) -> Result<bool, Stop> {
        let result = match self.access.next_key_seed(Key(&mut self.key)) {
            Ok(Some(())) => {
                let seed = Seed {
                    key: &self.key,
                    take,
                    failed: self.failed,
                };
                self.access.next_value_seed(seed).map(|()| true)
            }
            Ok(None) => {
                self.done = true;
                Ok(false)
            }
            Err(error) => Err(error),
        };
        result.map_err(|error| {
            self.error = Some(error);
            Stop::Parser
        })
    }
}

/// A key, written over the one before it.
struct Key<'k>(&'k mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(value);
        Ok(())
    }
}
