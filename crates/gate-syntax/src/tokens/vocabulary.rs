//! The tokens of an encoding, found by their bytes.

use std::sync::LazyLock;

/// Bits of a slot that hold where a token starts; the others hold a part of its hash, so that other tokens are told apart without a
/// look at them.
const START_BITS: u32 = 21;
const START_MASK: u32 = (1 << START_BITS) - 1;
/// What stands for no rank; every rank is smaller.
pub(super) const NONE: u32 = u32::MAX;

/// A table of tokens by their bytes. All that merging asks of ranks is which one is smaller, so where a token starts serves as its
/// rank.
pub(super) struct Vocabulary {
    /// All tokens in the order of their ranks, each behind a byte that is its length.
    tokens: &'static [u8],
    /// Ranks of the tokens of two bytes, by the bytes: every merge begins with them.
    pairs: Vec<u32>,
    /// Open addressing with linear probing for longer tokens; 0 is free. A power of two, at most half full.
    slots: Vec<u32>,
}

impl Vocabulary {
    pub(super) fn o200k() -> &'static Self {
        static O200K: LazyLock<Vocabulary> = LazyLock::new(|| {
            Vocabulary::new(include_bytes!(concat!(
                env!("OUT_DIR"),
                "/o200k_base.tokens"
            )))
        });
        &O200K
    }

    pub(super) fn cl100k() -> &'static Self {
        static CL100K: LazyLock<Vocabulary> = LazyLock::new(|| {
            Vocabulary::new(include_bytes!(concat!(
                env!("OUT_DIR"),
                "/cl100k_base.tokens"
            )))
        });
        &CL100K
    }

    fn new(tokens: &'static [u8]) -> Self {
        // A token and its length are eight bytes in the mean.
        let slots = (tokens.len() / 4).next_power_of_two();
        let mut vocabulary = Self {
            tokens,
            pairs: vec![NONE; 1 << 16],
            slots: vec![0; slots],
        };
        let mut start = 0;
        while let Some(token) = vocabulary.token(start) {
            let length = token.len();
            match token {
                [] | [_] => {}
                [first, second] => vocabulary.pairs[pair(*first, *second)] = start,
                _ => {
                    let (mut slot, tag) = vocabulary.place(token);
                    while vocabulary.slots[slot] != 0 {
                        slot = (slot + 1) & (slots - 1);
                    }
                    vocabulary.slots[slot] = tag | start;
                }
            }
            start = start.saturating_add(1 + u32::try_from(length).unwrap_or(NONE));
        }
        vocabulary
    }

    /// The rank of a token. A single byte is a token too; which one is nobody's question, so it has the smallest rank here.
    pub(super) fn rank(&self, token: &[u8]) -> Option<u32> {
        match token {
            [] => None,
            [_] => Some(0),
            [first, second] => Some(self.pair(*first, *second)).filter(|rank| *rank != NONE),
            _ => self.find(token),
        }
    }

    /// The rank of a token of two bytes, or [`NONE`].
    pub(super) fn pair(&self, first: u8, second: u8) -> u32 {
        self.pairs.get(pair(first, second)).copied().unwrap_or(NONE)
    }

    fn find(&self, token: &[u8]) -> Option<u32> {
        let (mut at, tag) = self.place(token);
        loop {
            let slot = *self.slots.get(at)?;
            if slot == 0 {
                return None;
            }
            let start = slot & START_MASK;
            if slot & !START_MASK == tag && self.token(start) == Some(token) {
                return Some(start);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn token(&self, start: u32) -> Option<&'static [u8]> {
        let (length, rest) = self.tokens.get(start as usize..)?.split_first()?;
        rest.get(..usize::from(*length))
    }

    /// The first slot for a token, and the bits of its hash that a slot keeps.
    fn place(&self, token: &[u8]) -> (usize, u32) {
        let hash = hash(token);
        let slot = hash & (self.slots.len() - 1) as u64;
        let tag = u32::try_from(hash >> 32).unwrap_or_default() & !START_MASK;
        (usize::try_from(slot).unwrap_or_default(), tag)
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Multiply and fold, eight bytes at a time. The table never changes, so nobody can make its chains longer.
fn hash(token: &[u8]) -> u64 {
    let (words, rest) = token.as_chunks::<8>();
    let mut hash = token.len() as u64;
    for word in words {
        hash = fold(hash, u64::from_le_bytes(*word));
    }
    let rest = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => rest
            .iter()
            .fold(0, |bits, byte| bits << 8 | u64::from(*byte)),
    };
    fold(hash, rest)
}

fn fold(hash: u64, bits: u64) -> u64 {
    let product = (hash ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 29
}
