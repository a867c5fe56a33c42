//! Environments: which gates bind where.

use crate::alias::alias;
use crate::bound::twice;
use crate::error::{Notice, NoticeCode, PolicyError, Position};
use crate::latitude::{self, Latitude};
use crate::load::{ENOUGH_ERRORS, Gathered, Reading};
use crate::nearest::{did_you_mean, nearest};
use crate::yaml::{Data, Entry, Value, with_first};
use gate_verdict::Enforcement;
use std::collections::BTreeMap;

/// One environment after `extends`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub name: String,
    /// Gate keys; other names are resolved, names that nobody defines are kept.
    pub mandatory: Vec<String>,
    /// Gate keys that are not also mandatory.
    pub advisory: Vec<String>,
    /// `false` voids ordinary overrides; not written means `false`.
    pub bypass_allowed: bool,
    pub latitude: Latitude,
    /// Of source blocks: what else was written, by key.
    pub settings: BTreeMap<String, Value>,
    pub position: Position,
}

impl Environment {
    /// What the lists say about a gate; `None` where they do not name it.
    pub fn entry(&self, gate: &str) -> Option<Enforcement> {
        let lists = |list: &[String]| list.iter().any(|key| key == gate);
        if lists(&self.mandatory) {
            Some(Enforcement::Mandatory)
        } else if lists(&self.advisory) {
            Some(Enforcement::Advisory)
        } else {
            None
        }
    }
}

/// An environment as one place writes it.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) extends: Option<(String, Position)>,
    pub(crate) mandatory: Vec<(String, Position)>,
    pub(crate) advisory: Vec<(String, Position)>,
    pub(crate) bypass_allowed: Option<bool>,
    pub(crate) latitude: Latitude,
    pub(crate) settings: BTreeMap<String, Value>,
    pub(crate) position: Position,
    pub(crate) value: Value,
}

/// Which form the environment is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Native,
    SourceBlock,
}

const KEYS: [&str; 5] = [
    "extends",
    "mandatory_gates",
    "advisory_gates",
    "bypass_allowed",
    "description",
];

/// Reads one environment. In a source block the lists stand under
/// `quality_gates`, and everything else is kept and named.
pub(crate) fn read(entry: &Entry, form: Form, reading: Reading<'_>, into: &mut Gathered) {
    let mut draft = Draft {
        name: entry.key.clone(),
        extends: None,
        mandatory: Vec::new(),
        advisory: Vec::new(),
        bypass_allowed: None,
        latitude: Latitude::default(),
        settings: BTreeMap::new(),
        position: entry.position.clone(),
        value: entry.value.clone(),
    };
    let Data::Map(entries) = &entry.value.data else {
        let message = format!(
            "found {} as environment `{}`, expected a map",
            entry.value.found(),
            entry.key
        );
        into.errors.push(
            PolicyError::new(&entry.value.position, message)
                .hint("write `mandatory_gates: [...]` below it"),
        );
        return;
    };
    match form {
        Form::Native => native(entries, &mut draft, reading, into),
        Form::SourceBlock => source_block(entries, &mut draft, into),
    }
    into.environments.push(draft);
}

fn native(entries: &[Entry], draft: &mut Draft, reading: Reading<'_>, into: &mut Gathered) {
    for (entry, first) in with_first(entries) {
        if into.errors.len() > ENOUGH_ERRORS {
            break;
        }
        if let Some(first) = first {
            into.errors.push(twice(entry, first));
            continue;
        }
        match entry.key.as_str() {
            "extends" => match entry.value.as_str() {
                Some(parent) => {
                    draft.extends = Some((parent.to_owned(), entry.value.position.clone()));
                }
                None => into.errors.push(crate::settings::expected(
                    entry,
                    "the name of one environment",
                )),
            },
            "description" => {
                if entry.value.as_str().is_none() {
                    into.errors.push(crate::settings::expected(entry, "a text"));
                }
            }
            key if member(entry, draft, &mut into.errors) => debug_assert!(KEYS.contains(&key)),
            _ if latitude::read(entry, draft, reading, &mut into.errors) => {}
            other => into.errors.push(
                PolicyError::new(
                    &entry.position,
                    format!("unknown key `{other}` in environment `{}`", draft.name),
                )
                .maybe_hint(did_you_mean(other, known())),
            ),
        }
    }
}

/// Every key of an environment.
fn known() -> Vec<&'static str> {
    KEYS.into_iter().chain(latitude::KEYS).collect()
}

fn source_block(entries: &[Entry], draft: &mut Draft, into: &mut Gathered) {
    let mut kept = Vec::new();
    for entry in entries {
        let lists = entry
            .value
            .as_map()
            .filter(|_| entry.key == "quality_gates");
        let Some(lists) = lists else {
            kept.push(entry.key.clone());
            draft
                .settings
                .insert(entry.key.clone(), entry.value.clone());
            continue;
        };
        for inner in lists {
            if member(inner, draft, &mut into.errors) {
                continue;
            }
            if let Some(near) = nearest(&inner.key, KEYS) {
                let text = format!(
                    "environment `{}`: `{}` is kept and not judged; did you mean `{near}`?",
                    draft.name, inner.key
                );
                into.notices.push(
                    Notice::new(NoticeCode::NearMiss, &inner.position, text)
                        .environment(&draft.name),
                );
            }
            let name = format!("quality_gates.{}", inner.key);
            draft.settings.insert(name.clone(), inner.value.clone());
            kept.push(name);
        }
    }
    if !kept.is_empty() {
        let text = format!(
            "environment `{}`: kept as settings, not judged: {}",
            draft.name,
            kept.join(", ")
        );
        into.notices.push(
            Notice::new(NoticeCode::SettingsKept, &draft.position, text).environment(&draft.name),
        );
    }
}

/// Takes a key that both forms have; `false` if it is none.
fn member(entry: &Entry, draft: &mut Draft, errors: &mut Vec<PolicyError>) -> bool {
    match entry.key.as_str() {
        "mandatory_gates" => draft.mandatory.extend(names(entry, errors)),
        "advisory_gates" => draft.advisory.extend(names(entry, errors)),
        "bypass_allowed" => match entry.value.as_bool() {
            // Written twice in a source block: the stricter holds.
            Some(flag) => {
                draft.bypass_allowed = Some(flag && draft.bypass_allowed.unwrap_or(true));
            }
            None => errors.push(crate::settings::expected(entry, "`true` or `false`")),
        },
        _ => return false,
    }
    true
}

fn names(entry: &Entry, errors: &mut Vec<PolicyError>) -> Vec<(String, Position)> {
    let mut names = Vec::new();
    let Some(items) = entry.value.as_list() else {
        errors.push(crate::settings::expected(
            entry,
            "a list of gates such as `[integrity, security]`",
        ));
        return names;
    };
    for item in items {
        match item.as_str() {
            Some(name) => names.push((alias(name).to_owned(), item.position.clone())),
            None => errors.push(
                PolicyError::new(
                    &item.position,
                    format!("found {} under `{}`", item.found(), entry.key),
                )
                .hint("expected the name of a gate"),
            ),
        }
    }
    names
}
