use super::super::result::*;
use super::super::*;
use crate::model::Run;

const RUN: &str = r#"{"tool":{"driver":{"name":"t","rules":[{"id":"A","shortDescription":{"text":"short"},"messageStrings":{"m":{"text":"found {0}"}}}]}},"artifacts":[{"location":{"uri":"listed.c"}}]}"#;

fn problems(result: &str, options: &Options) -> Vec<Problem> {
    let run: Run = serde_json::from_str(RUN).expect("a run");
    of_result(result, &run, &run.rules(), options)
}

fn ids(result: &str) -> Vec<String> {
    problems(result, &Options::default())
        .iter()
        .map(|problem| format!("{} {}", problem.check.id, problem.pointer))
        .collect()
}

fn mended(result: &str, options: &Options) -> String {
    let run: Run = serde_json::from_str(RUN).expect("a run");
    let mended = mend_result(result, &run, &run.rules(), options, Repairs::Cut);
    mended.text.into_owned()
}

/// A whole result around one property that replaces the good one.
fn with(property: &str, value: &str) -> String {
    let mut result = serde_json::json!({
        "ruleId": "A",
        "message": {"text": "m"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 1}}}],
    });
    let value = serde_json::from_str(value).expect("JSON");
    result[property] = value;
    result.to_string()
}

#[test]
fn results_are_checked_and_mended() {
    let options = Options {
        stand_in: Some(String::from("README.md")),
        ..Options::default()
    };
    let location = |inner: &str| format!("[{{\"physicalLocation\":{inner}}}]");
    for (property, value, expected) in [
        ("x", String::from("1"), ""),
        ("ruleIndex", String::from("0"), ""),
        ("ruleIndex", String::from("-1"), ""),
        ("ruleIndex", String::from("1"), "rule_index /ruleIndex"),
        ("ruleIndex", String::from("-2"), "rule_index /ruleIndex"),
        (
            "rule",
            String::from(r#"{"index":9,"toolComponent":{"index":0}}"#),
            "",
        ),
        (
            "message",
            String::from(r#"{"id":"m","arguments":["x"]}"#),
            "message /message",
        ),
        ("message", String::from("null"), "message /message"),
        ("level", String::from("\"Warning\""), "level /level"),
        ("level", String::from("\"fatal\""), "level /level"),
        ("locations", String::from("[]"), "location_file /locations"),
        (
            "locations",
            String::from("null"),
            "location_file /locations",
        ),
        (
            "locations",
            String::from("[{}]"),
            "location_file /locations/0",
        ),
        ("locations", location("{}"), "location_file /locations/0"),
        (
            "locations",
            location(r#"{"artifactLocation":{"uri":""}}"#),
            "location_file /locations/0",
        ),
        (
            "locations",
            location(r#"{"artifactLocation":{"index":0},"region":{"startLine":1}}"#),
            "location_further /locations/0/physicalLocation/artifactLocation",
        ),
        (
            "locations",
            location(r#"{"artifactLocation":{"uri":"a b"},"region":{"startLine":1}}"#),
            "uri_spelling /locations/0/physicalLocation/artifactLocation/uri",
        ),
        (
            "locations",
            location(r#"{"artifactLocation":{"uri":"a"}}"#),
            "region_absent /locations/0/physicalLocation",
        ),
        ("codeFlows", String::from("[{}]"), ""),
    ] {
        let result = with(property, &value);
        assert_eq!(ids(&result).join("; "), expected, "{result}");
        assert_eq!(ids(&mended(&result, &options)), [""; 0], "{result}");
    }
    assert_eq!(ids(&with("kind", "\"pass\"")), ["kind /kind"]);
    assert_eq!(ids("{\"message\":7}"), ["result_malformed "]);
    assert!(
        mended(
            &with("message", r#"{"id":"m","arguments":["x"]}"#),
            &options
        )
        .contains("\"text\":\"found x\"")
    );
    assert!(mended(&with("message", "{}"), &options).contains("\"text\":\"short\""));
    let nameless = mended(
        &with("ruleIndex", "0").replace("\"ruleId\":\"A\",", ""),
        &options,
    );
    assert!(nameless.contains("\"ruleId\":\"A\""), "{nameless}");
}

#[test]
fn limits_hold_to_the_last_and_are_cut() {
    let place = r#"{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":1}}}"#;
    let locations =
        |count: usize| with("locations", &format!("[{}]", vec![place; count].join(",")));
    let steps = |count: usize| {
        let step = vec![r#"{"location":{}}"#; count].join(",");
        with(
            "codeFlows",
            &format!("[{{\"threadFlows\":[{{\"locations\":[{step}]}}]}}]"),
        )
    };
    assert!(ids(&locations(100)).is_empty() && ids(&steps(1_000)).is_empty());
    assert_eq!(ids(&locations(101)), ["locations_shown /locations"]);
    assert_eq!(ids(&locations(1_000)), ["locations_shown /locations"]);
    assert_eq!(ids(&locations(1_001)), ["locations /locations"]);
    assert_eq!(ids(&steps(1_001)), ["flow_steps_shown /codeFlows"]);
    assert_eq!(ids(&steps(10_000)), ["flow_steps_shown /codeFlows"]);
    assert_eq!(ids(&steps(10_001)), ["flow_steps /codeFlows"]);
    for result in [locations(1_001), steps(10_001)] {
        assert!(ids(&mended(&result, &Options::default())).is_empty());
    }
    let by_index = with(
        "codeFlows",
        r#"[{"threadFlows":[{"locations":[{"index":0},{"index":1,"location":{}}]}]}]"#,
    );
    assert_eq!(ids(&by_index), ["flow_index /codeFlows"]);
    let bad = r#"{"physicalLocation":{"artifactLocation":{"uri":"a b"}}}"#;
    let many = with("locations", &format!("[{}]", vec![bad; 300].join(",")));
    let told = problems(&many, &Options::default());
    assert_eq!(told.len(), 201);
    assert!(told[199].found.contains("400 more"), "{}", told[199].found);
}

#[test]
fn locations_elsewhere_want_an_address_too() {
    let index = r#"{"location":{"physicalLocation":{"artifactLocation":{"index":0}}}}"#;
    let unknown = r#"{"location":{"physicalLocation":{"artifactLocation":{"index":7}}}}"#;
    let well = r#"{"location":{"physicalLocation":{"artifactLocation":{"uri":"a"}}}}"#;
    let flow = |step: &str| format!(r#"[{{"threadFlows":[{{"locations":[{well},{step}]}}]}}]"#);
    let step = "/codeFlows/0/threadFlows/0/locations/1";
    for (property, value, expected) in [
        ("codeFlows", flow(well), None),
        ("codeFlows", flow(r#"{"location":{}}"#), None),
        ("codeFlows", flow(index), Some(format!("{step}/location"))),
        ("codeFlows", flow(unknown), Some(format!("{step}/location"))),
        (
            "codeFlows",
            flow(&format!(r#"{{"stack":{{"frames":[{index}]}}}}"#)),
            Some(format!("{step}/stack/frames/0/location")),
        ),
        (
            "stacks",
            format!(r#"[{{"frames":[{well},{index}]}}]"#),
            Some(String::from("/stacks/0/frames/1/location")),
        ),
        (
            "graphs",
            format!(r#"[{{"nodes":[{index}]}}]"#),
            Some(String::from("/graphs/0/nodes/0/location")),
        ),
    ] {
        let expected =
            expected.map(|at| format!("location_further {at}/physicalLocation/artifactLocation"));
        let found = ids(&with(property, &value));
        assert_eq!(found, Vec::from_iter(expected), "{property} {value}");
    }
    let sources = r#"{"conversionSources":[{"artifactLocation":{}}]}"#;
    assert_eq!(
        ids(&with("provenance", sources)),
        ["location_further /provenance/conversionSources/0/artifactLocation"]
    );
    let mended = mended(&with("codeFlows", &flow(index)), &Options::default());
    assert!(
        ids(&mended).is_empty() && mended.contains("listed.c"),
        "{mended}"
    );
}

/// A result whose check passes over a property of the wrong type would be sent without being looked into.
#[test]
fn what_is_checked_is_what_is_read() {
    let whole = serde_json::json!({
        "ruleId": "A", "ruleIndex": 0, "rule": {"id": "A", "index": 0, "toolComponent": {"name": "t", "guid": "g", "index": 0}},
        "level": "error", "kind": "fail", "baselineState": "new",
        "message": {"text": "m", "markdown": "m", "id": "m", "arguments": ["x"]},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "a", "uriBaseId": "b", "index": 0},
            "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}}}],
        "fingerprints": {"a": "b"}, "partialFingerprints": {"a": "b"},
        "suppressions": [{"kind": "inSource", "status": "accepted", "justification": "j"}],
        "properties": {"security-severity": "1"},
    });
    let mut refused = 0;
    for pointer in pointers(&whole, "") {
        for wrong in [
            "7",
            "\"x\"",
            "[]",
            "{}",
            "null",
            "true",
            "[7]",
            "{\"a\":7}",
            "{\"a\":null}",
        ] {
            let mut result = whole.clone();
            *result.pointer_mut(&pointer).expect(&pointer) =
                serde_json::from_str(wrong).expect(wrong);
            let text = result.to_string();
            let is_read = serde_json::from_str::<crate::SarifResult>(&text).is_ok();
            let told = ids(&text)
                .iter()
                .any(|id| id.starts_with("result_malformed"));
            assert!(is_read || told, "{pointer} {wrong}");
            refused += usize::from(told);
        }
    }
    assert!(refused > 100, "{refused}");
}

/// Every place within a value.
fn pointers(value: &serde_json::Value, at: &str) -> Vec<String> {
    let inside: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        serde_json::Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    let deeper = inside.into_iter().flat_map(|(key, value)| {
        let at = format!("{at}/{key}");
        let mut found = pointers(value, &at);
        found.push(at);
        found
    });
    deeper.collect()
}

#[test]
fn what_has_a_file_refused_is_told_first_of_very_many() {
    let good = r#"{"physicalLocation":{"artifactLocation":{"uri":"a"},"region":{"startLine":1}}}"#;
    let bad = good.replace("\"a\"", "\"https://x/y\"");
    let locations = [
        vec![good; 1],
        vec![r#"{"physicalLocation":{}}"#; 300],
        vec![&bad; 1],
    ]
    .concat();
    let result = with("locations", &format!("[{}]", locations.join(",")));
    assert!(ids(&result).iter().any(|id| id.starts_with("uri_scheme")));
}
