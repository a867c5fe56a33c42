//! Verdicts and decisions of released versions parse for ever. A stored sample
//! is never changed; a version that writes more adds a sample of its own.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use gate_verdict::{DecisionDoc, Verdict, decision_schema, digest_of, verdict_schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

#[test]
fn stored_verdicts_hold() {
    let samples = samples(".verdict.json");
    assert!(
        samples.len() >= 3,
        "found {} verdicts, expected a passing, a failing and an error one",
        samples.len()
    );
    for (name, sample) in samples {
        holds::<Verdict>(&name, &sample, &verdict_schema());
    }
}

#[test]
fn stored_decisions_hold() {
    let samples = samples(".decision.json");
    assert!(!samples.is_empty(), "found no decision");
    for (name, sample) in samples {
        holds::<DecisionDoc>(&name, &sample, &decision_schema());
    }
}

/// Everything promised about a stored document.
fn holds<T: DeserializeOwned + Serialize>(name: &str, sample: &Value, schema: &Value) {
    let parsed: T =
        serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        digest_of(sample).as_deref(),
        Ok(text(sample, "digest")),
        "{name}: the digest binds the content"
    );
    let written = serde_json::to_value(&parsed).expect("serialises");
    assert_members_kept(name, sample, &written);

    // A newer writer says more than this reader knows.
    let mut newer = sample.clone();
    extend(&mut newer);
    assert_ne!(newer, *sample, "{name}: nothing to extend");
    let tolerated: T =
        serde_json::from_value(newer.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        serde_json::to_value(&tolerated).expect("serialises"),
        written,
        "{name}: unknown members change nothing"
    );

    let validator = jsonschema::validator_for(schema).expect("the schema compiles");
    for (what, document) in [("stored", sample), ("extended", &newer)] {
        let errors: Vec<_> = validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}, {what}: {errors:#?}");
    }
    // The schema would have told.
    for (member, wrong) in [
        ("status", json!("green")),
        ("kind", json!("other")),
        ("subject", Value::Null),
        ("as_of", json!(0)),
    ] {
        let mut broken = sample.clone();
        broken[member] = wrong;
        assert!(
            !validator.is_valid(&broken),
            "{name}: the schema allows {member} = {}",
            broken[member]
        );
        assert!(
            serde_json::from_value::<T>(broken).is_err(),
            "{name}: the reader allows a wrong {member}"
        );
    }
    let mut changed = sample.clone();
    changed["as_of"] = json!("2026-11-21T12:00:01Z");
    assert_ne!(
        digest_of(&changed).as_deref(),
        Ok(text(sample, "digest")),
        "{name}: the digest misses a change"
    );
}

/// Every member of `stored` is in `written` with the same value; a newer
/// version may add members.
fn assert_members_kept(place: &str, stored: &Value, written: &Value) {
    match (stored, written) {
        (Value::Object(stored), Value::Object(written)) => {
            for (key, value) in stored {
                let place = format!("{place}/{key}");
                let kept = written.get(key).unwrap_or_else(|| panic!("{place}: lost"));
                assert_members_kept(&place, value, kept);
            }
        }
        (Value::Array(stored), Value::Array(written)) => {
            assert_eq!(stored.len(), written.len(), "{place}");
            for (index, (stored, written)) in stored.iter().zip(written).enumerate() {
                assert_members_kept(&format!("{place}/{index}"), stored, written);
            }
        }
        _ => assert_eq!(stored, written, "{place}"),
    }
}

/// Gives every object a member that nobody knows. `metrics` is a map: its
/// members are data.
fn extend(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members
                .iter_mut()
                .filter(|(key, _)| *key != "metrics")
                .for_each(|(_, member)| extend(member));
            members.insert(
                String::from("invented_tomorrow"),
                json!({"deep": [1, "two", null]}),
            );
        }
        Value::Array(items) => items.iter_mut().for_each(extend),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn text<'a>(document: &'a Value, member: &str) -> &'a str {
    document[member].as_str().unwrap_or_default()
}

/// Stored documents of every version, by path.
fn samples(ending: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut samples = Vec::new();
    for version in fs::read_dir(folder).expect("samples") {
        for file in fs::read_dir(version.expect("entry").path()).expect("a folder per version") {
            let path = file.expect("entry").path();
            let name = path.display().to_string();
            if name.ends_with(ending) {
                let document =
                    serde_json::from_slice(&fs::read(&path).expect("readable")).expect("JSON");
                samples.push((name, document));
            }
        }
    }
    samples
}
