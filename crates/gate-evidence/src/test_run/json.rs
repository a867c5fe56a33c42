//! JSON read as a stream: lists of which one element is held at a time, bounded lists, and errors.

use std::fmt;
use std::io::{self, BufRead, Read};
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor,
};

use super::model::Detail;
use super::text;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;

/// Reads the one object that is the document. Where a limit stopped the visitor, `stopped` says which.
pub(super) fn object<V: for<'de> Visitor<'de, Value = ()>>(
    reader: &mut dyn BufRead,
    limits: Limits,
    visitor: V,
) -> Result<(), ReportError> {
    let mut metered = Metered {
        inner: reader,
        left: limits.bytes,
        over: false,
    };
    metered
        .skip_mark()
        .map_err(|error| ReportError::unreadable(1, &error))?;
    let mut json = serde_json::Deserializer::from_reader(&mut metered);
    let read = json.deserialize_map(visitor).and_then(|()| json.end());
    drop(json);
    read.map_err(|error| {
        if metered.over {
            let expected = format!("at most {} bytes", limits.bytes);
            return ReportError::over_limit(error.line() as u64, "more input", expected);
        }
        explain(&error)
    })
}

pub(super) fn explain(error: &serde_json::Error) -> ReportError {
    use serde_json::error::Category;
    let line = Some(error.line() as u64);
    match error.classify() {
        Category::Eof => ReportError::new(
            ReportErrorKind::Truncated,
            line,
            "the end of the input inside of a value",
            "every value closed",
        ),
        Category::Io => ReportError::new(
            ReportErrorKind::Unreadable,
            line,
            format!("a read error ({error})"),
            "readable bytes",
        ),
        Category::Syntax if error.to_string().starts_with("invalid unicode") => ReportError::new(
            ReportErrorKind::NotUtf8,
            line,
            "bytes that are not UTF-8",
            "UTF-8",
        ),
        Category::Syntax | Category::Data => ReportError::new(
            ReportErrorKind::Malformed,
            line,
            excerpt(&error.to_string()),
            "JSON as the tool writes it",
        ),
    }
    .at_column(error.column() as u64)
}

/// Hands the elements of a list over, one by one.
pub(super) struct Each<T, F>(pub(super) F, PhantomData<T>);

pub(super) fn each<T, F: FnMut(T) -> Result<(), ReportError>>(take: F) -> Each<T, F> {
    Each(take, PhantomData)
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), ReportError>> DeserializeSeed<'de>
    for Each<T, F>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), ReportError>> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            (self.0)(element).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// A list, or null, of no more than so many elements.
#[derive(Debug)]
pub(super) struct Few<T, const MOST: usize>(pub(super) Vec<T>);

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Few<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = Self::default();
        let push = |element| {
            list.0.push(element);
            within(list.0.len() as u64, MOST as u64, "elements of a list", 0)
        };
        deserializer.deserialize_any(Nullable(each::<T, _>(push)))?;
        Ok(list)
    }
}

struct Nullable<V>(V);

impl<'de, V: Visitor<'de, Value = ()>> Visitor<'de> for Nullable<V> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(to)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.visit_seq(list)
    }
}

/// What a failure says: a text, or the first of a list of them; anything else says nothing.
#[derive(Debug, Default)]
pub(super) struct Failure(pub(super) Detail);

impl<'de> Deserialize<'de> for Failure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FailureVisitor).map(Self)
    }
}

struct FailureVisitor;

impl<'de> Visitor<'de> for FailureVisitor {
    type Value = Detail;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a text, or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Detail, E> {
        Ok(text::detail(None, text, None))
    }

    fn visit_unit<E>(self) -> Result<Detail, E> {
        Ok(Detail::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Detail, A::Error> {
        let first = list.next_element::<Failure>()?.unwrap_or_default();
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.0)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Detail, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Detail::default())
    }
}

struct Metered<'r> {
    inner: &'r mut dyn BufRead,
    left: u64,
    over: bool,
}

impl Metered<'_> {
    fn skip_mark(&mut self) -> io::Result<()> {
        if self.inner.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.inner.consume(3);
        }
        Ok(())
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.over = read as u64 > self.left;
        self.left = self.left.saturating_sub(read as u64);
        if self.over {
            Err(io::Error::other("over a limit"))
        } else {
            Ok(read)
        }
    }
}
