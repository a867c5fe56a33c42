//! Real reports of other projects, where the environment variable `GATEWRIGHT_CORPUS` names them.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::PathBuf;

use gate_evidence::test_run::{self, TestRun};

use crate::{case, counts};

#[expect(clippy::print_stderr, reason = "a test that skips says so")]
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("GATEWRIGHT_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: set GATEWRIGHT_CORPUS to the folder of real reports to run this test");
    }
    folder
}

#[test]
fn every_real_report_is_read_and_its_cases_are_counted() {
    let Some(corpus) = corpus() else { return };
    let read = |path: &str| -> TestRun {
        let bytes = std::fs::read(corpus.join("tests/junit").join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let format = test_run::sniff(&bytes).unwrap_or_else(|| panic!("{path}"));
        crate::read(format.name, bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    // passed, flaky of them, failed, errored, skipped, disabled; counted by hand
    for (path, expected) in [
        ("mocha/mocha.xml", [1, 0, 0, 0, 0, 0]),
        (
            "junit_flaky_failure/mixed_flaky_and_passed.xml",
            [3, 1, 0, 0, 0, 0],
        ),
        (
            "junit_flaky_failure/marathon_junit_report.xml",
            [1, 1, 0, 0, 0, 0],
        ),
        ("perl/result.xml", [1, 0, 0, 0, 0, 0]),
        ("junit-server-test/report.xml", [2, 1, 0, 0, 1, 0]),
        ("catch2/report.xml", [0, 0, 1, 0, 0, 0]),
        ("nested/junit.xml", [2, 0, 3, 0, 0, 0]),
        ("nested/multi-level.xml", [3, 0, 0, 0, 0, 0]),
        ("junit-web-test/expectedRetries.xml", [5, 1, 1, 0, 1, 0]),
        ("junit-web-test/expected.xml", [4, 0, 1, 0, 1, 0]),
        (
            "multiple_failures/test_multiple_failures.xml",
            [1, 0, 2, 0, 1, 0],
        ),
        (
            "multiple_failures/test_multiple_errors.xml",
            [1, 0, 0, 2, 0, 0],
        ),
        ("issues/testDisabled.xml", [6, 0, 4, 2, 0, 10]),
        ("issues/testFailedDisabled.xml", [0, 0, 0, 0, 0, 1]),
        ("cunit/testEmpty.xml", [0, 0, 0, 0, 0, 0]),
        ("cunit/testFailure.xml", [3, 0, 1, 0, 0, 0]),
        ("python/report_flaky.xml", [2, 0, 2, 0, 0, 0]),
        ("python/report.xml", [1, 0, 2, 0, 0, 0]),
        ("xunit/report_fl_on_f.xml", [3, 0, 1, 0, 0, 0]),
        ("xunit/report.xml", [3, 0, 1, 0, 0, 0]),
        ("multiple/test_10.xml", [3, 0, 0, 0, 0, 0]),
        ("multiple/test_11.xml", [2, 0, 1, 0, 0, 0]),
        ("multiple/test_12.xml", [2, 0, 0, 0, 1, 0]),
        (
            "maven_surefire_flaky/surefire-report.xml",
            [1, 1, 0, 0, 0, 0],
        ),
        (
            "marathon_tests/com.mikepenz.DummyUtilTest#test_01_dummy.xml",
            [0, 0, 1, 0, 0, 0],
        ),
        (
            "marathon_tests/com.mikepenz.DummyTest3#test_01.xml",
            [0, 0, 1, 0, 0, 0],
        ),
        (
            "marathon_tests/com.mikepenz.DummyTest#test_02_dummy.xml",
            [1, 0, 0, 0, 0, 0],
        ),
        ("nextest/basic.xml", [2, 0, 1, 0, 0, 0]),
        ("container-structure/test.xml", [3, 0, 0, 0, 0, 0]),
    ] {
        let run = read(path);
        assert_eq!(counts(&run), expected, "{path} {:?}", run.notes);
        assert_eq!(run.skipped, 0, "{path}");
    }
    // shards of one suite: the worst outcome counts
    let mut shards = read("multiple/test_10.xml");
    shards.merge(read("multiple/test_11.xml"));
    shards.merge(read("multiple/test_12.xml"));
    assert_eq!(counts(&shards), [2, 0, 1, 0, 0, 0]);
    // counts that are wrong are told and not believed
    let stated = read("nested/multi-level.xml").notes;
    assert!(
        stated.contains(&"the report states 57 tests and holds 3".to_owned()),
        "{stated:?}"
    );
    let catch = read("catch2/report.xml");
    let place = &case(
        &catch,
        "ut_detail_utility_is_constant_evaluated > is constant evaluated",
    )
    .detail
    .places[0];
    assert_eq!(
        (place.file.as_str(), place.line),
        ("test/unit/detail/utility/is_constant_evaluated.cpp", 19)
    );
    let on_failure = read("xunit/report_fl_on_f.xml");
    assert_eq!(
        case(&on_failure, "test_my_sum_fail").detail.places[0].line,
        38
    );
}
