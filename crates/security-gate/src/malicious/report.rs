//! From findings to hits: places, fingerprints, exemptions, and no more of them than a person reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::rule::{Level, Rule};
use super::{Found, Hit};
use crate::secrets::piece::{Origin, Piece};
use crate::secrets::{MAX_HITS, ValueKey, allowance, hex_digest, short};

/// Heuristic findings of one rule that are shown of one file.
const MAX_SHOWN: usize = 5;
/// Characters of content that a message quotes.
pub(super) const SHOWN: usize = 200;

/// The findings of a piece of a file: certain ones up to [`MAX_HITS`], of each heuristic rule the first few, all counted.
#[derive(Debug)]
pub(super) struct Findings {
    /// Where findings of this piece begin.
    own: Range<usize>,
    kept: Vec<Found>,
    counts: BTreeMap<&'static str, usize>,
    certain: usize,
    /// Configuration that could not be read.
    pub(super) unread: bool,
}

impl Findings {
    pub(super) const fn of(own: Range<usize>) -> Self {
        Self {
            own,
            kept: Vec::new(),
            counts: BTreeMap::new(),
            certain: 0,
            unread: false,
        }
    }

    pub(super) fn push(&mut self, one: Found) {
        if !self.own.contains(&one.range.start) {
            return;
        }
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

/// The hits of one file, piece by piece.
#[derive(Debug)]
pub(super) struct Report<'a> {
    path: &'a str,
    origin: Origin,
    hits: Vec<Hit>,
    counts: BTreeMap<&'static str, usize>,
    certain: usize,
    unread: bool,
    seen: BTreeMap<(&'static str, Vec<u8>), usize>,
}

impl<'a> Report<'a> {
    /// `start` is how the text begins.
    pub(super) fn new(path: &'a str, start: &[u8]) -> Self {
        Self {
            path,
            origin: Origin::of(start),
            hits: Vec::new(),
            counts: BTreeMap::new(),
            certain: 0,
            unread: false,
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, piece: &Piece<'_>, findings: Findings) {
        let Findings {
            kept: mut all,
            counts,
            certain,
            unread,
            ..
        } = findings;
        all.sort_by_key(|one| (one.range.start, one.rule.id));
        let before = self.counts.clone();
        for (rule, count) in counts {
            *self.counts.entry(rule).or_default() += count;
        }
        let room = MAX_HITS.saturating_sub(self.certain);
        self.certain += certain;
        self.unread |= unread;
        // What earlier pieces have is shown first.
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        all.retain(|one| {
            let shown = before.get(one.rule.id).copied().unwrap_or_default();
            let (key, most) = match one.rule.level {
                Level::Certain => ("", room),
                Level::Heuristic => (one.rule.id, MAX_SHOWN.saturating_sub(shown)),
            };
            let left = left.entry(key).or_insert(most);
            let is_shown = *left > 0;
            *left = left.saturating_sub(1);
            is_shown
        });
        let places = places(piece, self.origin, &all);
        for one in all {
            self.push(piece.bytes, one, &places);
        }
        self.origin.pass(piece);
    }

    fn push(&mut self, text: &[u8], one: Found, places: &BTreeMap<usize, (u32, u32)>) {
        let (line, column) = places.get(&one.range.start).copied().unwrap_or((1, 1));
        let end = places.get(&line_end(text, &one));
        let end_column = end.map_or(column, |&(_, column)| column);
        let last = places.get(&one.range.end);
        let content = text.get(one.range.clone()).unwrap_or_default().to_vec();
        let number = self.seen.entry((one.rule.id, content.clone())).or_default();
        *number += 1;
        let fingerprint = hex_digest(&[
            b"gatewright content v1",
            one.rule.id.as_bytes(),
            self.path.as_bytes(),
            &content,
            number.to_string().as_bytes(),
        ]);
        let mut message = one.message;
        let quoted = message.len();
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
        let hit = Hit {
            rule: one.rule.id,
            level: one.rule.level,
            line,
            column,
            end_column,
            message,
            hidden: one.hidden,
            fingerprint,
            id,
            key: ValueKey::of(one.rule.id, &content),
            exempt,
            last_line: last.map_or(line, |&(line, _)| line),
            quoted,
        };
        self.hits.push(hit);
    }

    /// Appends the hits in order of position. The last one of a heuristic rule that shows not all says how many more there are.
    pub(super) fn finish(mut self, found: &mut Vec<Hit>) -> Reported {
        for (id, count) in self.counts.iter().filter(|(_, count)| **count > MAX_SHOWN) {
            let last = self.hits.iter_mut().rev().find(|hit| hit.rule == *id);
            if let Some(hit) = last.filter(|hit| hit.level == Level::Heuristic) {
                let more = format!("; {} more in this file", count - MAX_SHOWN);
                hit.message.insert_str(hit.quoted, &more);
            }
        }
        let before = found.len();
        found.extend(self.hits);
        Reported {
            hits: found.len() - before,
            truncated: self.certain > MAX_HITS,
            unread: self.unread,
        }
    }
}

/// What was reported of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reported {
    pub(super) hits: usize,
    /// Some were left out that count.
    pub(super) truncated: bool,
    /// Configuration could not be read.
    pub(super) unread: bool,
}

/// Lines and columns of where findings begin and end; findings may overlap, the walk goes forward.
fn places(piece: &Piece<'_>, origin: Origin, all: &[Found]) -> BTreeMap<usize, (u32, u32)> {
    let text = piece.bytes;
    let ends = all
        .iter()
        .flat_map(|one| [line_end(text, one), one.range.end]);
    let mut offsets: Vec<usize> = all.iter().map(|one| one.range.start).chain(ends).collect();
    offsets.sort_unstable();
    let mut place = origin.place(piece);
    offsets.into_iter().map(|at| (at, place.of(at))).collect()
}

/// Where the finding, or its first line, ends: what is marked does not leave its line.
fn line_end(text: &[u8], one: &Found) -> usize {
    let range = text.get(one.range.clone()).unwrap_or_default();
    memchr::memchr(b'\n', range).map_or(one.range.end, |at| one.range.start + at)
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
