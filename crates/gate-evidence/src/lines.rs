//! Bounded, UTF-8 checked lines of a reader, with their numbers.

use std::io::{BufRead, ErrorKind};

use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

/// Reads one line after another into one buffer.
pub(crate) struct Lines<'r> {
    reader: &'r mut dyn BufRead,
    limits: Limits,
    buffer: Vec<u8>,
    bytes: u64,
    number: u64,
    ended_with_newline: bool,
}

impl<'r> Lines<'r> {
    pub(crate) fn new(reader: &'r mut dyn BufRead, limits: Limits) -> Self {
        Self {
            reader,
            limits,
            buffer: Vec::new(),
            bytes: 0,
            number: 0,
            ended_with_newline: true,
        }
    }

    /// The next line and its number, trimmed of white space and of a leading byte order mark.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, &str)>, ReportError> {
        if !self.fill()? {
            return Ok(None);
        }
        let start = if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        match std::str::from_utf8(&self.buffer[start..]) {
            Ok(text) => Ok(Some((self.number, text.trim()))),
            Err(error) => {
                let at = start + error.valid_up_to();
                Err(ReportError::new(
                    ReportErrorKind::NotUtf8,
                    Some(self.number),
                    format!("byte 0x{:02x}", self.buffer[at]),
                    "UTF-8",
                )
                .at_column(at as u64 + 1))
            }
        }
    }

    /// Number of the line read last, counted from 1; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line read last was closed by a newline.
    pub(crate) fn ended_with_newline(&self) -> bool {
        self.ended_with_newline
    }

    fn fill(&mut self) -> Result<bool, ReportError> {
        self.buffer.clear();
        let line = self.number + 1;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(ReportError::unreadable(line, &error)),
            };
            if chunk.is_empty() {
                if self.buffer.is_empty() {
                    return Ok(false);
                }
                self.ended_with_newline = false;
                break;
            }
            // one byte more than allowed is enough to know that the line is too long
            let room = self.limits.line_bytes + 1 - self.buffer.len();
            let window = &chunk[..chunk.len().min(room)];
            let newline = window.iter().position(|&byte| byte == b'\n');
            let taken = newline.map_or(window.len(), |at| at + 1);
            self.buffer.extend_from_slice(&window[..taken]);
            self.reader.consume(taken);
            self.bytes += taken as u64;
            if self.bytes > self.limits.bytes {
                return Err(ReportError::over_limit(
                    line,
                    "more input",
                    format!("at most {} bytes", self.limits.bytes),
                ));
            }
            if newline.is_some() {
                self.buffer.pop();
                self.ended_with_newline = true;
                break;
            }
            if self.buffer.len() > self.limits.line_bytes {
                return Err(ReportError::over_limit(
                    line,
                    "a longer line",
                    format!("lines of at most {} bytes", self.limits.line_bytes),
                ));
            }
        }
        self.number = line;
        Ok(true)
    }
}
