//! The category of each run: `automationDetails.id`, set where it is absent and nowhere else.
//!
//! GitHub reads the text before the last `/` as the category and the rest as the run's own id; without a `/` the
//! category is empty (REST reference, "code scanning", SARIF support). The text is edited at the places where the
//! parser found them, so that every other byte stays: numbers, spelling, order of keys.

use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A log whose runs all have an id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settled<'a> {
    pub(crate) text: Cow<'a, str>,
    /// The category of each run, in order.
    pub(crate) categories: Vec<String>,
    /// Runs that brought an id of their own.
    pub(crate) own: usize,
}

/// Gives every run without `automationDetails.id` the id `category/`. The error names the place.
pub(crate) fn settle<'a>(text: &'a str, category: &str) -> Result<Settled<'a>, String> {
    let id = if category.ends_with('/') {
        category.to_owned()
    } else {
        format!("{category}/")
    };
    let quoted = serde_json::Value::from(id.as_str()).to_string();
    let top: Top<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let mut categories = Vec::new();
    let mut own = 0;
    for (index, raw) in top.runs.iter().enumerate() {
        let pointer = format!("/runs/{index}/automationDetails");
        let run: RunWire<'_> =
            serde_json::from_str(raw.get()).map_err(|error| format!("/runs/{index}: {error}"))?;
        let Place(Some(details)) = run.details else {
            edits.push(insert(
                text,
                raw,
                &format!("\"automationDetails\":{{\"id\":{quoted}}}"),
            ));
            categories.push(category_of(&id));
            continue;
        };
        if details.get() == "null" {
            edits.push(replace(text, details, format!("{{\"id\":{quoted}}}")));
            categories.push(category_of(&id));
            continue;
        }
        let wire: DetailsWire<'_> =
            serde_json::from_str(details.get()).map_err(|error| format!("{pointer}: {error}"))?;
        match wire.id {
            Place(None) => edits.push(insert(text, details, &format!("\"id\":{quoted}"))),
            Place(Some(given)) => {
                let given_id: Option<String> = serde_json::from_str(given.get())
                    .map_err(|error| format!("{pointer}/id: {error}"))?;
                if let Some(given_id) = given_id.filter(|id| !id.is_empty()) {
                    own += 1;
                    categories.push(category_of(&given_id));
                    continue;
                }
                edits.push(replace(text, given, quoted.clone()));
            }
        }
        categories.push(category_of(&id));
    }
    Ok(Settled {
        text: apply(text, &edits),
        categories,
        own,
    })
}

/// The text before the last `/`; empty without one.
fn category_of(id: &str) -> String {
    id.rsplit_once('/')
        .map_or_else(String::new, |(category, _)| category.to_owned())
}

#[derive(serde::Deserialize)]
struct Top<'a> {
    #[serde(borrow)]
    runs: Vec<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct RunWire<'a> {
    #[serde(borrow, default, rename = "automationDetails")]
    details: Place<'a>,
}

#[derive(serde::Deserialize)]
struct DetailsWire<'a> {
    #[serde(borrow, default)]
    id: Place<'a>,
}

/// Where a value stands; also where it is null, which an `Option` alone would hide.
#[derive(Default)]
struct Place<'a>(Option<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Place<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'a RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}

/// Start and end of `part` within `text`, which it was borrowed from.
fn range(text: &str, part: &RawValue) -> (usize, usize) {
    let start = part
        .get()
        .as_ptr()
        .addr()
        .saturating_sub(text.as_ptr().addr());
    (start, start + part.get().len())
}

/// An edit that puts a member first in an object.
fn insert(text: &str, object: &RawValue, member: &str) -> (usize, usize, String) {
    let (start, _) = range(text, object);
    let empty = object
        .get()
        .get(1..)
        .unwrap_or_default()
        .trim_start()
        .starts_with('}');
    let separator = if empty { "" } else { "," };
    (start + 1, start + 1, format!("{member}{separator}"))
}

fn replace(text: &str, value: &RawValue, with: String) -> (usize, usize, String) {
    let (start, end) = range(text, value);
    (start, end, with)
}

/// Edits in the order of their places, which do not overlap.
fn apply<'a>(text: &'a str, edits: &[(usize, usize, String)]) -> Cow<'a, str> {
    if edits.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(
        text.len() + edits.iter().map(|(_, _, with)| with.len()).sum::<usize>(),
    );
    let mut at = 0;
    for (start, end, with) in edits {
        out.push_str(text.get(at..*start).unwrap_or_default());
        out.push_str(with);
        at = *end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn settled(text: &str) -> Settled<'_> {
        settle(text, "scan").expect("a log")
    }

    #[test]
    fn only_the_id_is_added_and_every_other_byte_stays() {
        let text = " {\"version\" : \"2.1.0\",\n \"runs\": [ {\"x\": 1.10e+2, \"big\": 12345678901234567890123} ] , \"é\": 0.1}\n";
        assert_eq!(
            settled(text).text,
            " {\"version\" : \"2.1.0\",\n \"runs\": [ {\"automationDetails\":{\"id\":\"scan/\"},\"x\": 1.10e+2, \"big\": 12345678901234567890123} ] , \"é\": 0.1}\n"
        );
    }

    #[test]
    fn every_form_of_absence_is_filled() {
        for (run, expected) in [
            ("{}", r#"{"automationDetails":{"id":"scan/"}}"#),
            ("{ }", r#"{"automationDetails":{"id":"scan/"} }"#),
            (
                r#"{"automationDetails":null}"#,
                r#"{"automationDetails":{"id":"scan/"}}"#,
            ),
            (
                r#"{"automationDetails":{ }}"#,
                r#"{"automationDetails":{"id":"scan/" }}"#,
            ),
            (
                r#"{"automationDetails":{"guid":"g"}}"#,
                r#"{"automationDetails":{"id":"scan/","guid":"g"}}"#,
            ),
            (
                r#"{"automationDetails":{"id": null}}"#,
                r#"{"automationDetails":{"id": "scan/"}}"#,
            ),
            (
                r#"{"automationDetails":{"id":""}}"#,
                r#"{"automationDetails":{"id":"scan/"}}"#,
            ),
        ] {
            let text = format!("{{\"runs\":[{run}]}}");
            let settled = settled(&text);
            assert_eq!(settled.text, format!("{{\"runs\":[{expected}]}}"));
            assert_eq!(
                (settled.categories, settled.own),
                (vec![String::from("scan")], 0)
            );
        }
    }

    #[test]
    fn an_own_id_stays_and_names_its_category() {
        for (id, category) in [
            ("a/b/", "a/b"),
            ("a/b/2026", "a/b"),
            ("nightly", ""),
            ("/x", ""),
        ] {
            let text = json!({"runs": [{"automationDetails": {"id": id}}, {}]}).to_string();
            let settled = settled(&text);
            assert_eq!(
                (settled.categories, settled.own),
                (vec![category.to_owned(), String::from("scan")], 1)
            );
        }
        let text = json!({"runs": [{"automationDetails": {"id": "a/"}}]}).to_string();
        assert!(matches!(settled(&text).text, Cow::Borrowed(_)));
    }

    #[test]
    fn what_cannot_be_settled_is_named() {
        for (run, place) in [
            (r#"{"automationDetails":7}"#, "/runs/0/automationDetails"),
            (
                r#"{"automationDetails":{"id":7}}"#,
                "/runs/0/automationDetails/id",
            ),
            (
                r#"{"automationDetails":{},"automationDetails":{}}"#,
                "duplicate",
            ),
        ] {
            let error = settle(&format!("{{\"runs\":[{run}]}}"), "scan").expect_err(run);
            assert!(error.contains(place), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_edited_text_is_the_log_with_its_ids(
            category in "\\PC{1,20}",
            runs in proptest::collection::vec((any::<bool>(), "\\PC{0,8}", any::<i64>()), 0..6),
        ) {
            let log = json!({"runs": runs.iter().map(|(details, text, number)| {
                let mut run = json!({"text": text, "number": number});
                if *details {
                    run["automationDetails"] = json!({"guid": text});
                }
                run
            }).collect::<Vec<_>>()});
            let text = serde_json::to_string_pretty(&log).expect("JSON");
            let settled = settle(&text, &category).expect("a log");
            let mut back: Value = serde_json::from_str(&settled.text).expect("JSON");
            prop_assert_eq!(settled.categories.len(), runs.len());
            for run in back["runs"].as_array_mut().expect("runs") {
                let id = run["automationDetails"]["id"].take();
                prop_assert!(id.as_str().is_some_and(|id| id.starts_with(&category) && id.ends_with('/')));
                let details = run["automationDetails"].as_object_mut().expect("details");
                details.remove("id");
                if details.is_empty() {
                    run.as_object_mut().expect("a run").remove("automationDetails");
                }
            }
            prop_assert_eq!(back, log);
        }
    }
}
