mod laws;

use serde_json::json;

use super::*;

fn read(text: &str) -> Located {
    front_matter_value(text)
        .expect("front matter")
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn of(yaml: &str) -> Value {
    read(&format!("---\n{yaml}\n---\n")).value
}

fn error(text: &str) -> (u32, u32, String) {
    let error = front_matter_value(text)
        .expect("front matter")
        .expect_err("an error");
    (error.line, error.column, error.message.into_string())
}

fn error_of(yaml: &str) -> (u32, u32, String) {
    error(&format!("---\n{yaml}\n---\n"))
}

#[test]
fn plain_scalars_follow_the_core_schema() {
    for null in ["null", "Null", "NULL", "~", ""] {
        assert_eq!(of(&format!("a: {null}")), json!({"a": null}), "{null}");
    }
    for (yaml, expected) in [
        ("true", json!(true)),
        ("FALSE", json!(false)),
        ("-0012", json!(-12)),
        ("+7", json!(7)),
        ("0o17", json!(15)),
        ("0xfF", json!(255)),
        ("18446744073709551615", json!(u64::MAX)),
        ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
        ("1.", json!(1.0)),
        (".5", json!(0.5)),
        ("-1.5e-3", json!(-0.0015)),
        ("6E2", json!(600.0)),
    ] {
        assert_eq!(of(&format!("a: {yaml}")), json!({"a": expected}), "{yaml}");
    }
}

#[test]
fn everything_else_is_a_string() {
    for text in [
        "yes",
        "on",
        "tRue",
        "nUll",
        "0b11",
        "0o8",
        "0x",
        "-0x1",
        "1_000",
        "1e",
        "e3",
        ".",
        "+",
        "-.e1",
        "1:30",
        "2026-11-25",
        "2026-11-25T10:00:00Z",
        ".inf",
        "-.Inf",
        ".nan",
        "NaN",
        "inf",
        "infinity",
        "1e999",
        "1.2.3",
        "<<",
    ] {
        assert_eq!(of(&format!("a: {text}")), json!({"a": text}), "{text}");
    }
    assert_eq!(
        of("a: '1'\nb: \"true\"\nc: |\n  null\nd: >-\n  7\n  8"),
        json!({"a": "1", "b": "true", "c": "null\n", "d": "7 8"})
    );
}

#[test]
fn names_are_text() {
    assert_eq!(
        of("1: a\ntrue: b\n~: c\n'x y': d\n<<: {e: 1}\n0x1: f"),
        json!({"1": "a", "true": "b", "~": "c", "x y": "d", "<<": {"e": 1}, "0x1": "f"})
    );
}

#[test]
fn tags_of_the_core_schema_count_and_others_are_named() {
    assert_eq!(
        of(
            "a: !!str 1\nb: !!int '2'\nc: !!float 3\nd: ! 4\ne: !!map {}\nf: !!seq []\ng: !!null ''\nh: !<tag:yaml.org,2002:bool> true"
        ),
        json!({"a": "1", "b": 2, "c": 3, "d": "4", "e": {}, "f": [], "g": null, "h": true})
    );
    for (yaml, named) in [
        ("a: !!binary aGk=", "`!!binary`"),
        ("a: !Ref b", "`!Ref`"),
        ("a: !<x:y> b", "`!<x:y>`"),
        ("a: !!set {b}", "`!!set`"),
        ("a: !!str [b]", "`!!str`"),
        ("a: !!int b", "`!!int`"),
        ("a: !!int 1.5", "`!!int`"),
        ("a: !!bool 1", "`!!bool`"),
    ] {
        let (line, column, message) = error_of(yaml);
        assert_eq!(line, 2, "{yaml}");
        assert!(
            column >= 4 && message.contains(named),
            "{yaml}: {column} {message}"
        );
    }
}

#[test]
fn positions_are_those_of_keys_and_items() {
    let text = "\u{feff}---\r\nname: x\r\nmap:\r\n  ü/~: [1, {b: 2}]\r\n  list:\r\n    - p\r\n    - q: 1\r\n---\r\n";
    let located = read(text);
    assert_eq!(
        located.value,
        json!({"name": "x", "map": {"ü/~": [1, {"b": 2}], "list": ["p", {"q": 1}]}})
    );
    for (pointer, expected) in [
        ("", (1, 1)),
        ("/name", (2, 1)),
        ("/map", (3, 1)),
        ("/map/ü~1~0", (4, 3)),
        ("/map/ü~1~0/0", (4, 9)),
        ("/map/ü~1~0/1/b", (4, 13)),
        ("/map/list/0", (6, 7)),
        ("/map/list/1/q", (7, 7)),
        ("/map/list/9", (5, 3)),
        ("/map/none/below", (3, 1)),
        ("/none", (1, 1)),
    ] {
        assert_eq!(located.position(pointer), expected, "{pointer}");
    }
}

#[test]
fn names_that_look_like_indices_are_names() {
    let located = read("---\n0: {1: a}\n1: b\n---\n");
    assert_eq!(
        (located.position("/0/1"), located.position("/1")),
        ((2, 5), (3, 1))
    );
}

#[test]
fn aliases_stand_where_they_are_used() {
    let located = read("---\na: &x {k: [1]}\nb: *x\nc: [*x, &y z, *y]\n---\n");
    assert_eq!(
        located.value,
        json!({"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}, "z", "z"]})
    );
    assert_eq!(located.position("/b/k/0"), (3, 1));
    assert_eq!(located.position("/c/0/k"), (4, 5));
    // An anchor may be set again; the newest counts.
    assert_eq!(
        of("a: &x 1\nb: &x 2\nc: *x"),
        json!({"a": 1, "b": 2, "c": 2})
    );
    assert!(error_of("a: &x [*x]").2.contains("a part of"));
    assert!(
        error_of("a: &x 1\nb: {*x : 2}")
            .2
            .contains("an alias as a key")
    );
}

#[test]
fn bombs_cost_nothing() {
    let nodes = (0..60).fold("a0: &a0 x\n".to_owned(), |text, n| {
        format!("{text}a{}: &a{} [*a{n}, *a{n}, *a{n}]\n", n + 1, n + 1)
    });
    let (_, _, message) = error_of(&nodes);
    assert!(
        message.starts_with("found more than 10000 values"),
        "{message}"
    );
    let chain = (0..100).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        format!("{text}a{}: &a{} [*a{n}]\n", n + 1, n + 1)
    });
    assert!(error_of(&chain).2.contains("more than 64 levels"));
    let long = format!(
        "a: &a {}\nb: [{}]",
        "x".repeat(100_000),
        "*a, ".repeat(5_000)
    );
    let (line, _, message) = error_of(&long);
    assert!(
        line == 3 && message.contains("1048576 bytes"),
        "{line} {message}"
    );
}

#[test]
fn bounds_are_exact() {
    let flat = |count: usize| of_result(&format!("a: [{}]", "1,".repeat(count)));
    assert!(flat(MAX_NODES - 2).is_ok());
    assert!(flat(MAX_NODES - 1).is_err());
    let deep =
        |levels: usize| of_result(&format!("a: {}{}", "[".repeat(levels), "]".repeat(levels)));
    assert!(deep(MAX_DEPTH - 1).is_ok());
    assert!(deep(MAX_DEPTH).is_err());
    assert!(of_result(&format!("a:\n {}", "- ".repeat(20_000))).is_err());
    assert!(of_result(&format!("a: {}", "{a: ".repeat(20_000))).is_err());
}

fn of_result(yaml: &str) -> Result<Located, SyntaxError> {
    front_matter_value(&format!("---\n{yaml}\n---\n")).expect("front matter")
}

#[test]
fn what_is_no_single_mapping_is_an_error() {
    for (yaml, line, part) in [
        ("a: 1\nb: {c: 1, c: 2}", 3, "the key `c` a second time"),
        ("a: 1\na: 2", 3, "the key `a` a second time"),
        ("- a", 2, "a list"),
        ("text", 2, "plain text"),
        ("a: {[b]: 1}", 2, "a collection as a key"),
        ("a:\n\tb: 1", 3, ""),
        ("a: 1\n--- !x\nb: 2", 3, ""),
        ("a: 1\n--- {b: 2}", 3, "a second document"),
        ("a: *b", 2, ""),
        ("a: [1", 3, ""),
    ] {
        let (at, _, message) = error_of(yaml);
        assert!(
            at == line && message.contains(part),
            "{yaml}: {at} {message}"
        );
    }
    assert!(error("---\nname: x\n\n# T\n").2.contains("never closed"));
    assert!(
        error_of(&format!("a: {}", "x".repeat(300_000)))
            .2
            .contains("bytes")
    );
}

#[test]
fn a_text_without_front_matter_has_none() {
    for text in [
        "",
        "# T\n",
        "---\n\ntext\n---\n",
        "\u{feff}text",
        "text\n---\na: 1\n---\n",
    ] {
        assert_eq!(front_matter_value(text), None, "{text:?}");
    }
    assert_eq!(read("---\n---\n").value, json!({}));
    assert_eq!(read("---\n{}\n---\n").value, json!({}));
    assert_eq!(read("---\na: 1\n...\ntext").value, json!({"a": 1}));
}
