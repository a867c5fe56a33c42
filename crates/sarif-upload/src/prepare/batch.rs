//! The results of a file, some at a time: one thread reads them, another one looks into them.

use super::input::unreadable;
use super::source::{SourceRun, changed, nearest};
use crate::limits::Problem;
use gate_sarif::stream::{Element, Position, Stretch, elements};
use gate_sarif::text::Pointer;
use std::io::{self, Read as _};

/// A result as it stands in its file.
pub(super) struct Raw<'b> {
    /// Its run's place, and its own among the results.
    pub(super) place: (usize, usize),
    /// Its stretch, the text of that, and where its own begins there.
    stretch: &'b Stretch,
    around: &'b str,
    at: usize,
    pub(super) before: &'b str,
    pub(super) text: &'b str,
    pub(super) behind: &'b str,
}

impl Raw<'_> {
    /// The place in the file that a pointer within the result leads to.
    pub(super) fn position(&self, pointer: &Pointer) -> Position {
        let at = self.at + nearest(self.text, pointer);
        self.stretch.position(self.around, at)
    }
}

/// Results that are looked into by one thread.
pub(super) struct Batch {
    pub(super) run: usize,
    /// The place of its first.
    first: usize,
    stretch: Stretch,
    text: Vec<u8>,
}

/// The same, with what was found out about each. How long the white space before it, it and what is behind it are.
pub(super) struct Looked<T> {
    run: usize,
    first: usize,
    stretch: Stretch,
    text: String,
    results: Vec<([usize; 3], Result<T, Problem>)>,
}

impl Batch {
    /// An error where the file is not what it was.
    pub(super) fn looked<T>(
        self,
        mut look: impl FnMut(&str) -> Result<T, Problem>,
    ) -> Result<Looked<T>, Problem> {
        let text = String::from_utf8(self.text).map_err(|_| changed())?;
        let mut results = Vec::with_capacity(self.stretch.results);
        for element in elements(&text) {
            let Element {
                before,
                text,
                behind,
            } = element.ok_or_else(changed)?;
            results.push(([before, text, behind].map(str::len), look(text)));
        }
        if results.len() != self.stretch.results {
            return Err(changed());
        }
        Ok(Looked {
            run: self.run,
            first: self.first,
            stretch: self.stretch,
            text,
            results,
        })
    }
}

impl<T> Looked<T> {
    pub(super) fn take(
        self,
        mut take: impl FnMut(&Raw<'_>, T) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut at = 0;
        for (index, (lengths, looked)) in (self.first..).zip(self.results) {
            let mut rest = self.text.get(at..).unwrap_or_default();
            let [before, text, behind] = lengths.map(|length| {
                let (part, after) = rest.split_at_checked(length).unwrap_or_default();
                rest = after;
                part
            });
            let raw = Raw {
                place: (self.run, index),
                stretch: &self.stretch,
                around: &self.text,
                at: at + before.len(),
                before,
                text,
                behind,
            };
            take(&raw, looked?)?;
            // A comma is behind each.
            at += lengths.into_iter().sum::<usize>() + 1;
        }
        Ok(())
    }
}

/// Reads the results of a file and hands batches of them over; the last one stays.
pub(super) fn fill(
    mut file: impl io::Read,
    runs: &[SourceRun],
    last: &mut Option<Batch>,
    hand_over: &mut dyn FnMut(Batch) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut at = 0;
    for (run, of_run) in runs.iter().enumerate() {
        let mut first = 0;
        for &stretch in &of_run.stretches {
            let between = stretch.start.offset.saturating_sub(at);
            let passed = io::copy(&mut file.by_ref().take(between), &mut io::sink());
            passed.map_err(|error| unreadable(&error))?;
            let length = usize::try_from(stretch.end.saturating_sub(stretch.start.offset));
            let mut text = vec![0; length.map_err(|_| changed())?];
            file.read_exact(&mut text)
                .map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => changed(),
                    _ => unreadable(&error),
                })?;
            at = stretch.end;
            let batch = Batch {
                run,
                first,
                stretch,
                text,
            };
            first += stretch.results;
            if let Some(before) = last.replace(batch) {
                hand_over(before)?;
            }
        }
    }
    Ok(())
}
