//! Values in text that stands encoded in the file: found by the rules of formats, shown where the encoded run stands.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::MAX_HITS;
use super::engine::certain;
use super::matched::{Budget, Match};
use super::runs::{Encoding, Run, Runs, runs};

/// How often a run is decoded: a value in base64 may stand in an address or in a Secret once more.
const MAX_DEPTH: usize = 2;
/// Values kept before those are taken out that are found plain too.
const MAX_VALUES: usize = MAX_HITS * 4;

/// A value, and the run that it was found in.
pub(super) struct Decoded {
    pub(super) run: Range<usize>,
    /// Where the first line of the run ends.
    pub(super) line_end: usize,
    /// What was decoded, from the outside in.
    pub(super) encodings: Vec<Encoding>,
    /// The value and what belongs to it; `found` counts from its first byte.
    pub(super) text: Vec<u8>,
    pub(super) found: Match,
}

impl Decoded {
    fn new(text: &[u8], found: &Match) -> Self {
        let Match { value, extent, .. } = found;
        let from = extent.start;
        Self {
            run: 0..0,
            line_end: 0,
            encodings: Vec::new(),
            text: text[extent.clone()].to_vec(),
            found: Match {
                value: value.start - from..value.end - from,
                extent: 0..extent.len(),
                ..*found
            },
        }
    }

    fn within(mut self, run: &Run) -> Self {
        self.run = run.range.clone();
        self.line_end = run.line_end;
        self.encodings.insert(0, run.encoding);
        self
    }

    /// What makes it the same value as another.
    fn key(&self) -> (usize, &[u8]) {
        (self.found.rule, &self.text)
    }
}

/// The values in the encoded runs of `text`, in order of the runs. Where more follows behind `text` (`is_cut`), a run that reaches its end
/// is left out, and the first such is told by where it starts.
pub(super) fn search(
    text: &[u8],
    is_cut: bool,
    budget: &mut Budget,
) -> (Vec<Decoded>, Option<usize>) {
    let (mut found, open) = at_depth(text, is_cut, 1, budget);
    found.sort_by_key(|one| (one.run.start, one.encodings.len(), Reverse(one.run.end)));
    // One run may lie in another, and be decoded with it, or be tried without its last line, which may cut a value: at one place a value
    // is told once.
    let (mut seen, mut end) = (BTreeSet::new(), 0);
    let mut is_first = Vec::new();
    for one in &found {
        if one.run.start >= end {
            seen.clear();
        }
        end = end.max(one.run.end);
        let key @ (rule, text) = one.key();
        let next: Option<&(usize, &[u8])> = seen.range(key..).next();
        let is_known = next.is_some_and(|next| next.0 == rule && next.1.starts_with(text));
        is_first.push(!is_known);
        seen.insert(key);
    }
    let mut is_first = is_first.into_iter();
    found.retain(|_| is_first.next() == Some(true));
    (found, open)
}

fn at_depth(
    text: &[u8],
    is_cut: bool,
    depth: usize,
    budget: &mut Budget,
) -> (Vec<Decoded>, Option<usize>) {
    let mut all = Vec::new();
    let Runs { complete, open } = runs(text, is_cut, |run, inner| {
        budget.spend(inner.len());
        let plain = certain(inner, budget).into_iter();
        let mut found: Vec<_> = plain.map(|one| Decoded::new(inner, &one)).collect();
        if depth < MAX_DEPTH {
            found.extend(at_depth(inner, false, depth + 1, budget).0);
        }
        all.extend(found.into_iter().map(|one| one.within(run)));
        if all.len() >= MAX_VALUES {
            budget.is_spent = true;
        }
        !budget.is_spent
    });
    budget.is_spent |= !complete;
    (all, open)
}

/// Takes out what is told twice: a value that stands in its run as it is, and of a run that is a value itself the one that says less,
/// which is the one whose rule is later. `plain` is in order and nowhere overlaps.
pub(super) fn settle(bytes: &[u8], plain: &mut Vec<Match>, decoded: &mut Vec<Decoded>) {
    let mut is_less = vec![false; plain.len()];
    decoded.retain(|one| {
        let run = &one.run;
        let first = plain.partition_point(|other| other.extent.end <= run.start);
        let around = plain[first..].iter().zip(&mut is_less[first..]);
        let mut is_told = false;
        for (other, is_less) in around.take_while(|(other, _)| other.value.start < run.end) {
            let covers = other.value.start <= run.start && run.end <= other.extent.end;
            if covers && one.found.rule < other.rule {
                *is_less = true;
            } else {
                is_told |= covers
                    || other.rule == one.found.rule && bytes[other.extent.clone()] == one.text;
            }
        }
        !is_told
    });
    let mut is_less = is_less.into_iter();
    plain.retain(|_| is_less.next() == Some(false));
}
