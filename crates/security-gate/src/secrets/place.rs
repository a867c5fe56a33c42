//! Byte offsets to lines and columns, in one forward walk.

use std::ops::Range;

use memchr::{memchr_iter, memrchr};

/// Walks forward through a text; asking for offsets in rising order costs one pass in all.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Place<'a> {
    /// From `offset`, which is at this line and column.
    pub(crate) const fn at(bytes: &'a [u8], offset: usize, line: u32, column: u32) -> Self {
        Self {
            bytes,
            offset,
            line,
            column,
        }
    }

    /// Line and column of `offset`, both 1-based, the column in characters; a byte that is not UTF-8 counts as one.
    /// An offset before the last one asked for gives the last answer again.
    pub(crate) fn of(&mut self, offset: usize) -> (u32, u32) {
        let offset = offset.min(self.bytes.len());
        if offset > self.offset {
            let passed = &self.bytes[self.offset..offset];
            let newlines = memchr_iter(b'\n', passed).count();
            let tail = match memrchr(b'\n', passed) {
                Some(at) => {
                    self.line = self.line.saturating_add(narrow(newlines));
                    self.column = 1;
                    &passed[at + 1..]
                }
                None => passed,
            };
            self.column = self.column.saturating_add(narrow(characters(tail)));
            self.offset = offset;
        }
        (self.line, self.column)
    }

    /// Line and column of the first character, and the column behind the last, of what stands on one line.
    pub(super) fn range(&mut self, range: &Range<usize>) -> (u32, u32, u32) {
        let (line, column) = self.of(range.start);
        let (_, end_column) = self.of(range.end);
        (line, column, end_column)
    }
}

/// Characters in `bytes`: UTF-8 where it is, one per byte where it is not.
pub(crate) fn characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
}

/// Saturating conversion for counts that are shown.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::piece::{Origin, Piece};

    fn place(bytes: &[u8]) -> Place<'_> {
        Origin::of(bytes).place(&Piece::whole(bytes))
    }

    #[test]
    fn first_and_last_line_count_from_one() {
        let text = "ab\ncd\r\né€x";
        let mut place = place(text.as_bytes());
        assert_eq!(place.of(0), (1, 1));
        assert_eq!(place.of(3), (2, 1));
        assert_eq!(place.of(7), (3, 1));
        assert_eq!(place.of(12), (3, 3));
        assert_eq!(place.of(99), (3, 4));
    }

    #[test]
    fn latin_1_counts_a_byte_as_a_character() {
        assert_eq!(place(b"\xe9\xe8 x").of(3), (1, 4));
    }

    #[test]
    fn a_byte_order_mark_is_not_a_column() {
        assert_eq!(place(b"\xEF\xBB\xBFx").of(3), (1, 1));
    }
}
