//! TRX, `NUnit` 3 and xUnit.net 2.

use gate_evidence::test_run::Status;

use crate::{case, counts, read, told};

fn trx(results: &str, summary: &str) -> gate_evidence::test_run::TestRun {
    let text = format!(
        "<TestRun><Results>{results}</Results><TestDefinitions><UnitTest id='1' storage='C:\\b\\s.dll'><TestMethod className='N.C'/></UnitTest></TestDefinitions>{summary}</TestRun>"
    );
    read("trx", text).expect("a report")
}

#[test]
fn trx_outcomes() {
    for (outcome, expected) in [
        ("Passed", [1, 0, 0, 0, 0, 0]),
        ("Failed", [0, 0, 1, 0, 0, 0]),
        ("NotExecuted", [0, 0, 0, 0, 1, 0]),
        ("Inconclusive", [0, 0, 0, 0, 1, 0]),
        ("Timeout", [0, 0, 0, 1, 0, 0]),
        ("Aborted", [0, 0, 0, 1, 0, 0]),
        ("InProgress", [0, 0, 0, 1, 0, 0]),
        ("", [0, 0, 0, 1, 0, 0]),
    ] {
        let run = trx(
            &format!("<UnitTestResult testId='1' testName='a' outcome='{outcome}'/>"),
            "",
        );
        assert_eq!(counts(&run), expected, "{outcome}");
        assert_eq!(run.suites.keys().next().map(String::as_str), Some("s.dll"));
        assert!(run.cases().all(|(_, id, _)| id.class == "N.C"));
    }
}

#[test]
fn trx_rows_of_data_are_named_alike_and_inner_results_judge_the_outer_one() {
    let (pass, fail) = (
        "<UnitTestResult testId='1' testName='a' outcome='Passed'/>",
        "<UnitTestResult testId='1' testName='a' outcome='Failed'/>",
    );
    assert_eq!(counts(&trx(&[fail, pass].concat(), "")), [1, 0, 1, 0, 0, 0]);
    let outer = |outcome: &str, inner: &str| {
        counts(&trx(
            &format!(
                "<UnitTestResult testId='1' testName='a' outcome='{outcome}'><InnerResults>{inner}</InnerResults></UnitTestResult>"
            ),
            "",
        ))
    };
    assert_eq!(outer("Failed", &[pass, fail].concat()), [1, 0, 1, 0, 0, 0]);
    assert_eq!(outer("Passed", &[pass, pass].concat()), [2, 0, 0, 0, 0, 0]);
    assert_eq!(outer("Failed", pass), [1, 0, 1, 0, 0, 0]);
}

#[test]
fn a_trx_run_that_crashed_is_no_pass() {
    let pass = "<UnitTestResult testId='1' testName='a' outcome='Passed'/>";
    for (summary, message) in [
        (
            "<ResultSummary outcome='Failed'><Counters failed='0'/><RunInfos><RunInfo outcome='Warning'><Text>slow</Text></RunInfo><RunInfo outcome='Error'><Text>the test host crashed</Text></RunInfo></RunInfos></ResultSummary>",
            "the test host crashed",
        ),
        (
            "<ResultSummary outcome='Aborted'/>",
            "the run ended as `Aborted`, and no test shows why",
        ),
        (
            "<ResultSummary outcome='Completed'><Counters failed='2'/></ResultSummary>",
            "the run ended as `Completed`, and no test shows why",
        ),
    ] {
        let run = trx(pass, summary);
        assert_eq!(counts(&run), [1, 0, 0, 1, 0, 0], "{summary}");
        let broken = run.suites[""].values().next().expect("a case");
        assert_eq!(broken.detail.message.as_deref(), Some(message));
    }
    let fine =
        "<ResultSummary outcome='Completed'><Counters failed='0' timeout='0'/></ResultSummary>";
    assert_eq!(counts(&trx(pass, fine)), [1, 0, 0, 0, 0, 0]);
}

#[test]
fn nunit_suites_that_fail_by_themselves() {
    let run = |site: &str, cases: &str| {
        let text = format!(
            "<test-run result='Failed' total='2'><test-suite type='Assembly' name='/b/s.dll' result='Failed' site='Child'><test-suite type='TestFixture' fullname='N.C' result='Failed' site='{site}'><failure><message>no database</message><stack-trace>at Up() in /w/c.cs:line 4</stack-trace></failure>{cases}</test-suite></test-suite></test-run>"
        );
        read("nunit3", text).expect("a report")
    };
    let (pass, fail) = (
        "<test-case name='a' classname='N.C' result='Passed'/>",
        "<test-case name='b' classname='N.C' result='Failed'/>",
    );
    let set_up = run("SetUp", pass);
    assert_eq!(counts(&set_up), [1, 0, 0, 1, 0, 0]);
    assert_eq!(
        told(&set_up, "N.C"),
        (
            Status::Errored,
            1,
            "no database".into(),
            vec!["/w/c.cs:4".into()]
        )
    );
    assert_eq!(set_up.notes, ["the report states 2 tests and holds 1"]);
    assert_eq!(
        counts(&run("Child", &[pass, fail].concat())),
        [1, 0, 1, 0, 0, 0]
    );
    // failed by a child that is not there
    assert_eq!(counts(&run("Child", pass)), [1, 0, 0, 1, 0, 0]);
}

#[test]
fn nunit_results() {
    for (attributes, expected) in [
        ("result='Passed'", [1, 0, 0, 0, 0, 0]),
        ("result='Warning'", [1, 0, 0, 0, 0, 0]),
        ("result='Failed'", [0, 0, 1, 0, 0, 0]),
        ("result='Failed' label='Error'", [0, 0, 0, 1, 0, 0]),
        ("result='Failed' label='Invalid'", [0, 0, 0, 1, 0, 0]),
        ("result='Skipped' label='Ignored'", [0, 0, 0, 0, 0, 1]),
        ("result='Skipped'", [0, 0, 0, 0, 1, 0]),
        ("result='Inconclusive'", [0, 0, 0, 0, 1, 0]),
        ("", [0, 0, 0, 1, 0, 0]),
    ] {
        let text = format!("<test-run><test-case name='a' {attributes}/></test-run>");
        assert_eq!(
            counts(&read("nunit3", text).expect("a report")),
            expected,
            "{attributes}"
        );
    }
}

#[test]
fn xunit_rows_errors_and_counts() {
    let run = |attributes: &str, inner: &str| {
        let text = format!(
            "<assemblies><assembly name='/b/s.dll' {attributes}>{inner}</assembly></assemblies>"
        );
        read("xunit2", text).expect("a report")
    };
    let (pass, fail) = (
        "<test name='a' type='N.C' result='Pass' source-file='/w/c.cs' source-line='9'/>",
        "<test name='a' type='N.C' result='Fail' source-file='/w/c.cs' source-line='9'><failure><message>no</message></failure></test>",
    );
    let rows = run("total='2' failed='1'", &[fail, pass].concat());
    assert_eq!(counts(&rows), [1, 0, 1, 0, 0, 0]);
    assert_eq!(
        told(&rows, "N.C > a"),
        (Status::Failed, 1, "no".into(), vec!["/w/c.cs:9".into()])
    );
    assert_eq!(case(&rows, "N.C > a (no. 2)").status, Status::Passed);
    let cleanup = run(
        "",
        &format!(
            "<errors><error type='assembly-cleanup' name='s'><failure><message>disk full</message></failure></error></errors>{pass}"
        ),
    );
    assert_eq!(counts(&cleanup), [1, 0, 0, 1, 0, 0]);
    assert_eq!(counts(&run("errors='1'", pass)), [1, 0, 0, 1, 0, 0]);
    assert_eq!(
        run("total='5'", pass).notes,
        ["`s.dll` states 5 tests and holds 1"]
    );
    assert_eq!(
        counts(&run(
            "",
            "<test name='a' result='NotRun'/><test name='b' result='x'/>"
        )),
        [0, 0, 0, 1, 0, 1]
    );
}
