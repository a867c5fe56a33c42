//! Tags that hold nothing but numbers, as one writer writes them all: `<line nr="3" ci="1"/>`.
//! Most of a report is made of them, and comparing bytes is all it takes to read them. What is
//! written in any other way is left to the XML reader.

use std::io::BufRead;

use super::Xml;

impl Xml<'_> {
    /// The numbers of the element that comes next, if it is empty and its tag exactly these pieces
    /// with a number behind each but the last. It is passed over then: no node tells of it.
    pub(crate) fn numbers<const N: usize>(
        &mut self,
        pieces: &[&str; N],
        close: &str,
    ) -> Option<[u32; N]> {
        if !self.waits || self.end_due || !(1..self.limits.depth).contains(&self.depth) {
            return None;
        }
        let blanks = self.reader.config().trim_text_start;
        let meter = self.reader.get_mut();
        meter.begin();
        let (tag, before) = meter.ahead(blanks)?;
        let (numbers, length) = numbers(tag, pieces, close)?;
        let length = before + length;
        if length > self.limits.line_bytes {
            return None;
        }
        self.reader.stream().consume(length);
        Some(numbers)
    }
}

/// The numbers behind the pieces that `bytes` begin with, and how long it all is with `close`.
fn numbers<const N: usize>(
    bytes: &[u8],
    pieces: &[&str; N],
    close: &str,
) -> Option<([u32; N], usize)> {
    let mut rest = bytes;
    let mut numbers = [0; N];
    for (number, piece) in numbers.iter_mut().zip(pieces) {
        (*number, rest) = number_of(rest.strip_prefix(piece.as_bytes())?)?;
    }
    rest = rest.strip_prefix(close.as_bytes())?;
    Some((numbers, bytes.len() - rest.len()))
}

/// A number and what is behind it, if it has so few digits that it fits.
fn number_of(bytes: &[u8]) -> Option<(u32, &[u8])> {
    const MOST: usize = 9;
    let (mut number, mut count) = (0, 0);
    while let Some(digit @ b'0'..=b'9') = bytes.get(count) {
        if count == MOST {
            return None;
        }
        number = number * 10 + u32::from(digit - b'0');
        count += 1;
    }
    (count > 0).then(|| (number, &bytes[count..]))
}
