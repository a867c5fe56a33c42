//! `flaky_tests`: how many tests passed only when they were repeated. Retries are told by the reports: `flakyFailure`
//! of Surefire and nextest, a case that stands again after its failure, pytest's reruns, the retries that Jest and
//! Mocha count. A test that failed every time is failed and not flaky.

use super::tests_passed::{finding, nothing_ran};
use crate::collect::Facts;
use crate::tests::{MOST_NAMED, Told};
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::Level;

pub(crate) const FLAKY: &str = "flaky_test";
const ID: &str = "flaky_tests";

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let tests = match &facts.tests {
        Ok(tests) => tests,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    if let Some(missing) = nothing_ran(&tests.totals) {
        return Judgement::missing(missing).evidence(tests.reports.clone());
    }
    let (flaky, ran) = (tests.totals.flaky, tests.totals.ran());
    let reason = format!(
        "{flaky} of {} that ran passed only when repeated",
        counted(ran, "test")
    );
    let findings = tests.flaky.iter().map(|case| {
        let said = format!("{} passed only when repeated", case.title());
        finding(FLAKY, ID, Level::Warning, case, &said)
    });
    let named: Vec<_> = tests
        .flaky
        .iter()
        .take(MOST_NAMED)
        .map(Told::title)
        .collect();
    let mut judgement = Judgement::measured(Measured::Count(flaky), reason)
        .sample(ran)
        .evidence(tests.reports.clone())
        .findings(findings.collect())
        .next_step(format!("make them pass every time: {}", named.join(", ")));
    judgement.findings_left_out = tests.flaky_left_out;
    judgement
}
