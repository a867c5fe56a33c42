//! The reader under the XML reader: it counts lines and bytes, and stops at the limits.

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use memchr::memchr_iter;

use crate::limits::Limits;

/// Why a [`Meter`] gives nothing more.
#[derive(Clone)]
pub(super) enum Stop {
    /// The whole input is longer than allowed.
    Total,
    /// One tag, comment or text is.
    Node,
    /// On this line is a byte outside of ASCII, but the document names this encoding, in which it
    /// means something else than in UTF-8.
    NotAscii(u64, String),
}

/// Most bytes held at once, so that a limit is noticed soon after it is passed.
const WINDOW: usize = 64 * 1024;

/// Copies the inner reader piece by piece, so that the many small steps of an XML reader are steps in one buffer.
pub(super) struct Meter<'r> {
    inner: &'r mut dyn BufRead,
    pub(super) limits: Limits,
    pub(super) window: Window,
    /// Bytes taken from the inner reader.
    total: u64,
    /// Bytes since the node began.
    since: usize,
    /// The encoding that the document says it is in, where that is not the one it is read in.
    foreign: Option<String>,
    stop: Option<Stop>,
}

/// The piece at hand. Newlines are counted only when somebody asks for a line, and each once.
pub(super) struct Window {
    bytes: Vec<u8>,
    /// Where the next byte is.
    at: usize,
    /// Where the node began, or the line it began on where that is in an earlier piece.
    node: usize,
    node_line: Option<u64>,
    /// Up to where newlines were counted, and the line there.
    counted: Cell<(usize, u64)>,
}

impl<'r> Meter<'r> {
    pub(super) fn new(inner: &'r mut dyn BufRead, limits: Limits) -> Self {
        Self {
            inner,
            limits,
            window: Window {
                bytes: Vec::new(),
                at: 0,
                node: 0,
                node_line: None,
                counted: Cell::new((0, 1)),
            },
            total: 0,
            since: 0,
            foreign: None,
            stop: None,
        }
    }

    /// A node begins: its line and its length count from here.
    pub(super) fn begin(&mut self) {
        self.since = 0;
        self.window.node = self.window.at;
        self.window.node_line = None;
    }

    /// The document says that it is in another encoding: only ASCII is read.
    pub(super) fn demand_ascii(&mut self, encoding: String) {
        self.foreign = Some(encoding);
        self.check_ascii();
    }

    pub(super) fn stop(&mut self) -> Option<Stop> {
        self.stop.take()
    }

    /// What is at hand of the next bytes, behind blanks if these are passed over, and how many they are.
    pub(super) fn ahead(&self, blanks: bool) -> Option<(&[u8], usize)> {
        if self.stop.is_some() {
            return None;
        }
        let rest = self.window.rest();
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let passed = if blanks {
            rest.iter().take_while(blank).count()
        } else {
            0
        };
        Some((&rest[passed..], passed))
    }

    fn check_ascii(&mut self) {
        let Some(encoding) = &self.foreign else {
            return;
        };
        let rest = self.window.rest();
        if let Some(ahead) = rest.iter().position(|byte| !byte.is_ascii()) {
            let line = self.window.line_at(self.window.at + ahead);
            self.stop = Some(Stop::NotAscii(line, encoding.clone()));
        }
    }

    #[cold]
    fn refill(&mut self) -> io::Result<()> {
        if self.total > self.limits.bytes {
            self.stop = Some(Stop::Total);
            return Ok(());
        }
        let chunk = self.inner.fill_buf()?;
        let taken = chunk.len().min(WINDOW);
        self.window.replace(&chunk[..taken]);
        self.inner.consume(taken);
        self.total += taken as u64;
        self.check_ascii();
        Ok(())
    }
}

impl Window {
    /// The line on which the node began, behind the blanks in front of it.
    pub(super) fn line(&self) -> u64 {
        let start = self.node + self.blanks();
        self.node_line.unwrap_or_else(|| self.line_at(start))
    }

    /// Bytes of blanks that the node begins with.
    fn blanks(&self) -> usize {
        let passed = self.bytes.get(self.node..self.at).unwrap_or_default();
        passed
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count()
    }

    /// The line of the next byte.
    pub(super) fn end_line(&self) -> u64 {
        self.line_at(self.at)
    }

    fn line_at(&self, at: usize) -> u64 {
        let (from, line) = self.counted.get();
        let passed = self.bytes.get(from..at).unwrap_or_default();
        let line = line + memchr_iter(b'\n', passed).count() as u64;
        self.counted.set((at.max(from), line));
        line
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn replace(&mut self, bytes: &[u8]) {
        let only_blanks = self.node + self.blanks() == self.at;
        if self.node_line.is_none() && !only_blanks {
            self.node_line = Some(self.line());
        }
        let line = self.end_line();
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        (self.at, self.node) = (0, 0);
        self.counted.set((0, line));
    }
}

impl BufRead for Meter<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.window.at == self.window.bytes.len() && self.stop.is_none() {
            self.refill()?;
        }
        if self.since > self.limits.line_bytes && self.stop.is_none() {
            self.stop = Some(Stop::Node);
        }
        if self.stop.is_some() {
            return Err(io::Error::other("stopped"));
        }
        let room = self.limits.line_bytes - self.since + 1;
        let rest = self.window.rest();
        Ok(&rest[..rest.len().min(room)])
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.window.at = (self.window.at + amount).min(self.window.bytes.len());
        self.since += amount;
    }
}

impl Read for Meter<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(out)?;
        self.consume(taken);
        Ok(taken)
    }
}
