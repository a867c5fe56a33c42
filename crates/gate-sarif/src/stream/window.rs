//! What the walk has of the log in memory: from the mark to what was read last.

use std::io::{self, Read};

use super::skip::{self, MAX_DEPTH, Skip, Skipped};
use super::walk::{Done, Level, Piece, Walk};
use super::{Position, WalkError};
use crate::error::{SarifError, SarifErrorKind, excerpt};

pub(super) const BLOCK: usize = 256 * 1024;
/// The text of one result, or of one key; longer is refused, since it has to be in memory.
const MAX_ELEMENT: usize = 64 * 1024 * 1024;
/// What is outside of results is handed on when it is so long.
const HAND_ON: usize = 1024 * 1024;

impl<R: Read, E, F: FnMut(Piece<'_>) -> Result<(), E>> Walk<R, F> {
    /// Passes a value that nobody wants to see.
    pub(super) fn value(&mut self) -> Done<E> {
        self.next()?;
        self.skip()
    }

    /// Passes a value and keeps its text: from the mark.
    pub(super) fn element(&mut self) -> Result<(usize, usize), WalkError<E>> {
        self.next()?;
        self.keeps = true;
        let before = self.at - self.mark;
        self.skip()?;
        Ok((self.mark + before, self.at))
    }

    pub(super) fn skip(&mut self) -> Done<E> {
        let mut state = Skip::Start;
        loop {
            let piece = self.bytes.get(self.at..self.filled).unwrap_or_default();
            match state.feed(piece) {
                Skipped::Ends(end) => {
                    self.at += end;
                    return Ok(());
                }
                Skipped::Broken(_) if state == Skip::Start => {
                    return Err(self.unexpected("a value"));
                }
                Skipped::Broken(at) => {
                    self.at += at;
                    let found =
                        format!("more than {MAX_DEPTH} objects and lists within one another");
                    return Err(self.broken(SarifErrorKind::Malformed, found, "fewer"));
                }
                Skipped::GoesOn => {
                    self.at = self.filled;
                    if !self.more()? {
                        return match state {
                            Skip::Scalar => Ok(()),
                            _ => Err(self.unexpected("the rest of the file")),
                        };
                    }
                }
            }
        }
    }

    /// The next byte that is no white space.
    pub(super) fn next(&mut self) -> Result<Option<u8>, WalkError<E>> {
        loop {
            let piece = self.bytes.get(self.at..self.filled).unwrap_or_default();
            self.at += skip::after_blanks(piece, 0);
            if self.at < self.filled {
                return Ok(self.bytes.get(self.at).copied());
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Reads on; `false` at the end of the file.
    pub(super) fn more(&mut self) -> Result<bool, WalkError<E>> {
        if !self.keeps && self.at - self.mark >= HAND_ON {
            self.hand_on()?;
        }
        if self.at - self.mark > MAX_ELEMENT {
            let found = format!("a value of more than {MAX_ELEMENT} bytes");
            return Err(self.broken(SarifErrorKind::Malformed, found, "a shorter one"));
        }
        self.settle();
        self.known.0 = 0;
        self.bytes.copy_within(self.mark..self.filled, 0);
        self.at -= self.mark;
        self.filled -= self.mark;
        self.mark = 0;
        if self.bytes.len() - self.filled < BLOCK {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        let room = self.bytes.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome.map_err(WalkError::Io)?,
            }
        };
        self.filled += read;
        self.ended = read == 0;
        Ok(read > 0)
    }

    /// Hands on the text behind the mark.
    pub(super) fn hand_on(&mut self) -> Done<E> {
        let text = self.bytes.get(self.mark..self.at).unwrap_or_default();
        let piece = match self.level {
            Level::Log => Piece::Log(text),
            Level::Run => Piece::RunText(text),
        };
        (self.each)(piece).map_err(WalkError::Stopped)?;
        self.mark = self.at;
        Ok(())
    }

    pub(super) fn tell(&mut self, piece: Piece<'_>) -> Done<E> {
        (self.each)(piece).map_err(WalkError::Stopped)
    }

    /// Counts the lines up to the mark, so that they need not be counted again.
    pub(super) fn settle(&mut self) {
        self.known = (self.mark, self.position(self.mark));
    }

    /// The position of a place of `bytes` that is not before the mark.
    pub(super) fn position(&self, at: usize) -> Position {
        let (from, position) = self.known;
        position.behind(self.bytes.get(from..at).unwrap_or_default())
    }

    pub(super) fn text(&self, start: usize, end: usize) -> Result<&str, WalkError<E>> {
        text(&self.bytes, start, end).map_err(|at| self.no_text(at))
    }

    pub(super) fn no_text(&self, at: usize) -> WalkError<E> {
        let byte = self.bytes.get(at).copied().unwrap_or_default();
        WalkError::Sarif(SarifError {
            kind: SarifErrorKind::NotText,
            found: format!("byte 0x{byte:02x}"),
            ..self.error_at(at, "UTF-8, or UTF-16 with a byte order mark")
        })
    }

    pub(super) fn malformed(&self, found: &str, expected: &str) -> WalkError<E> {
        if self.ended && self.at == self.filled {
            return self.unexpected(expected);
        }
        self.broken(SarifErrorKind::Malformed, found, expected)
    }

    pub(super) fn unexpected(&self, expected: &str) -> WalkError<E> {
        let rest = self.bytes.get(self.at..self.filled).unwrap_or_default();
        if rest.is_empty() {
            return self.broken(SarifErrorKind::Truncated, "the end of the file", expected);
        }
        let some = String::from_utf8_lossy(rest.get(..rest.len().min(8)).unwrap_or_default());
        let found = format!("`{}`", excerpt(&some));
        self.broken(SarifErrorKind::NotJson, found, expected)
    }

    pub(super) fn broken(
        &self,
        kind: SarifErrorKind,
        found: impl Into<String>,
        expected: &str,
    ) -> WalkError<E> {
        WalkError::Sarif(SarifError {
            kind,
            found: found.into(),
            ..self.error_at(self.at, expected)
        })
    }

    pub(super) fn error_at(&self, at: usize, expected: &str) -> SarifError {
        let position = self.position(at);
        let number = |number: u64| usize::try_from(number).ok();
        SarifError {
            line: number(position.line),
            column: number(position.column),
            ..SarifError::new(SarifErrorKind::Malformed, "", expected)
        }
    }
}

/// A part of the bytes as text; or the place of the first byte that is none.
pub(super) fn text(bytes: &[u8], start: usize, end: usize) -> Result<&str, usize> {
    let part = bytes.get(start..end).unwrap_or_default();
    std::str::from_utf8(part).map_err(|error| start + error.valid_up_to())
}
