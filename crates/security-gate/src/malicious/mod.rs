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
use report::Findings;

use crate::secrets::{FileScan, Grant, ValueKey, as_text, is_binary};

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
    let mut all = Findings::default();
    binary::search(&file, bytes, &mut all);
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
    let before = found.len();
    let unread = all.unread.then_some(jsonc::UNREAD);
    let truncated = !all.is_empty() && report::report(path, &text, all, found);
    FileScan {
        hits: found.len() - before,
        truncated,
        binary,
        unread,
        ..FileScan::default()
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
