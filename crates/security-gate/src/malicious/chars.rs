//! Characters around an offset, in bytes that need not be UTF-8.

use unicode_script::{Script, UnicodeScript};

/// The character that begins at `at`.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<char> {
    let rest = bytes.get(at..)?;
    let length = match rest.first()? {
        0x00..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    std::str::from_utf8(rest.get(..length)?)
        .ok()?
        .chars()
        .next()
}

/// The character that ends at `end`.
pub(super) fn before(bytes: &[u8], end: usize) -> Option<char> {
    let start = (end.saturating_sub(4)..end)
        .rev()
        .find(|&at| bytes.get(at).is_some_and(|byte| byte & 0xC0 != 0x80))?;
    let text = bytes.get(start..end)?;
    std::str::from_utf8(text).ok()?.chars().next()
}

/// What identifiers are made of.
pub(super) fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Scripts that need joiners, or that mark ends of words with invisible characters because they write no spaces.
pub(super) fn joins(c: char) -> bool {
    !c.is_ascii()
        && !matches!(
            c.script(),
            Script::Latin
                | Script::Greek
                | Script::Cyrillic
                | Script::Common
                | Script::Inherited
                | Script::Unknown
        )
}

/// Pictures, their modifiers, and what is composed with them.
pub(super) fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{FE0F}' | '\u{20E3}' | '\u{A9}' | '\u{AE}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Where a line (1-based) and column (1-based, in characters) are; a byte order mark takes no column.
pub(super) fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let mut newlines = memchr::memchr_iter(b'\n', text);
    let start = match line {
        0 | 1 if text.starts_with(b"\xEF\xBB\xBF") => 3,
        0 | 1 => 0,
        _ => newlines.nth(line - 2).map_or(text.len(), |at| at + 1),
    };
    let rest = &text[start..];
    let starts = rest
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte & 0xC0 != 0x80);
    let at = starts.map(|(at, _)| at).nth(column.saturating_sub(1));
    at.map_or(text.len(), |at| start + at)
}
