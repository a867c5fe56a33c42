use gate_evidence::ReportErrorKind;
use gate_evidence::coverage::Block;

use crate::{lines, ratio, read};

fn location(start: (u32, u32), end: (u32, u32)) -> String {
    let ((line, column), (end_line, end_column)) = (start, end);
    format!(
        r#"{{"start":{{"line":{line},"column":{column}}},"end":{{"line":{end_line},"column":{end_column}}}}}"#
    )
}

/// A file with two statements on one line, one on the next, a function and an `if`.
fn entry(path: &str, hits: [u64; 3], calls: u64, ways: [u64; 2], more: &str) -> String {
    let [a, b, c] = [((1, 0), (1, 5)), ((1, 6), (3, 1)), ((2, 2), (2, 9))]
        .map(|(start, end)| location(start, end));
    let at = location((2, 2), (2, 9));
    format!(
        r#""{path}": {{"path": "{path}"{more}, "statementMap": {{"0": {a}, "1": {b}, "2": {c}}},
            "fnMap": {{"0": {{"name": "f", "decl": {a}, "loc": {b}, "line": 1}}}},
            "branchMap": {{"0": {{"loc": {at}, "type": "if", "locations": [{at}, {{"start": {{}}, "end": {{}}}}], "line": 2}}}},
            "s": {{"0": {}, "1": {}, "2": {}}}, "f": {{"0": {calls}}}, "b": {{"0": [{}, {}]}}}}"#,
        hits[0], hits[1], hits[2], ways[0], ways[1]
    )
}

#[test]
fn a_line_has_the_most_hits_of_the_statements_that_start_on_it() {
    let coverage = read(
        "istanbul",
        format!("{{{}}}", entry("a.js", [2, 7, 0], 3, [0, 1], "")),
    )
    .unwrap();
    let file = &coverage.files["a.js"];
    assert_eq!(lines(file), [(1, 7), (2, 0)]);
    let totals = coverage.totals();
    assert_eq!(
        (totals.statements, totals.functions, totals.branches),
        (ratio(2, 3), ratio(1, 1), ratio(1, 2))
    );
    let extents: Vec<_> = file
        .statements
        .iter()
        .flatten()
        .map(|(at, _)| *at)
        .collect();
    let first = Block {
        start_line: 1,
        start_column: 1,
        end_line: 1,
        end_column: 6,
    };
    assert_eq!((extents.len(), extents[0]), (3, first));
}

#[test]
fn reports_unite_by_place_and_not_by_number() {
    let there = location((1, 0), (1, 5));
    let here = location((2, 0), (2, 5));
    let report = |ids: [u32; 2], hits: [u32; 2]| {
        format!(
            r#"{{"a.js": {{"statementMap": {{"{}": {there}, "{}": {here}}}, "fnMap": {{}}, "branchMap": {{}}, "f": {{}}, "b": {{}}, "s": {{"{}": {}, "{}": {}}}}}}}"#,
            ids[0], ids[1], ids[0], hits[0], ids[1], hits[1]
        )
    };
    let mut coverage = read("istanbul", report([0, 1], [1, 0])).unwrap();
    coverage.merge(read("istanbul", report([7, 3], [0, 1])).unwrap());
    assert_eq!(lines(&coverage.files["a.js"]), [(1, 1), (2, 1)]);
    assert!(coverage.unstable.is_empty());
}

#[test]
fn a_placeholder_gives_way_to_whatever_was_measured() {
    let placeholder = format!(
        "{{{}}}",
        entry("a.js", [0; 3], 0, [0; 2], r#", "all": true"#)
    );
    let there = location((9, 0), (9, 5));
    let measured = format!(
        r#""a.js": {{"all": false, "statementMap": {{"0": {there}}}, "s": {{"0": 1}}, "fnMap": {{}}, "f": {{}}, "branchMap": {{}}, "b": {{}}}}"#
    );
    let empty = read("istanbul", &placeholder).unwrap();
    assert_eq!(empty.totals().lines, ratio(0, 2));
    let real = read("istanbul", format!("{{{measured}}}")).unwrap();
    for (first, second) in [(&empty, &real), (&real, &empty)] {
        let mut merged = first.clone();
        merged.merge(second.clone());
        assert_eq!(merged.files, real.files);
        assert!(merged.unstable.is_empty());
    }
    let inner = placeholder.trim_matches(['{', '}']);
    for both in [
        format!("{{{inner}}}}}, {measured}}}"),
        format!("{{{measured}, {inner}}}}}}}"),
    ] {
        assert_eq!(read("istanbul", &both).unwrap().files, real.files, "{both}");
    }
}

#[test]
fn two_branches_that_begin_at_one_place_are_two() {
    let (short, long) = (location((1, 4), (1, 9)), location((1, 4), (1, 30)));
    let text = format!(
        r#"{{"a.js": {{"statementMap": {{"0": {long}}}, "s": {{"0": 1}}, "fnMap": {{}}, "f": {{}},
            "branchMap": {{"0": {{"loc": {long}, "type": "cond-expr", "locations": [{long}, {short}]}}, "1": {{"loc": {short}, "type": "binary-expr", "locations": [{short}, {short}]}}}},
            "b": {{"0": [1, 0], "1": [1, 1]}}}}}}"#
    );
    assert_eq!(
        read("istanbul", text).unwrap().totals().branches,
        ratio(3, 4)
    );
}

#[test]
fn functions_of_one_name_on_one_line_are_told_apart_by_column() {
    let (a, b, c) = (
        location((1, 0), (1, 5)),
        location((1, 10), (1, 15)),
        location((1, 20), (1, 25)),
    );
    let text = format!(
        r#"{{"a.js": {{"statementMap": {{"0": {a}}}, "s": {{"0": 1}}, "branchMap": {{}}, "b": {{}},
            "fnMap": {{"0": {{"name": "f", "decl": {a}}}, "1": {{"name": "f", "decl": {b}}}, "2": {{"name": "(anonymous_2)", "decl": {c}}}}}, "f": {{"0": 1, "1": 0, "2": 1}}}}}}"#
    );
    let coverage = read("istanbul", text).unwrap();
    let names: Vec<_> = coverage.files["a.js"]
        .functions
        .keys()
        .map(|key| key.name.as_str())
        .collect();
    assert_eq!(names, ["(anonymous:21)", "f", "f:11"]);
    assert_eq!(coverage.totals().functions, ratio(2, 3));
}

#[test]
fn dirt_of_source_maps_and_counters() {
    let text = r#"{"C:\\src\\a.js": {"data": {"path": "C:\\src\\a.js", "inputSourceMap": {"sources": ["a.ts"], "sourcesContent": ["x"]},
        "statementMap": {"0": {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": null}}, "1": {"start": {"line": 2, "column": 0}, "end": {}},
            "2": {"start": {"line": null, "column": 0}, "end": null}, "3": {"start": {"line": 4, "column": 1}, "end": {"line": 4, "column": 2}}},
        "s": {"0": -5, "1": 18446744073709551615, "2": 1, "3": null, "9": 1, "x": 1, "1e1": 1},
        "fnMap": {}, "f": {"0": 1}, "branchMap": {"0": {"line": 1, "locations": [{}, {}]}, "1": {}}, "b": {"7": [1]}}}}"#;
    let coverage = read("istanbul", text).unwrap();
    assert_eq!(
        lines(&coverage.files[r"C:\src\a.js"]),
        [(1, 0), (2, 0), (4, 0)]
    );
    assert_eq!(coverage.totals().branches, ratio(0, 2));
    assert_eq!(coverage.skipped, 7);
    assert!(
        coverage.notes[0].contains("source map"),
        "{:?}",
        coverage.notes
    );
}

#[test]
fn what_has_no_statements_at_all_is_empty() {
    let text = r#"{"a.js": {"path": "a.js", "statementMap": {}, "fnMap": {}, "branchMap": {}, "s": {}, "f": {}, "b": {}}}"#;
    assert_eq!(
        read("istanbul", text).unwrap_err().kind,
        ReportErrorKind::Empty
    );
}

#[test]
fn a_summary_has_counts_and_no_lines() {
    let unit = |covered: u32, total: u32| {
        format!(r#"{{"total": {total}, "covered": {covered}, "skipped": 0, "pct": "Unknown"}}"#)
    };
    let text = format!(
        r#"{{"total": {{"lines": {}}}, "a.js": {{"lines": {}, "statements": {}, "functions": {}, "branches": {}, "branchesTrue": {}}}, "b.js": {{"lines": {}}}}}"#,
        unit(99, 99),
        unit(1, 2),
        unit(2, 3),
        unit(0, 1),
        unit(0, 0),
        unit(1, 1),
        unit(5, 4)
    );
    let coverage = read("istanbul_summary", text).unwrap();
    let totals = coverage.totals();
    assert_eq!(
        (
            totals.lines,
            totals.statements,
            totals.functions,
            totals.branches
        ),
        (ratio(1, 2), ratio(2, 3), ratio(0, 1), ratio(0, 0))
    );
    assert!(coverage.files["a.js"].lines.is_empty());
    assert_eq!((coverage.skipped, coverage.records), (1, 3));
}

#[test]
fn percentages_alone_are_no_evidence() {
    for text in [
        r#"{"total": {"lines": {"pct": 85.2}}}"#,
        r#"{"a.js": {"lines": {"pct": 85.2}, "statements": {"pct": 100}}}"#,
    ] {
        assert_eq!(
            read("istanbul_summary", text).unwrap_err().kind,
            ReportErrorKind::Empty
        );
    }
    let last_run = r#"{"result": {"line": 50.0, "branch": 33.33}}"#;
    assert_eq!(
        read("simplecov", last_run).unwrap_err().kind,
        ReportErrorKind::WrongFormat
    );
}
