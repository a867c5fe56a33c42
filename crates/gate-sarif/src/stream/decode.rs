//! Bytes to UTF-8 while they are read: without byte order mark, UTF-16 as UTF-8.

use std::io::{self, Read};

const BLOCK: usize = 64 * 1024;

/// The text of a file as UTF-8: a byte order mark is left out, UTF-16 (with a mark, or plainly JSON) is transcribed.
///
/// # Errors
/// What the reader says; UTF-16 with a broken pair is `InvalidData` when it is reached.
pub fn text_of<R: Read>(mut reader: R) -> io::Result<impl Read> {
    let mut head = [0; 3];
    let mut known = 0;
    while known < head.len() {
        match reader.read(head.get_mut(known..).unwrap_or_default())? {
            0 => break,
            read => known += read,
        }
    }
    let head = head.get(..known).unwrap_or_default().to_vec();
    let (order, rest) = match head.as_slice() {
        [0xef, 0xbb, 0xbf] => (None, &[][..]),
        [0xff, 0xfe, rest @ ..] => (Some(u16::from_le_bytes as fn([u8; 2]) -> u16), rest),
        [0xfe, 0xff, rest @ ..] => (Some(u16::from_be_bytes as fn([u8; 2]) -> u16), rest),
        // JSON begins with ASCII (RFC 4627, section 3).
        [1..=0x7f, 0, ..] => (Some(u16::from_le_bytes as _), head.as_slice()),
        [0, 1..=0x7f, ..] => (Some(u16::from_be_bytes as _), head.as_slice()),
        _ => (None, head.as_slice()),
    };
    let bytes = io::Cursor::new(rest.to_vec()).chain(reader);
    Ok(match order {
        None => Text::Plain(bytes),
        Some(unit) => Text::Wide(Wide {
            bytes,
            unit,
            high: None,
            ready: Vec::new(),
            at: 0,
        }),
    })
}

enum Text<R> {
    Plain(R),
    Wide(Wide<R>),
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(bytes) => bytes.read(out),
            Self::Wide(wide) => wide.read(out),
        }
    }
}

struct Wide<R> {
    bytes: R,
    unit: fn([u8; 2]) -> u16,
    /// The first half of a pair whose second half is in the next block.
    high: Option<u16>,
    ready: Vec<u8>,
    at: usize,
}

impl<R: Read> Wide<R> {
    fn fill(&mut self) -> io::Result<()> {
        let mut block = Vec::with_capacity(BLOCK);
        (&mut self.bytes)
            .take(BLOCK as u64)
            .read_to_end(&mut block)?;
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "broken UTF-16");
        let (pairs, odd) = block.as_chunks::<2>();
        // Blocks are even, so only the end of the file can be odd.
        if !odd.is_empty() {
            return Err(broken());
        }
        let ends = pairs.len() * 2 < BLOCK;
        let mut units: Vec<u16> = self.high.take().into_iter().collect();
        units.extend(pairs.iter().map(|&pair| (self.unit)(pair)));
        if !ends
            && units
                .last()
                .is_some_and(|last| (0xd800..0xdc00).contains(last))
        {
            self.high = units.pop();
        }
        self.ready.clear();
        self.at = 0;
        for character in char::decode_utf16(units) {
            let character = character.map_err(|_| broken())?;
            self.ready
                .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }
}

impl<R: Read> Read for Wide<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.fill()?;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let count = rest.len().min(out.len());
        for (to, from) in out.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut out = String::new();
        text_of(bytes)?.read_to_string(&mut out)?;
        Ok(out)
    }

    #[test]
    fn every_encoding_becomes_utf_8() {
        let long = format!("{{\"a\":\"{}\"}}", "é😀x".repeat(40_000));
        for sample in ["{}", "{\"é\":\"😀\"}", "", "1", &long] {
            let wide = |unit: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
                let mark = mark.then_some(0xfeff);
                let units = mark.into_iter().chain(sample.encode_utf16());
                units.flat_map(unit).collect()
            };
            assert_eq!(text(sample.as_bytes()).expect("UTF-8"), sample);
            assert_eq!(
                text(format!("\u{feff}{sample}").as_bytes()).expect("a mark"),
                sample
            );
            assert_eq!(text(&wide(u16::to_le_bytes, true)).expect("LE"), sample);
            assert_eq!(text(&wide(u16::to_be_bytes, true)).expect("BE"), sample);
            assert_eq!(text(&wide(u16::to_le_bytes, false)).expect("plain"), sample);
            assert_eq!(text(&wide(u16::to_be_bytes, false)).expect("plain"), sample);
        }
    }

    #[test]
    fn broken_utf_16_is_said() {
        for bytes in [
            &b"\xff\xfe{"[..],
            b"\xff\xfe{\0\x00\xd8",
            b"\xfe\xff\xdc\x00\0}",
        ] {
            assert!(text(bytes).is_err(), "{bytes:?}");
        }
    }
}
