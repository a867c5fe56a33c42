//! One tag from `<` to `>`, attributes included.

use std::ops::Range;

use super::names;

/// Most `<` inside of the attribute values of one tag. A bound, so that a quote without an end costs no more than the way to the 17th `<`.
const MAX_ANGLES: usize = 16;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `<name>`
    Opens,
    /// `</name>`
    Closes,
    /// `<name/>`
    Empty,
}

/// How the attributes of a tag are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attributes {
    /// There are none.
    None,
    /// Each has a value, or it is a tag of HTML.
    Valued,
    /// Some have no value, which only HTML knows: `<your key here>`.
    Loose,
}

/// A tag as it is written.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) name: &'t str,
    pub(super) span: Range<usize>,
    pub(super) form: Form,
    pub(super) attributes: Attributes,
}

/// The tag at `start`, if there is one.
pub(super) fn read_tag(text: &str, start: usize) -> Option<Found<'_>> {
    let bytes = text.as_bytes();
    let closes = bytes.get(start + 1) == Some(&b'/');
    let name_start = start + 1 + usize::from(closes);
    if !is_name_start(*bytes.get(name_start)?) {
        return None;
    }
    let name_end = skip(bytes, name_start, is_name);
    let name = text.get(name_start..name_end)?;
    if name.ends_with([':', '.']) {
        return None;
    }
    let mut found = Found {
        name,
        span: start..name_end,
        form: if closes { Form::Closes } else { Form::Opens },
        attributes: Attributes::None,
    };
    let mut angles = 0;
    let mut at = name_end;
    loop {
        let spaced = skip_space(bytes, at)?;
        match bytes.get(spaced)? {
            b'>' => {
                found.span.end = spaced + 1;
                return Some(found);
            }
            b'/' if !closes && bytes.get(spaced + 1) == Some(&b'>') => {
                found.span.end = spaced + 2;
                found.form = Form::Empty;
                return Some(found);
            }
            _ if closes || spaced == at => return None,
            _ => {}
        }
        let (end, has_value) = attribute(bytes, spaced, &mut angles)?;
        let is_fine = has_value || names::is_html(name);
        found.attributes = match found.attributes {
            Attributes::None | Attributes::Valued if is_fine => Attributes::Valued,
            _ => Attributes::Loose,
        };
        at = end;
    }
}

/// The end of the attribute at `at`, and whether it has a value.
fn attribute(bytes: &[u8], at: usize, angles: &mut usize) -> Option<(usize, bool)> {
    let first = *bytes.get(at)?;
    if !(is_name_start(first) || matches!(first, b'@' | b':' | b'#' | b'*' | b'[' | b'(')) {
        return None;
    }
    let end = skip(bytes, at + 1, |byte| {
        is_name(byte) || matches!(byte, b'@' | b'#' | b'*' | b'[' | b']' | b'(' | b')')
    });
    let equals = skip_space(bytes, end)?;
    if bytes.get(equals) != Some(&b'=') {
        return Some((end, false));
    }
    let value = skip_space(bytes, equals + 1)?;
    let quote = *bytes.get(value)?;
    let mut at = value;
    if !matches!(quote, b'"' | b'\'') {
        at = skip(bytes, value, |byte| {
            !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'<' | b'"' | b'\'' | b'`')
        });
        return (at > value).then_some((at, true));
    }
    loop {
        at += 1;
        match *bytes.get(at)? {
            byte if byte == quote => return Some((at + 1, true)),
            b'<' => *angles += 1,
            b'\n' if matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) => return None,
            _ => {}
        }
        if *angles > MAX_ANGLES {
            return None;
        }
    }
}

/// Past white space; a blank line ends a tag.
fn skip_space(bytes: &[u8], at: usize) -> Option<usize> {
    let end = skip(bytes, at, |byte| byte.is_ascii_whitespace());
    let breaks = bytes.get(at..end)?.iter().filter(|&&byte| byte == b'\n');
    (breaks.count() < 2).then_some(end)
}

fn skip(bytes: &[u8], mut at: usize, pass: impl Fn(u8) -> bool) -> usize {
    while bytes.get(at).is_some_and(|&byte| pass(byte)) {
        at += 1;
    }
    at
}

pub(super) fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}
