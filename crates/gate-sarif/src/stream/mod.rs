//! A log of any length, read from a reader: its outline in memory, its results one after the other.

mod decode;
mod outline;
pub(crate) mod skip;
mod stretch;
mod walk;
mod window;

pub use decode::text_of;
pub use outline::{Hollow, Outline, RunOutline, outline};
pub use stretch::{Element, Stretch, elements};
pub use walk::{Piece, walk};

use crate::error::SarifError;
use std::io;
use thiserror::Error;

/// A place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Bytes before it.
    pub offset: u64,
    /// Counted from 1.
    pub line: u64,
    /// Characters, counted from 1.
    pub column: u64,
}

/// Why a walk ended early.
#[derive(Debug, Error)]
pub enum WalkError<E> {
    /// The reader failed.
    #[error("{0}")]
    Io(io::Error),
    /// It is no SARIF log.
    #[error("{0}")]
    Sarif(SarifError),
    /// Who was called said so.
    #[error("stopped")]
    Stopped(E),
}

impl Position {
    /// Of the beginning.
    pub const FIRST: Self = Self {
        offset: 0,
        line: 1,
        column: 1,
    };

    /// The position behind a text that begins here.
    #[must_use]
    pub fn behind(self, text: &[u8]) -> Self {
        let offset = self.offset + text.len() as u64;
        match memchr::memrchr(b'\n', text) {
            None => Self {
                offset,
                line: self.line,
                column: self.column + characters(text),
            },
            Some(last) => Self {
                offset,
                line: self.line + memchr::memchr_iter(b'\n', text).count() as u64,
                column: characters(text.get(last + 1..).unwrap_or_default()) + 1,
            },
        }
    }
}

/// How many characters begin in a text.
fn characters(text: &[u8]) -> u64 {
    // So short that a byte holds their number: sums of bytes are the fast ones.
    let of_piece =
        |piece: &[u8]| -> u8 { piece.iter().map(|byte| u8::from(byte & 0xc0 != 0x80)).sum() };
    text.chunks(usize::from(u8::MAX))
        .map(|piece| u64::from(of_piece(piece)))
        .sum()
}
