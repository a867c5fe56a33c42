use gate_evidence::ReportErrorKind;

use crate::{lines, ratio, read};

#[test]
fn instances_of_a_template_are_one_line_and_its_branches() {
    let instance = |count: u32, first: u32, second: u32| {
        format!(
            r#"{{"branches": [{{"fallthrough": true, "count": {first}, "throw": false}}, {{"fallthrough": false, "count": {second}, "throw": true}}], "count": {count}, "line_number": 4, "unexecuted_block": false, "function_name": "f"}}"#
        )
    };
    let document = |file: &str| {
        format!(
            r#"{{"gcc_version": "12.2.0", "files": [{{"lines": [{}, {}], "functions": [{{"name": "_Z1fIiE", "demangled_name": "f<int>", "start_line": 4, "execution_count": 2}}], "file": "{file}"}}], "format_version": "1", "current_working_directory": "/src", "data_file": "a.gcda"}}"#,
            instance(2, 2, 0),
            instance(1, 0, 1)
        )
    };
    // `gcov --stdout` writes one document after another
    let coverage = read(
        "gcov_json",
        format!(
            "{}\n{}\n{}",
            document("a.h"),
            document("b.h"),
            document("a.h")
        ),
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.h"]), [(4, 6)]);
    assert_eq!(lines(&coverage.files["b.h"]), [(4, 3)]);
    assert_eq!(coverage.totals().branches, ratio(4, 4));
    assert_eq!(coverage.sources, ["/src"]);
    let names: Vec<_> = coverage.files["a.h"]
        .functions
        .iter()
        .map(|(key, calls)| (key.line, key.name.as_str(), *calls))
        .collect();
    assert_eq!(names, [(4, "f<int>", 4)]);
}

#[test]
fn conditions_have_two_senses() {
    let coverage = read(
        "gcov_json",
        r#"{"gcc_version": "14.2.0", "files": [{"file": "a.c", "lines": [{"line_number": 3, "count": 2, "branches": [], "conditions": [
            {"count": 4, "covered": 3, "not_covered_true": [1], "not_covered_false": []},
            {"count": 4, "covered": 2, "not_covered_true": [0], "not_covered_false": [0]}]}]}]}"#,
    )
    .unwrap();
    assert_eq!(coverage.totals().conditions, ratio(5, 8));
}

#[test]
fn dirt_in_json() {
    let coverage = read(
        "gcov_json",
        r#"{"files": [{"file": "a.c", "lines": [{"line_number": 0, "count": 1}, {"line_number": 1, "count": -1}, {"line_number": 2, "count": 18446744073709551615},
            {"line_number": 3}, {"count": 1}, {"line_number": -4, "count": 1}], "functions": [{"name": "f"}]}, {"lines": [{"line_number": 1, "count": 1}]}]}"#,
    )
    .unwrap();
    assert_eq!(lines(&coverage.files["a.c"]), [(1, 0), (2, 0)]);
    assert_eq!(coverage.skipped, 5);
}

const LISTING: &str = "        -:    0:Source:src/a.cc
        -:    0:Working directory:/build
        -:    0:Runs:1
function ns::f(int) called 3 returned 100% blocks executed 75%
        3:    2:int f(int a) { // x:1:y
branch  0 taken 67% (fallthrough)
branch  1 taken 1 (throw)
branch  2 taken 0%
branch  3 never executed
call    4 returned 100%
       1*:    3:  return a;
        1:    3-block  0
    %%%%%:    3-block  1
    #####:    4:  never();
    =====:    5:  thrown();
     1.2k:    6:  many();
       2M:    7:  more();
   $$$$$*:    8:
        -:    9:}
------------------
void g<int>():
function void g<int>() called 0 returned 0% blocks executed 0%
        5:    3:  in an instance
branch  0 taken 100%
------------------
       -4:   10:  wrapped
        -:   11:/*EOF*/
";

#[test]
fn a_listing_has_marks_suffixes_and_instances() {
    let coverage = read("gcov_text", LISTING).unwrap();
    let file = &coverage.files["src/a.cc"];
    assert_eq!(
        lines(file),
        [
            (2, 3),
            (3, 1),
            (4, 0),
            (5, 0),
            (6, 1200),
            (7, 2_000_000),
            (8, 0),
            (10, 0)
        ]
    );
    assert_eq!(coverage.totals().branches, ratio(3, 5));
    let names: Vec<_> = file
        .functions
        .iter()
        .map(|(key, calls)| (key.line, key.name.as_str(), *calls))
        .collect();
    assert_eq!(names, [(2, "ns::f(int)", 3), (3, "void g<int>()", 0)]);
    assert_eq!(coverage.sources, ["/build"]);
    assert_eq!((coverage.skipped, &coverage.notes), (0, &vec![]));
}

#[test]
fn listings_may_follow_each_other() {
    let coverage = read(
        "gcov_text",
        format!(
            "{LISTING}{}",
            LISTING
                .replace("src/a.cc", "C:\\b.cc")
                .replace('\n', "\r\n")
        ),
    )
    .unwrap();
    assert_eq!(
        lines(&coverage.files["C:\\b.cc"]),
        lines(&coverage.files["src/a.cc"])
    );
    let coverage = read("gcov_text", LISTING.repeat(2)).unwrap();
    assert_eq!(lines(&coverage.files["src/a.cc"])[0], (2, 6));
}

#[test]
fn a_listing_that_is_cut_off_or_no_listing() {
    let error = read("gcov_text", &LISTING[..LISTING.len() - 1]).unwrap_err();
    assert_eq!(error.kind, ReportErrorKind::Truncated);
    let coverage = read(
        "gcov_text",
        "-:0:Source:a.c\n1:1:x\nhello\n1:x:y\nbranch 0 maybe\n",
    )
    .unwrap();
    assert_eq!((coverage.records, coverage.skipped), (1, 3));
}
