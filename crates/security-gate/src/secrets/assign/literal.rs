//! Literals of strings, and what stands before them.

use std::ops::Range;

use super::parse::VALUE;

/// Passes what stands before a literal: `b"`, `Some("`, `@"`.
pub(super) fn wrapper(bytes: &[u8], at: &mut usize) {
    for before in [
        &b"Some("[..],
        b"new String(",
        b"String(",
        b"[]byte(",
        b"SecureString(",
        b"b",
        b"r",
        b"u",
        b"f",
        b"L",
        b"@",
        b"$",
        b"[",
    ] {
        let rest = &bytes[*at..];
        if rest.starts_with(before) && matches!(rest.get(before.len()), Some(b'"' | b'\'')) {
            *at += before.len();
            return;
        }
    }
}

/// The inside of a literal that begins here, and where it ends.
pub(super) fn quoted_value(bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let rest = &bytes[at..bytes.len().min(at + VALUE + 4)];
    let (quote, open): (&[u8], usize) = match rest {
        [b'\\', b'"', ..] => (b"\\\"", 2),
        [b'\\', b'\'', ..] => (b"\\'", 2),
        [b'"', b'"', b'"', ..] => (b"\"\"\"", 3),
        [b'"', ..] => (b"\"", 1),
        [b'\'', ..] => (b"'", 1),
        [b'`', ..] => (b"`", 1),
        _ => return None,
    };
    let mut end = open;
    while end < rest.len() {
        if rest[end..].starts_with(quote) {
            let value = at + open..at + end;
            return (!value.is_empty()).then_some((value, at + end + quote.len()));
        }
        match rest[end] {
            b'\n' => return None,
            b'\\' if open == 1 => end += 2,
            _ => end += 1,
        }
    }
    None
}
