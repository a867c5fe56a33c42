//! From confirmed values to hits: overlaps, places, prefixes, fingerprints, messages.

use std::collections::BTreeMap;

use super::allow::{Grant, allowance};
use super::decoded::{self, Decoded};
use super::fingerprint::{self, Identity, ValueKey};
use super::matched::Match;
use super::place::Place;
use super::rule::{Check, Checksum, Rule};
use super::rules::rules;
use super::{Hit, MAX_HITS};

/// Appends the hits in order of position; `true` when there were more than are kept.
pub(super) fn report(
    path: &str,
    bytes: &[u8],
    mut plain: Vec<Match>,
    mut decoded: Vec<Decoded>,
    found: &mut Vec<Hit>,
) -> bool {
    decoded::settle(bytes, &mut plain, &mut decoded);
    let before = found.len();
    let plain_extents = plain.iter().map(|one| one.extent.clone());
    let mut extents: Vec<_> = plain_extents
        .chain(decoded.iter().map(|one| one.run.clone()))
        .collect();
    extents.sort_by_key(|extent| (extent.start, extent.end));
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut number = |one: &Match| {
        let number = numbers.entry(rules()[one.rule].id).or_default();
        *number += 1;
        *number
    };
    let mut place = Place::new(bytes);
    for one in plain.iter().take(MAX_HITS) {
        let allowed = allowance(bytes, rules()[one.rule].id, &one.extent, &extents);
        let place = place.range(&one.value);
        found.push(hit(path, bytes, one, place, number(one), allowed.told()));
    }
    let mut place = Place::new(bytes);
    for one in decoded.iter().take(MAX_HITS) {
        let rule = rules()[one.found.rule].id;
        let (note, exempt) = allowance(bytes, rule, &one.run, &extents).told();
        let how: Vec<_> = one.encodings.iter().map(|one| one.as_str()).collect();
        let note = format!("; found after decoding {}{note}", how.join(", then "));
        let place = place.range(&(one.run.start..one.line_end));
        let told = (note, exempt);
        found.push(hit(
            path,
            &one.text,
            &one.found,
            place,
            number(&one.found),
            told,
        ));
    }
    found[before..].sort_by_key(|hit| (hit.line, hit.column));
    found.truncate(before + MAX_HITS);
    plain.len() + decoded.len() > MAX_HITS
}

/// The hit of a value that `bytes` holds; `place` is its line and its columns in the file.
fn hit(
    path: &str,
    bytes: &[u8],
    one: &Match,
    (line, column, end_column): (u32, u32, u32),
    number: usize,
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
