//! What the search of a text found, and how much work it may be.

use std::collections::BTreeMap;
use std::ops::Range;

use super::rule::{Checksum, Tier};

/// Bytes of windows examined per file: this much, and this many times the file's size.
const WORK_BASE: usize = 16 << 20;
const WORK_FACTOR: usize = 64;

/// A confirmed value, before overlaps are settled.
pub(super) struct Match {
    pub(super) rule: usize,
    pub(super) value: Range<usize>,
    /// The value and what belongs to it: a key's body.
    pub(super) extent: Range<usize>,
    /// What the message calls the value's extent, in characters.
    pub(super) length: u32,
    pub(super) guessable: bool,
    pub(super) tier: Tier,
    pub(super) checksum: Checksum,
}

/// The work that one file may make.
pub(super) struct Budget {
    left: usize,
    /// Something was left out, because there was too much of it.
    pub(super) is_spent: bool,
}

impl Budget {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let left = bytes.len().saturating_mul(WORK_FACTOR);
        Self {
            left: left.saturating_add(WORK_BASE),
            is_spent: false,
        }
    }

    pub(super) fn spend(&mut self, work: usize) {
        self.is_spent |= work > self.left;
        self.left = self.left.saturating_sub(work);
    }
}

/// Settles overlaps (the rule earlier in the table wins); in order of position.
pub(super) fn settle(mut matches: Vec<Match>) -> Vec<Match> {
    matches.sort_by_key(|m| (m.rule, m.value.start));
    let mut taken: BTreeMap<usize, Match> = BTreeMap::new();
    for one in matches {
        let clash = taken
            .range(..one.extent.end)
            .next_back()
            .is_some_and(|(_, other)| other.extent.end > one.value.start);
        if !clash {
            taken.insert(one.value.start, one);
        }
    }
    taken.into_values().collect()
}
