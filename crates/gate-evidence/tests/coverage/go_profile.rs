use gate_evidence::{Limits, ReportErrorKind};

use crate::{lines, ratio, read, read_within};

#[test]
fn statements_and_lines_are_both_exact() {
    let coverage = read(
        "go_profile",
        "mode: count\nm/a.go:1.10,4.2 3 1\nm/a.go:2.5,3.9 5 0\nm/a.go:7.1,7.2 1 0\n",
    )
    .unwrap();
    assert_eq!(coverage.totals().statements, ratio(3, 9));
    // line 4 holds a closing brace only; line 7 is a block of its own
    assert_eq!(
        lines(&coverage.files["m/a.go"]),
        [(1, 1), (2, 1), (3, 1), (7, 0)]
    );
}

#[test]
fn joined_profiles_merge_blocks() {
    let coverage = read(
        "go_profile",
        "mode: set\nm/a.go:1.1,1.9 2 0\nmode: set\nm/a.go:1.1,1.9 2 1\n\nmode: set\nm/a.go:1.1,1.9 2 0",
    )
    .unwrap();
    assert_eq!(coverage.totals().statements, ratio(2, 2));
    assert_eq!((coverage.records, coverage.skipped), (3, 0));
}

#[test]
fn rows_are_read_from_the_right() {
    let coverage = read("go_profile", "mode: set\nC:\\my code\\a:b.go:1.1,2.9 2 1\n").unwrap();
    assert!(coverage.files.contains_key("C:\\my code\\a:b.go"));
}

#[test]
fn impossible_rows_are_skipped() {
    let coverage = read(
        "go_profile",
        "mode: set\na.go:115.45,21.2 1 1\na.go:0.1,2.2 1 1\na.go:1.1,2.9 1 1\na.go:1.1,2.9 4 1\na.go:1.1,2.9 1\na.go:3.1,3.9 1 x\n",
    )
    .unwrap();
    assert_eq!((coverage.records, coverage.skipped), (1, 5));
    assert!(coverage.notes[1].starts_with("line 3: "));
}

#[test]
fn in_a_set_a_block_ran_or_not_and_elsewhere_it_is_counted() {
    let coverage = read(
        "go_profile",
        "mode: set\r\na.go:1.1,1.9 1 1\r\nmode: set\r\na.go:1.1,1.9 1 1\r\nmode: count\r\na.go:1.1,1.9 1 5\r\n\
         mode: atomic\r\na.go:2.1,2.9 1 3\r\na.go:2.1,2.9 1 4\r\n",
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.go"]), [(1, 6), (2, 7)]);
}

#[test]
fn negative_and_wrapped_counts_are_none() {
    let coverage = read(
        "go_profile",
        "mode: count\na.go:1.1,1.9 1 -1\na.go:2.1,2.9 1 18446744073709551615\na.go:3.1,3.9 1 99999999999999999999999\n",
    )
    .unwrap();
    assert_eq!(
        lines(&coverage.files["a.go"]),
        [(1, 0), (2, 0), (3, i64::MAX as u64)]
    );
    assert_eq!(coverage.skipped, 0);
}

#[test]
fn a_row_cut_off_is_truncated() {
    let error = read("go_profile", "mode: set\na.go:1.1,2.9 1 1\na.go:3.1,4.").unwrap_err();
    assert_eq!(
        (error.kind, error.line),
        (ReportErrorKind::Truncated, Some(3))
    );
}

#[test]
fn blocks_cannot_spread_without_bound() {
    let limits = Limits {
        records: 1000,
        ..Limits::default()
    };
    let error = read_within(
        "go_profile",
        "mode: set\na.go:1.1,4294967295.9 1 1\n",
        limits,
    )
    .unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::OverLimit);
}
