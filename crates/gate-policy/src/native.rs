//! The native form: `version: 1`, `gates`, `environments`. Every key that is
//! not known is an error.

use crate::bound::twice;
use crate::environment::{self, Form};
use crate::error::{Notice, NoticeCode, PolicyError};
use crate::load::{ENOUGH_ERRORS, Gathered, Reading};
use crate::native_gate;
use crate::nearest::nearest;
use crate::yaml::{Entry, Value, with_first};

/// A document with any of these at top level is native.
pub(crate) const KEYS: [&str; 3] = ["version", "gates", "environments"];

pub(crate) fn read(document: &Value, entries: &[Entry], reading: Reading<'_>, into: &mut Gathered) {
    for (entry, first) in with_first(entries) {
        if let Some(first) = first {
            into.errors.push(twice(entry, first));
            continue;
        }
        match entry.key.as_str() {
            "version" => version(entry, into),
            "gates" => gates(entry, reading, into),
            "environments" => environments(entry, reading, into),
            other => into.errors.push(
                PolicyError::new(
                    &entry.position,
                    format!("unknown key `{other}` at top level"),
                )
                .maybe_hint(top_level_hint(other)),
            ),
        }
    }
    if !entries.iter().any(|entry| entry.key == "version") {
        into.notices.push(Notice::new(
            NoticeCode::VersionMissing,
            &document.position,
            "the policy names no version and is read as version 1; write `version: 1`",
        ));
    }
}

fn top_level_hint(key: &str) -> Option<String> {
    nearest(key, KEYS).map_or_else(
        || {
            Some(format!(
                "gates stand under `gates:`; expected {}",
                KEYS.join(", ")
            ))
        },
        |near| Some(format!("did you mean `{near}`?")),
    )
}

fn version(entry: &Entry, into: &mut Gathered) {
    if entry.value.as_u64() != Some(1) {
        let message = format!("found version {}, expected 1", entry.value.found());
        into.errors.push(
            PolicyError::new(&entry.value.position, message)
                .hint("this build reads version 1 only: write `version: 1`, or use a build that reads the other"),
        );
    }
}

fn gates(entry: &Entry, reading: Reading<'_>, into: &mut Gathered) {
    into.gates_section = true;
    let Some(gates) = members(entry, "gates by name", into) else {
        return;
    };
    if gates.is_empty() {
        let message = "found no gate under `gates`, which would judge nothing";
        into.errors.push(
            PolicyError::new(&entry.value.position, message)
                .hint("name at least one gate, or remove `gates` to keep the built-in defaults"),
        );
    }
    for (gate, first) in with_first(gates) {
        if into.errors.len() > ENOUGH_ERRORS {
            break;
        }
        match first {
            Some(first) => into.errors.push(twice(gate, first)),
            None => native_gate::read(gate, reading, into),
        }
    }
}

fn environments(entry: &Entry, reading: Reading<'_>, into: &mut Gathered) {
    let Some(environments) = members(entry, "environments by name", into) else {
        return;
    };
    for (one, first) in with_first(environments) {
        match first {
            Some(first) => into.errors.push(twice(one, first)),
            None => environment::read(one, Form::Native, reading, into),
        }
    }
}

fn members<'a>(entry: &'a Entry, what: &str, into: &mut Gathered) -> Option<&'a [Entry]> {
    let members = entry.value.as_map();
    if members.is_none() {
        let message = format!(
            "found {} under `{}`, expected {what}",
            entry.value.found(),
            entry.key
        );
        into.errors.push(
            PolicyError::new(&entry.value.position, message)
                .hint(format!("write a map, or remove `{}`", entry.key)),
        );
    }
    members
}
