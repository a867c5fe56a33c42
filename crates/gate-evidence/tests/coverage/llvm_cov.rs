use gate_evidence::{Limits, ReportErrorKind};

use crate::{lines, ratio, read, read_within};

fn document(segments: &str, more: &str) -> String {
    format!(
        r#"{{"data": [{{"files": [{{"branches": [], "filename": "a.rs", "segments": [{segments}], "summary": {{}}}}]{more}, "totals": {{}}}}], "type": "llvm.coverage.json.export", "version": "2.0.1"}}"#
    )
}

fn lines_of(segments: &str) -> Vec<(u32, u64)> {
    let coverage = read("llvm_cov", document(segments, "")).expect("a report");
    lines(&coverage.files["a.rs"])
}

/// Each case is what `llvm-cov export -format=lcov` has of such segments.
#[test]
fn lines_come_from_segments_as_in_llvm_cov() {
    // a region over lines, and what is behind its end
    assert_eq!(
        lines_of(
            "[1,4,3,true,true,false],[3,2,0,false,false,false],[5,1,0,true,true,false],[5,9,0,false,false,false]"
        ),
        [(1, 3), (2, 3), (3, 3), (5, 0)]
    );
    // the largest count of what wraps a line and what starts on it; what ends on it does not count
    assert_eq!(
        lines_of(
            "[1,1,1,true,true,false],[2,5,7,true,true,false],[2,9,1,true,false,false],[3,5,0,true,true,false],[3,9,1,true,false,false],[4,2,0,false,false,false]"
        ),
        [(1, 1), (2, 7), (3, 1), (4, 1)]
    );
    // a gap starts no region, and counts on the lines that it wraps
    assert_eq!(
        lines_of(
            "[1,1,5,true,true,false],[1,9,0,true,false,true],[3,5,2,true,true,false],[3,9,0,false,false,false]"
        ),
        [(1, 5), (2, 0), (3, 2)]
    );
    // code that the preprocessor skipped
    assert_eq!(
        lines_of(
            "[1,1,1,true,true,false],[2,1,0,false,true,false],[4,1,1,true,false,false],[5,2,0,false,false,false]"
        ),
        [(1, 1), (5, 1)]
    );
    // exports before gaps were told
    assert_eq!(
        lines_of("[1,1,1,true,true],[2,2,0,false,false]"),
        [(1, 1), (2, 1)]
    );
}

#[test]
fn instances_of_a_function_are_one() {
    let functions = r#", "functions": [
        {"branches": [], "count": 2, "filenames": ["a.rs"], "name": "_RINv1", "regions": [[1,1,9,2,2,0,0,0],[2,5,2,9,0,0,0,0],[2,9,3,1,0,0,0,3]]},
        {"branches": [], "count": 1, "filenames": ["a.rs"], "name": "_RINv2", "regions": [[1,1,9,2,1,0,0,0],[2,5,2,9,1,0,0,0]]},
        {"branches": [], "count": 0, "filenames": ["a.rs"], "name": "closure", "regions": [[1,30,1,40,0,0,0,0]]},
        {"branches": [], "count": 9, "filenames": ["left/out.rs"], "name": "std", "regions": [[1,1,9,2,9,0,0,0]]}]"#;
    let coverage = read(
        "llvm_cov",
        document(
            "[1,1,3,true,true,false],[9,2,0,false,false,false]",
            functions,
        ),
    )
    .unwrap();
    let totals = coverage.totals();
    assert_eq!(
        (totals.functions, totals.regions),
        (ratio(1, 2), ratio(2, 3))
    );
    assert_eq!(coverage.files.len(), 1);
    // the order of the two lists is nothing to rely on
    let (files, rest) = (
        r#""files": [{"filename": "a.rs", "segments": [[1,1,3,true,true,false],[9,2,0,false,false,false]]}]"#,
        functions.trim_start_matches(", "),
    );
    let swapped =
        format!(r#"{{"type": "llvm.coverage.json.export", "data": [{{{rest}, {files}}}]}}"#);
    assert_eq!(read("llvm_cov", swapped).unwrap().files, coverage.files);
}

#[test]
fn branches_and_decisions() {
    let text = r#"{"data": [{"files": [{"branches": [[5,9,5,14,0,1,0,0,4],[5,9,5,14,1,0,0,0,4],[5,9,5,30,1,0,0,0,4],[5,20,5,30,18446744073709551615,0,0,0,4],[0,1,1,1,1,1],[1]],
        "filename": "a.c", "mcdc_records": [[5,9,5,22,1,1,0,0,5,[true,false,false],[{"conditions": [false,null,false], "executed": true, "result": false}]],
            [5,9,5,22,1,1,0,0,5,[false,true,false],[]], [5,30,5,40,1,1,0,0,5,[false,false,true]], [1,2]],
        "segments": [[5,1,2,true,true,false],[5,40,0,false,false,false]]}]}]}"#;
    let coverage = read("llvm_cov", text).unwrap();
    assert_eq!(coverage.totals().branches, ratio(3, 6));
    assert_eq!(coverage.totals().conditions, ratio(3, 6));
    assert_eq!(coverage.skipped, 3);
}

#[test]
fn a_summary_is_a_summary() {
    let text = r#"{"data": [{"files": [{"filename": "a.rs", "summary": {"branches": {"count": 4, "covered": 1, "percent": 99.0}, "mcdc": {"count": 2, "covered": 1},
        "functions": {"count": 1, "covered": 1}, "instantiations": {"count": 9, "covered": 9}, "lines": {"count": 7, "covered": 4}, "regions": {"count": 7, "covered": 5}}}],
        "totals": {"lines": {"count": 700, "covered": 700}}}], "type": "llvm.coverage.json.export", "version": "3.1.0"}"#;
    let coverage = read("llvm_cov", text).unwrap();
    let totals = coverage.totals();
    assert_eq!(
        (
            totals.lines,
            totals.branches,
            totals.conditions,
            totals.functions,
            totals.regions
        ),
        (
            ratio(4, 7),
            ratio(1, 4),
            ratio(1, 2),
            ratio(1, 1),
            ratio(5, 7)
        )
    );
    assert!(coverage.files["a.rs"].summary.is_some());
}

#[test]
fn segments_cannot_spread_without_bound() {
    let limits = Limits {
        records: 1000,
        ..Limits::default()
    };
    let far = document(
        "[1,1,1,true,true,false],[4294967295,1,0,false,false,false]",
        "",
    );
    let error = read_within("llvm_cov", far, limits).unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::OverLimit);
    // nothing is measured in between, so nothing is spread
    let apart = document(
        "[1,1,1,true,true,false],[1,9,0,false,false,false],[4294967295,1,1,true,true,false]",
        "",
    );
    assert_eq!(
        read_within("llvm_cov", apart, limits)
            .unwrap()
            .totals()
            .lines,
        ratio(2, 2)
    );
}

#[test]
fn segments_in_no_order_and_counts_that_wrapped() {
    assert_eq!(
        lines_of(
            "[3,1,0,false,false,false],[1,1,18446744073709551615,true,true,false],[2,1,4,true,true,false],[0,1,1,true,true,false],[1,\"x\"]"
        ),
        [(1, 0), (2, 4), (3, 4)]
    );
}
