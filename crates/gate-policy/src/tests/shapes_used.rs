//! Settings with structure, past loading: in a change against its base, in the
//! schema and in the generated catalogue.

use super::shapes::{EDGES, read, right, with_settings};
use crate::catalogue::Catalogue;
use crate::govern;
use crate::load::Source;
use crate::policy::Policy;
use crate::yaml::{Data, Value as Setting};
use serde_json::{Value, json};
use std::fmt::Write as _;

#[test]
fn a_change_of_nested_settings_is_named_and_the_bases_hold() {
    let base = right(EDGES);
    for head in [
        EDGES.replace("prompts/**", "prompts/v2/**"),
        EDGES.replace("kind: link", "kind: element"),
        EDGES.replace("      - {name: sees, kind: link}\n", ""),
        EDGES.replace("kind: link}", "kind: link, paths: []}"),
        String::from("    failure_action: notify\n"),
    ] {
        let governed = govern(&base, &right(&head));
        assert_eq!(
            governed.texts(),
            ["gate `integrity` has other settings: `edges`"],
            "{head}"
        );
        let (held, was) = (
            &governed.policy.gates["integrity"],
            &base.gates["integrity"],
        );
        assert_eq!(held.settings, was.settings, "{head}");
    }
    let moved = EDGES
        .replace("uses", "\"uses\"")
        .replace("    edges", "\n    edges");
    assert_eq!(govern(&base, &right(&moved)).texts(), [""; 0]);
}

#[test]
fn what_a_change_suppresses_is_named_and_not_honoured() {
    let suppress = |rules: &[&str]| {
        let mut text = String::from("    modules: [a]\n    suppress:\n");
        for rule in rules {
            let _ = writeln!(text, "      - {{rule: {rule}, reason: because}}");
        }
        right(&text)
    };
    let rules = |policy: &Policy| -> Vec<String> {
        let suppressed = policy.gates["integrity"].settings.get("suppress");
        let entries = suppressed.map(Setting::items).unwrap_or_default();
        entries
            .iter()
            .filter_map(|one| one.text_of("rule"))
            .map(str::to_owned)
            .collect()
    };
    let said = ["gate `integrity` has other settings: `suppress`"];
    let none = right("    modules: [a]\n");
    let added = govern(&none, &suppress(&["broken_link"]));
    assert_eq!(
        (added.texts(), rules(&added.policy)),
        (said.map(String::from).to_vec(), vec![])
    );
    let more = govern(
        &suppress(&["broken_link"]),
        &suppress(&["broken_link", "cycle"]),
    );
    assert_eq!(
        (more.texts(), rules(&more.policy)),
        (said.map(String::from).to_vec(), vec!["broken_link".into()])
    );
    // A first policy meets the built-in defaults, which suppress nothing.
    let first = govern(
        &crate::defaults(&with_settings()),
        &suppress(&["broken_link"]),
    );
    assert_eq!(rules(&first.policy), [""; 0]);
    assert!(
        first
            .texts()
            .contains(&"gate `integrity` has other settings: `modules`, `suppress`".into()),
        "{:?}",
        first.texts()
    );
}

/// What an editor refuses by the schema, loading refuses too; and the schema
/// finds what a schema can find.
#[test]
fn the_schema_agrees_with_loading() {
    let schema = crate::schema(&with_settings());
    let validator = jsonschema::validator_for(&schema).expect("the schema compiles");
    for (settings, loads, valid) in [
        (EDGES, true, true),
        (
            "    edges: [{name: 1, kind: link, paths: []}]\n",
            true,
            true,
        ),
        ("    edges: [{name: a}]\n", false, false),
        (
            "    edges: [{name: a, kind: link, more: 1}]\n",
            false,
            false,
        ),
        ("    edges: [{name: \" \", kind: link}]\n", false, false),
        ("    edges: [{name: a, kind: lnk}]\n", false, false),
        (
            "    edges: [{name: a, kind: link, pattern: \"(\"}]\n",
            false,
            true,
        ),
        ("    edges: {name: a, kind: link}\n", false, false),
        ("    slugs: {\"docs/**\": github}\n", true, true),
        ("    slugs: {\"docs/**\": githab}\n", false, false),
        ("    slugs: {\" \": github}\n", false, false),
        ("    words: {a: [1, 2]}\n", true, true),
        ("    words: {a: [x]}\n", false, false),
        (
            "    suppress: [{rule: a, reason: b, expires: 2027-01-31}]\n",
            true,
            true,
        ),
        (
            "    suppress: [{rule: a, reason: b, expires: 2027-02-30}]\n",
            false,
            true,
        ),
        (
            "    suppress: [{rule: a, reason: b, expires: 2027-02-32}]\n",
            false,
            false,
        ),
        ("    base: docs/api\n", true, true),
        ("    base: .\n", true, true),
        ("    base: .github/x\n", true, true),
        ("    base: a..b/c.\n", true, true),
        ("    base: ./docs\n", false, false),
        ("    base: docs/../..\n", false, false),
        ("    base: ..\n", false, false),
        ("    base: docs/.\n", false, false),
        ("    base: docs/\n", false, false),
        ("    base: /docs\n", false, false),
        ("    base: c:docs\n", false, false),
        ("    base: a\\b\n", false, false),
        (
            "    used: [{kind: tag, pattern: a@b, max: 1}]\n",
            true,
            true,
        ),
        (
            "    used: [{kind: tag, pattern: ab, max: 1}]\n",
            false,
            false,
        ),
        ("    used: [{kind: tag, max: 1}]\n", false, false),
        (
            "    used: [{kind: regex, pattern: \"(a)\", min: 1}]\n",
            true,
            true,
        ),
        (
            "    used: [{kind: regex, pattern: a, min: 1}]\n",
            false,
            false,
        ),
        ("    used: [{kind: link, min: 1}]\n", true, true),
        (
            "    used: [{kind: link, pattern: a, min: 1}]\n",
            false,
            false,
        ),
        ("    used: [{kind: link}]\n", false, false),
        ("    free: [{a: [b]}]\n", true, true),
    ] {
        assert_eq!(read(settings).is_ok(), loads, "{settings}");
        let source = Source {
            path: String::new(),
            bytes: settings.as_bytes(),
        };
        let values = crate::yaml_read::parse(&source).expect("YAML");
        let gates = json!({"gates": {"integrity": as_editors_read(&values[0])}});
        assert_eq!(validator.is_valid(&gates), valid, "{settings}{gates}");
    }
}

fn as_editors_read(value: &Setting) -> Value {
    match &value.data {
        Data::Null => Value::Null,
        Data::Scalar { text, quoted } => match (value.as_bool(), value.as_u64()) {
            (Some(flag), _) if !quoted => json!(flag),
            (_, Some(number)) if !quoted => json!(number),
            _ => json!(text),
        },
        Data::List(items) => items.iter().map(as_editors_read).collect(),
        Data::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.clone(), as_editors_read(&entry.value)))
            .collect(),
    }
}

#[test]
fn shapes_survive_the_generated_catalogue() {
    let catalogue = with_settings();
    let text = serde_json::to_string(&catalogue).expect("serializes");
    assert_eq!(
        serde_json::from_str::<Catalogue>(&text).expect("reads"),
        catalogue
    );
}
