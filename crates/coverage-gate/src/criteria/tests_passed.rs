//! `tests_passed`: every test passed, over all test reports together. What failed or errored is counted, and what
//! failed outside of tests with it: a build, a set-up, a suite that a report counts as failed without showing why. So
//! is every suite that is missing: one that `expected_suites` names, or one that the base has, unless the change
//! removes its file. A test that passed only when repeated passed; `flaky_tests` counts those. Without any test that
//! ran there is nothing to judge by, which is an error and no pass. Of a test that stands in several reports the
//! worst outcome counts; of several attempts in one report the last.

use crate::collect::Facts;
use crate::tests::{MOST_NAMED, MissingSuite, Tests, Told};
use gate_evidence::test_run::{Status, Totals};
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Finding, Level, sha256_hex};
use std::fmt::Write as _;

pub(crate) const FAILED: &str = "failed_test";
pub(crate) const MISSING: &str = "missing_suite";
const ID: &str = "tests_passed";

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let tests = match &facts.tests {
        Ok(tests) => tests,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    let totals = &tests.totals;
    if let (0, [], Some(missing)) = (
        totals.failed + totals.errored,
        &*tests.missing,
        nothing_ran(totals),
    ) {
        return Judgement::missing(missing).evidence(tests.reports.clone());
    }
    let bad = totals.failed + totals.errored + tests.missing.len() as u64;
    let mut judgement = Judgement::measured(Measured::Count(bad), reason(tests))
        .sample(totals.ran())
        .evidence(tests.reports.clone())
        .findings(findings(tests))
        .next_step(next_step(tests));
    judgement.findings_left_out = tests.bad_left_out;
    judgement
}

/// Why no test result is no pass.
pub(super) fn nothing_ran(totals: &Totals) -> Option<Missing> {
    let reason = match (totals.ran(), totals.all()) {
        (1.., _) => return None,
        (0, 0) => String::from("the test reports hold no test"),
        (0, skipped) => format!("no test ran: {} skipped", were(skipped, "test")),
    };
    Some(Missing::new(
        Code::EvidenceInsufficient,
        reason,
        "check that the tests are found and run before this gate, and that the report is written by that run",
    ))
}

/// `1 test was`, `2 tests were`.
pub(super) fn were(count: u64, noun: &str) -> String {
    format!(
        "{} {}",
        counted(count, noun),
        if count == 1 { "was" } else { "were" }
    )
}

fn reason(tests: &Tests) -> String {
    let totals = &tests.totals;
    let again = match totals.flaky {
        0 => String::new(),
        flaky => format!(" ({flaky} only when repeated)"),
    };
    let mut parts = vec![format!("{} passed{again}", totals.passed)];
    let counts = [
        (totals.failed, "failed"),
        (totals.errored, "errored"),
        (totals.skipped + totals.disabled, "skipped"),
    ];
    parts.extend(
        counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}")),
    );
    let mut reason = format!("of {}: {}", counted(totals.all(), "test"), parts.join(", "));
    if let (Some(new), true) = (tests.newly_bad, totals.failed + totals.errored > 0) {
        let _ = write!(
            reason,
            "; {new} of those that failed did not fail in the base"
        );
    }
    if !tests.missing.is_empty() {
        let _ = write!(
            reason,
            "; {} missing",
            counted(tests.missing.len(), "test suite")
        );
    }
    reason
}

fn next_step(tests: &Tests) -> String {
    let mut steps = Vec::new();
    let named = |titles: Vec<String>, all: u64| {
        let more = all.saturating_sub(titles.len() as u64);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        format!("{}{more}", titles.join(", "))
    };
    let bad = tests.totals.failed + tests.totals.errored;
    if bad > 0 {
        let titles = tests.bad.iter().take(MOST_NAMED).map(Told::title).collect();
        steps.push(format!("mend what failed: {}", named(titles, bad)));
    }
    if !tests.missing.is_empty() {
        let titles = tests
            .missing
            .iter()
            .take(MOST_NAMED)
            .map(|suite| suite.name.clone())
            .collect();
        let titles = named(titles, tests.missing.len() as u64);
        steps.push(format!(
            "have the missing suites run and their reports brought to this step: {titles}"
        ));
    }
    steps.join("; ")
}

fn findings(tests: &Tests) -> Vec<Finding> {
    let missing = tests.missing.iter().map(missing_finding);
    tests
        .bad
        .iter()
        .map(failed_finding)
        .chain(missing)
        .collect()
}

fn failed_finding(case: &Told) -> Finding {
    let what = match case.status {
        Status::Errored if case.id.name.is_empty() => "failed outside of its tests",
        Status::Errored => "errored",
        _ => "failed",
    };
    finding(
        FAILED,
        ID,
        Level::Error,
        case,
        &format!("{} {what}", case.title()),
    )
}

/// A finding about a case: what is said first, the attempts and the message.
pub(super) fn finding(
    rule: &str,
    criterion: &str,
    level: Level,
    case: &Told,
    said: &str,
) -> Finding {
    let attempts = match case.attempts {
        0 | 1 => String::new(),
        several => format!(" ({several} attempts)"),
    };
    let message = case
        .message
        .as_deref()
        .map(|message| format!(": {message}"));
    let id = &case.id;
    let identity = [
        rule,
        &case.suite,
        &id.class,
        &id.name,
        &id.file,
        &id.row.to_string(),
    ]
    .join("\0");
    Finding {
        rule: rule.to_owned(),
        criterion: criterion.to_owned(),
        level,
        message: format!("{said}{attempts}{}", message.unwrap_or_default()),
        location: case.location.clone(),
        fingerprint: sha256_hex(identity.as_bytes()),
        baseline_state: case
            .known
            .map(|known| String::from(if known { "unchanged" } else { "new" })),
        fix: None,
    }
}

fn missing_finding(suite: &MissingSuite) -> Finding {
    let expects = if suite.of_base {
        "the base has it"
    } else {
        "expected_suites names it"
    };
    Finding {
        rule: MISSING.to_owned(),
        criterion: ID.to_owned(),
        level: Level::Error,
        message: format!(
            "no test of the suite {} is in the reports, and {expects}",
            suite.name
        ),
        location: None,
        fingerprint: sha256_hex(format!("{MISSING}\0{}", suite.name).as_bytes()),
        baseline_state: None,
        fix: None,
    }
}
