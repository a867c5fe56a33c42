use crate::{lines, ratio, read};

#[test]
fn suites_are_merged_as_simplecov_does() {
    let coverage = read(
        "simplecov",
        r#"{"unit": {"coverage": {"/a.rb": {"lines": [null, 1, 0, 0, null, 0]}}, "timestamp": 1},
            "features": {"coverage": {"/a.rb": {"lines": [null, 2, 0, null, 3, 4]}}, "timestamp": 2}}"#,
    )
    .unwrap();
    // line 4 never ran, and the suite that knows the file says that it could not
    assert_eq!(
        lines(&coverage.files["/a.rb"]),
        [(2, 3), (3, 0), (5, 3), (6, 4)]
    );
}

#[test]
fn branches_are_the_same_by_what_and_where_they_are() {
    let suite = |first: u32, id: u32, counts: [u32; 2]| {
        format!(
            r#"{{"coverage": {{"a.rb": {{"lines": [1], "branches": {{"[:if, {first}, 1, 4, 7, 7]": {{"[:then, {id}, 1, 6, 4, 10]": {}, "[:else, 9, 6, 6, 6, 9]": {}}}}}}}}}}}"#,
            counts[0], counts[1]
        )
    };
    let text = format!(
        r#"{{"a": {}, "b": {}}}"#,
        suite(0, 1, [1, 0]),
        suite(5, 6, [0, 0])
    );
    let coverage = read("simplecov", text).unwrap();
    assert_eq!(coverage.totals().branches, ratio(1, 2));
    let branches = coverage.files["a.rb"].branch_lines().collect::<Vec<_>>();
    assert_eq!(branches, [(1, ratio(1, 2))]);
}

#[test]
fn the_formatter_says_what_is_ignored() {
    let coverage = read(
        "simplecov",
        r#"{"meta": {"simplecov_version": "0.22.0"}, "coverage": {"/a.rb": {"lines": [1, null, 0, "ignored"],
            "branches": [{"type": "then", "start_line": 1, "end_line": 1, "coverage": 2}, {"type": "then", "start_line": 1, "end_line": 1, "coverage": 0},
                {"type": "else", "start_line": 4, "end_line": 4, "coverage": "ignored"}, {"type": "else"}]}}, "groups": {}}"#,
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["/a.rb"]), [(1, 1), (3, 0)]);
    assert!(coverage.files["/a.rb"].ignored.contains_key(&4));
    assert_eq!(coverage.totals().branches, ratio(1, 2));
    assert_eq!(coverage.skipped, 1);
}

#[test]
fn old_lists_methods_and_dirt() {
    let coverage = read(
        "simplecov",
        r#"{"RSpec": {"coverage": {"a.rb": [1, null, -3, 18446744073709551610, 2.0, {}], "b.rb": {"lines": null, "branches": null,
            "methods": {"[\"Foo\", :bar, 3, 2, 5, 5]": 2, "[Foo, :baz, 7, 2, 9, 5]": 0, "[x]": 1}}, "c.rb": {"branches": {"[:if, 0, 0, 0, 0, 0]": {}, "if": {"x": 1}, "[:if, 0, 1, 0, 1, 9]": {"y": 1}}}}}}"#,
    )
    .unwrap();
    assert_eq!(
        lines(&coverage.files["a.rb"]),
        [(1, 1), (3, 0), (4, 0), (5, 2)]
    );
    assert_eq!(coverage.totals().functions, ratio(1, 2));
    let names: Vec<_> = coverage.files["b.rb"]
        .functions
        .keys()
        .map(|key| (key.line, key.name.as_str()))
        .collect();
    assert_eq!(names, [(3, "Foo#bar"), (7, "Foo#baz")]);
    assert_eq!(coverage.skipped, 5);
}

#[test]
fn a_suite_may_be_called_coverage() {
    let coverage = read(
        "simplecov",
        r#"{"coverage": {"coverage": {"/a.rb": {"lines": [1, 0]}}, "timestamp": 1}}"#,
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["/a.rb"]), [(1, 1), (2, 0)]);
}
