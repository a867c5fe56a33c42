mod builtin;
mod hostile;

use gate_syntax::front_matter_value;
use serde_json::json;

use super::*;

fn schema(value: &Value) -> CompiledSchema {
    compile(value.to_string().as_bytes()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

fn refused(value: &Value) -> String {
    compile(value.to_string().as_bytes()).expect_err("a refusal")
}

fn block(yaml: &str) -> Located {
    front_matter_value(&format!("---\n{yaml}\n---\n"))
        .expect("front matter")
        .unwrap_or_else(|error| panic!("{yaml}: {error:?}"))
}

fn problems(schema_value: &Value, yaml: &str) -> Vec<(u32, u32, String, String)> {
    schema_problems(&schema(schema_value), &block(yaml))
        .0
        .into_iter()
        .map(|problem| {
            (
                problem.line,
                problem.column,
                problem.pointer,
                problem.message,
            )
        })
        .collect()
}

fn messages(schema_value: &Value, yaml: &str) -> Vec<String> {
    problems(schema_value, yaml)
        .into_iter()
        .map(|(.., message)| message)
        .collect()
}

fn one(schema_value: &Value, yaml: &str) -> String {
    let mut messages = messages(schema_value, yaml);
    assert_eq!(messages.len(), 1, "{schema_value} {yaml}: {messages:?}");
    messages.remove(0)
}

#[test]
fn a_problem_has_its_place_and_plain_words() {
    let schema = json!({
        "required": ["name", "kind"],
        "properties": {
            "name": {"type": "string", "maxLength": 5},
            "tags": {"items": {"type": "string"}},
            "kind": {"enum": ["a", "b"]}
        },
        "additionalProperties": false
    });
    assert_eq!(
        problems(&schema, "tags:\n  - x\n  - 7\nname: toolong\nother: 1"),
        [
            (
                1,
                1,
                String::new(),
                "found no `kind` in the front matter, expected it".into()
            ),
            (
                4,
                5,
                "/tags/1".into(),
                "found `7` in `tags[1]`, expected text".into()
            ),
            (
                5,
                1,
                "/name".into(),
                "found 7 characters in `name`, expected at most 5".into()
            ),
            (
                6,
                1,
                "/other".into(),
                "found `other` in the front matter, expected no keys but those of the schema"
                    .into()
            ),
        ]
    );
    assert_eq!(problems(&schema, "name: x\nkind: a"), []);
}

#[test]
fn every_kind_says_what_was_expected() {
    for (rule, yaml, expected) in [
        (
            json!({"type": ["string", "null"]}),
            "a: [1, 2]",
            "found a list of 2 in `a`, expected nothing (null) or text",
        ),
        (
            json!({"enum": ["x", 1]}),
            "a: y",
            "found the text `y` in `a`, expected one of `x`, `1`",
        ),
        (
            json!({"const": true}),
            "a: 'true'",
            "found the text `true` in `a`, expected `true`",
        ),
        (
            json!({"pattern": "^x"}),
            "a: y",
            "found the text `y` in `a`, expected text that matches `^x`",
        ),
        (
            json!({"minimum": 3}),
            "a: 2",
            "found `2` in `a`, expected at least 3",
        ),
        (
            json!({"exclusiveMaximum": 3}),
            "a: 3",
            "found `3` in `a`, expected less than 3",
        ),
        (
            json!({"multipleOf": 2}),
            "a: 3",
            "found `3` in `a`, expected a multiple of 2",
        ),
        (
            json!({"minItems": 1}),
            "a: []",
            "found 0 items in `a`, expected at least 1",
        ),
        (
            json!({"maxProperties": 1}),
            "a: {b: 1, c: 2}",
            "found 2 keys in `a`, expected at most 1",
        ),
        (
            json!({"uniqueItems": true}),
            "a: [1, 1]",
            "found a list of 2 in `a`, expected items that all differ",
        ),
        (
            json!({"required": ["b"]}),
            "a: {}",
            "found no `b` in `a`, expected it",
        ),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "array"}]}),
            "a: 1",
            "found `1` in `a`, expected a list or text",
        ),
        (
            json!({"oneOf": [{"type": "number"}, {"const": 1}]}),
            "a: 1",
            "found `1` in `a`, expected what fits exactly one alternative of the schema, not several",
        ),
        (
            json!({"not": {"type": "null"}}),
            "a:",
            "found nothing (null) in `a`, expected something that the schema does not exclude",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            "a: {bc: 1}",
            "found the key the text `bc` in `a`, expected at most 1",
        ),
        (
            json!(false),
            "a: {b: 1}",
            "found a mapping of 1 in `a`, expected nothing here",
        ),
    ] {
        assert_eq!(one(&json!({"properties": {"a": rule}}), yaml), expected);
    }
    let long = one(
        &json!({"properties": {"a": {"const": 1}}}),
        &format!("a: {}", "é".repeat(100)),
    );
    assert_eq!(
        long,
        format!("found the text `{}…` in `a`, expected `1`", "é".repeat(60))
    );
}

#[test]
fn what_is_not_kept_is_counted() {
    let value = json!({"additionalProperties": {"type": "string"}});
    let of = |count: usize| {
        let yaml: Vec<_> = (0..count).map(|n| format!("k{n}: {n}")).collect();
        schema_problems(&schema(&value), &block(&yaml.join("\n")))
    };
    let (found, cut) = of(MAX_PROBLEMS);
    assert_eq!((found.len(), cut), (MAX_PROBLEMS, None));
    let (found, cut) = of(MAX_PROBLEMS + 5);
    let told = "1005 values do not fit its schema, and 1000 are kept";
    assert_eq!((found.len(), cut.as_deref()), (MAX_PROBLEMS, Some(told)));
}
