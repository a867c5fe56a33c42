//! The category of a run: `automationDetails.id`, set where it is absent and nowhere else.
//!
//! GitHub reads the text before the last `/` as the category and the rest as the run's own id; without a `/` the
//! category is empty (REST reference, "code scanning", SARIF support).

use gate_sarif::text::{Edit, Pointer, apply};
use serde_json::value::RawValue;

/// A run that has an id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The run's text; every byte but the id is as it was.
    pub(crate) text: String,
    pub(crate) category: String,
    /// The run brought the id itself.
    pub(crate) own: bool,
}

/// Gives a run (its text without results) without `automationDetails.id` the id `category/`. The error names the place
/// within the run. Where none is `wanted` it stays without.
pub(crate) fn settle(header: &str, category: &str, wanted: bool) -> Result<Settled, String> {
    let at = Pointer::root().at("automationDetails");
    let run: RunWire<'_> = serde_json::from_str(header).map_err(|error| format!(": {error}"))?;
    let details: Option<DetailsWire<'_>> = match run.details {
        None => None,
        Some(details) => {
            let details = serde_json::from_str(details.get());
            Some(details.map_err(|error| format!("{at}: {error}"))?)
        }
    };
    let given: Option<String> = match details.as_ref().and_then(|details| details.id) {
        None => None,
        Some(id) => {
            let id = serde_json::from_str(id.get());
            id.map_err(|error| format!("{}: {error}", at.at("id")))?
        }
    };
    if let Some(given) = given.filter(|id| !id.is_empty()) {
        return Ok(Settled {
            text: header.to_owned(),
            category: category_of(&given),
            own: true,
        });
    }
    if !wanted {
        return Ok(Settled {
            text: header.to_owned(),
            category: String::new(),
            own: false,
        });
    }
    let id = format!("{}/", category.strip_suffix('/').unwrap_or(category));
    Ok(Settled {
        text: with_id(header, &id, details.is_some())?,
        category: category_of(&id),
        own: false,
    })
}

/// The run with another id.
pub(crate) fn renamed(header: &str, category: &str) -> Result<String, String> {
    with_id(header, &format!("{category}/"), true)
}

fn with_id(header: &str, id: &str, has_details: bool) -> Result<String, String> {
    let at = Pointer::root().at("automationDetails");
    let edit = if has_details {
        Edit::text(at.at("id"), id)
    } else {
        Edit::json(at, format!("{{\"id\":{}}}", serde_json::Value::from(id)))
    };
    match apply(header, [&edit]) {
        Ok(text) => Ok(text.into_owned()),
        Err(edit) => Err(format!("{}: it has no place", edit.pointer)),
    }
}

/// The text before the last `/`; empty without one.
fn category_of(id: &str) -> String {
    id.rsplit_once('/')
        .map_or_else(String::new, |(category, _)| category.to_owned())
}

/// Null is absent. A key that stands there twice is an error of the parser's.
#[derive(serde::Deserialize)]
struct RunWire<'a> {
    #[serde(borrow, default, rename = "automationDetails")]
    details: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct DetailsWire<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn settled(header: &str) -> Settled {
        settle(header, "scan", true).expect("a run")
    }

    #[test]
    fn only_the_id_is_added_and_every_other_byte_stays() {
        assert_eq!(
            settled(" {\"x\": 1.10e+2,\n \"é\": 12345678901234567890123}").text,
            " {\"automationDetails\":{\"id\":\"scan/\"},\"x\": 1.10e+2,\n \"é\": 12345678901234567890123}"
        );
    }

    #[test]
    fn every_form_of_absence_is_filled() {
        for (run, expected) in [
            ("{}", r#"{"automationDetails":{"id":"scan/"}}"#),
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
            let settled = settled(run);
            assert_eq!(settled.text, expected);
            assert_eq!((settled.category.as_str(), settled.own), ("scan", false));
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
            let text = json!({"automationDetails": {"id": id}}).to_string();
            let settled = settled(&text);
            assert_eq!((settled.category.as_str(), settled.own), (category, true));
            assert_eq!(settled.text, text);
            assert!(
                renamed(&text, "b")
                    .expect("a run")
                    .contains("\"id\":\"b/\"")
            );
        }
    }

    #[test]
    fn what_cannot_be_settled_is_named() {
        for (run, place) in [
            (r#"{"automationDetails":7}"#, "/automationDetails: "),
            (
                r#"{"automationDetails":{"id":7}}"#,
                "/automationDetails/id: ",
            ),
            (
                r#"{"automationDetails":{},"automationDetails":{}}"#,
                "duplicate",
            ),
        ] {
            let error = settle(run, "scan", true).expect_err(run);
            assert!(error.contains(place), "{error}");
        }
    }

    proptest! {
        #[test]
        fn the_edited_text_is_the_run_with_its_id(
            category in "\\PC{1,20}", details in any::<bool>(), text in "\\PC{0,8}", number in any::<i64>(),
        ) {
            let mut run = json!({"text": text, "number": number});
            if details {
                run["automationDetails"] = json!({"guid": text});
            }
            let header = serde_json::to_string_pretty(&run).expect("JSON");
            let settled = settle(&header, &category, true).expect("a run");
            let mut back: Value = serde_json::from_str(&settled.text).expect("JSON");
            let id = back["automationDetails"]["id"].take();
            prop_assert!(id.as_str().is_some_and(|id| id.starts_with(category.trim_end_matches('/')) && id.ends_with('/')));
            let left = back["automationDetails"].as_object_mut().expect("details");
            left.remove("id");
            if left.is_empty() {
                back.as_object_mut().expect("a run").remove("automationDetails");
            }
            prop_assert_eq!(back, run);
        }
    }
}
