//! Where in the source a link's destination stands: the parser tells only where the whole link stands.

use std::ops::Range;

/// The destination of an inline link or image. `from` is where its text ends, `end` where the whole construct ends.
pub(crate) fn of_inline(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(..end)?;
    let open = memchr::memmem::find(bytes.get(from..)?, b"](")?;
    let start = skip_space(bytes, from + open + 2);
    Some(destination(bytes, start))
}

/// The destination of a definition `[label]: destination`. `span` is the whole definition.
pub(crate) fn of_definition(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(..span.end)?;
    let mut at = span.start + memchr::memchr(b'[', bytes.get(span.start..)?)? + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b']' => break,
            _ => at += 1,
        }
    }
    (bytes.get(at + 1) == Some(&b':')).then(|| destination(bytes, skip_space(bytes, at + 2)))
}

/// Skips blanks and line ends, with the quote marks of the next line.
fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    let mut new_line = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => new_line = true,
            b' ' | b'\t' => {}
            b'>' if new_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// `<anything but a line end>`, or everything up to a blank or an unmatched `)`.
fn destination(bytes: &[u8], start: usize) -> Range<usize> {
    let pointed = bytes.get(start) == Some(&b'<');
    let start = start + usize::from(pointed);
    let mut at = start;
    let mut depth = 0_u32;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'>' if pointed => break,
            b'\n' | b'\r' => break,
            _ if pointed => {}
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            0..=b' ' => break,
            _ => {}
        }
        at += 1;
    }
    start..at.min(bytes.len())
}
