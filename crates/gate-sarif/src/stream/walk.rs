//! The walk through a log: its text in pieces that, put together, are the whole again.

use std::io::Read;

use super::stretch::{Element, STRETCH};
use super::window::{BLOCK, text};
use super::{Position, WalkError};
use crate::error::SarifErrorKind;

/// A part of a log, in order.
#[derive(Debug)]
pub enum Piece<'a> {
    /// Text outside of the runs.
    Log(&'a [u8]),
    /// The list of runs begins here: its `[` is handed on, and its runs follow.
    Runs,
    /// A run begins: its `{` comes next, at this place. With the white space before it.
    Run(&'a [u8], Position),
    /// Text of the run outside of its results.
    RunText(&'a [u8]),
    /// The list of results begins here.
    Results,
    /// Here, behind the `[` or a comma, begins a stretch of results: the first, or as many bytes behind another one.
    Stretch(Position),
    /// A result.
    Result(Element<'a>),
    /// The list of results ends here: its `]` comes next, or white space and `]`.
    ResultsEnd(Position),
    /// The run has ended. With the white space behind it.
    RunEnd(&'a [u8]),
}

/// Hands the whole log on, piece by piece. The bytes are UTF-8, see [`super::text_of`].
///
/// # Errors
/// What the reader or `each` says, and what is not the outline of a SARIF log. The insides of results, runs and
/// properties are not looked into.
pub fn walk<R: Read, E>(
    reader: R,
    each: impl FnMut(Piece<'_>) -> Result<(), E>,
) -> Result<(), WalkError<E>> {
    Walk {
        reader,
        each,
        bytes: vec![0; BLOCK],
        filled: 0,
        at: 0,
        mark: 0,
        keeps: false,
        level: Level::Log,
        ended: false,
        known: (0, Position::FIRST),
        keys: Vec::new(),
        version: None,
    }
    .log()
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Log,
    Run,
}

pub(super) struct Walk<R, F> {
    pub(super) reader: R,
    pub(super) each: F,
    pub(super) bytes: Vec<u8>,
    /// How much of `bytes` was read.
    pub(super) filled: usize,
    /// What comes next.
    pub(super) at: usize,
    /// From here to `at` nothing was handed on yet.
    pub(super) mark: usize,
    /// What stands behind the mark is wanted whole.
    pub(super) keeps: bool,
    pub(super) level: Level,
    /// The reader has no more.
    pub(super) ended: bool,
    /// A place of `bytes` that is not behind the mark, and its position.
    pub(super) known: (usize, Position),
    /// The keys at the top, and the version, by which other formats are told.
    pub(super) keys: Vec<String>,
    pub(super) version: Option<String>,
}

pub(super) type Done<E> = Result<(), WalkError<E>>;

impl<R: Read, E, F: FnMut(Piece<'_>) -> Result<(), E>> Walk<R, F> {
    fn log(mut self) -> Done<E> {
        const MOST_KEYS: usize = 100;
        let mut has_runs = false;
        match self.next()? {
            None => return Err(self.broken(SarifErrorKind::Empty, "nothing", "a SARIF 2.1.0 log")),
            Some(b'{') => {}
            Some(b'<') => {
                let found = "what looks like XML or HTML";
                return Err(self.broken(SarifErrorKind::NotJson, found, "a SARIF 2.1.0 log"));
            }
            Some(0x80..) => return Err(self.no_text(self.at)),
            Some(_) => {
                // Another value, or no JSON at all: the outer reader says which.
                return Err(self.broken(SarifErrorKind::NotJson, "no object", "a SARIF 2.1.0 log"));
            }
        }
        self.at += 1;
        let mut first = true;
        while let Some(key) = self.key(first)? {
            first = false;
            if key == "runs" {
                if std::mem::replace(&mut has_runs, true) {
                    return Err(self.malformed("`runs` twice", "`runs` once"));
                }
                self.runs()?;
            } else if key == "version" {
                let (start, end) = self.element()?;
                let version = serde_json::from_str(self.text(start, end)?).ok();
                self.version = version;
                self.keeps = false;
            } else {
                self.value()?;
            }
            if self.keys.len() < MOST_KEYS {
                self.keys.push(key);
            }
        }
        if let Some(_behind) = self.next()? {
            return Err(self.broken(SarifErrorKind::NotJson, "text behind the log", "its end"));
        }
        self.hand_on()?;
        crate::read::outer(&self.keys, self.version.as_deref()).map_err(WalkError::Sarif)
    }

    fn runs(&mut self) -> Done<E> {
        if self.next()? != Some(b'[') {
            return Err(self.malformed("no list of `runs`", "`runs` as a list"));
        }
        self.at += 1;
        self.hand_on()?;
        self.tell(Piece::Runs)?;
        self.keeps = true;
        if self.next()? == Some(b']') {
            self.keeps = false;
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.next()? != Some(b'{') {
                return Err(self.malformed("a run that is no object", "an object"));
            }
            let start = self.position(self.at);
            let before = self.bytes.get(self.mark..self.at).unwrap_or_default();
            (self.each)(Piece::Run(before, start)).map_err(WalkError::Stopped)?;
            self.mark = self.at;
            self.keeps = false;
            self.level = Level::Run;
            self.run()?;
            self.hand_on()?;
            self.level = Level::Log;
            self.keeps = true;
            let next = self.next()?;
            let behind = self.bytes.get(self.mark..self.at).unwrap_or_default();
            (self.each)(Piece::RunEnd(behind)).map_err(WalkError::Stopped)?;
            self.keeps = false;
            match next {
                Some(b',') => {
                    self.at += 1;
                    self.mark = self.at;
                    self.keeps = true;
                }
                Some(b']') => {
                    self.mark = self.at;
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected("`,` or `]` behind a run")),
            }
        }
    }

    fn run(&mut self) -> Done<E> {
        self.at += 1;
        let (mut first, mut has_results) = (true, false);
        while let Some(key) = self.key(first)? {
            first = false;
            if key != "results" {
                self.value()?;
                continue;
            }
            if std::mem::replace(&mut has_results, true) {
                return Err(self.malformed("`results` twice in a run", "`results` once"));
            }
            match self.next()? {
                Some(b'[') => self.results()?,
                // Absent, as everywhere.
                Some(b'n') => self.value()?,
                _ => return Err(self.malformed("`results` that are no list", "a list")),
            }
        }
        Ok(())
    }

    fn results(&mut self) -> Done<E> {
        self.at += 1;
        self.hand_on()?;
        self.tell(Piece::Results)?;
        self.keeps = true;
        if self.next()? == Some(b']') {
            // The white space of an empty list belongs to the run's text.
            self.keeps = false;
            let end = self.position(self.mark);
            self.tell(Piece::ResultsEnd(end))?;
            self.at += 1;
            return Ok(());
        }
        let mut stretch = STRETCH;
        loop {
            if self.next()? != Some(b'{') {
                return Err(self.malformed("a result that is no object", "an object"));
            }
            if stretch >= STRETCH {
                self.settle();
                self.tell(Piece::Stretch(self.known.1))?;
                stretch = 0;
            }
            let before = self.at - self.mark;
            self.skip()?;
            let end = self.at - self.mark;
            let next = self.next()?;
            stretch += self.at - self.mark;
            let whole = text(&self.bytes, self.mark, self.at).map_err(|at| self.no_text(at))?;
            let element = Element::of(whole, before, end);
            (self.each)(Piece::Result(element)).map_err(WalkError::Stopped)?;
            match next {
                Some(b',') => {
                    self.at += 1;
                    self.mark = self.at;
                }
                Some(b']') => {
                    self.mark = self.at;
                    self.keeps = false;
                    let end = self.position(self.mark);
                    self.tell(Piece::ResultsEnd(end))?;
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.unexpected("`,` or `]` behind a result")),
            }
        }
    }

    /// The next key of an object, and the place behind its colon; `None` at the object's end, which is passed.
    fn key(&mut self, first: bool) -> Result<Option<String>, WalkError<E>> {
        match self.next()? {
            Some(b'}') => {
                self.at += 1;
                return Ok(None);
            }
            Some(b',') if !first => self.at += 1,
            Some(b'"') if first => {}
            _ => return Err(self.unexpected("`,` or `}`")),
        }
        if self.next()? != Some(b'"') {
            return Err(self.unexpected("a key in quotes"));
        }
        let (start, end) = self.element()?;
        let key = serde_json::from_str(self.text(start, end)?);
        self.keeps = false;
        let key = key.map_err(|_| self.malformed("a key that is no text", "a text"))?;
        if self.next()? != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok(Some(key))
    }
}
