//! From confirmed values to hits: overlaps, places, prefixes, fingerprints, messages.

use std::collections::BTreeMap;

use super::allow::{Grant, allowance};
use super::decoded::{self, Decoded};
use super::fingerprint::{self, Identity, ValueKey};
use super::matched::Match;
use super::piece::{Origin, Piece};
use super::rule::{Check, Checksum};
use super::rules::{rule, rules};
use super::{Hit, MAX_HITS};

/// The hits of one file, piece by piece.
#[derive(Debug)]
pub(super) struct Report {
    origin: Origin,
    plain: Vec<Hit>,
    decoded: Vec<Hit>,
    /// There were more than are kept.
    is_full: bool,
}

impl Report {
    pub(super) fn new(start: &[u8]) -> Self {
        Self {
            origin: Origin::of(start),
            plain: Vec::new(),
            decoded: Vec::new(),
            is_full: false,
        }
    }

    /// Takes what is found in the piece's own part; matches may stand in what overlaps, too.
    pub(super) fn add(
        &mut self,
        piece: &Piece<'_>,
        mut plain: Vec<Match>,
        mut decoded: Vec<Decoded>,
    ) {
        let Piece { bytes, own, .. } = piece;
        decoded::settle(bytes, &mut plain, &mut decoded);
        let plain_extents = plain.iter().map(|one| one.extent.clone());
        let mut extents: Vec<_> = plain_extents
            .chain(decoded.iter().map(|one| one.run.clone()))
            .collect();
        extents.sort_by_key(|extent| (extent.start, extent.end));
        plain.retain(|one| own.contains(&one.value.start));
        decoded.retain(|one| own.contains(&one.run.start));
        let left = MAX_HITS - self.plain.len().max(self.decoded.len()).min(MAX_HITS);
        self.is_full |=
            plain.len() + decoded.len() + self.plain.len() + self.decoded.len() > MAX_HITS;
        let mut place = self.origin.place(piece);
        for one in plain.iter().take(left) {
            let allowed = allowance(bytes, rules()[one.rule].id, &one.extent, &extents);
            let place = place.range(&one.value);
            self.plain.push(hit(bytes, one, place, allowed.told()));
        }
        let mut place = self.origin.place(piece);
        for one in decoded.iter().take(left) {
            let rule = rules()[one.found.rule].id;
            let (note, exempt) = allowance(bytes, rule, &one.run, &extents).told();
            let how: Vec<_> = one.encodings.iter().map(|one| one.as_str()).collect();
            let note = format!("; found after decoding {}{note}", how.join(", then "));
            let place = place.range(&(one.run.start..one.line_end));
            let hit = hit(&one.text, &one.found, place, (note, exempt));
            self.decoded.push(hit);
        }
        self.origin.pass(piece);
    }

    /// Appends the hits in order of position; `true` when there were more than are kept.
    pub(super) fn finish(self, found: &mut Vec<Hit>) -> bool {
        let before = found.len();
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for mut hit in self.plain.into_iter().chain(self.decoded) {
            let number = numbers.entry(hit.rule).or_default();
            *number += 1;
            hit.number = *number;
            found.push(hit);
        }
        found[before..].sort_by_key(|hit| (hit.line, hit.column));
        found.truncate(before + MAX_HITS);
        self.is_full
    }
}

/// The hit of a value that `bytes` holds; `place` is its line and its columns in the file.
fn hit(
    bytes: &[u8],
    one: &Match,
    (line, column, end_column): (u32, u32, u32),
    (note, exempt): (String, Option<Grant>),
) -> Hit {
    let rule = &rules()[one.rule];
    let value = &bytes[one.value.clone()];
    let prefix = if one.guessable {
        String::new()
    } else {
        prefix(value)
    };
    // A key is what stands below its header, however that is laid out.
    let content: Vec<u8> = if rule.checks.contains(&Check::KeyBody) {
        let body = &bytes[one.value.end..one.extent.end];
        body.iter()
            .copied()
            .filter(u8::is_ascii_alphanumeric)
            .collect()
    } else {
        value.to_vec()
    };
    Hit {
        rule: rule.id,
        line,
        column,
        end_column,
        prefix,
        length: one.length,
        number: 0,
        guessable: one.guessable,
        key: ValueKey::of(rule.family, &content),
        tier: one.tier,
        checksum: one.checksum,
        note,
        exempt,
    }
}

impl Hit {
    /// What stands for it outside of the run. `salt` is the repository's; `path` the file's.
    pub(crate) fn identity(&self, path: &str, salt: Option<&str>) -> Identity {
        match salt {
            Some(salt) if !self.guessable => fingerprint::of_value(salt, path, &self.key),
            _ => {
                let by_place = fingerprint::of_occurrence(self.rule, path, self.number);
                Identity {
                    // By its place another secret would be accepted with it.
                    id: by_place.id.filter(|_| self.guessable),
                    ..by_place
                }
            }
        }
    }

    /// What was found, for people; one line.
    pub(crate) fn message(&self, id: Option<&str>) -> String {
        let title = rule(self.rule).map_or(self.rule, |rule| rule.title);
        let id = id.map_or_else(
            || String::from("no id without `id_salt`"),
            |id| format!("id {id}"),
        );
        let note = &self.note;
        if self.length == 0 {
            return format!("{title} ({id}){note}");
        }
        let begins = if self.prefix.is_empty() {
            String::new()
        } else {
            format!("begins with {}, ", self.prefix)
        };
        let sum = match self.checksum {
            Checksum::Undefined => "",
            Checksum::Holds => "; its checksum holds",
            Checksum::Differs => "; its checksum differs, so it may be altered or invented",
        };
        format!(
            "{title} ({begins}{} characters, {id}){sum}{note}",
            self.length
        )
    }
}

/// At most four characters and at most a quarter of the value.
fn prefix(value: &[u8]) -> String {
    let shown = (value.len() / 4).min(4);
    value[..shown]
        .iter()
        .filter(|b| b.is_ascii_graphic())
        .map(|&b| char::from(b))
        .collect()
}
