use gate_evidence::test_run::Status;

use crate::{case, counts, read, told};

fn suite(inner: &str) -> String {
    format!("<testsuite name='s'>{inner}</testsuite>")
}

fn of(inner: &str) -> [u64; 6] {
    counts(&read("junit", suite(inner)).expect("a report"))
}

#[test]
fn a_case_again_after_its_failure_is_a_retry() {
    let (pass, fail, skip) = (
        "<testcase name='a' time='1'/>",
        "<testcase name='a' time='2'><failure message='no'/></testcase>",
        "<testcase name='a'><skipped/></testcase>",
    );
    let run = read("junit", suite(&[fail, fail, pass].concat())).expect("a report");
    assert_eq!(counts(&run), [1, 1, 0, 0, 0, 0]);
    let (status, attempts, message, _) = told(&run, "a");
    assert_eq!(
        (status, attempts, message.as_str()),
        (Status::Passed, 3, "no")
    );
    assert_eq!((run.totals().micros, run.records), (5_000_000, 3));
    assert_eq!(
        run.notes,
        ["1 case stands several times, failed and at last passed: read as retries"]
    );
    // still failing
    assert_eq!(of(&[fail, fail].concat()), [0, 0, 1, 0, 0, 0]);
    // nobody retries what passed: another case of that name
    assert_eq!(of(&[pass, fail].concat()), [1, 0, 1, 0, 0, 0]);
    assert_eq!(of(&[pass, pass].concat()), [2, 0, 0, 0, 0, 0]);
    assert_eq!(of(&[pass, fail, pass].concat()), [2, 1, 0, 0, 0, 0]);
    // a skip takes no failure back
    assert_eq!(of(&[fail, skip].concat()), [0, 0, 1, 0, 0, 0]);
    assert_eq!(of(&[skip, fail].concat()), [0, 0, 1, 0, 1, 0]);
}

#[test]
fn suites_that_are_named_alike_are_different_runs() {
    // browsers of Playwright: what fails in one is not retried in the other
    let text = "<testsuites><testsuite name='a.spec.ts' hostname='chromium'><testcase name='a'><failure/></testcase></testsuite><testsuite name='a.spec.ts' hostname='firefox'><testcase name='a'/></testsuite></testsuites>";
    assert_eq!(
        counts(&read("junit", text).expect("a report")),
        [1, 0, 1, 0, 0, 0]
    );
}

#[test]
fn pytest_writes_failed_attempts_without_their_failure() {
    let pytest = |inner: &str| {
        let text = format!(
            "<testsuites name='pytest tests'><testsuite name='x'>{inner}</testsuite></testsuites>"
        );
        counts(&read("junit", text).expect("a report"))
    };
    let (bare, fail, error, skip) = (
        "<testcase name='a'/>",
        "<testcase name='a'><failure/></testcase>",
        "<testcase name='a'><error/></testcase>",
        "<testcase name='a'><skipped/></testcase>",
    );
    assert_eq!(pytest(bare), [1, 0, 0, 0, 0, 0]);
    assert_eq!(pytest(&[bare, bare].concat()), [1, 1, 0, 0, 0, 0]);
    assert_eq!(pytest(&[bare, fail].concat()), [0, 0, 1, 0, 0, 0]);
    assert_eq!(pytest(&[bare, skip].concat()), [0, 0, 0, 0, 1, 0]);
    // a failed call and a failed tear-down
    let both = format!("<testsuite name='pytest'>{fail}{error}</testsuite>");
    let run = read("junit", both).expect("a report");
    assert_eq!(
        (case(&run, "a").status, case(&run, "a").attempts),
        (Status::Errored, 1)
    );
}

#[test]
fn surefire_and_nextest_write_attempts_into_the_case() {
    let run = read("junit", suite("<testcase name='a' time='1'><flakyError message='once' time='2'/><flakyFailure message='twice' time='0.5'><stackTrace>a.py:3</stackTrace><system-out>b.py:4</system-out></flakyFailure></testcase>")).expect("a report");
    assert_eq!(told(&run, "a"), (Status::Passed, 3, "once".into(), vec![]));
    assert_eq!(run.totals().micros, 3_500_000);
    let run = read("junit", suite("<testcase name='a'><failure>first.py:1</failure><rerunFailure message='again'>second.py:2</rerunFailure></testcase>")).expect("a report");
    assert_eq!(
        told(&run, "a"),
        (
            Status::Failed,
            2,
            "first.py:1".into(),
            vec!["first.py:1".into()]
        )
    );
}

#[test]
fn several_failures_are_one_failed_case() {
    let run = read("junit", suite("<testcase name='a'><failure message='first' file='f.c' line='3'/><error message='second'/><failure message='third'/></testcase>")).expect("a report");
    assert_eq!(
        told(&run, "a"),
        (Status::Errored, 1, "first".into(), vec!["f.c:3".into()])
    );
    assert_eq!(
        of("<testcase name='a'><skipped/><failure/></testcase>"),
        [0, 0, 1, 0, 0, 0]
    );
    assert_eq!(
        of("<testcase name='a'><failure/><skipped/></testcase>"),
        [0, 0, 1, 0, 0, 0]
    );
}

#[test]
fn the_status_of_a_case_may_stand_in_its_attributes() {
    for (attributes, expected) in [
        ("status='run' result='completed'", [1, 0, 0, 0, 0, 0]),
        ("status='notrun' result='suppressed'", [0, 0, 0, 0, 0, 1]),
        ("status='disabled'", [0, 0, 0, 0, 0, 1]),
        ("status='notrun'", [0, 0, 0, 0, 1, 0]),
        ("status='Failed'", [0, 0, 1, 0, 0, 0]),
        ("status='errored'", [0, 0, 0, 1, 0, 0]),
    ] {
        assert_eq!(
            of(&format!("<testcase name='a' {attributes}/>")),
            expected,
            "{attributes}"
        );
    }
    // its failure does not count where the writer says that it is switched off
    assert_eq!(
        of("<testcase name='a' status='disabled'><failure/></testcase>"),
        [0, 0, 0, 0, 0, 1]
    );
}

#[test]
fn suites_nest_and_cases_may_stand_outside() {
    let text = "<testsuites name='run'><testsuite name='a' package='p'><testsuite name='b'><testcase name='c'/></testsuite><testcase name='d'/></testsuite><testcase name='e'/></testsuites>";
    let run = read("junit", text).expect("a report");
    let names: Vec<_> = run.suites.keys().map(String::as_str).collect();
    assert_eq!(names, ["", "p.a", "p.a > b"]);
}

#[test]
fn failures_that_are_stated_and_not_shown_are_no_pass() {
    let run = read("junit", "<testsuites failures='1'><testsuite name='s' tests='2' errors='1'><testcase name='a'/></testsuite></testsuites>").expect("a report");
    assert_eq!(counts(&run), [1, 0, 0, 1, 0, 0]);
    let (_, id, broken) = run.cases().next().expect("a case");
    assert_eq!(id.name, "");
    assert_eq!(
        broken.detail.message.as_deref(),
        Some("1 failed or errored by the report's own count, and none of its cases shows it")
    );
    assert_eq!(run.notes, ["`s` states 2 tests and holds 1"]);
    // one that shows is enough, also as an attempt that was retried
    assert_eq!(
        of("<testcase name='a'><flakyFailure/></testcase>"),
        [1, 1, 0, 0, 0, 0]
    );
    let text = "<testsuite name='s' tests='1' failures='1'><testcase name='a'><flakyFailure/></testcase></testsuite>";
    assert_eq!(
        counts(&read("junit", text).expect("a report")),
        [1, 1, 0, 0, 0, 0]
    );
}

#[test]
fn a_failure_of_a_suite_itself_counts() {
    let run = read(
        "junit",
        suite("<testcase name='a'/><error message='set-up failed'>conftest.py:4</error>"),
    )
    .expect("a report");
    assert_eq!(counts(&run), [1, 0, 0, 1, 0, 0]);
    let run = read("junit", suite("<testcase name='' classname='c'><error message='no server'/></testcase><testcase name=''/>")).expect("a report");
    assert_eq!((counts(&run), run.skipped), ([0, 0, 0, 1, 0, 0], 1));
    assert_eq!(run.notes, ["line 1: skipped a case without a name"]);
}

#[test]
fn a_report_without_a_test_is_empty_and_says_so() {
    for text in [
        "<testsuites/>",
        "<testsuite name='s' tests='0'><properties/></testsuite>",
    ] {
        let run = read("junit", text).expect("a report");
        assert_eq!(
            (run.totals().all(), run.notes.as_slice()),
            (0, &["the report holds no test".to_owned()][..])
        );
    }
}

#[test]
fn what_is_not_of_a_case_is_not_read() {
    // an element named like a failure in the output of a case, and an unknown one
    let text = suite(
        "<testcase name='a'><system-out>failure</system-out><properties><property name='failure' value='x'/></properties></testcase><system-err/>",
    );
    assert_eq!(
        counts(&read("junit", text).expect("a report")),
        [1, 0, 0, 0, 0, 0]
    );
    let text = "<t:testsuites xmlns:t='urn:x'><t:testsuite name='s'><t:testcase name='a'/></t:testsuite></t:testsuites>";
    assert_eq!(
        counts(&read("junit", text).expect("a report")),
        [1, 0, 0, 0, 0, 0]
    );
}
