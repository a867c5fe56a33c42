//! Reports that are stored as UTF-16, as PowerShell redirects output.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

/// How UTF-16 begins: with a byte order mark, or with the `<` of XML. The number is that of the
/// bytes that are no text.
const BEGINNINGS: [([u8; 2], Order, usize); 4] = [
    ([0xff, 0xfe], u16::from_le_bytes, 2),
    ([0xfe, 0xff], u16::from_be_bytes, 2),
    ([b'<', 0], u16::from_le_bytes, 0),
    ([0, b'<'], u16::from_be_bytes, 0),
];

type Order = fn([u8; 2]) -> u16;

/// The text behind `reader` as UTF-8, where it begins like UTF-16.
pub(crate) fn decoded<'r>(mut reader: Box<dyn BufRead + 'r>) -> io::Result<Box<dyn BufRead + 'r>> {
    let head = reader.fill_buf()?;
    let is_utf32 = head.starts_with(&[0xff, 0xfe, 0, 0]);
    let found = BEGINNINGS
        .iter()
        .find(|(begin, ..)| head.starts_with(begin) && !is_utf32);
    let Some(&(_, order, mark)) = found else {
        return Ok(reader);
    };
    reader.consume(mark);
    let decoder = Decoder {
        reader,
        order,
        rest: Vec::new(),
        text: String::new(),
        given: 0,
    };
    Ok(Box::new(BufReader::with_capacity(64 * 1024, decoder)))
}

struct Decoder<'r> {
    reader: Box<dyn BufRead + 'r>,
    order: Order,
    /// Bytes of a character that goes on in the next piece.
    rest: Vec<u8>,
    text: String,
    /// Bytes of the text given out.
    given: usize,
}

impl Decoder<'_> {
    /// Decodes the next piece; at the end it is empty.
    fn refill(&mut self) -> io::Result<()> {
        const PIECE: usize = 32 * 1024;
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() {
            let chunk = self.reader.fill_buf()?;
            let taken = chunk.len().min(PIECE);
            if taken == 0 && self.rest.is_empty() {
                return Ok(());
            }
            self.rest.extend_from_slice(&chunk[..taken]);
            self.reader.consume(taken);
            let (pairs, _) = self.rest.as_chunks::<2>();
            let mut units: Vec<u16> = pairs.iter().map(|pair| (self.order)(*pair)).collect();
            // the first half of a pair waits for the second, unless there is none
            if taken > 0
                && units
                    .last()
                    .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
            {
                units.pop();
            }
            self.rest.drain(..units.len() * 2);
            for character in char::decode_utf16(units) {
                let character = character.map_err(|_| broken())?;
                self.text.push(character);
            }
            if taken == 0 && !self.rest.is_empty() {
                return Err(broken());
            }
        }
        Ok(())
    }
}

fn broken() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "UTF-16 with half a character")
}

impl Read for Decoder<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.refill()?;
        }
        let rest = &self.text.as_bytes()[self.given..];
        let taken = rest.len().min(out.len());
        out[..taken].copy_from_slice(&rest[..taken]);
        self.given += taken;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    /// Reads it in pieces of this many bytes.
    fn text(bytes: &[u8], piece: usize) -> io::Result<String> {
        let mut text = String::new();
        let reader = Box::new(BufReader::with_capacity(piece, bytes));
        decoded(reader)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn both_orders_are_decoded_in_pieces_of_any_size() {
        let report = format!("<a>{}\u{1f600}é</a>", "x".repeat(40_000));
        for piece in [2, 3, 5, 4096] {
            for mark in ["\u{feff}", ""] {
                let marked = format!("{mark}{report}");
                for order in [u16::to_le_bytes, u16::to_be_bytes] {
                    assert_eq!(text(&encoded(&marked, order), piece).unwrap(), report);
                }
            }
        }
    }

    #[test]
    fn all_else_is_itself_and_half_a_character_is_an_error() {
        for bytes in [&b"<a/>"[..], b"SF:a\n", b""] {
            assert_eq!(text(bytes, 64).unwrap().as_bytes(), bytes);
        }
        let utf32 = [0xff, 0xfe, 0, 0, b'<', 0, 0, 0];
        assert_eq!(text(&utf32, 64).unwrap_err().kind(), ErrorKind::InvalidData);
        let whole = encoded("<a/>", u16::to_le_bytes);
        assert!(text(&whole[..whole.len() - 1], 64).is_err());
        for unit in [0xd83d_u16, 0xde00] {
            let lone = [whole.clone(), unit.to_le_bytes().to_vec()].concat();
            assert!(text(&lone, 64).is_err());
        }
    }
}
