use crate::{lines, ratio, read};

#[test]
fn hits_and_branches() {
    let coverage = read(
        "codecov_json",
        r#"{"coverage": {"a.c": {"1": 2, "2": "1/2", "3": 0, "4": null, "5": "0/2", "6": true, "0": 1, "7": "3/2", "8": [], "x": 1}}, "messages": {"a.c": {"1": "note"}}}"#,
    )
    .unwrap();
    assert_eq!(
        lines(&coverage.files["a.c"]),
        [(1, 2), (2, 1), (3, 0), (5, 0), (6, 1)]
    );
    assert_eq!(coverage.totals().branches, ratio(2, 6));
    assert_eq!(coverage.skipped, 3);
}

#[test]
fn fractions_of_one_thing_are_no_branches() {
    let coverage = read(
        "codecov_json",
        r#"{"coverage":{"a.rs":{"3":"1/1","4":"3/3","5":"0/1"}}}"#,
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.rs"]), [(3, 1), (4, 3), (5, 0)]);
    assert_eq!(coverage.totals().branches, ratio(0, 0));
}

#[test]
fn a_list_begins_with_line_0() {
    let coverage = read(
        "codecov_json",
        r#"{"coverage": {"a.c": [null, 3, null, 0, "1/2", "x"]}}"#,
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.c"]), [(1, 3), (3, 0), (4, 1)]);
    assert_eq!(
        (coverage.totals().branches, coverage.skipped),
        (ratio(1, 2), 1)
    );
}
