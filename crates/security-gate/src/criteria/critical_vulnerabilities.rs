//! `critical_vulnerabilities`: findings of critical severity in the scanners' SARIF:
//! by `security-severity` first, by level second. Suppressed results and
//! results that are no failure do not count. A severity that
//! makes no sense counts here, because it may be the worst.

use crate::collect::Facts;
use gate_policy::Requirement;
use gate_runner::Judgement;
use gate_sarif::Severity;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    super::vulnerabilities(
        facts,
        "critical_vulnerabilities",
        "critical or unknown",
        |severity| matches!(severity, Severity::Critical | Severity::Unknown),
    )
}
