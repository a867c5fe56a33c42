//! One gate in native form.

use crate::alias::alias;
use crate::bound::{self, twice};
use crate::catalogue::{CriterionSpec, KindSpec, Measure};
use crate::error::{Notice, NoticeCode, PolicyError, Position};
use crate::load::{Block, ENOUGH_ERRORS, Gathered, Reading};
use crate::nearest::{did_you_mean, nearest};
use crate::policy::{
    COMMAND_SUCCEEDS, CUSTOM, CriterionPolicy, FAILURE_ACTIONS, Floor, GatePolicy, Judge, Origin,
    floor_of,
};
use crate::yaml::{Data, Entry, Value, with_first};
use crate::{expected, settings, when};

/// Keys of every gate.
pub(crate) const COMMON: [&str; 7] = [
    "kind",
    "description",
    "failure_action",
    "criteria",
    "when",
    "scopes",
    "shards",
];
/// Keys of every gate of a built-in kind.
pub(crate) const SCOPE: [&str; 3] = ["paths", "exclude", "reports"];

/// Reads one entry under `gates:`.
pub(crate) fn read(entry: &Entry, reading: Reading<'_>, into: &mut Gathered) {
    if let Err(error) = safe_key(&entry.key, &entry.position) {
        into.errors.push(error);
        return;
    }
    let mut errors = Vec::new();
    let key = alias(&entry.key);
    if key != entry.key {
        let text = format!("gate `{}` is read as `{key}`", entry.key);
        into.notices
            .push(Notice::new(NoticeCode::AliasUsed, &entry.position, text).gate(key));
    }
    let kind = kind_of(entry, key, reading, &mut errors);
    let spec = reading.catalogue.kinds.get(&kind);
    let mut gate = GatePolicy::new(key, &kind, &entry.position);
    match &entry.value.data {
        Data::Map(entries) => members(entries, spec, reading, &mut gate, &mut errors),
        Data::Null => {}
        Data::Scalar { .. } | Data::List(_) => errors.push(
            PolicyError::new(
                &entry.value.position,
                format!(
                    "found {} as gate `{}`, expected a map",
                    entry.value.found(),
                    entry.key
                ),
            )
            .hint("write `criteria:` below it"),
        ),
    }
    if spec.is_none() {
        custom(entry, reading, &mut gate, &mut errors, into);
    }
    if reading.strict(&kind) {
        into.errors.append(&mut errors);
    }
    into.blocks.push(Block::new(entry, true, gate));
}

/// Gate keys become file names: lower-case, digits, `_` and `-`.
pub(crate) fn safe_key(key: &str, position: &Position) -> Result<(), PolicyError> {
    let safe = key.len() <= 64
        && key.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if safe {
        return Ok(());
    }
    let message = format!("found the gate name `{}`", crate::yaml::shorten(key));
    Err(PolicyError::new(position, message)
        .hint("expected at most 64 lower-case letters, digits, `_` and `-`, because it becomes a file name"))
}

fn kind_of(
    entry: &Entry,
    key: &str,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) -> String {
    let kinds = &reading.catalogue.kinds;
    let Some(value) = entry.value.get("kind") else {
        return if kinds.contains_key(key) { key } else { CUSTOM }.to_owned();
    };
    let written = value.as_str().unwrap_or_default();
    let kind = alias(written);
    let known = kinds.contains_key(kind) || kind == CUSTOM;
    if kinds.contains_key(key) && kind != key {
        errors.push(
            PolicyError::new(
                &value.position,
                format!(
                    "found {} as kind of gate `{key}`, which is of kind `{key}`",
                    value.found()
                ),
            )
            .hint("give the gate a name of its own, or remove `kind`"),
        );
        return key.to_owned();
    }
    if !known {
        let names = kinds.keys().map(String::as_str).chain([CUSTOM]);
        errors.push(
            PolicyError::new(&value.position, format!("unknown kind {}", value.found()))
                .maybe_hint(did_you_mean(written, names)),
        );
    }
    kind.to_owned()
}

fn members(
    entries: &[Entry],
    spec: Option<&KindSpec>,
    reading: Reading<'_>,
    gate: &mut GatePolicy,
    errors: &mut Vec<PolicyError>,
) {
    for (entry, first) in with_first(entries) {
        if errors.len() > ENOUGH_ERRORS {
            break;
        }
        if let Some(first) = first {
            errors.push(twice(entry, first));
            continue;
        }
        match (entry.key.as_str(), spec) {
            ("kind", _) => {}
            ("description", _) => {
                if entry.value.as_str().is_none() {
                    errors.push(settings::expected(entry, "a text"));
                }
            }
            ("failure_action", _) => match failure_action(&entry.value) {
                Ok(floor) => {
                    gate.floor = Some(floor.enforcement);
                    gate.floors.push(floor);
                }
                Err(error) => errors.push(error),
            },
            ("criteria", _) => criteria(entry, spec, gate, errors),
            ("when", _) => gate.when.extend(when::read(entry, reading, errors)),
            ("scopes", _) => gate.scopes = expected::scopes(entry, reading, errors),
            ("shards", _) => match expected::shards(entry) {
                Ok(shards) => gate.shards = Some(shards),
                Err(error) => errors.push(error),
            },
            ("paths", Some(_)) => gate.paths = settings::globs(entry, reading, errors),
            ("exclude", Some(_)) => gate.exclude = settings::globs(entry, reading, errors),
            ("reports", Some(_)) => gate.reports = settings::globs(entry, reading, errors),
            (key, Some(kind)) if kind.settings.contains_key(key) => {
                settings::check(entry, &kind.settings[key].shape, reading, errors);
                gate.settings.insert(key.to_owned(), entry.value.clone());
            }
            (key, _) => errors.push(unknown_key(entry, key, &gate.key, spec)),
        }
    }
}

fn unknown_key(entry: &Entry, key: &str, gate: &str, spec: Option<&KindSpec>) -> PolicyError {
    let mut known = COMMON.to_vec();
    if let Some(spec) = spec {
        known.extend(SCOPE);
        known.extend(spec.settings.keys().map(String::as_str));
        if spec.criteria.contains_key(key) {
            let message = format!("found the criterion `{key}` beside `criteria` in gate `{gate}`");
            return PolicyError::new(&entry.position, message).hint("move it under `criteria:`");
        }
    }
    PolicyError::new(
        &entry.position,
        format!("unknown key `{key}` in gate `{gate}`"),
    )
    .maybe_hint(did_you_mean(key, known))
}

/// Reads a `failure_action`.
pub(crate) fn failure_action(value: &Value) -> Result<Floor, PolicyError> {
    match value.as_str().and_then(floor_of) {
        Some(enforcement) => Ok(Floor {
            enforcement,
            sub_gate: None,
            position: value.position.clone(),
        }),
        None => Err(PolicyError::new(
            &value.position,
            format!("found {} as failure_action", value.found()),
        )
        .maybe_hint(did_you_mean(
            value.as_str().unwrap_or_default(),
            FAILURE_ACTIONS.map(|(name, _)| name),
        ))),
    }
}

fn criteria(
    entry: &Entry,
    spec: Option<&KindSpec>,
    gate: &mut GatePolicy,
    errors: &mut Vec<PolicyError>,
) {
    let mut listed: Vec<&Entry> = Vec::new();
    match &entry.value.data {
        Data::Map(entries) => listed.extend(entries),
        Data::List(items) => {
            for item in items {
                match item.as_map() {
                    Some([one]) => listed.push(one),
                    _ => errors.push(
                        PolicyError::new(
                            &item.position,
                            format!("found {} in the list of criteria, expected one `name: requirement`", item.found()),
                        )
                        .hint("write one criterion with its requirement per entry, such as `- no_broken_links: true`"),
                    ),
                }
            }
        }
        Data::Null | Data::Scalar { .. } => errors.push(
            PolicyError::new(
                &entry.value.position,
                format!(
                    "found {} under `criteria`, expected criteria by name",
                    entry.value.found()
                ),
            )
            .hint("write a map, or a list of `name: requirement`"),
        ),
    }
    for (one, first) in with_first(listed) {
        if errors.len() > ENOUGH_ERRORS {
            break;
        }
        if let Some(first) = first {
            errors.push(twice(one, first));
            continue;
        }
        gate.criteria.push(criterion(one, spec, &gate.key, errors));
    }
}

fn criterion(
    entry: &Entry,
    spec: Option<&KindSpec>,
    gate: &str,
    errors: &mut Vec<PolicyError>,
) -> CriterionPolicy {
    let custom = CriterionSpec::new("the recorded command ends with 0", Measure::Violations);
    let known = match spec {
        Some(kind) => kind.criteria.get(&entry.key),
        None => (entry.key == COMMAND_SUCCEEDS).then_some(&custom),
    };
    let mut read = CriterionPolicy {
        id: entry.key.clone(),
        sub_gate: None,
        requirement: bound::read_untyped(&entry.value),
        floor: None,
        judge: Judge::NoJudge,
        hint: None,
        origin: Origin::Policy,
        position: entry.position.clone(),
    };
    let Some(known) = known else {
        let error = PolicyError::new(
            &entry.position,
            format!("unknown criterion `{}` in gate `{gate}`", entry.key),
        );
        let hint = match spec {
            Some(kind) => did_you_mean(&entry.key, kind.criteria.keys().map(String::as_str)),
            None => Some(format!(
                "a custom gate has the one criterion `{COMMAND_SUCCEEDS}`"
            )),
        };
        read.hint.clone_from(&hint);
        errors.push(error.maybe_hint(hint));
        return read;
    };
    match bound::read(&entry.value, known) {
        Ok(requirement) => {
            read.requirement = requirement;
            let built = known.built && spec.is_none_or(|kind| kind.built);
            read.judge = if built { Judge::Built } else { Judge::NotBuilt };
        }
        Err(wrong) => {
            read.hint = wrong.first().map(|error| error.message.clone());
            errors.extend(wrong);
        }
    }
    read
}

/// A gate of no built-in kind: what a team records by itself.
fn custom(
    entry: &Entry,
    reading: Reading<'_>,
    gate: &mut GatePolicy,
    errors: &mut [PolicyError],
    into: &mut Gathered,
) {
    let near = nearest(
        &gate.key,
        reading.catalogue.kinds.keys().map(String::as_str),
    )
    .filter(|_| entry.value.get("kind").is_none());
    if let Some(kind) = near {
        let text = format!(
            "`{}` is no built-in kind and so a custom gate; did you mean `{kind}`, or `kind: {kind}`?",
            gate.key
        );
        for error in errors.iter_mut() {
            error.hint = Some(text.clone());
        }
        if reading.strict(CUSTOM) {
            into.notices
                .push(Notice::new(NoticeCode::NearMiss, &entry.position, text).gate(&gate.key));
        }
    }
    if gate.kind == CUSTOM && gate.criteria.is_empty() {
        gate.criteria.push(CriterionPolicy {
            id: COMMAND_SUCCEEDS.to_owned(),
            sub_gate: None,
            requirement: crate::requirement::Requirement {
                fail: Some(crate::requirement::Bound::NoViolations),
                ..crate::requirement::Requirement::of_text("true")
            },
            floor: None,
            judge: Judge::Built,
            hint: None,
            origin: Origin::Policy,
            position: entry.position.clone(),
        });
    }
}
