//! Content that deceives who reads it or acts where nobody asked it to.
//!
//! Every rule is data ([`Rule`], [`RULES`]): certain ones count, heuristic ones are shown and never counted. What a file
//! is follows from its path once (`file::File`); a kind of file that no rule concerns costs that and no pass over its
//! bytes. Text rules share one automaton of literals and look closer only where it stops; Unicode rules look at files
//! that are not ASCII. Windows are bounded, everything is linear in the size of the file.

mod agent;
mod anchors;
mod bidi;
mod binary;
mod chars;
mod command;
mod config;
mod file;
mod hidden;
mod hooks;
mod hosts;
mod idioms;
mod indicators;
mod invisible;
mod json;
mod jsonc;
mod links;
mod mixed;
mod obfuscated;
mod packages;
mod powershell;
mod programs;
mod regions;
mod report;
mod rule;
mod rules;
mod sample;
mod shell;
mod signals;
mod stages;
mod starts;
mod unseen;
mod yaml;

mod control;
#[cfg(test)]
mod tests;

pub use control::{control, planted_file};
pub use hooks::hook_targets;
pub use obfuscated::join;
pub use rule::{Level, Rule, Sample};
pub use rules::{RULES, rule};

use std::ops::Range;

use file::File;
use report::{Findings, Report, Reported};

use crate::secrets::piece::Piece;
use crate::secrets::{FileScan, Grant, ValueKey, as_text, hex_digest, is_binary, short};

/// One piece of malicious content at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Id of one of [`RULES`].
    pub rule: &'static str,
    /// Of the rule.
    pub level: Level,
    /// Line, 1-based.
    pub line: u32,
    /// Column of the first character, 1-based, in characters.
    pub column: u32,
    /// Column after the last character of the first line.
    pub end_column: u32,
    /// What was found, for people; one line, printable ASCII.
    pub message: String,
    /// The hidden text, escaped to printable ASCII, at most 200 characters of it.
    pub hidden: Option<String>,
    /// 64 lower-case hex digits over rule, path, content and its occurrence; free of line numbers.
    pub fingerprint: String,
    /// 16 hex digits over rule and content, for ignoring it.
    pub id: String,
    /// The content itself, to compare within the run.
    pub key: ValueKey,
    /// What an inline `gatewright:allow` on the same line grants.
    pub exempt: Option<Grant>,
    /// The line of its last character.
    pub(crate) last_line: u32,
    /// So much of the message says what was found, and may quote it.
    quoted: usize,
}

impl Hit {
    /// Leaves out what the file says there, because a secret is in it: neither quoted, nor hashed into what stands for it. `number`
    /// tells it from the others of its rule in the file.
    pub(crate) fn hide(&mut self, path: &str, number: usize) {
        let parts = [self.rule, path, &number.to_string()];
        self.fingerprint = hex_digest(&parts.map(str::as_bytes));
        let id = short(&self.fingerprint);
        let rest = self.message.split_off(self.quoted);
        let summary = rule(self.rule).map_or(self.rule, |rule| rule.summary);
        self.message = format!(
            "{summary}; not quoted, as it holds a secret{}",
            rest.replacen(&self.id, &id, 1)
        );
        self.hidden = None;
        self.id = id;
    }
}

/// A finding before its place is worked out.
#[derive(Debug)]
struct Found {
    rule: &'static Rule,
    range: Range<usize>,
    message: String,
    hidden: Option<String>,
}

/// Searches one file and appends its hits in order of position.
///
/// `path` (relative, `/`) tells what kind of file it is. Pure, never panics; linear in the size of `bytes`.
pub fn scan(path: &str, bytes: &[u8], found: &mut Vec<Hit>) -> FileScan {
    let file = File::new(path, bytes);
    let mut all = Findings::of(0..usize::MAX);
    let size = bytes.len() as u64;
    binary::search(&file, bytes, size, &slice_of(bytes), &mut all);
    let binary = is_binary(bytes);
    if binary && all.is_empty() {
        return FileScan {
            binary,
            ..FileScan::default()
        };
    }
    let text = as_text(bytes);
    if !binary {
        search(&file, &text, &mut all);
    }
    let mut report = Report::new(path, &text);
    report.add(&Piece::whole(&text), all);
    told(report.finish(found), binary)
}

/// The bytes of a file that stand at an offset, as many as are asked for.
fn slice_of(bytes: &[u8]) -> impl Fn(u64, usize) -> Option<Vec<u8>> {
    |offset, length| {
        let offset = usize::try_from(offset).ok()?;
        let slice = bytes.get(offset..offset.checked_add(length)?)?;
        Some(slice.to_vec())
    }
}

fn told(reported: Reported, binary: bool) -> FileScan {
    FileScan {
        hits: reported.hits,
        truncated: reported.truncated,
        binary,
        unread: reported.unread.then_some(jsonc::UNREAD),
        ..FileScan::default()
    }
}

/// Whether the rules that concern the file look at no more of it at a time than a piece; `start` is how it begins, as far as that is known.
pub(crate) fn is_local(path: &str, start: &[u8]) -> bool {
    use file::Language::{Code, Json, Other, Prose};
    let file = File::new(path, start);
    matches!(file.language, Code | Json | Other | Prose)
        && !file.instructs_agents()
        && !starts::concerns(&file)
        && !packages::concerns(&file)
}

/// The search of one file for which [`is_local`] says so, piece by piece.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    file: File<'a>,
    binary: bool,
    report: Report<'a>,
}

impl<'a> Scan<'a> {
    /// `start` is how the file begins; `at` reads more of it.
    pub(crate) fn new(
        path: &'a str,
        start: &[u8],
        size: u64,
        at: &dyn Fn(u64, usize) -> Option<Vec<u8>>,
    ) -> Self {
        let file = File::new(path, start);
        let mut report = Report::new(path, start);
        let mut of_kind = Findings::of(0..1);
        binary::search(&file, start, size, at, &mut of_kind);
        report.add(&Piece::whole(start), of_kind);
        Self {
            file,
            binary: is_binary(start),
            report,
        }
    }

    pub(crate) fn add(&mut self, piece: &Piece<'_>) {
        if !self.binary {
            let mut all = Findings::of(piece.own.clone());
            search(&self.file, piece.bytes, &mut all);
            self.report.add(piece, all);
        }
    }

    pub(crate) fn finish(self, found: &mut Vec<Hit>) -> FileScan {
        told(self.report.finish(found), self.binary)
    }
}

fn search(file: &File<'_>, text: &[u8], all: &mut Findings) {
    if !text.is_ascii() {
        bidi::search(file, text, all);
        hidden::search(text, all);
        invisible::search(file, text, all);
        mixed::search(file, text, all);
    }
    anchors::search(file, text, all);
    config::search(file, text, all);
    packages::search(file, text, all);
    indicators::search_path(file, text, all);
}
