//! Reports that real tools wrote for us; the commands are in the README beside each.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::Path;

use gate_evidence::test_run::{self, Status, TestRun};

use crate::{case, counts, told};

fn fixture(path: &str) -> TestRun {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/tests");
    let bytes = std::fs::read(root.join(path)).expect("the fixture is there");
    let format = test_run::sniff(&bytes).expect("the format is recognised");
    assert!(
        path.starts_with(format.name),
        "{path} is read as {}",
        format.name
    );
    let run = crate::read(format.name, bytes).expect("the fixture is a sound report");
    assert_eq!(run.skipped, 0, "{path}");
    run
}

#[test]
fn pytest_with_reruns() {
    for path in ["junit/pytest/xunit1.xml", "junit/pytest/xunit2.xml"] {
        let run = fixture(path);
        assert_eq!(counts(&run), [3, 1, 2, 1, 2, 0], "{path}");
        assert!(case(&run, "test_basket > test_flaky").is_flaky());
        let wrong = told(&run, "test_basket > test_sums_wrong");
        assert_eq!((wrong.0, wrong.1), (Status::Failed, 2));
        assert_eq!(wrong.2, "AssertionError: the sum is off");
        assert_eq!(wrong.3[0], "test_basket.py:11");
        assert_eq!(run.notes, [""; 0]);
    }
    // the attribute is counted from 0
    let wrong = told(
        &fixture("junit/pytest/xunit1.xml"),
        "test_basket > test_sums_wrong",
    );
    assert_eq!(wrong.3, ["test_basket.py:11", "test_basket.py:10"]);
}

#[test]
fn surefire_with_reruns() {
    let mut run = fixture("junit/surefire/TEST-shop.BasketTest.xml");
    run.merge(fixture("junit/surefire/TEST-shop.SetUpTest.xml"));
    // Maven: 9 tests, 2 failures, 2 errors, 1 skipped, 2 flakes
    assert_eq!(counts(&run), [4, 2, 2, 2, 1, 0]);
    let flaky = told(&run, "shop.BasketTest > flaky");
    assert_eq!((flaky.0, flaky.1), (Status::Passed, 2));
    let wrong = told(&run, "shop.BasketTest > sumsWrong");
    assert_eq!((wrong.0, wrong.1), (Status::Failed, 3));
    assert_eq!(wrong.2, "the sum is off ==> expected: <4> but was: <3>");
    assert!(
        wrong.3.contains(&"shop/BasketTest.java:20".to_owned()),
        "{:?}",
        wrong.3
    );
    let set_up = told(&run, "shop.SetUpTest");
    assert_eq!(
        (set_up.0, set_up.2.as_str()),
        (Status::Errored, "no server")
    );
}

#[test]
fn nextest_with_retries() {
    let run = fixture("junit/nextest/default.xml");
    assert_eq!(counts(&run), [2, 1, 1, 0, 1, 0]);
    let wrong = told(&run, "shop > tests::sums_wrong");
    assert_eq!((wrong.0, wrong.1), (Status::Failed, 2));
    assert_eq!(wrong.3[0], "src/lib.rs:16");
    // a retry that passes is a failure where nextest is told so
    let run = fixture("junit/nextest/strict.xml");
    assert_eq!(counts(&run), [1, 0, 2, 0, 1, 0]);
    let flaky = told(&run, "shop > tests::flaky");
    assert_eq!((flaky.0, flaky.1), (Status::Failed, 2));
    assert_eq!(
        flaky.2,
        "test passed on attempt 2/2 but is configured to fail when flaky"
    );
}

#[test]
fn node_with_a_case_outside_of_suites() {
    let run = fixture("junit/node/junit.xml");
    assert_eq!(counts(&run), [2, 0, 1, 0, 2, 0]);
    let wrong = told(&run, "test > sums wrong");
    assert_eq!(wrong.2, "3 == 4");
    assert!(
        wrong
            .3
            .contains(&"/src/shop-node/basket.test.js:6".to_owned()),
        "{:?}",
        wrong.3
    );
}

#[test]
fn go_with_a_broken_build_and_a_panic() {
    let run = fixture("go_test/all/go-test.json");
    // TestAdd/right, TestSkipped, TestAlone, TestFirst; TestAdd/wrong and TestPanics; the build
    assert_eq!(counts(&run), [3, 0, 2, 1, 1, 0]);
    let names: Vec<_> = run.suites.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "example.com/shop/broken",
            "example.com/shop/calc",
            "example.com/shop/panics"
        ]
    );
    let (_, _, broken) = run.cases().next().expect("a case");
    assert_eq!(broken.status, Status::Errored);
    let message = broken.detail.message.as_deref();
    assert_eq!(
        message,
        Some("broken/broken_test.go:5:34: undefined: undefined")
    );
    assert_eq!(broken.detail.places[0].file, "broken/broken_test.go");
    let wrong = told(&run, "TestAdd/wrong");
    assert_eq!(
        (wrong.2.as_str(), wrong.3.as_slice()),
        (
            "calc_test.go:9: got 3, want 4",
            &["example.com/shop/calc/calc_test.go:9".to_owned()][..]
        )
    );
    assert_eq!(
        told(&run, "TestPanics").2,
        "panic: boom [recovered, repanicked]"
    );
}

#[test]
fn jest_with_retries_and_a_suite_that_does_not_run() {
    let run = fixture("jest/retries/jest.json");
    assert_eq!(counts(&run), [3, 1, 2, 1, 2, 0]);
    assert!(case(&run, "basket > flaky").is_flaky());
    // one title, two tests
    assert_eq!(
        case(&run, "basket > twice the same name").status,
        Status::Passed
    );
    assert_eq!(
        case(&run, "basket > twice the same name (no. 2)").status,
        Status::Failed
    );
    let wrong = told(&run, "basket > sums wrong");
    assert!(
        wrong
            .2
            .starts_with("Error: expect(received).toBe(expected)"),
        "{}",
        wrong.2
    );
    assert!(
        wrong
            .3
            .contains(&"/src/shop-jest/basket.test.js:6".to_owned()),
        "{:?}",
        wrong.3
    );
    let broken = run.suites["/src/shop-jest/broken.test.js"]
        .values()
        .next()
        .expect("a case");
    assert_eq!(
        broken.detail.message.as_deref(),
        Some("● Test suite failed to run")
    );
}

#[test]
fn mocha_with_retries_and_a_failed_hook() {
    let run = fixture("mocha/retries/mocha.json");
    assert_eq!(counts(&run), [3, 1, 3, 0, 2, 0]);
    assert!(case(&run, "basket > flaky").is_flaky());
    let hook = told(&run, "broken hook > \"before all\" hook for \"never runs\"");
    assert_eq!((hook.0, hook.2.as_str()), (Status::Failed, "no database"));
}
