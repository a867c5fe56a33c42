//! A place in the text, and the terminals of the grammar.

use std::ops::Range;

/// The longest name that a message shows, in characters.
const SHOWN: usize = 40;

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Byte offset in the decoded text.
    pub(super) at: usize,
    pub(super) message: String,
    /// Offset of the start tag whose line ends the message; never after `at`.
    pub(super) opened: Option<usize>,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            opened: None,
        }
    }
}

/// What a message shows of `name`: its beginning, on one line.
pub(super) fn shorten(name: &str) -> String {
    let mut characters = name.chars();
    let shown = characters.by_ref().take(SHOWN);
    let mut short: String = shown
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// `S` of the grammar, one character of it.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// `NameStartChar` of the fifth edition.
pub(crate) fn starts_name(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
        | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
        | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// `NameChar` of the fifth edition.
pub(crate) fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Goes forward only.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// Byte offset in the text.
    pub(super) at: usize,
}

impl<'t> Cursor<'t> {
    /// Nothing after the end of `range` is seen.
    pub(super) fn new(text: &'t str, range: Range<usize>) -> Self {
        Self {
            text: text.get(..range.end).unwrap_or(text),
            at: range.start,
        }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over `token` if it stands here.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Passes over white space; whether there was some.
    pub(super) fn space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(is_space).len();
        self.at += length;
        length > 0
    }

    pub(super) fn name(&mut self, what: &str) -> Result<&'t str, Fault> {
        let rest = self.rest();
        if !rest.starts_with(starts_name) {
            return Err(self.expected(what));
        }
        let end = rest.find(|c| !continues_name(c)).unwrap_or(rest.len());
        self.at += end;
        Ok(rest.get(..end).unwrap_or_default())
    }

    /// What stands between two quotes, and where.
    pub(super) fn quoted(&mut self, what: &str) -> Result<Range<usize>, Fault> {
        let quote = match self.peek() {
            Some('"') => b'"',
            Some('\'') => b'\'',
            _ => return Err(self.expected(&format!("{what} in quotes"))),
        };
        let start = self.at + 1;
        let inside = self.text.as_bytes().get(start..).unwrap_or_default();
        let Some(length) = memchr::memchr(quote, inside) else {
            let message = format!(
                "found {what} without an end, expected `{}`",
                char::from(quote)
            );
            return Err(Fault::new(self.at, message));
        };
        self.at = start + length + 1;
        Ok(start..start + length)
    }

    pub(super) fn need(&mut self, token: &str) -> Result<(), Fault> {
        if self.eat(token) {
            return Ok(());
        }
        Err(self.expected(&format!("`{token}`")))
    }

    pub(super) fn need_space(&mut self, before: &str) -> Result<(), Fault> {
        if self.space() {
            return Ok(());
        }
        Err(self.expected(&format!("white space before {before}")))
    }

    pub(super) fn expected(&self, what: &str) -> Fault {
        let found = match self.peek() {
            Some(c) if is_space(c) => "white space".to_owned(),
            Some(c) if c.is_control() => format!("U+{:04X}", u32::from(c)),
            Some(c) => format!("`{c}`"),
            None => "the end".to_owned(),
        };
        Fault::new(self.at, format!("found {found}, expected {what}"))
    }
}
