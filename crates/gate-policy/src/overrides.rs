//! The file of overrides: gate outcomes that people have accepted. Read here,
//! judged by those who know the time, the people and the outcome.

use crate::Catalogue;
use crate::alias::alias;
use crate::bound::twice;
use crate::error::{PolicyError, Position};
use crate::load::{Check, ENOUGH_ERRORS, Reading, Source};
use crate::nearest::did_you_mean;
use crate::settings;
use crate::shape::{Field, Shape};
use crate::yaml::{Data, Value, with_first};
use crate::yaml_read;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// One entry of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideEntry {
    /// The name that people give it; one entry has it.
    pub id: String,
    /// A gate's key; other names are resolved.
    pub gate: String,
    /// `None`: whatever of the gate `observed` names.
    pub criterion: Option<String>,
    pub scope: Option<String>,
    pub environment: Option<String>,
    /// The full commit it is for.
    pub commit: Option<String>,
    /// A glob of branches it is for.
    pub branch: Option<String>,
    pub pull_request: Option<u64>,
    /// What was observed when it was granted, by criterion.
    pub observed: BTreeMap<String, String>,
    pub requested_by: String,
    pub approved_by: Vec<String>,
    pub reason: String,
    pub ticket: String,
    /// A day or a time, as written.
    pub created: String,
    /// A day, the last on which it holds, or a time, as written.
    pub expires: String,
    /// Codes of errors that it covers too.
    pub covers_error: Vec<String>,
    pub emergency: bool,
    pub position: Position,
}

/// More than anybody keeps track of; a bound, so that hostile input costs little.
const MAX_OVERRIDES: usize = 1_000;

/// A day or a time of it.
const WHEN: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z)?$";

/// The keys of one entry.
pub(crate) fn entry_shape() -> Shape {
    let like = |pattern: &str, example: &str| Shape::Like {
        pattern: pattern.to_owned(),
        example: example.to_owned(),
    };
    let login = || like(r"^@?[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$", "octocat");
    let when = || like(WHEN, "2026-12-01");
    Shape::Record(vec![
        Field::required(
            "id",
            "its name",
            like("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "OV-12"),
        ),
        Field::required("gate", "the gate whose outcome is accepted", Shape::String),
        Field::optional(
            "criterion",
            "the criterion; what `observed` names where it is left out",
            Shape::String,
        ),
        Field::optional(
            "scope",
            "the gate's scope; all where it is left out",
            Shape::String,
        ),
        Field::optional(
            "environment",
            "the environment; all that allow overrides where it is left out",
            Shape::String,
        ),
        Field::optional(
            "commit",
            "the one commit it is for",
            like("^([0-9a-f]{40}|[0-9a-f]{64})$", "a full commit id"),
        ),
        Field::optional("branch", "the branches it is for", Shape::Glob),
        Field::optional("pull_request", "the pull request it is for", Shape::Integer),
        Field::optional(
            "observed",
            "what was observed when it was granted, or a map of criteria to that; anything worse is not covered",
            Shape::Any,
        ),
        Field::required("requested_by", "who asked for it", login()),
        Field::required(
            "approved_by",
            "who approved it: never who asked, never who wrote the change",
            Shape::List(Box::new(login())),
        ),
        Field::required("reason", "why", Shape::String),
        Field::required("ticket", "where the repair is tracked", Shape::String),
        Field::required("created", "from when on it holds", when()),
        Field::required(
            "expires",
            "the last day on which it holds, or the time it ends; at most 30 days after `created`, 4 hours for an emergency",
            when(),
        ),
        Field::optional(
            "covers_error",
            "codes of errors that it covers beside a failure",
            Shape::StringList,
        ),
        Field::optional(
            "emergency",
            "by the emergency path: two approvers, at most 4 hours, also where overrides are not allowed",
            Shape::Bool,
        ),
    ])
}

/// Reads a file of overrides: `version: 1` and a list `overrides`.
///
/// # Errors
/// Everything that is wrong, in order of position. A file with an error grants nothing.
pub fn load_overrides(source: &Source<'_>) -> Result<Vec<OverrideEntry>, Vec<PolicyError>> {
    let documents = yaml_read::parse(source).map_err(|error| vec![error])?;
    let catalogue = Catalogue::default();
    let regexes = Cell::new(0);
    let reading = Reading {
        catalogue: &catalogue,
        check: Check::All,
        regexes: &regexes,
    };
    let mut errors = Vec::new();
    let mut entries = Vec::new();
    for document in &documents {
        document_of(document, reading, &mut entries, &mut errors);
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for entry in &entries {
        if !seen.insert(&entry.id) {
            let message = format!("found the id `{}` twice", entry.id);
            errors.push(PolicyError::new(&entry.position, message).hint("give each its own"));
        }
    }
    if errors.is_empty() {
        return Ok(entries);
    }
    errors.sort_by(|a, b| a.position.cmp(&b.position));
    Err(errors)
}

fn document_of(
    document: &Value,
    reading: Reading<'_>,
    entries: &mut Vec<OverrideEntry>,
    errors: &mut Vec<PolicyError>,
) {
    let Some(keys) = document.as_map() else {
        let message = format!("found {}, expected a map", document.found());
        errors.push(
            PolicyError::new(&document.position, message)
                .hint("write `overrides:` with a list below it"),
        );
        return;
    };
    for (key, first) in with_first(keys) {
        if let Some(first) = first {
            errors.push(twice(key, first));
            continue;
        }
        match key.key.as_str() {
            "version" if key.value.as_u64() == Some(1) => {}
            "version" => errors.push(settings::expected(key, "the version 1")),
            "overrides" => match &key.value.data {
                Data::List(items) if items.len() <= MAX_OVERRIDES => {
                    for item in items {
                        if errors.len() > ENOUGH_ERRORS {
                            return;
                        }
                        entries.extend(one(item, reading, errors));
                    }
                }
                Data::Null => {}
                _ => errors.push(settings::expected(
                    key,
                    &format!("a list of at most {MAX_OVERRIDES} overrides"),
                )),
            },
            other => errors.push(
                PolicyError::new(&key.position, format!("unknown key `{other}`"))
                    .maybe_hint(did_you_mean(other, ["version", "overrides"])),
            ),
        }
    }
}

fn one(item: &Value, reading: Reading<'_>, errors: &mut Vec<PolicyError>) -> Option<OverrideEntry> {
    let before = errors.len();
    settings::check_value("overrides", item, &entry_shape(), reading, errors);
    let text = |key: &str| item.text_of(key).map(str::to_owned);
    // A mention and a name are one.
    let login = |text: &str| text.trim_start_matches('@').to_owned();
    let criterion = text("criterion");
    let observed = match item.get("observed") {
        Some(value) => observed(value, criterion.as_deref(), errors),
        None => BTreeMap::new(),
    };
    if item.get("approved_by").is_some() && item.texts_of("approved_by").is_empty() {
        errors.push(
            PolicyError::new(&item.position, "found nobody under `approved_by`")
                .hint("name who approved it"),
        );
    }
    if errors.len() > before {
        return None;
    }
    Some(OverrideEntry {
        id: text("id")?,
        gate: alias(item.text_of("gate")?).to_owned(),
        criterion,
        scope: text("scope"),
        environment: text("environment"),
        commit: text("commit"),
        branch: text("branch"),
        pull_request: item.u64_of("pull_request"),
        observed,
        requested_by: login(item.text_of("requested_by")?),
        approved_by: item
            .texts_of("approved_by")
            .into_iter()
            .map(login)
            .collect(),
        reason: text("reason")?,
        ticket: text("ticket")?,
        created: text("created")?,
        expires: text("expires")?,
        covers_error: item
            .texts_of("covers_error")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        emergency: item.bool_of("emergency") == Some(true),
        position: item.position.clone(),
    })
}

/// One value for the criterion named beside it, or a map of them.
fn observed(
    value: &Value,
    criterion: Option<&str>,
    errors: &mut Vec<PolicyError>,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    match (&value.data, criterion) {
        (Data::Scalar { text, .. }, Some(criterion)) => {
            found.insert(criterion.to_owned(), text.clone());
        }
        (Data::Map(entries), None) => {
            for entry in entries {
                match entry.value.as_str() {
                    Some(text) => {
                        found.insert(entry.key.clone(), text.to_owned());
                    }
                    None => errors.push(settings::expected(entry, "what was observed")),
                }
            }
        }
        _ => errors.push(
            PolicyError::new(
                &value.position,
                format!("found {} under `observed`", value.found()),
            )
            .hint("beside `criterion` write one value, such as `observed: 81.2%`; without it a map of criteria to values"),
        ),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "version: 1
overrides:
  - id: OV-1
    gate: coverage
    criterion: line_coverage
    environment: staging
    observed: 81.2%
    requested_by: ann
    approved_by: [\"@ben\"]
    reason: the importer is rewritten next week
    ticket: OPS-7
    created: 2026-11-20
    expires: 2026-12-01
";

    fn read(text: &str) -> Result<Vec<OverrideEntry>, String> {
        load_overrides(&Source {
            path: String::from("o.yml"),
            bytes: text.as_bytes(),
        })
        .map_err(|errors| {
            errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        })
    }

    #[test]
    fn an_entry_is_read_whole() {
        let entries = read(ONE).expect("it is right");
        let [one] = entries.as_slice() else {
            panic!("{entries:?}")
        };
        assert_eq!(one.approved_by, ["ben"]);
        assert_eq!(one.observed["line_coverage"], "81.2%");
        assert!(read("version: 1\noverrides:\n").expect("none").is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_where_it_stands() {
        let twice = format!("{ONE}{}", ONE.split_once("overrides:\n").expect("it has").1);
        for (text, part) in [
            (
                ONE.replace("ticket: OPS-7", "tickt: OPS-7"),
                "unknown key `tickt`",
            ),
            (ONE.replace("    ticket: OPS-7\n", ""), "found no `ticket`"),
            (
                ONE.replace("[\"@ben\"]", "[]"),
                "found nobody under `approved_by`",
            ),
            (
                ONE.replace("2026-12-01", "soon"),
                "found `soon` under `expires`",
            ),
            (
                ONE.replace("    criterion: line_coverage\n", ""),
                "under `observed`",
            ),
            (
                ONE.replace("version: 1", "version: 2"),
                "found `2` under `version`",
            ),
            (twice, "found the id `OV-1` twice"),
            (String::from("- a\n"), "expected a map"),
        ] {
            let error = read(&text).expect_err(part);
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
