//! One entry: what was measured of a commit, in counts.

use super::names::{Name, is_commit};
use gate_evidence::coverage::{Ratio, Totals};
use gate_policy::GatePolicy;
use gate_verdict::sha256_hex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longer entries are none of ours.
pub(super) const MAX_BYTES: u64 = 64 * 1024;

/// The entry as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    schema_version: u32,
    gate: String,
    pub(super) commit: String,
    tree: String,
    pub(super) measured_at: String,
    /// Which paths were judged: entries of other ones are of other code.
    pub(super) selection: String,
    totals: BTreeMap<String, Counts>,
    /// Of the file beside it that has the lines; `null` where there was none to keep.
    pub(super) lcov_sha256: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    covered: u64,
    total: u64,
}

/// A unit's name, and where its counts are.
type Unit = (&'static str, fn(&mut Totals) -> &mut Ratio);

const UNITS: [Unit; 6] = [
    ("lines", |totals| &mut totals.lines),
    ("branches", |totals| &mut totals.branches),
    ("conditions", |totals| &mut totals.conditions),
    ("functions", |totals| &mut totals.functions),
    ("statements", |totals| &mut totals.statements),
    ("regions", |totals| &mut totals.regions),
];

impl Entry {
    pub(super) fn new(
        name: &Name,
        tree: &str,
        measured_at: String,
        (selection, lcov_sha256): (String, Option<String>),
        mut totals: Totals,
    ) -> Self {
        let mut measured = BTreeMap::new();
        for (unit, of) in UNITS {
            let Ratio { covered, total } = *of(&mut totals);
            if total > 0 {
                measured.insert(unit.to_owned(), Counts { covered, total });
            }
        }
        Self {
            schema_version: 1,
            gate: name.stem.clone(),
            commit: name.commit.clone(),
            tree: tree.to_owned(),
            measured_at,
            selection,
            totals: measured,
            lcov_sha256,
        }
    }

    pub(super) fn written(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// An entry of this name. `Err`: what was found and what was expected.
    pub(super) fn parse(name: &Name, bytes: &[u8]) -> Result<Self, String> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let version = value.get("schema_version");
        if version.and_then(serde_json::Value::as_u64) != Some(1) {
            let found = version.map_or_else(
                || String::from("none"),
                |found| found.to_string().chars().take(40).collect(),
            );
            return Err(format!("found schema_version {found}, expected 1"));
        }
        let entry: Self = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let differs = |what: &str, found: &str, expected: &str| {
            let found: String = found.chars().take(80).collect();
            Err(format!("found {what} `{found}`, expected {expected}"))
        };
        if entry.commit != name.commit {
            return differs("commit", &entry.commit, "the one that its name says");
        }
        if entry.gate != name.stem {
            return differs("gate", &entry.gate, "the one that its name says");
        }
        if !is_commit(&entry.tree) {
            return differs("tree", &entry.tree, "40 hex digits");
        }
        let measured_at = &entry.measured_at;
        if super::names::time_of(measured_at).is_none() || measured_at.len() != 20 {
            let like = "a time such as 2026-11-21T12:00:00Z";
            return differs("measured_at", measured_at, like);
        }
        let is_hash =
            |text: &String| text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit());
        let hashes = [Some(&entry.selection), entry.lcov_sha256.as_ref()];
        if let Some(wrong) = hashes.into_iter().flatten().find(|text| !is_hash(text)) {
            return differs("hash", wrong, "64 hex digits");
        }
        for (unit, counts) in &entry.totals {
            if !UNITS.iter().any(|(known, _)| known == unit) {
                return differs("unit", unit, "one that is counted");
            }
            if counts.covered > counts.total {
                let found = format!("{} of {}", counts.covered, counts.total);
                return differs(unit, &found, "no more than there are");
            }
        }
        Ok(entry)
    }

    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (unit, of) in UNITS {
            if let Some(&Counts { covered, total }) = self.totals.get(unit) {
                *of(&mut totals) = Ratio { covered, total };
            }
        }
        totals
    }
}

/// Which paths a gate judges, as one hash.
pub(super) fn selection(gate: &GatePolicy) -> String {
    let text = serde_json::to_string(&(&gate.paths, &gate.exclude)).unwrap_or_default();
    sha256_hex(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> Name {
        let name = format!("coverage.20261126T171606Z.{}.json", "0a".repeat(20));
        Name::parse(&name).expect("a name")
    }

    fn entry() -> Entry {
        let totals = Totals {
            lines: Ratio {
                covered: 3,
                total: 4,
            },
            ..Totals::default()
        };
        let hash = sha256_hex(b"");
        let at = String::from("2026-11-26T18:00:00Z");
        Entry::new(&name(), &"1b".repeat(20), at, (hash, None), totals)
    }

    #[test]
    fn what_is_written_is_read() {
        let text = entry().written();
        let read = Entry::parse(&name(), text.as_bytes()).expect("an entry");
        assert_eq!(read, entry());
        assert_eq!(read.totals().lines.covered, 3);
        assert!(!text.contains("branches"), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let text = entry().written();
        let commit = "0a".repeat(20);
        for (from, to, said) in [
            (
                "\"schema_version\": 1",
                "\"schema_version\": 2",
                "schema_version 2",
            ),
            ("\"covered\": 3", "\"covered\": 5", "5 of 4"),
            ("\"covered\": 3", "\"covered\": -3", "invalid value"),
            ("\"lines\"", "\"wishes\"", "wishes"),
            ("\"gate\": \"coverage\"", "\"gate\": \"other\"", "`other`"),
            (commit.as_str(), &"0b".repeat(20), "its name says"),
            ("2026-11-26T18:00:00Z", "yesterday", "yesterday"),
            ("\"tree\"", "\"bush\"", "bush"),
            ("}\n", "", "EOF"),
        ] {
            let wrong = text.replacen(from, to, usize::from(from != "}\n").max(1));
            let wrong = if from == "}\n" {
                &text[..text.len() - 3]
            } else {
                &wrong
            };
            let found = Entry::parse(&name(), wrong.as_bytes()).expect_err(from);
            assert!(found.contains(said), "{from}: {found}");
        }
    }
}
