//! Jest, Vitest and Mocha.

use gate_evidence::ReportErrorKind as Kind;
use gate_evidence::test_run::{Status, TestRun};

use crate::{counts, read};

fn jest(members: &str) -> TestRun {
    read(
        "jest",
        format!("{{\"numFailedTestSuites\":0,\"numTotalTests\":1,{members}}}"),
    )
    .expect("a report")
}

const PASSED: &str = "\"testResults\":[{\"name\":\"/w/a.test.js\",\"status\":\"passed\",\"assertionResults\":[{\"title\":\"a\",\"status\":\"passed\",\"duration\":1.234567}]}]";

#[test]
fn a_jest_run_that_does_not_succeed_is_no_pass() {
    assert_eq!(
        counts(&jest(&format!("\"success\":true,{PASSED}"))),
        [1, 0, 0, 0, 0, 0]
    );
    assert_eq!(jest(PASSED).totals().micros, 1234);
    for why in [
        "\"success\":false",
        "\"success\":true,\"wasInterrupted\":true",
    ] {
        assert_eq!(
            counts(&jest(&format!("{why},{PASSED}"))),
            [1, 0, 0, 1, 0, 0],
            "{why}"
        );
    }
    let notes = jest("\"testResults\":[]").notes;
    assert_eq!(
        notes,
        [
            "the report states 1 tests and holds 0",
            "the report holds no test"
        ]
    );
    // an unknown status is not a pass
    assert_eq!(
        counts(&jest(&PASSED.replace(
            "[{\"title\":\"a\",\"status\":\"passed\"",
            "[{\"title\":\"a\",\"status\":\"fine\""
        ))),
        [0, 0, 0, 1, 0, 0]
    );
}

#[test]
fn json_that_is_not_what_the_tool_writes_is_malformed() {
    let head = "\"numFailedTestSuites\":0,\"numTotalTests\":1";
    for text in [
        format!("{{{head}}}"),
        format!("{{{head},{PASSED},{PASSED}}}"),
        format!("{{{head},\"testResults\":{{}}}}"),
        format!("{{{head},\"testResults\":[[]]}}"),
        format!("{{{head},{PASSED}}} trailing"),
        format!("{{{head},,}}"),
    ] {
        assert_eq!(
            read("jest", &text).expect_err("malformed").kind,
            Kind::Malformed,
            "{text}"
        );
    }
    for text in [
        "{\"stats\":{},\"passes\":[]}",
        "{\"stats\":{},\"passes\":[],\"failures\":[],\"pending\":{}}",
    ] {
        assert_eq!(
            read("mocha", text).expect_err("malformed").kind,
            Kind::Malformed,
            "{text}"
        );
    }
    let deep = format!("{{{head},\"x\":{}", "[".repeat(100_000));
    assert!(read("jest", deep).is_err());
}

#[test]
fn mocha_failures_that_are_counted_and_not_shown_are_no_pass() {
    let text = "{\"stats\":{\"tests\":2,\"failures\":1},\"pending\":[],\"failures\":[],\"passes\":[{\"title\":\"a\",\"fullTitle\":\"s a\",\"file\":\"/w/a.js\"}]}";
    let run = read("mocha", text).expect("a report");
    assert_eq!(counts(&run), [1, 0, 0, 1, 0, 0]);
    assert_eq!(run.notes, ["the report states 2 tests and holds 1"]);
    assert_eq!(run.totals().untimed, 2);
    let broken = run.suites[""].values().next().expect("a case");
    assert_eq!(broken.status, Status::Errored);
}
