//! Secrets in the bytes of one file, judged offline.
//!
//! One pass of a filter of literals finds candidates; each is confirmed by its rule's pattern inside a bounded
//! window and by checks of the value (length, alphabet, placeholders, structure). Positions are worked out only when
//! there is a hit. A value is never stored in anything that leaves this module: a hit carries a prefix, a length and a
//! fingerprint. Every bound that is hit is reported in [`FileScan::truncated`], which a gate must not count as a pass.

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
pub(crate) mod place;
mod report;
mod rule;
pub mod rules;
mod runs;
mod sample;
mod text;

#[cfg(test)]
mod tests;

pub use allow::Grant;
pub(crate) use allow::allowance;
pub use control::{Control, control, planted_file};
pub use fingerprint::ValueKey;
pub(crate) use fingerprint::{hex_digest, short};
pub use rule::{Check, Checksum, Reach, Rule, Sum, Tier, ValueKind};
pub use rules::{rule, rule_set_hash, rules};
pub(crate) use text::{as_text, is_binary};

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
    /// 64 lower-case hex digits, free of line numbers: rule family, path and a hash of the value; for a value that
    /// could be guessed the occurrence number stands in for the hash.
    pub fingerprint: String,
    /// What was found, for people; one line.
    pub message: String,
    /// Whether the checksum that the provider builds into the value holds. A score, never a veto.
    pub checksum: Checksum,
    /// 16 hex digits for ignoring it: of a value that cannot be guessed the same wherever it stands.
    pub id: String,
    /// The value itself, to compare within the run.
    pub key: ValueKey,
    pub tier: Tier,
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
/// `path` is relative with `/`; its last parts choose the rules for credential files and it enters the fingerprint.
/// Pure, never panics; time and memory are linear in the size of `bytes`.
pub fn scan(path: &str, bytes: &[u8], found: &mut Vec<Hit>) -> FileScan {
    engine::scan(path, bytes, found)
}
