//! What becomes of the fingerprint of a result.

use std::collections::BTreeMap;
use std::fmt;

use super::hashes::LineHash;
use super::source::NoSource;
use crate::model::SarifResult;

/// The key below `partialFingerprints` that code scanning reads.
pub const LINE_HASH_KEY: &str = "primaryLocationLineHash";

/// What becomes of the line hash of a result. Only [`Fingerprint::Set`] changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fingerprint {
    /// It has none and gets this one.
    Set(LineHash),
    /// It has the one that its line has.
    Same,
    /// It has another than its line, which is this one. What it has stays, or its alert would be taken for a new one.
    Foreign(LineHash),
    /// It has one, and there is no line to compare it with.
    Kept(NoHash),
    /// It has none, and there is no line to hash.
    Without(NoHash),
}

/// Why there is no hash for a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoHash {
    /// The result names no line of a file.
    NoSource(NoSource),
    /// The file does not exist, is a folder, or cannot be read.
    NoFile,
    /// The file ends before the line.
    NoLine,
}

/// What becomes of a result whose line has this hash.
pub fn fingerprint(result: &SarifResult, hash: Result<LineHash, NoHash>) -> Fingerprint {
    let own = result.partial_fingerprints.get(LINE_HASH_KEY);
    // The empty one is none, to the action as here.
    match (own.filter(|own| !own.is_empty()), hash) {
        (None, Ok(hash)) => Fingerprint::Set(hash),
        (Some(own), Ok(hash)) if *own == hash.to_string() => Fingerprint::Same,
        (Some(_), Ok(hash)) => Fingerprint::Foreign(hash),
        (Some(_), Err(why)) => Fingerprint::Kept(why),
        (None, Err(why)) => Fingerprint::Without(why),
    }
}

/// How many results each thing became of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprints {
    pub set: u64,
    pub same: u64,
    pub foreign: u64,
    pub kept: u64,
    pub without: BTreeMap<NoHash, u64>,
}

impl Fingerprints {
    pub fn count(&mut self, fingerprint: Fingerprint) {
        match fingerprint {
            Fingerprint::Set(_) => self.set += 1,
            Fingerprint::Same => self.same += 1,
            Fingerprint::Foreign(_) => self.foreign += 1,
            Fingerprint::Kept(_) => self.kept += 1,
            Fingerprint::Without(why) => *self.without.entry(why).or_default() += 1,
        }
    }

    /// The one line about foreign fingerprints, where there are any.
    pub fn foreign_notice(&self) -> Option<String> {
        (self.foreign > 0).then(|| {
            format!(
                "found {} results whose `{LINE_HASH_KEY}` is not that of their line, expected the tool to leave it out; they keep it",
                self.foreign
            )
        })
    }

    /// The one line about results without a fingerprint, where there are any: code scanning may show their alerts twice.
    pub fn without_notice(&self) -> Option<String> {
        let total: u64 = self.without.values().sum();
        let reasons = self
            .without
            .iter()
            .map(|(why, count)| format!("{count} {why}"));
        (total > 0).then(|| {
            format!(
                "found {total} results that get no `{LINE_HASH_KEY}` ({}), expected a line of a file below the root",
                reasons.collect::<Vec<_>>().join(", ")
            )
        })
    }
}

impl fmt::Display for NoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSource(why) => why.fmt(f),
            Self::NoFile => f.write_str("with a file that cannot be read"),
            Self::NoLine => f.write_str("with a line that the file does not have"),
        }
    }
}
