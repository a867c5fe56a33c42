//! From findings to hits: places, fingerprints, exemptions, and no more of them than a person reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::rule::{Level, Rule};
use super::{Found, Hit};
use crate::secrets::place::Place;
use crate::secrets::{MAX_HITS, ValueKey, allowance, hex_digest, short};

/// Heuristic findings of one rule that are shown of one file.
const MAX_SHOWN: usize = 5;
/// Characters of content that a message quotes.
pub(super) const SHOWN: usize = 200;

/// The findings of one file: certain ones up to [`MAX_HITS`], of each heuristic rule the first few, all counted.
#[derive(Debug, Default)]
pub(super) struct Findings {
    kept: Vec<Found>,
    counts: BTreeMap<&'static str, usize>,
    certain: usize,
    /// Configuration that could not be read.
    pub(super) unread: bool,
}

impl Findings {
    pub(super) fn push(&mut self, one: Found) {
        let count = self.counts.entry(one.rule.id).or_default();
        *count += 1;
        let keep = match one.rule.level {
            Level::Certain => {
                self.certain += 1;
                self.certain <= MAX_HITS
            }
            Level::Heuristic => *count <= MAX_SHOWN,
        };
        if keep {
            self.kept.push(one);
        }
    }

    /// Pushes a finding whose place and words cost something, unless it would only be counted.
    pub(super) fn push_with(
        &mut self,
        rule: &'static Rule,
        find: impl FnOnce() -> (Range<usize>, String),
    ) {
        let full = match rule.level {
            Level::Certain => self.certain >= MAX_HITS,
            Level::Heuristic => self
                .counts
                .get(rule.id)
                .is_some_and(|count| *count >= MAX_SHOWN),
        };
        let (range, message) = if full { (0..0, String::new()) } else { find() };
        self.push(Found {
            rule,
            range,
            message,
            hidden: None,
        });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

/// Appends the hits in order of position. Returns whether some were left out that count.
pub(super) fn report(path: &str, text: &[u8], findings: Findings, found: &mut Vec<Hit>) -> bool {
    let Findings {
        kept: mut all,
        counts,
        certain,
        ..
    } = findings;
    all.sort_by_key(|one| (one.range.start, one.rule.id));
    say_more(&mut all, &counts);
    let places = places(text, &all);
    let mut seen: BTreeMap<(&str, Vec<u8>), usize> = BTreeMap::new();
    for one in &mut all {
        let (line, column) = places.get(&one.range.start).copied().unwrap_or((1, 1));
        let end = places.get(&line_end(text, one));
        let end_column = end.map_or(column, |&(_, column)| column);
        let content = text.get(one.range.clone()).unwrap_or_default().to_vec();
        let number = seen.entry((one.rule.id, content.clone())).or_default();
        *number += 1;
        let fingerprint = hex_digest(&[
            b"gatewright content v1",
            one.rule.id.as_bytes(),
            path.as_bytes(),
            &content,
            number.to_string().as_bytes(),
        ]);
        let mut message = std::mem::take(&mut one.message);
        let id = short(&hex_digest(&[
            b"gatewright content v1",
            one.rule.id.as_bytes(),
            &content,
        ]));
        let (note, exempt) = allowance(text, one.rule.id, &one.range, &[]).told();
        let worth = match one.rule.level {
            Level::Certain => "",
            Level::Heuristic => "heuristic, not counted, ",
        };
        let _ = write!(message, " ({worth}id {id}){note}");
        found.push(Hit {
            rule: one.rule.id,
            level: one.rule.level,
            line,
            column,
            end_column,
            message,
            hidden: one.hidden.take(),
            fingerprint,
            id,
            key: ValueKey::of(one.rule.id, &content),
            exempt,
        });
    }
    certain > MAX_HITS
}

/// Lines and columns of where findings begin and end; findings may overlap, the walk goes forward.
fn places(text: &[u8], all: &[Found]) -> BTreeMap<usize, (u32, u32)> {
    let ends = all.iter().map(|one| line_end(text, one));
    let mut offsets: Vec<usize> = all.iter().map(|one| one.range.start).chain(ends).collect();
    offsets.sort_unstable();
    let mut place = Place::new(text);
    offsets.into_iter().map(|at| (at, place.of(at))).collect()
}

/// Where the finding, or its first line, ends: what is marked does not leave its line.
fn line_end(text: &[u8], one: &Found) -> usize {
    let range = text.get(one.range.clone()).unwrap_or_default();
    memchr::memchr(b'\n', range).map_or(one.range.end, |at| one.range.start + at)
}

/// The last finding that is shown of a heuristic rule says how many more there are.
fn say_more(all: &mut [Found], counts: &BTreeMap<&str, usize>) {
    for (id, count) in counts.iter().filter(|(_, count)| **count > MAX_SHOWN) {
        let last = all.iter_mut().rev().find(|one| one.rule.id == *id);
        if let Some(last) = last.filter(|last| last.rule.level == Level::Heuristic) {
            let _ = write!(last.message, "; {} more in this file", count - MAX_SHOWN);
        }
    }
}

/// Printable ASCII only, bounded; nothing that it shows can act where it is shown.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let piece: String = c.escape_default().collect();
        if out.len() + piece.len() > SHOWN {
            out.push_str("...");
            break;
        }
        out.push_str(&piece);
    }
    out
}
