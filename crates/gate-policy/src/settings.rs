//! Values of gate keys that are no requirements: globs and a kind's settings.

use crate::bound::twice;
use crate::error::{PolicyError, Position};
use crate::load::{ENOUGH_ERRORS, Reading};
use crate::nearest::did_you_mean;
use crate::shape::{Field, KeyShape, Need, Shape};
use crate::text_shape::{MAX_REGEXES, fault};
use crate::yaml::{Entry, Value, shorten, with_first};

/// The most entries of a list or map within a setting.
pub const MAX_ENTRIES: usize = 1_000;

pub(crate) fn expected(entry: &Entry, what: &str) -> PolicyError {
    wrong(&entry.key, &entry.value, what)
}

/// `name` is the nearest key above the value.
fn wrong(name: &str, value: &Value, what: &str) -> PolicyError {
    PolicyError::new(
        &value.position,
        format!("found {} under `{}`", value.found(), shorten(name)),
    )
    .hint(format!("expected {what}"))
}

/// The globs of a list; relative to the root, within it.
pub(crate) fn globs(
    entry: &Entry,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) -> Vec<String> {
    check(entry, &Shape::GlobList, reading, errors);
    entry
        .value
        .texts()
        .into_iter()
        .filter(|text| fault(text, &Shape::Glob).is_none())
        .map(str::to_owned)
        .collect()
}

/// Finds everything that is wrong with a setting.
pub(crate) fn check(
    entry: &Entry,
    shape: &Shape,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) {
    check_part((&entry.key, &entry.value, shape), reading, errors);
}

/// The same for a value that is no key's own, such as an entry of a list.
pub(crate) fn check_value(
    name: &str,
    value: &Value,
    shape: &Shape,
    reading: Reading<'_>,
    errors: &mut Vec<PolicyError>,
) {
    check_part((name, value, shape), reading, errors);
}

/// The nearest key above a value, the value, and how it should look.
type Part<'a> = (&'a str, &'a Value, &'a Shape);

fn check_part(part: Part<'_>, reading: Reading<'_>, errors: &mut Vec<PolicyError>) {
    if errors.len() > ENOUGH_ERRORS {
        return;
    }
    let (name, value, shape) = part;
    let within = match shape {
        // A record has put the shape in its place that the other key asks for.
        Shape::By { .. } | Shape::Any => Some(Vec::new()),
        Shape::Bool => value.as_bool().map(|_| Vec::new()),
        Shape::Integer => value.as_u64().map(|_| Vec::new()),
        Shape::String
        | Shape::Choice(_)
        | Shape::Glob
        | Shape::Path
        | Shape::Date
        | Shape::Like { .. }
        | Shape::Regex
        | Shape::Capture => value.as_str().map(|text| {
            let is_regex = matches!(shape, Shape::Regex | Shape::Capture);
            errors.extend(if is_regex && !reading.another_regex() {
                let what = "regular expressions in one policy";
                Some(too_many(MAX_REGEXES, what, &value.position))
            } else {
                check_text(name, &value.position, text, shape)
            });
            Vec::new()
        }),
        Shape::StringList => list(name, value, &Shape::String, errors),
        Shape::GlobList => list(name, value, &Shape::Glob, errors),
        Shape::List(of) => list(name, value, of, errors),
        Shape::Map => map(name, value, KeyShape::Any, &Shape::String, errors),
        Shape::MapOf { keys, values } => map(name, value, *keys, values, errors),
        Shape::Record(fields) => record(name, value, fields, errors),
    };
    match within {
        Some(parts) => {
            for part in parts {
                check_part(part, reading, errors);
            }
        }
        None => errors.push(wrong(name, value, &shape.expected())),
    }
}

fn check_text(name: &str, at: &Position, text: &str, shape: &Shape) -> Option<PolicyError> {
    let (clause, step) = fault(text, shape)?;
    let (text, name) = (shorten(text), shorten(name));
    let step = step.unwrap_or_else(|| format!("expected {}", shape.expected()));
    Some(PolicyError::new(at, format!("found `{text}` under `{name}`{clause}")).hint(step))
}

/// The entries of a list; `None`: it is no list.
fn list<'a>(
    name: &'a str,
    value: &'a Value,
    of: &'a Shape,
    errors: &mut Vec<PolicyError>,
) -> Option<Vec<Part<'a>>> {
    let items = value.as_list()?;
    let past = items.get(MAX_ENTRIES).map(|item| &item.position);
    errors.extend(past.map(|at| too_many_entries(name, at)));
    let items = items.iter().take(MAX_ENTRIES);
    Some(items.map(|item| (name, item, of)).collect())
}

/// The values of a map; `None`: it is no map.
fn map<'a>(
    name: &str,
    value: &'a Value,
    keys: KeyShape,
    of: &'a Shape,
    errors: &mut Vec<PolicyError>,
) -> Option<Vec<Part<'a>>> {
    let entries = entries(name, value, errors)?;
    if keys == KeyShape::Glob {
        let check_key =
            |entry: &&Entry| check_text(name, &entry.position, &entry.key, &Shape::Glob);
        errors.extend(entries.iter().filter_map(check_key));
    }
    let part = |entry: &'a Entry| (entry.key.as_str(), &entry.value, of);
    Some(entries.into_iter().map(part).collect())
}

/// The values of a record's known keys; `None`: it is no map.
fn record<'a>(
    name: &'a str,
    value: &'a Value,
    fields: &'a [Field],
    errors: &mut Vec<PolicyError>,
) -> Option<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    for entry in entries(name, value, errors)? {
        let Some(field) = fields.iter().find(|field| field.name == entry.key) else {
            let known = fields.iter().map(|field| field.name.as_str());
            let (key, name) = (shorten(&entry.key), shorten(name));
            errors.push(
                PolicyError::new(&entry.position, format!("unknown key `{key}` in `{name}`"))
                    .maybe_hint(did_you_mean(&entry.key, known)),
            );
            continue;
        };
        match looks(value, field, fields) {
            Looks::As(shape) => parts.push((entry.key.as_str(), &entry.value, shape)),
            Looks::Unknown => {}
            Looks::Meaningless { key, word } => {
                let message = format!("`{}` has no meaning with `{key}: {word}`", entry.key);
                errors.push(PolicyError::new(&entry.position, message).hint("remove it"));
            }
        }
    }
    missing(name, value, fields, errors);
    Some(parts)
}

/// How a field looks in one record.
enum Looks<'a> {
    As(&'a Shape),
    /// The key that decides it says this.
    Meaningless {
        key: &'a str,
        word: &'a str,
    },
    /// The key that decides it says nothing right, which is an error there.
    Unknown,
}

fn looks<'a>(record: &'a Value, field: &'a Field, fields: &'a [Field]) -> Looks<'a> {
    let Shape::By { key, shapes } = &field.shape else {
        return Looks::As(&field.shape);
    };
    let Some(word) = record.text_of(key) else {
        return Looks::Unknown;
    };
    let decides = fields.iter().find(|field| field.name == *key);
    match shapes.get(word) {
        Some(shape) => Looks::As(shape),
        None if decides.is_some_and(|field| fault(word, &field.shape).is_some()) => Looks::Unknown,
        None => Looks::Meaningless { key, word },
    }
}

/// Keys of a record that have to be there and are not.
fn missing(name: &str, value: &Value, fields: &[Field], errors: &mut Vec<PolicyError>) {
    let is_absent = |field: &&Field| value.get(&field.name).is_none();
    let mut say = |what: &str, hint: String| {
        let message = format!("found no {what} in `{}`", shorten(name));
        errors.push(PolicyError::new(&value.position, message).hint(hint));
    };
    let required = fields.iter().filter(|field| field.need == Need::Required);
    for field in required.filter(is_absent) {
        if let Looks::As(shape) = looks(value, field, fields) {
            let hint = format!("add `{}`: {}", field.name, shape.expected());
            say(&format!("`{}`", field.name), hint);
        }
    }
    let one_of = || fields.iter().filter(|field| field.need == Need::OneOf);
    if one_of().next().is_some() && one_of().all(|field| is_absent(&field)) {
        let names: Vec<_> = one_of().map(|field| format!("`{}`", field.name)).collect();
        say(
            &names.join(" or "),
            "add one: without any, it asks for nothing".to_owned(),
        );
    }
}

/// The entries of a map, each key once; `None`: it is no map.
fn entries<'a>(
    name: &str,
    value: &'a Value,
    errors: &mut Vec<PolicyError>,
) -> Option<Vec<&'a Entry>> {
    let all = value.as_map()?;
    let past = all.get(MAX_ENTRIES).map(|entry| &entry.position);
    errors.extend(past.map(|at| too_many_entries(name, at)));
    let mut once = Vec::new();
    for (entry, first) in with_first(all.iter().take(MAX_ENTRIES)) {
        match first {
            Some(first) => errors.push(twice(entry, first)),
            None => once.push(entry),
        }
    }
    Some(once)
}

fn too_many_entries(name: &str, at: &Position) -> PolicyError {
    too_many(
        MAX_ENTRIES,
        &format!("entries under `{}`", shorten(name)),
        at,
    )
}

fn too_many(most: usize, what: &str, at: &Position) -> PolicyError {
    PolicyError::new(at, format!("found more than {most} {what}")).hint("remove some")
}
