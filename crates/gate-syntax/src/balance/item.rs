//! Elements of HTML that begin a list item: `- <details>`.

use super::names;
use super::tag::{Form, Found};

/// Most bytes that are looked at before a tag and behind it.
const MAX_LOOK: usize = 256;

/// Whether the tag opens an element of HTML as the first thing of a list item, and what follows is its content. A list of elements
/// (`- <div>`, one below the other) has none.
pub(super) fn begins(text: &str, found: &Found<'_>) -> bool {
    if found.form != Form::Opens || !names::is_html(found.name) {
        return false;
    }
    let bytes = text.as_bytes();
    let (before, after) = (&bytes[..found.span.start], &bytes[found.span.end..]);
    let Some((above, line)) = line_before(before) else {
        return false;
    };
    let Some((indent, b"")) = mark(line) else {
        return false;
    };
    // Deeper is code, unless a list goes on.
    if indent >= 4 && line_before(above).is_none_or(|(_, line)| mark(line).is_none()) {
        return false;
    }
    let rest = &after[..after.len().min(MAX_LOOK)];
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
    let alone = rest.iter().position(|byte| !blank(byte));
    match alone.map(|at| &rest[at..]) {
        Some([b'<', ..]) => alone == Some(0),
        Some([b'\n', below @ ..]) => is_content(below, indent),
        _ => false,
    }
}

/// Whether the first line with text lies deeper than the mark of the item. What follows at once and is an item is its sibling in an
/// outline.
fn is_content(below: &[u8], indent: usize) -> bool {
    for (at, line) in below.split(|byte| *byte == b'\n').enumerate() {
        let (width, content) = indented(line);
        if !content.trim_ascii().is_empty() {
            return width > indent && (at > 0 || mark(line).is_none());
        }
    }
    false
}

/// The line that text ends in, without its line break, and what stands above it; `None` where it is long.
fn line_before(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let from = text.len().saturating_sub(MAX_LOOK);
    match memchr::memrchr(b'\n', &text[from..]) {
        Some(at) => Some((&text[..=from + at], &text[from + at + 1..])),
        None => (from == 0).then_some((&[][..], text)),
    }
}

/// The width before the mark of the last list item that the line begins with, and what stands behind its mark.
fn mark(line: &[u8]) -> Option<(usize, &[u8])> {
    let mut found = None;
    let mut column = 0;
    let mut rest = line;
    loop {
        let (width, content) = indented(rest);
        column += width;
        let digits = content.iter().take_while(|byte| byte.is_ascii_digit());
        let length = match (digits.count(), content) {
            (0, [b'-' | b'*' | b'+', ..]) => 1,
            (digits @ 1..=9, _) if matches!(content.get(digits), Some(b'.' | b')')) => digits + 1,
            _ => return found.map(|indent| (indent, content)),
        };
        let behind = &content[length..];
        if !matches!(behind, [b' ' | b'\t', ..]) {
            return found.map(|indent| (indent, content));
        }
        found = Some(column);
        column += length;
        rest = behind;
    }
}

/// How wide the blanks and quote marks before the text are, and the text.
fn indented(line: &[u8]) -> (usize, &[u8]) {
    let blank = line
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'));
    let count = blank.count();
    let (blank, content) = line.split_at(count);
    let width = blank.iter().fold(0, |width, byte| match byte {
        b'\t' => width + 4 - width % 4,
        _ => width + 1,
    });
    (width, content)
}
