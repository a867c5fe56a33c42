//! A log without its results.

use std::io::Read;

use super::stretch::Stretch;
use super::walk::{Piece, walk};
use super::{Position, WalkError};
use crate::error::{SarifError, SarifErrorKind};

/// The text of a log outside of its results; longer is refused, since it has to be in memory.
const MAX_OUTLINE: usize = 128 * 1024 * 1024;

/// A text from which the elements of one list were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hollow {
    /// JSON, with an empty list where elements were taken from.
    pub text: String,
    /// Behind the list's `[`; `None` where there is no list.
    pub slot: Option<usize>,
}

/// A log without its runs, and the runs without their results.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    pub log: Hollow,
    pub runs: Vec<RunOutline>,
}

/// A run without its results.
#[derive(Debug, Clone)]
pub struct RunOutline {
    pub hollow: Hollow,
    /// How many results it has; `None` where it has no list of them.
    pub results: Option<u64>,
    /// Where they stand, so that they need not be looked for again.
    pub stretches: Vec<Stretch>,
    /// White space before and behind it in the list of runs.
    pub around: [String; 2],
    /// Where the run begins.
    start: Position,
    /// Where its list of results ends.
    results_end: Option<Position>,
}

impl RunOutline {
    /// Where a place of the hollow text stands in the file.
    pub fn position(&self, at: usize) -> Position {
        let text = self.hollow.text.as_bytes();
        match (self.hollow.slot, self.results_end) {
            (Some(slot), Some(end)) if at >= slot => {
                end.behind(text.get(slot..at).unwrap_or_default())
            }
            _ => self.start.behind(text.get(..at).unwrap_or_default()),
        }
    }
}

/// Reads the outline. The text is UTF-8, see [`super::text_of`].
///
/// # Errors
/// As [`walk`].
pub fn outline(reader: impl Read) -> Result<Outline, WalkError<SarifError>> {
    let mut log = Bytes::default();
    let mut runs: Vec<(Bytes, RunOutline)> = Vec::new();
    let mut total = 0_usize;
    walk(reader, |piece| {
        let mut take = |to: &mut Bytes, text: &[u8]| {
            total += text.len();
            if total > MAX_OUTLINE {
                return Err(SarifError::new(
                    SarifErrorKind::Malformed,
                    format!("more than {MAX_OUTLINE} bytes outside of the results"),
                    "fewer: leave embedded file contents and unused rules out",
                ));
            }
            to.text.extend_from_slice(text);
            Ok(())
        };
        let blank = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        match (piece, runs.last_mut()) {
            (Piece::Log(text), _) => take(&mut log, text)?,
            (Piece::Runs, _) => log.slot = Some(log.text.len()),
            (Piece::Run(before, start), _) => {
                let run = RunOutline {
                    hollow: Hollow::default(),
                    results: None,
                    stretches: Vec::new(),
                    around: [blank(before), String::new()],
                    start,
                    results_end: None,
                };
                runs.push((Bytes::default(), run));
            }
            (Piece::RunText(text), Some((bytes, _))) => take(bytes, text)?,
            (Piece::Results, Some((bytes, run))) => {
                bytes.slot = Some(bytes.text.len());
                run.results = Some(0);
            }
            (Piece::Stretch(start), Some((_, run))) => {
                // A comma is between.
                end_at(run, start.offset - 1);
                run.stretches.push(Stretch::at(start));
            }
            (Piece::Result(_), Some((_, run))) => {
                run.results = run.results.map(|count| count + 1);
                if let Some(stretch) = run.stretches.last_mut() {
                    stretch.results += 1;
                }
            }
            (Piece::ResultsEnd(end), Some((_, run))) => {
                end_at(run, end.offset);
                run.results_end = Some(end);
            }
            (Piece::RunEnd(behind), Some((_, run))) => run.around[1] = blank(behind),
            // What belongs to a run comes behind its beginning.
            (_, None) => {}
        }
        Ok(())
    })?;
    let runs = runs.into_iter().map(|(bytes, run)| {
        Ok(RunOutline {
            hollow: bytes.hollow()?,
            ..run
        })
    });
    Ok(Outline {
        runs: runs.collect::<Result<_, _>>()?,
        log: log.hollow()?,
    })
}

/// Its last stretch ends before this byte of the file.
fn end_at(run: &mut RunOutline, end: u64) {
    if let Some(stretch) = run.stretches.last_mut() {
        stretch.end = end;
    }
}

#[derive(Default)]
struct Bytes {
    text: Vec<u8>,
    slot: Option<usize>,
}

impl Bytes {
    fn hollow(self) -> Result<Hollow, WalkError<SarifError>> {
        let text = String::from_utf8(self.text).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            WalkError::Sarif(SarifError::new(
                SarifErrorKind::NotText,
                format!("byte 0x{byte:02x} outside of the results"),
                "UTF-8, or UTF-16 with a byte order mark",
            ))
        })?;
        Ok(Hollow {
            text,
            slot: self.slot,
        })
    }
}
