//! From confirmed values to hits: overlaps, places, prefixes, fingerprints, messages.

use std::collections::BTreeMap;
use std::ops::Range;

use super::allow::allowance;
use super::engine::Match;
use super::fingerprint::{self, Identity, ValueKey};
use super::place::Place;
use super::rule::{Check, Checksum, Rule};
use super::rules::rules;
use super::{Hit, MAX_HITS};

/// Settles overlaps (the rule earlier in the table wins) and appends the hits in order of position; `true` when there
/// were more than are kept.
pub(super) fn report(
    path: &str,
    bytes: &[u8],
    mut matches: Vec<Match>,
    found: &mut Vec<Hit>,
) -> bool {
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
    let extents: Vec<_> = taken.values().map(|m| m.extent.clone()).collect();
    let mut place = Place::new(bytes);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for one in taken.into_values().take(MAX_HITS) {
        let number = numbers.entry(rules()[one.rule].id).or_default();
        *number += 1;
        found.push(hit(path, bytes, &one, &extents, &mut place, *number));
    }
    extents.len() > MAX_HITS
}

fn hit(
    path: &str,
    bytes: &[u8],
    one: &Match,
    extents: &[Range<usize>],
    place: &mut Place<'_>,
    number: usize,
) -> Hit {
    let rule = &rules()[one.rule];
    let value = &bytes[one.value.clone()];
    let (line, column) = place.of(one.value.start);
    let (_, end_column) = place.of(one.value.end);
    let (note, exempt) = allowance(bytes, rule.id, &one.extent, extents).told();
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
    let Identity { fingerprint, id } = if one.guessable {
        fingerprint::of_occurrence(rule.id, path, number)
    } else {
        fingerprint::of_value(rule.family, path, &content)
    };
    Hit {
        rule: rule.id,
        line,
        column,
        end_column,
        message: message(rule, one, &prefix, &id, &note),
        prefix,
        length: one.length,
        fingerprint,
        id,
        key: ValueKey::of(rule.family, &content),
        tier: one.tier,
        checksum: one.checksum,
        exempt,
    }
}

fn message(rule: &Rule, one: &Match, prefix: &str, id: &str, note: &str) -> String {
    if one.length == 0 {
        return format!("{} (id {id}){note}", rule.title);
    }
    let begins = if prefix.is_empty() {
        String::new()
    } else {
        format!("begins with {prefix}, ")
    };
    let sum = match one.checksum {
        Checksum::Undefined => "",
        Checksum::Holds => "; its checksum holds",
        Checksum::Differs => "; its checksum differs, so it may be altered or invented",
    };
    format!(
        "{} ({begins}{} characters, id {id}){sum}{note}",
        rule.title, one.length
    )
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
