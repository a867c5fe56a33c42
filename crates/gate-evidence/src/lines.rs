//! Bounded, UTF-8 checked lines of a reader, with their numbers.

use std::io::{BufRead, ErrorKind};

use memchr::memchr;

use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

/// Reads one line after another, in place where the reader holds a whole one.
pub(crate) struct Lines<'r> {
    reader: &'r mut dyn BufRead,
    limits: Limits,
    /// A line that began in an earlier piece of the reader's.
    buffer: Vec<u8>,
    /// Bytes of the line given out last that the reader still holds.
    lent: usize,
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
            lent: 0,
            bytes: 0,
            number: 0,
            ended_with_newline: true,
        }
    }

    /// The next line and its number, trimmed of white space and of a leading byte order mark.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, &str)>, ReportError> {
        self.reader.consume(std::mem::take(&mut self.lent));
        let number = self.number + 1;
        let chunk = fill(&mut *self.reader, number)?;
        if let Some(end) = memchr(b'\n', chunk) {
            self.number = number;
            self.ended_with_newline = true;
            self.lent = end + 1;
            self.bytes += self.lent as u64;
            within_limits(&self.limits, end, self.bytes, number)?;
            // asked a second time because the first answer cannot outlive the lending
            let chunk = fill(&mut *self.reader, number)?;
            let line = chunk.get(..end).unwrap_or_default();
            return text(line, number).map(|text| Some((number, text)));
        }
        if !self.gather()? {
            return Ok(None);
        }
        text(&self.buffer, self.number).map(|text| Some((self.number, text)))
    }

    /// Number of the line read last, counted from 1; 0 before the first.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line read last was closed by a newline.
    pub(crate) fn ended_with_newline(&self) -> bool {
        self.ended_with_newline
    }

    /// Brings a line together that the reader holds in pieces; `false` at the end.
    fn gather(&mut self) -> Result<bool, ReportError> {
        self.buffer.clear();
        let line = self.number + 1;
        loop {
            let chunk = fill(&mut *self.reader, line)?;
            if chunk.is_empty() {
                if self.buffer.is_empty() {
                    return Ok(false);
                }
                self.ended_with_newline = false;
                break;
            }
            let newline = memchr(b'\n', chunk);
            // one byte more than allowed is enough to know that the line is too long
            let room = self.limits.line_bytes + 1 - self.buffer.len();
            let content = newline.unwrap_or(chunk.len()).min(room);
            self.buffer.extend_from_slice(&chunk[..content]);
            let taken = newline.map_or(content, |at| content + usize::from(content == at));
            self.reader.consume(taken);
            self.bytes += taken as u64;
            within_limits(&self.limits, self.buffer.len(), self.bytes, line)?;
            if newline.is_some() {
                self.ended_with_newline = true;
                break;
            }
        }
        self.number = line;
        Ok(true)
    }
}

fn fill(reader: &mut dyn BufRead, line: u64) -> Result<&[u8], ReportError> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(ReportError::unreadable(line, &error)),
        }
    }
    // nothing was consumed since, so this is what was just filled
    reader
        .fill_buf()
        .map_err(|error| ReportError::unreadable(line, &error))
}

fn within_limits(limits: &Limits, line: usize, bytes: u64, number: u64) -> Result<(), ReportError> {
    if bytes > limits.bytes {
        return Err(ReportError::over_limit(
            number,
            "more input",
            format!("at most {} bytes", limits.bytes),
        ));
    }
    if line > limits.line_bytes {
        return Err(ReportError::over_limit(
            number,
            "a longer line",
            format!("lines of at most {} bytes", limits.line_bytes),
        ));
    }
    Ok(())
}

fn text(line: &[u8], number: u64) -> Result<&str, ReportError> {
    let start = if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    match std::str::from_utf8(&line[start..]) {
        Ok(text) => Ok(text.trim()),
        Err(error) => {
            let at = start + error.valid_up_to();
            Err(ReportError::new(
                ReportErrorKind::NotUtf8,
                Some(number),
                format!("byte 0x{:02x}", line[at]),
                "UTF-8",
            )
            .at_column(at as u64 + 1))
        }
    }
}
