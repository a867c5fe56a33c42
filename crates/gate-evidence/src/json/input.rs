//! The bytes of a JSON report on their way to the parser: UTF-8, and bounded in what a parser
//! would otherwise have to keep (nesting, one string) or wait for (the whole input).

use std::io::{self, BufRead, Read};

use memchr::{memchr_iter, memchr2};

use crate::error::{ReportError, ReportErrorKind};
use crate::limits::Limits;

/// A string may be this many lines long: source maps and sources are written as one.
const LINES_PER_STRING: usize = 64;

/// A reader whose errors hold a [`ReportError`].
pub(super) struct Input<'r> {
    reader: &'r mut dyn BufRead,
    limits: Limits,
    bytes: u64,
    newlines: u64,
    depth: u32,
    /// Bytes of the string that is open, without its quotes.
    string: Option<usize>,
    escaped: bool,
    /// The beginning of a character that the next bytes go on with.
    partial: Vec<u8>,
}

impl<'r> Input<'r> {
    pub(super) fn new(reader: &'r mut dyn BufRead, limits: Limits) -> Self {
        Self {
            reader,
            limits,
            bytes: 0,
            newlines: 0,
            depth: 0,
            string: None,
            escaped: false,
            partial: Vec::new(),
        }
    }

    fn check(&mut self, bytes: &[u8]) -> Result<(), ReportError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.bytes {
            let expected = format!("at most {} bytes", self.limits.bytes);
            return Err(ReportError::over_limit(
                self.newlines + 1,
                "more input",
                expected,
            ));
        }
        if let Err((at, byte)) = self.utf8(bytes) {
            return Err(ReportError::new(
                ReportErrorKind::NotUtf8,
                Some(self.line_at(&bytes[..at])),
                format!("byte 0x{byte:02x}"),
                "UTF-8",
            ));
        }
        if let Err((at, found, expected)) = self.shape(bytes) {
            let line = self.line_at(&bytes[..at]);
            return Err(ReportError::over_limit(line, found, expected));
        }
        self.newlines += memchr_iter(b'\n', bytes).count() as u64;
        Ok(())
    }

    fn line_at(&self, before: &[u8]) -> u64 {
        self.newlines + memchr_iter(b'\n', before).count() as u64 + 1
    }

    /// Where the first byte is that no character can have, and which.
    fn utf8(&mut self, bytes: &[u8]) -> Result<(), (usize, u8)> {
        let mut from = 0;
        while !self.partial.is_empty() {
            let Some(&byte) = bytes.get(from) else {
                return Ok(());
            };
            self.partial.push(byte);
            match std::str::from_utf8(&self.partial) {
                Ok(_) => self.partial.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err((from, byte)),
            }
            from += 1;
        }
        match std::str::from_utf8(&bytes[from..]) {
            Ok(_) => Ok(()),
            Err(error) => {
                let at = from + error.valid_up_to();
                if error.error_len().is_some() {
                    return Err((at, bytes[at]));
                }
                self.partial.extend(&bytes[at..]);
                Ok(())
            }
        }
    }

    /// Where the first byte is that goes past a limit, what was found and what was expected.
    fn shape(&mut self, bytes: &[u8]) -> Result<(), (usize, &'static str, String)> {
        let longest = self.limits.line_bytes.saturating_mul(LINES_PER_STRING);
        let mut at = 0;
        while at < bytes.len() {
            let Some(length) = self.string else {
                match bytes[at] {
                    b'"' => self.string = Some(0),
                    b'{' | b'[' => {
                        self.depth += 1;
                        if self.depth > self.limits.depth {
                            let expected = format!("at most {} levels", self.limits.depth);
                            return Err((at, "deeper nesting", expected));
                        }
                    }
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
                continue;
            };
            if self.escaped {
                self.escaped = false;
                self.string = Some(length + 1);
                at += 1;
                continue;
            }
            let rest = &bytes[at..];
            let plain = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            if length + plain > longest {
                let expected = format!("strings of at most {longest} bytes");
                return Err((at, "a longer string", expected));
            }
            match rest.get(plain) {
                Some(b'"') => self.string = None,
                Some(_) => (self.escaped, self.string) = (true, Some(length + plain + 1)),
                None => self.string = Some(length + plain),
            }
            at += plain + 1;
        }
        Ok(())
    }
}

impl Read for Input<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.bytes == 0 && self.reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.reader.consume(3);
        }
        let taken = match self.reader.fill_buf() {
            Ok(chunk) => {
                let taken = chunk.len().min(out.len());
                out[..taken].copy_from_slice(&chunk[..taken]);
                taken
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let line = self.newlines + 1;
                return Err(io::Error::other(ReportError::unreadable(line, &error)));
            }
        };
        self.reader.consume(taken);
        self.check(&out[..taken]).map_err(io::Error::other)?;
        Ok(taken)
    }
}
