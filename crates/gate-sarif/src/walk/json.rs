//! The little of JSON that a walk over raw text needs: where a value ends, what an object holds.
//!
//! Nothing is decoded that need not be: numbers, white space and unknown parts stay as bytes.

use std::borrow::Cow;

use crate::stream::skip::{after_blanks, text_end};

/// A byte range of the text.
pub(crate) type Span = (usize, usize);

/// Text that is no JSON of the kind that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The byte at which it shows.
    pub(crate) at: usize,
    /// What was expected there.
    pub(crate) expected: &'static str,
}

#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    pub(crate) const fn broken<T>(&self, expected: &'static str) -> Result<T, Broken> {
        Err(Broken {
            at: self.at,
            expected,
        })
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The next byte that is not white space, not taken.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.at = after_blanks(self.bytes(), self.at);
        self.bytes().get(self.at).copied()
    }

    /// Takes `byte` if it comes next.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes a string and gives its range without the quotes.
    pub(crate) fn string(&mut self) -> Result<Span, Broken> {
        if !self.take(b'"') {
            return self.broken("a string");
        }
        let start = self.at;
        let Some(end) = text_end(self.bytes(), start) else {
            self.at = self.text.len();
            return self.broken("the end of a string");
        };
        self.at = end;
        Ok((start, end - 1))
    }

    /// Takes a key and its colon.
    pub(crate) fn key(&mut self) -> Result<Span, Broken> {
        let key = self.string()?;
        if self.take(b':') {
            Ok(key)
        } else {
            self.broken("a colon")
        }
    }

    /// Takes what stands between two entries: true if there is another one.
    pub(crate) fn next(&mut self, close: u8) -> Result<bool, Broken> {
        if self.take(b',') {
            Ok(true)
        } else if self.take(close) {
            Ok(false)
        } else {
            self.broken("a comma or the end of the object or array")
        }
    }

    /// Takes any value without looking into it.
    pub(crate) fn skip(&mut self) -> Result<Span, Broken> {
        let Some(first) = self.peek() else {
            return self.broken("a value");
        };
        let start = self.at;
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.container()?,
            _ => self.scalar()?,
        }
        Ok((start, self.at))
    }

    /// As deep as it may be: what reads on has its own bounds.
    fn container(&mut self) -> Result<(), Broken> {
        let bytes = self.bytes();
        let mut depth = 0usize;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    let Some(end) = text_end(bytes, self.at) else {
                        self.at = bytes.len();
                        return self.broken("the end of a string");
                    };
                    self.at = end;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
        self.broken("the end of an object or array")
    }

    fn scalar(&mut self) -> Result<(), Broken> {
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        let end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
        let length = rest.iter().position(end).unwrap_or(rest.len());
        if length == 0 || rest[..length].iter().any(|byte| b"{[\":".contains(byte)) {
            return self.broken("a value");
        }
        self.at += length;
        Ok(())
    }
}

/// A key between its quotes, with escapes resolved where there are any.
pub(crate) fn unescaped(inner: &str) -> Cow<'_, str> {
    decoded(inner).unwrap_or(Cow::Borrowed(inner))
}

/// Nothing for a lone surrogate, which has no text.
fn decoded(inner: &str) -> Option<Cow<'_, str>> {
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(&format!("\"{inner}\""))
        .ok()
        .map(Cow::Owned)
}

/// A string as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text of a value that is a string.
pub(crate) fn string_of(text: &str, span: Span) -> Option<Cow<'_, str>> {
    let raw = text.get(span.0..span.1)?;
    decoded(raw.strip_prefix('"')?.strip_suffix('"')?)
}

/// What an object holds, in order; nothing for any other value.
pub(crate) fn fields(text: &str, span: Span) -> Result<Vec<(Cow<'_, str>, Span)>, Broken> {
    let mut cursor = Cursor::new(text, span.0);
    let mut out = Vec::new();
    if !cursor.take(b'{') || cursor.take(b'}') {
        return Ok(out);
    }
    loop {
        let key = cursor.key()?;
        out.push((unescaped(&text[key.0..key.1]), cursor.skip()?));
        if !cursor.next(b'}')? {
            return Ok(out);
        }
    }
}

/// What an array holds, in order; nothing for any other value.
pub(crate) fn items(text: &str, span: Span) -> Result<Vec<Span>, Broken> {
    let mut cursor = Cursor::new(text, span.0);
    let mut out = Vec::new();
    if !cursor.take(b'[') || cursor.take(b']') {
        return Ok(out);
    }
    loop {
        out.push(cursor.skip()?);
        if !cursor.next(b']')? {
            return Ok(out);
        }
    }
}

/// The array index that a value stands for: a whole number, however it is written.
///
/// Negative numbers (SARIF writes -1 for "none"), strings and null are no index.
pub(crate) fn index_of(raw: &str) -> Option<usize> {
    if raw.bytes().all(|byte| byte.is_ascii_digit()) {
        // too long for a number is certainly beyond the end of any array
        return (!raw.is_empty()).then(|| raw.parse().unwrap_or(usize::MAX));
    }
    if !raw.bytes().next()?.is_ascii_digit() {
        return None;
    }
    let number: f64 = raw.parse().ok()?;
    // up to 2^32 every whole number is exact, and no array is longer
    if number.fract() != 0.0 {
        return None;
    }
    if number > f64::from(u32::MAX) {
        return Some(usize::MAX);
    }
    format!("{number:.0}").parse().ok()
}
