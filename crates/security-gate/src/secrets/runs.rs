//! Runs of text that stand for other text: base64, hexadecimal digits, percent codes. Nearly all that has their characters is something
//! else (names, paths, digests, pictures), so a run is decoded only where its first bytes come out as text.

use std::borrow::Cow;
use std::ops::Range;

use super::codec::{decode_base64, decode_hex, percent_decoded};
use super::text::as_text;

/// The shortest run: 24 bytes in base64, 16 in digits. Wherever it begins, it covers a block.
const MIN: usize = 32;
const BLOCK: usize = MIN / 2;
const HALF: usize = BLOCK / 2;
/// The longest: decoded it is at most so many bytes. No text that people or programs put into a string is longer.
const MAX: usize = 16 << 20;
/// Bytes of a run by which it is told whether it is text.
const HEAD: usize = 24;
/// Between two lines of a run stand fewer bytes.
const GAP: usize = 256;
/// Percent codes of a run, at least.
const MIN_CODES: usize = 2;

/// How text was put into other text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Encoding {
    Base64,
    Hex,
    Percent,
}

impl Encoding {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hexadecimal digits",
            Self::Percent => "percent codes",
        }
    }

    fn decode(self, run: &[u8]) -> Option<Vec<u8>> {
        match self {
            // One digit too many is no part of it.
            Self::Base64 => decode_base64(&run[..run.len() - usize::from(run.len() % 4 == 1)]),
            Self::Hex => decode_hex(run),
            // A plus is a space in forms, which then write no other.
            Self::Percent if memchr::memmem::find(run, b"%20").is_none() => {
                let spaced: Vec<u8> = run
                    .iter()
                    .map(|&byte| if byte == b'+' { b' ' } else { byte })
                    .collect();
                Some(percent_decoded(&spaced))
            }
            Self::Percent => Some(percent_decoded(run)),
        }
    }
}

/// A run in the text around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) range: Range<usize>,
    /// Where its first line ends.
    pub(super) line_end: usize,
    pub(super) encoding: Encoding,
}

/// What is said of all runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Runs {
    /// None is too long to be decoded.
    pub(super) complete: bool,
    /// Where the first one starts that may go on behind the end.
    pub(super) open: Option<usize>,
}

/// Hands every run that is text to `visit`, decoded, until that says stop; in order of position but for percent codes, which come last.
/// Where `bytes` are cut, a run that reaches their end is not handed. Linear in the size of `bytes`.
pub(super) fn runs(bytes: &[u8], is_cut: bool, mut visit: impl FnMut(&Run, &[u8]) -> bool) -> Runs {
    let mut runs = Runs {
        complete: true,
        open: None,
    };
    let mut hand = |run: Run, encoded: &[u8]| {
        let start = run.range.start;
        if is_cut && run.range.end + GAP >= bytes.len() {
            runs.open = Some(runs.open.map_or(start, |first: usize| first.min(start)));
            return true;
        }
        if encoded.len() > MAX {
            runs.complete = false;
            return true;
        }
        let decoded = run.encoding.decode(encoded);
        decoded.is_none_or(|decoded| visit(&run, &as_text(&decoded)))
    };
    if digits(bytes, &mut hand) {
        percent(bytes, &mut hand);
    }
    runs
}

/// Runs of base64 and hexadecimal digits; `false` if the visitor stopped.
fn digits(bytes: &[u8], hand: &mut impl FnMut(Run, &[u8]) -> bool) -> bool {
    let mut done = 0;
    // A run that is long enough has a whole block of them and half a one beside it; most blocks are seen at once to be no part of one.
    for (block, whole) in bytes.as_chunks::<BLOCK>().0.iter().enumerate() {
        if !may_be_digits(whole) || !are_digits(whole) {
            continue;
        }
        let at = block * BLOCK;
        let beside = [
            bytes[..at].last_chunk::<HALF>(),
            bytes[at + BLOCK..].first_chunk(),
        ];
        if at < done || !beside.into_iter().flatten().any(are_digits) {
            continue;
        }
        let before = bytes[done..at].iter().rev();
        let start = at - before.take_while(|&&byte| is_digit(byte)).count();
        let end = at + run_of_digits(&bytes[at..]);
        done = end;
        let start = start + escape(bytes, start);
        if end - start < MIN {
            continue;
        }
        let Some(encoding) = encoding_of(&bytes[start..end]) else {
            continue;
        };
        let (lines, tail) = lines(bytes, start..end);
        let mut encoded = Cow::Borrowed(&bytes[start..end]);
        let line_end = end;
        let run = |end| Run {
            range: start..end,
            line_end,
            encoding,
        };
        for line in &lines[1..] {
            encoded.to_mut().extend_from_slice(&bytes[line.clone()]);
            done = line.end;
        }
        if !hand(run(done), &encoded) {
            return false;
        }
        // A shorter line may be the last of them or the next thing; both are tried.
        if let Some(tail) = tail {
            encoded.to_mut().extend_from_slice(&bytes[tail.clone()]);
            if !hand(run(tail.end), &encoded) {
                return false;
            }
        }
    }
    true
}

/// The lines of a run whose first is `first`, and one that may be its last: equally long, white space or an escaped line end between them.
fn lines(bytes: &[u8], first: Range<usize>) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    let width = first.len();
    let mut lines = vec![first];
    if !width.is_multiple_of(4) {
        return (lines, None);
    }
    loop {
        let end = lines[lines.len() - 1].end;
        let Some(start) = line_break(&bytes[end..]).map(|length| end + length) else {
            return (lines, None);
        };
        let next = start..start + run_of_digits(&bytes[start..]);
        if next.is_empty() || next.len() > width {
            return (lines, None);
        }
        if next.len() < width {
            return (lines, Some(next));
        }
        lines.push(next);
    }
}

/// Length of a line end and the indentation behind it; in a string it is written as an escape.
fn line_break(bytes: &[u8]) -> Option<usize> {
    for escaped in [b"\\n".as_slice(), b"\\r\\n"] {
        if bytes.starts_with(escaped) {
            return Some(escaped.len());
        }
    }
    let rest = bytes
        .strip_prefix(b"\r")
        .unwrap_or(bytes)
        .strip_prefix(b"\n")?;
    let indent = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    Some(bytes.len() - rest.len() + indent)
}

/// Runs of percent codes and what needs none; a plus may be a space.
fn percent(bytes: &[u8], hand: &mut impl FnMut(Run, &[u8]) -> bool) -> bool {
    let mut done = 0;
    for at in memchr::memchr_iter(b'%', bytes) {
        if at < done || !is_code(&bytes[at..]) {
            continue;
        }
        let before = bytes[done..at].iter().rev();
        let start = at - before.take_while(|&&byte| is_unreserved(byte)).count();
        let start = start + escape(bytes, start);
        let (mut end, mut codes) = (at, 0);
        while let Some(&byte) = bytes.get(end) {
            if is_code(&bytes[end..]) {
                (end, codes) = (end + 3, codes + 1);
            } else if is_unreserved(byte) {
                end += 1;
            } else {
                break;
            }
        }
        done = end;
        let run = Run {
            range: start..end,
            line_end: end,
            encoding: Encoding::Percent,
        };
        let encoded = &bytes[start..end];
        let head = &encoded[..encoded.len().min(2 * HEAD)];
        let is_long = codes >= MIN_CODES && encoded.len() >= MIN;
        if is_long && is_text(&percent_decoded(head)) && !hand(run, encoded) {
            return false;
        }
    }
    true
}

/// Length of what `at` begins with and that is no part of a run: the letter of `\n`, the digits of `%3D`, the mark of a number (`0x`).
fn escape(bytes: &[u8], at: usize) -> usize {
    match (&bytes[..at], &bytes[at..]) {
        ([.., b'\\'], [b'n' | b'r' | b't', ..]) => 1,
        ([.., b'%'], [first, second, ..])
            if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() =>
        {
            2
        }
        (_, [b'0', b'x', ..]) => 2,
        _ => 0,
    }
}

/// What the first bytes of a run come out as text by.
fn encoding_of(run: &[u8]) -> Option<Encoding> {
    let head = run.get(..HEAD).unwrap_or(&run[..run.len() & !3]);
    let is = |encoding: &Encoding| encoding.decode(head).is_some_and(|text| is_text(&text));
    [Encoding::Hex, Encoding::Base64].into_iter().find(is)
}

/// Whether these first bytes are those of a text; a character may be cut at the end.
fn is_text(head: &[u8]) -> bool {
    let text = as_text(head);
    let is_utf8 =
        std::str::from_utf8(&text).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8
        && !text
            .iter()
            .any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
}

/// One for a digit of either alphabet of base64; hexadecimal digits are among them. Without a branch, so that a block is one step.
const fn digit(byte: u8) -> u8 {
    (((byte | 0x20).wrapping_sub(b'a') < 26) as u8)
        | ((byte.wrapping_sub(b'0') < 10) as u8)
        | ((byte == b'+') as u8)
        | ((byte == b'/') as u8)
        | ((byte == b'-') as u8)
        | ((byte == b'_') as u8)
}

fn are_digits<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(1, |all, &byte| all & digit(byte)) == 1
}

/// Whether none is below the first digit or above the last: the quicker question, and most blocks have a blank.
fn may_be_digits(bytes: &[u8; BLOCK]) -> bool {
    let is_beside = |byte: u8| byte.wrapping_sub(b'+') > b'z' - b'+';
    !bytes.iter().fold(false, |any, &byte| any | is_beside(byte))
}

const fn is_digit(byte: u8) -> bool {
    digit(byte) == 1
}

fn run_of_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| is_digit(byte)).count()
}

fn is_code(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
}

/// What stands for itself among percent codes (RFC 3986, section 2.3), and what forms leave as it is.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+!*".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::super::codec::encode_base64;
    use super::*;

    #[test]
    fn a_run_is_found_wherever_it_begins_and_none_that_is_shorter() {
        for (lead, shorter) in (0..3 * MIN).flat_map(|lead| (0..3).map(move |by| (lead, by))) {
            let mut coded = encode_base64(&b"what an honest text says"[..]);
            coded.truncate(MIN - shorter);
            let text = [" ".repeat(lead), coded, ".".repeat(lead)].concat();
            let mut ranges = Vec::new();
            let all = runs(text.as_bytes(), false, |run, _| {
                ranges.push(run.range.clone());
                true
            });
            assert!(all.complete);
            let run = lead..lead + MIN;
            assert_eq!(ranges, Vec::from_iter((shorter == 0).then_some(run)));
        }
    }
}
