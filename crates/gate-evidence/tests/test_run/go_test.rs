use gate_evidence::ReportErrorKind as Kind;
use gate_evidence::test_run::{Status, TestRun};

use crate::{case, counts, read, told};

/// Events as `action test [elapsed or output]`, of the package `m/p`.
fn text(events: &[&str]) -> String {
    let lines = events.iter().map(|event| {
        let mut words = event.splitn(3, ' ');
        let (action, test, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next());
        let test = if test.is_empty() { String::new() } else { format!(",\"Test\":\"{test}\"") };
        let rest = match (action, rest) {
            (_, None) => String::new(),
            ("output", Some(output)) => format!(",\"Output\":\"{output}\\n\""),
            (_, Some(elapsed)) => format!(",\"Elapsed\":{elapsed}"),
        };
        format!("{{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":\"{action}\",\"Package\":\"m/p\"{test}{rest}}}\n")
    });
    lines.collect()
}

fn run(events: &[&str]) -> TestRun {
    read("go_test", text(events)).expect("a report")
}

#[test]
fn a_test_with_subtests_is_judged_by_them_unless_it_failed_by_itself() {
    let subtest = [
        "run T",
        "run T/a",
        "run T/a/x",
        "fail T/a/x 0.1",
        "fail T/a 0.1",
        "fail T 0.2",
        "fail",
    ];
    assert_eq!(counts(&run(&subtest)), [0, 0, 1, 0, 0, 0]);
    let itself = run(&[
        "run T",
        "run T/a",
        "pass T/a 0.1",
        "output T t_test.go:3: after",
        "fail T 0.2",
        "fail",
    ]);
    assert_eq!(counts(&itself), [1, 0, 1, 0, 0, 0]);
    assert_eq!(told(&itself, "T").2, "t_test.go:3: after");
    assert_eq!(
        counts(&run(&[
            "run T",
            "run T/a",
            "pass T/a 0.1",
            "pass T 0.2",
            "pass"
        ])),
        [1, 0, 0, 0, 0, 0]
    );
}

#[test]
fn a_package_that_fails_without_a_test_is_a_failure() {
    let main = run(&["start", "output  cannot connect", "output  FAIL", "fail"]);
    assert_eq!(counts(&main), [0, 0, 0, 1, 0, 0]);
    let (suite, id, broken) = main.cases().next().expect("a case");
    assert_eq!((suite, id.name.as_str()), ("m/p", ""));
    assert_eq!(broken.detail.message.as_deref(), Some("cannot connect"));
    // after a pass too: a race, or TestMain's own exit code
    assert_eq!(
        counts(&run(&["run T", "pass T 0", "fail"])),
        [1, 0, 0, 1, 0, 0]
    );
    // packages without tests are no failures
    assert_eq!(
        counts(&run(&["start", "output  ? m/p [no test files]", "skip"])),
        [0; 6]
    );
}

#[test]
fn what_began_and_did_not_end() {
    let panicked = run(&["run T", "pass T 0", "run U", "output U panic: boom", "fail"]);
    assert_eq!(counts(&panicked), [1, 0, 0, 1, 0, 0]);
    assert_eq!(told(&panicked, "U").2, "panic: boom");
    assert_eq!(
        told(&run(&["run U", "fail"]), "U").2,
        "the test began and did not end"
    );
    let error = read("go_test", text(&["start", "run T", "pass T 0"])).expect_err("cut off");
    assert_eq!((error.kind, error.line), (Kind::Truncated, Some(1)));
}

#[test]
fn a_test_that_is_run_again_is_retried() {
    // gotestsum --rerun-fails
    let again = run(&[
        "start", "run T", "fail T 1", "fail", "start", "run T", "pass T 2", "pass",
    ]);
    assert_eq!(counts(&again), [1, 1, 0, 0, 0, 0]);
    assert_eq!(
        (case(&again, "T").attempts, again.totals().micros),
        (2, 3_000_000)
    );
    // go test -count=2: the package failed
    assert_eq!(
        counts(&run(&["run T", "fail T 1", "run T", "pass T 1", "fail"])),
        [1, 1, 0, 1, 0, 0]
    );
    // the subtest fails first, then the test by itself
    let by_itself = [
        "run T",
        "run T/a",
        "fail T/a 0",
        "fail T 0",
        "fail",
        "start",
        "run T",
        "run T/a",
        "pass T/a 0",
        "fail T 0",
        "fail",
    ];
    assert_eq!(counts(&run(&by_itself)), [1, 1, 1, 0, 0, 0]);
    // and at last nothing does
    let mended = [
        "run T",
        "run T/a",
        "pass T/a 0",
        "fail T 0",
        "fail",
        "start",
        "run T",
        "run T/a",
        "pass T/a 0",
        "pass T 0",
        "pass",
    ];
    assert_eq!(case(&run(&mended), "T").status, Status::Passed);
}

#[test]
fn other_lines_are_passed_over_and_broken_events_told() {
    let mixed = format!(
        "go: downloading x v1\n{}\npanic: x\n{{\"Action\":\"out\n{}",
        text(&["run T"]),
        text(&["pass T 0", "pass"])
    );
    let run = read("go_test", mixed).expect("a report");
    assert_eq!((counts(&run), run.skipped), ([1, 0, 0, 0, 0, 0], 1));
    assert_eq!(
        run.notes,
        ["line 5: skipped `{\\\"Action\\\":\\\"out`, which is no event"]
    );
}

#[test]
fn a_build_that_fails_without_a_package_that_says_so_is_a_failure() {
    let build = "{\"ImportPath\":\"m/q\",\"Action\":\"build-output\",\"Output\":\"# m/q\\n\"}\n{\"ImportPath\":\"m/q\",\"Action\":\"build-output\",\"Output\":\"q.go:3:1: no\\n\"}\n{\"ImportPath\":\"m/q\",\"Action\":\"build-fail\"}\n";
    let run = read(
        "go_test",
        format!("{build}{}", text(&["run T", "pass T 0", "pass"])),
    )
    .expect("a report");
    assert_eq!(counts(&run), [1, 0, 0, 1, 0, 0]);
    let broken = run.suites["m/q"].values().next().expect("a case");
    assert_eq!(broken.detail.message.as_deref(), Some("q.go:3:1: no"));
}
