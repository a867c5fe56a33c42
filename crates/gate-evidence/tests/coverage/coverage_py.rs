use gate_evidence::coverage::{FunctionKey, Table};

use crate::{lines, ratio, read};

fn document(files: &str) -> String {
    format!(
        r#"{{"meta": {{"format": 3, "show_contexts": false}}, "files": {{{files}}}, "totals": {{"percent_covered": 100.0}}}}"#
    )
}

#[test]
fn lines_are_statements_and_excluded_ones_are_left_out() {
    let coverage = read(
        "coverage_py",
        document(r#""a.py": {"executed_lines": [1, 2], "summary": {"covered_lines": 99}, "missing_lines": [4], "excluded_lines": [7, 8]}"#),
    )
    .unwrap();
    let file = &coverage.files["a.py"];
    assert_eq!(lines(file), [(1, 1), (2, 1), (4, 0)]);
    assert_eq!(file.ignored.keys().collect::<Vec<_>>(), [&7, &8]);
    assert_eq!(coverage.totals().statements, ratio(2, 3));
    assert_eq!(coverage.totals().branches, ratio(0, 0));
}

#[test]
fn branches_are_pairs_and_a_negative_end_leaves() {
    let coverage = read(
        "coverage_py",
        document(r#""a.py": {"executed_lines": [3, 5], "missing_lines": [], "executed_branches": [[3, 5], [5, -1]], "missing_branches": [[3, 4], [5, -3], [5, 6], [0, 1], [3], [3, null]]}"#),
    )
    .unwrap();
    assert_eq!(coverage.totals().branches, ratio(2, 5));
    assert_eq!(coverage.skipped, 3);
}

#[test]
fn functions_of_format_3_are_called_if_one_of_their_lines_ran() {
    let functions = r#""functions": {"": {"executed_lines": [1], "missing_lines": []},
        "A.b": {"executed_lines": [3], "missing_lines": [4], "start_line": 2},
        "A.c": {"executed_lines": [], "missing_lines": [9, 8]},
        "A.d": {"executed_lines": [], "missing_lines": [], "excluded_lines": [12]}},
        "classes": {"A": {"executed_lines": [3], "missing_lines": [4, 8, 9]}}"#;
    let file =
        format!(r#""a.py": {{"executed_lines": [1, 3], "missing_lines": [4, 8, 9], {functions}}}"#);
    let coverage = read("coverage_py", document(&file)).unwrap();
    let key = |line, name: &str| FunctionKey {
        line,
        name: name.into(),
    };
    let expected: Table<FunctionKey, u64> = [(key(2, "A.b"), 1), (key(8, "A.c"), 0)]
        .into_iter()
        .collect();
    assert_eq!(coverage.files["a.py"].functions, expected);
    assert_eq!(coverage.totals().lines, ratio(2, 5));
}

#[test]
fn a_file_that_is_named_twice_is_one() {
    let coverage = read(
        "coverage_py",
        document(r#""a.py": {"executed_lines": [1], "missing_lines": [2]}, "a.py": {"executed_lines": [2], "missing_lines": [1]}"#),
    )
    .unwrap();
    assert_eq!(coverage.totals().lines, ratio(2, 2));
}

#[test]
fn what_is_no_line_is_skipped() {
    let coverage = read(
        "coverage_py",
        document(r#""a.py": {"executed_lines": [1, -2, 2.5, true, [], 0, 4294967296, "3"], "missing_lines": []}"#),
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.py"]), [(1, 1), (3, 1)]);
    assert_eq!(coverage.skipped, 5);
    assert!(coverage.notes[0].contains("a.py"), "{:?}", coverage.notes);
}

#[test]
fn a_statement_that_another_shard_excludes_is_in_neither_count() {
    let report =
        |lists: &str| read("coverage_py", document(&format!("\"a.py\": {{{lists}}}"))).unwrap();
    let mut merged = report(r#""executed_lines": [1, 2], "missing_lines": [3]"#);
    merged.merge(report(
        r#""executed_lines": [1], "missing_lines": [3], "excluded_lines": [2]"#,
    ));
    let totals = merged.totals();
    assert_eq!(
        (totals.lines, totals.statements),
        (ratio(1, 2), ratio(1, 2))
    );
}

#[test]
fn totals_alone_are_no_evidence() {
    let text = r#"{"meta": {"show_contexts": false}, "files": {}, "totals": {"percent_covered": 85.0, "covered_lines": 85, "num_statements": 100}}"#;
    assert_eq!(
        read("coverage_py", text).unwrap_err().kind,
        gate_evidence::ReportErrorKind::Empty
    );
}
