//! A part of a text that is searched at once: all of it, or of a large file one piece after the other.

use std::ops::Range;

use super::place::Place;

/// What is searched at once.
#[derive(Debug)]
pub(crate) struct Piece<'a> {
    /// Its own part, and what stands around it.
    pub(crate) bytes: &'a [u8],
    /// What begins here is found in this piece and in no other.
    pub(crate) own: Range<usize>,
    /// Nothing follows `bytes`.
    pub(crate) is_last: bool,
}

impl<'a> Piece<'a> {
    pub(crate) const fn whole(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            own: 0..bytes.len(),
            is_last: true,
        }
    }
}

/// Line and column at which the own part of the next piece begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    line: u32,
    column: u32,
    /// Bytes of the file that are no character of its first line.
    mark: usize,
}

impl Origin {
    /// The beginning of a file that starts with `start`.
    pub(crate) fn of(start: &[u8]) -> Self {
        // A byte order mark is no character of the first line.
        let mark = if start.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Self {
            line: 1,
            column: 1,
            mark,
        }
    }

    pub(crate) fn place<'a>(&self, piece: &Piece<'a>) -> Place<'a> {
        Place::at(
            piece.bytes,
            piece.own.start + self.mark,
            self.line,
            self.column,
        )
    }

    /// Goes on behind the own part of `piece`.
    pub(crate) fn pass(&mut self, piece: &Piece<'_>) {
        if !piece.is_last {
            (self.line, self.column) = self.place(piece).of(piece.own.end);
            self.mark = 0;
        }
    }
}
