//! `low_vulnerabilities`: findings of low severity in the scanners' SARIF:
//! by `security-severity` first, by level second. Suppressed results and
//! results that are no failure do not count.

use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;
use gate_sarif::Severity;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    super::vulnerabilities(facts, "low_vulnerabilities", "low", |severity| {
        matches!(severity, Severity::Low)
    })
}
