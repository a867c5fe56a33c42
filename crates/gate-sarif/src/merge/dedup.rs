//! Results that several runs report alike.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::walk::canonical;

/// Tells results that were seen before, apart from their `guid`. To be asked with the rewritten
/// text, in which equal references have equal indexes.
#[derive(Debug, Default)]
pub struct Dedup {
    // two digests of 64 bits: the texts themselves would be the whole log
    seen: HashSet<(u64, u64)>,
    /// How many were not new.
    pub dropped: usize,
}

impl Dedup {
    /// Whether this result is the first of its kind. What cannot be compared is.
    pub fn is_new(&mut self, result: &str) -> bool {
        let span = (
            result.len() - result.trim_start().len(),
            result.trim_end().len(),
        );
        let Ok(text) = canonical(result, span, &["guid"]) else {
            return true;
        };
        let digest = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, &text).hash(&mut hasher);
            hasher.finish()
        };
        let new = self.seen.insert((digest(0), digest(1)));
        self.dropped += usize::from(!new);
        new
    }
}
