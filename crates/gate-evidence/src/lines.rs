//! Bounded, UTF-8 checked lines of a reader, with their numbers.

use std::io::{BufRead, ErrorKind};

use memchr::{memchr, memrchr};

use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

/// How much is read at a time.
const PIECE: usize = 128 * 1024;

/// How a report ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// Number of the last line; 0 where there is none.
    pub(crate) line: u64,
    /// Whether a newline closed it.
    pub(crate) newline: bool,
}

/// What lines are for.
pub(crate) trait Take {
    /// Takes one line, trimmed of white space and of a leading byte order mark.
    fn line(&mut self, number: u64, line: &str) -> Result<(), ReportError>;

    /// Takes as many whole lines from the beginning of `lines` as it can read
    /// without being given them one by one; how many bytes and lines that were.
    fn run(&mut self, _lines: &[u8]) -> (usize, u64) {
        (0, 0)
    }
}

/// A function that takes one line after another.
struct OneByOne<F>(F);

impl<F: FnMut(u64, &str) -> Result<(), ReportError>> Take for OneByOne<F> {
    fn line(&mut self, number: u64, line: &str) -> Result<(), ReportError> {
        (self.0)(number, line)
    }
}

/// Gives every line with its number, counted from 1, to `take`.
pub(crate) fn each(
    reader: &mut dyn BufRead,
    limits: Limits,
    take: impl FnMut(u64, &str) -> Result<(), ReportError>,
) -> Result<End, ReportError> {
    in_runs(reader, limits, &mut OneByOne(take))
}

/// Gives all lines to `take`. They are found and checked in large pieces, which
/// is what makes short lines cheap.
pub(crate) fn in_runs(
    reader: &mut dyn BufRead,
    limits: Limits,
    take: &mut impl Take,
) -> Result<End, ReportError> {
    let mut buffer = vec![0; PIECE];
    // What the buffer holds, and where in it the search for a line end goes on.
    let (mut held, mut searched) = (0, 0);
    let (mut bytes, mut number) = (0_u64, 0);
    loop {
        if held == buffer.len() {
            buffer.resize(held * 2, 0);
        }
        let read = match reader.read(&mut buffer[held..]) {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(ReportError::unreadable(number + 1, &error)),
        };
        bytes += read as u64;
        held += read;
        let whole = if read == 0 {
            held
        } else {
            memrchr(b'\n', &buffer[searched..held]).map_or(0, |at| searched + at + 1)
        };
        number = lines(&buffer[..whole], number, &limits, take)?;
        if bytes > limits.bytes {
            return Err(ReportError::over_limit(
                number + 1,
                "more input",
                format!("at most {} bytes", limits.bytes),
            ));
        }
        if read == 0 {
            let newline = held == 0;
            return Ok(End {
                line: number,
                newline,
            });
        }
        buffer.copy_within(whole..held, 0);
        held -= whole;
        searched = held;
        too_long(held, number + 1, &limits)?;
    }
}

/// The lines of a piece that ends where a line does; the number of the last.
fn lines(
    piece: &[u8],
    before: u64,
    limits: &Limits,
    take: &mut impl Take,
) -> Result<u64, ReportError> {
    let mut number = before;
    let checked = std::str::from_utf8(piece);
    let valid = match &checked {
        Ok(text) => text,
        // the lines before the broken one are still given
        Err(error) => {
            let end = memrchr(b'\n', &piece[..error.valid_up_to()]).map_or(0, |at| at + 1);
            std::str::from_utf8(&piece[..end]).unwrap_or_default()
        }
    };
    let mut from = 0;
    while from < valid.len() {
        let rest = &valid.as_bytes()[from..];
        let (taken, count) = take.run(rest);
        if taken > 0 {
            (from, number) = (from + taken, number + count);
            continue;
        }
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        number += 1;
        too_long(length, number, limits)?;
        let line = &valid[from..from + length];
        take.line(number, trimmed(line, number))?;
        from += length + 1;
    }
    if let Err(error) = checked {
        let at = error.valid_up_to();
        return Err(ReportError::new(
            ReportErrorKind::NotUtf8,
            Some(number + 1),
            format!("byte 0x{:02x}", piece[at]),
            "UTF-8",
        )
        .at_column((at - valid.len()) as u64 + 1));
    }
    Ok(number)
}

fn trimmed(line: &str, number: u64) -> &str {
    // what nearly every line is: nothing around it to trim
    if let [first, .., last] = line.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return line;
    }
    let line = if number == 1 {
        line.trim_start_matches('\u{feff}')
    } else {
        line
    };
    line.trim()
}

fn too_long(line: usize, number: u64, limits: &Limits) -> Result<(), ReportError> {
    if line <= limits.line_bytes {
        return Ok(());
    }
    Err(ReportError::over_limit(
        number,
        "a longer line",
        format!("lines of at most {} bytes", limits.line_bytes),
    ))
}
