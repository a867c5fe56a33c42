//! Secrets in the bytes of one file, judged offline.
//!
//! One pass of a filter of literals finds candidates; each is confirmed by its rule's pattern inside a bounded
//! window and by checks of the value (length, alphabet, placeholders, structure). Positions are worked out only when
//! there is a hit. A value is never stored in anything that leaves this module: a hit carries a prefix, a length and
//! what a fingerprint is made of. Every bound that is hit is reported in [`FileScan::truncated`], which a gate must not count as a pass.

mod allow;
mod assign;
mod checks;
mod checksums;
mod codec;
mod compiled;
mod control;
mod decoded;
mod engine;
mod files;
pub(crate) mod filter;
mod fingerprint;
mod key_body;
mod matched;
mod password;
pub(crate) mod piece;
pub(crate) mod place;
mod report;
mod rule;
pub mod rules;
mod runs;
mod sample;
mod text;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use {codec::encode_base64, sample::expand};

pub use allow::Grant;
pub(crate) use allow::allowance;
pub use control::{Control, control, planted_file};
pub(crate) use engine::Scan;
pub use fingerprint::{Identity, ValueKey};
pub(crate) use fingerprint::{hex_digest, short};
pub use rule::{Check, Checksum, Reach, Rule, Sum, Tier, ValueKind};
pub use rules::{rule, rule_set_hash, rules};
pub(crate) use text::{as_text, is_binary, is_utf16};

/// At most this many hits are kept for one file; more set [`FileScan::truncated`].
pub const MAX_HITS: usize = 200;

/// One secret at one place. Holds nothing from which the value could be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Id of the rule, see [`rules()`].
    pub rule: &'static str,
    /// Line, 1-based.
    pub line: u32,
    /// Column of the first character, 1-based, in characters.
    pub column: u32,
    /// Column after the last character on the same line (a key block is marked by its first line).
    pub end_column: u32,
    /// First characters of the value: at most 4, never more than a quarter of it, none of a value a person chose.
    pub prefix: String,
    /// Length of the value in characters.
    pub length: u32,
    /// Which of its rule's hits in the file it is, from 1.
    pub number: usize,
    /// Its value could be found by trying, so that no hash of it is told.
    pub guessable: bool,
    /// Whether the checksum that the provider builds into the value holds. A score, never a veto.
    pub checksum: Checksum,
    /// The value itself, to compare within the run.
    pub key: ValueKey,
    pub tier: Tier,
    /// What else is to be said, behind the message.
    pub(crate) note: String,
    /// What an inline `gatewright:allow` on the same line grants.
    pub exempt: Option<Grant>,
}

/// What happened to one file, besides the hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileScan {
    /// Hits that this scan added, exempt ones among them.
    pub hits: usize,
    /// A bound was reached (hits, work, size of a credential file): the hits are not all there may be.
    pub truncated: bool,
    /// What of it was not looked at, for people.
    pub unread: Option<&'static str>,
    /// NUL in the first 8 KiB and no UTF-16: searched only for what no chance makes.
    pub binary: bool,
    /// Rules of named files that looked at it, as places in [`rules()`].
    pub by_name: Vec<usize>,
}

/// Searches one file and appends its hits in order of position.
///
/// `path` is relative with `/`; its last parts choose the rules for credential files.
/// Pure, never panics; time and memory are linear in the size of `bytes`.
pub fn scan(path: &str, bytes: &[u8], found: &mut Vec<Hit>) -> FileScan {
    engine::scan(path, bytes, found)
}

/// Whether no rule looks at more of the file than at what is near.
pub(crate) fn is_local(path: &str) -> bool {
    files::rules_for(path).is_empty()
}
