//! Byte pair encoding of a piece that is no token itself: of all neighbours the pair whose join has the smallest rank becomes one,
//! the leftmost first, until no join of two neighbours is a token.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::vocabulary::{NONE, Vocabulary};

/// Longest piece, in bytes, for which looking at all pairs again and again is faster than keeping them in order.
const SHORT: usize = 64;
/// Longest piece that is merged as a whole.
const WINDOW: usize = 4096;
/// Bytes at the end of a window that are merged again in the next one, because what follows could have changed them: eight times
/// the longest token.
const CONTEXT: usize = 1024;

/// The number of tokens of a piece.
pub(super) fn count(vocabulary: &Vocabulary, mut piece: &[u8]) -> u64 {
    if piece.len() <= SHORT {
        return short(vocabulary, piece);
    }
    let mut tokens = 0;
    while let Some(window) = piece.get(..WINDOW).filter(|_| piece.len() > WINDOW) {
        let starts = long(vocabulary, window);
        let sure = starts.partition_point(|start| *start <= WINDOW - CONTEXT);
        // The first token of a window starts at 0, and none is longer than what is sure.
        let (whole, start) = match starts.get(sure.saturating_sub(1)) {
            Some(start) if *start > 0 => (sure - 1, *start),
            _ => (starts.len(), WINDOW),
        };
        tokens += whole as u64;
        piece = piece.get(start..).unwrap_or_default();
    }
    tokens + long(vocabulary, piece).len() as u64
}

/// Looks at every pair for each merge: quadratic, with everything in registers and one cache line or two.
fn short(vocabulary: &Vocabulary, piece: &[u8]) -> u64 {
    // `ranks[n]` is that of part `n` joined with the next; `starts` has the end of the last part too.
    let mut ranks = [NONE; SHORT];
    let mut starts = [0_u8; SHORT + 1];
    let mut parts = piece.len();
    for (start, place) in (0_u8..).zip(&mut starts).take(parts + 1) {
        *place = start;
    }
    for (rank, two) in ranks.iter_mut().zip(piece.windows(2)) {
        if let [first, second] = *two {
            *rank = vocabulary.pair(first, second);
        }
    }
    loop {
        let pairs = ranks.iter().take(parts.saturating_sub(1));
        let Some((smallest, place)) = pairs.zip(0..).min().filter(|(rank, _)| **rank != NONE)
        else {
            return parts as u64;
        };
        let (_, place): (u32, usize) = (*smallest, place);
        starts.copy_within(place + 2..=parts, place + 1);
        ranks.copy_within(place + 1..parts, place);
        parts -= 1;
        let joined = |first: usize| {
            let (start, end) = (starts.get(first), starts.get(first + 2));
            match (start, end) {
                (Some(start), Some(end)) if first + 2 <= parts => piece
                    .get(usize::from(*start)..usize::from(*end))
                    .and_then(|token| vocabulary.rank(token))
                    .unwrap_or(NONE),
                _ => NONE,
            }
        };
        let (this, before) = (
            joined(place),
            place.checked_sub(1).map(|before| (before, joined(before))),
        );
        ranks[place] = this;
        if let Some((before, rank)) = before {
            ranks[before] = rank;
        }
    }
}

/// Keeps the pairs in a heap. Gives the starts of the tokens.
fn long(vocabulary: &Vocabulary, piece: &[u8]) -> Vec<usize> {
    let end = piece.len();
    let mut next: Vec<usize> = (1..=end).collect();
    let mut previous: Vec<usize> = (0..end).map(|at| at.saturating_sub(1)).collect();
    let mut ranks: Vec<u32> = vec![NONE; end];
    let mut heap = BinaryHeap::with_capacity(end);
    for (at, two) in piece.windows(2).enumerate() {
        let rank = vocabulary.pair(two[0], two[1]);
        ranks[at] = rank;
        if rank != NONE {
            heap.push(Reverse((rank, at)));
        }
    }
    while let Some(Reverse((rank, at))) = heap.pop() {
        // Anything else is a pair that has changed since.
        if ranks[at] != rank {
            continue;
        }
        let gone = next[at];
        let after = next[gone];
        next[at] = after;
        ranks[gone] = NONE;
        if after < end {
            previous[after] = at;
        }
        let before = (at > 0).then(|| previous[at]);
        for first in before.into_iter().chain([at]) {
            let second = next[first];
            let joined = (second < end)
                .then(|| {
                    piece
                        .get(first..next[second])
                        .and_then(|token| vocabulary.rank(token))
                })
                .flatten();
            ranks[first] = joined.unwrap_or(NONE);
            if let Some(rank) = joined {
                heap.push(Reverse((rank, first)));
            }
        }
    }
    let first = (end > 0).then_some(0);
    std::iter::successors(first, |at| {
        next.get(*at).copied().filter(|next| *next < end)
    })
    .collect()
}
