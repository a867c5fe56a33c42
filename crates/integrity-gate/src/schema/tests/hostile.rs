use super::*;

#[test]
fn nothing_outside_of_the_document_is_read() {
    for reference in [
        "https://example.com/x.json",
        "file:///x.json",
        "other.json",
        "//host/x",
        "x.json#/a",
    ] {
        let message = refused(&json!({"properties": {"a": {"$ref": reference}}}));
        assert!(
            message.contains(reference) && message.contains("nothing outside of it is read"),
            "{message}"
        );
    }
    assert!(refused(&json!({"$ref": "#/$defs/none"})).contains("something that is there"));
    assert!(refused(&json!({"$ref": "#none"})).contains("something that is there"));
    assert!(refused(&json!({"$ref": "#/%24defs/a", "$defs": {"a": true}})).contains("percent"));
    assert!(refused(&json!({"$dynamicRef": "#a"})).contains("`$dynamicRef`"));
    assert!(
        refused(&json!({"$defs": {"a": {"$id": "https://example.com/a"}}}))
            .contains("https://example.com/a")
    );
    assert!(refused(&json!({"$schema": "https://example.com/own"})).contains("not there"));
    // The names of properties are not keywords.
    let schema = schema(
        &json!({"properties": {"$ref": {"type": "string"}, "$id": {"$ref": "#a"}}, "$defs": {"x": {"$anchor": "a", "type": "null"}}}),
    );
    assert_eq!(
        schema_problems(&schema, &block("$ref: 1\n$id: 2")).0.len(),
        2
    );
}

#[test]
fn what_is_no_schema_is_said() {
    assert!(
        compile(b"{")
            .expect_err("no JSON")
            .starts_with("the schema is not JSON: ")
    );
    assert_eq!(
        refused(&json!({"type": "text"})).split(':').next(),
        Some("not a JSON schema at `/type`")
    );
    assert!(refused(&json!([1])).starts_with("not a JSON schema: "));
    for pattern in ["(?=a)b", "(a)\\1", "((a{1,1000}){1,1000}){1,1000}"] {
        let message = refused(&json!({"pattern": pattern}));
        assert!(
            message.contains(pattern) && message.contains("at `/pattern`"),
            "{message}"
        );
        let message = refused(&json!({"patternProperties": {pattern: true}}));
        assert!(message.contains("moderate size"), "{message}");
    }
    assert!(
        compile(&vec![b' '; MAX_BYTES + 1])
            .expect_err("too large")
            .contains("1048577 bytes")
    );
}

#[test]
fn hostile_schemas_are_refused_before_they_cost_anything() {
    let doubling = |combinator: &str, levels: usize| {
        let mut schema = json!({"$ref": "#/$defs/d0", "$defs": {}});
        for level in 0..levels {
            let next = format!("#/$defs/d{}", level + 1);
            schema["$defs"][format!("d{level}")] =
                json!({combinator: [{"$ref": next}, {"$ref": next}]});
        }
        schema["$defs"][format!("d{levels}")] = json!({"type": "string"});
        schema
    };
    for combinator in ["allOf", "anyOf", "oneOf"] {
        assert!(
            refused(&doubling(combinator, 40)).contains("references put in place"),
            "{combinator}"
        );
        assert!(
            !messages(&doubling(combinator, 3), "a: 1").is_empty(),
            "{combinator}"
        );
    }
    for recursive in [
        json!({"$ref": "#"}),
        json!({"allOf": [{"$ref": "#"}]}),
        json!({"properties": {"a": {"$ref": "#"}}}),
        json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}}),
    ] {
        assert!(
            refused(&recursive).contains("leads back to itself"),
            "{recursive}"
        );
    }
    let nested = |levels: usize| (0..levels).fold(json!(true), |inside, _| json!({"not": inside}));
    assert!(refused(&nested(200)).contains("recursion limit"));
    assert!(compile(nested(120).to_string().as_bytes()).is_ok());
    let unevaluated = (0..40).fold(
        json!(true),
        |inside, _| json!({"allOf": [inside], "unevaluatedProperties": false}),
    );
    assert!(refused(&unevaluated).contains("references put in place"));
    let patterns: Vec<_> = (0..101)
        .map(|n| json!({"pattern": n.to_string()}))
        .collect();
    assert!(refused(&json!({"allOf": patterns})).contains("regular expressions"));
    let chain = (0..1_000).fold(
        json!({"$ref": "#/$defs/d0", "$defs": {"d1000": true}}),
        |mut schema, n| {
            schema["$defs"][format!("d{n}")] = json!({"$ref": format!("#/$defs/d{}", n + 1)});
            schema
        },
    );
    assert!(refused(&chain).contains("references included"));
}

#[test]
fn a_large_block_under_a_heavy_schema_is_a_problem_of_its_own() {
    let branches: Vec<_> = (0..1_000).map(|_| json!({"type": "string"})).collect();
    let schema = json!({"additionalProperties": {"items": {"anyOf": branches}}});
    let yaml = format!("a: [{}]", "1,".repeat(9_000));
    let messages = messages(&schema, &yaml);
    assert!(
        messages.len() == 1 && messages[0].contains("too much to judge"),
        "{messages:?}"
    );
}
