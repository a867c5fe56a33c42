//! Values of gate keys that are no requirements: globs and a kind's settings.

use crate::catalogue::Shape;
use crate::error::PolicyError;
use crate::nearest::did_you_mean;
use crate::yaml::{Data, Entry, Value, with_first};
use globset::Glob;

pub(crate) fn expected(entry: &Entry, what: &str) -> PolicyError {
    PolicyError::new(
        &entry.value.position,
        format!("found {} under `{}`", entry.value.found(), entry.key),
    )
    .hint(format!("expected {what}"))
}

/// The globs of a list; relative to the root, within it.
pub(crate) fn globs(entry: &Entry, errors: &mut Vec<PolicyError>) -> Vec<String> {
    let Some(items) = entry.value.as_list() else {
        errors.push(expected(entry, "a list of globs such as `[\"src/**\"]`"));
        return Vec::new();
    };
    let mut globs = Vec::new();
    for item in items {
        match glob(item) {
            Ok(glob) => globs.push(glob),
            Err(error) => errors.push(error),
        }
    }
    globs
}

fn glob(value: &Value) -> Result<String, PolicyError> {
    let wrong = |message: String| PolicyError::new(&value.position, message);
    let Some(text) = value.as_str().filter(|text| !text.trim().is_empty()) else {
        return Err(wrong(format!("found {} as a glob", value.found()))
            .hint("expected a text such as `src/**`"));
    };
    let outside = text.starts_with('/')
        || text.contains('\\')
        || text.get(1..2) == Some(":")
        || text.split('/').any(|part| part == "..");
    if outside {
        return Err(wrong(format!(
            "found the glob {}, which may leave the root",
            value.found()
        ))
        .hint("write it relative to the root, with `/` and without `..`"));
    }
    match Glob::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(wrong(format!(
            "found {}, which is no glob: {}",
            value.found(),
            error.kind()
        ))
        .hint("expected a glob such as `src/**`")),
    }
}

/// What is wrong with a setting's value.
pub(crate) fn check(entry: &Entry, shape: &Shape) -> Option<PolicyError> {
    let value = &entry.value;
    let (fits, what) = match shape {
        Shape::String => (value.as_str().is_some(), "a text"),
        Shape::Bool => (value.as_bool().is_some(), "`true` or `false`"),
        Shape::Integer => (value.as_u64().is_some(), "a whole number"),
        Shape::StringList => (
            value
                .as_list()
                .is_some_and(|items| items.iter().all(|item| item.as_str().is_some())),
            "a list of texts",
        ),
        Shape::Map => {
            let entries = value.as_map().unwrap_or_default();
            let repeated = with_first(entries).find_map(|(one, first)| Some((one, first?)));
            if let Some((one, first)) = repeated {
                return Some(crate::bound::twice(one, first));
            }
            let scalars = entries
                .iter()
                .all(|e| matches!(e.value.data, Data::Scalar { .. }));
            (
                value.as_map().is_some() && scalars,
                "a map of names to texts or numbers",
            )
        }
        Shape::Choice(words) => {
            let known = words.iter().map(String::as_str);
            let text = value.as_str().unwrap_or_default();
            if known.clone().any(|word| word == text) {
                return None;
            }
            return Some(expected(entry, "one of its words").maybe_hint(did_you_mean(text, known)));
        }
        Shape::Any => (true, ""),
    };
    (!fits).then(|| expected(entry, what))
}
