//! What is written is valid, stable, and read back the same.

use gate_sarif::{Level, Place, Severity, WrittenFinding, WrittenRule, read, severity, write};

fn rule(id: &str, score: Option<&str>) -> WrittenRule {
    WrittenRule {
        id: id.into(),
        short_description: format!("About {id}."),
        help: "What to do.".into(),
        level: Level::Warning,
        security_severity: score.map(str::to_owned),
    }
}

fn finding(rule: &str, path: &str, line: u32) -> WrittenFinding {
    WrittenFinding {
        path: path.into(),
        line: Some(line),
        column: Some(2),
        end_line: Some(line),
        end_column: Some(9),
        rule: rule.into(),
        level: Level::Error,
        message: format!("{rule} here"),
        fingerprint: "f0".into(),
    }
}

#[test]
fn the_bytes_are_the_same_in_any_order() {
    let rules = [rule("b", Some("8.1")), rule("a", Some("very"))];
    let mut findings = vec![
        finding("b", "z.md", 1),
        finding("a", "a b/ü:%.md", 7),
        finding("b", "z.md", 1),
        finding("c", "", 0),
    ];
    let first = write("T", "1.0", &rules, &findings);
    findings.reverse();
    assert_eq!(
        first,
        write("T", "1.0", &[rules[1].clone(), rules[0].clone()], &findings)
    );
    assert!(first.ends_with(b"}\n"));
    let text = String::from_utf8(first).unwrap();
    assert!(
        text.contains("\"uri\": \"a%20b/%C3%BC%3A%25.md\""),
        "{text}"
    );
    assert!(
        !text.contains("uriBaseId") && !text.contains("null"),
        "{text}"
    );
}

#[test]
fn what_is_written_is_read_back() {
    let bytes = write(
        "T",
        "1.0",
        &[rule("b", Some("8.1")), rule("a", Some("very"))],
        &[
            finding("b", "z.md", 1),
            finding("a", "a b/ü:%.md", 7),
            finding("c", "", 0),
        ],
    );
    let log = read(&bytes).unwrap();
    let run = &log.runs[0];
    let rules = run.rules();
    let seen: Vec<_> = run
        .results()
        .iter()
        .map(|result| {
            (
                rules.id_of(result),
                run.place(result).map(|(place, _)| place),
                severity(result, rules.of(result)),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("c", None, Severity::High),
            (
                "a",
                Some(Place::Inside("a b/ü:%.md".into())),
                Severity::High
            ),
            ("b", Some(Place::Inside("z.md".into())), Severity::High),
        ]
    );
    for result in run.results() {
        let rule = rules.of(result).unwrap();
        assert_eq!(rule.id, result.rule_id);
        assert!(rule.short_description.is_some() && rule.help.is_some());
        assert_eq!(result.partial_fingerprints["gatewright/v1"], "f0");
    }
    let region = run.place(&run.results()[1]).unwrap().1;
    assert_eq!(
        (
            region.start_line,
            region.start_column,
            region.end_line,
            region.end_column
        ),
        (Some(7), Some(2), Some(7), Some(9))
    );
    assert_eq!(log.gaps(), []);
}

#[test]
fn the_head_is_that_of_sarif_2_1_0() {
    let value: serde_json::Value = serde_json::from_slice(&write("T", "1.0", &[], &[])).unwrap();
    assert_eq!(value["version"], "2.1.0");
    assert_eq!(
        value["$schema"],
        "https://json.schemastore.org/sarif-2.1.0.json"
    );
    assert_eq!(value["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(value["runs"][0]["tool"]["driver"]["name"], "T");
}

#[test]
fn an_impossible_end_is_left_out() {
    let mut one = finding("a", "a.md", 5);
    (one.end_line, one.end_column) = (Some(4), Some(1));
    let log = read(&write("T", "1", &[], &[one])).unwrap();
    let region = log.runs[0].place(&log.runs[0].results()[0]).unwrap().1;
    assert_eq!(
        (region.start_line, region.end_line, region.end_column),
        (Some(5), None, None)
    );
}
