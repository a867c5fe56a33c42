//! `test_duration`: how long the tests took, all cases of all reports and all their attempts together; not the time
//! that passed, where tests run beside each other. Of a test that stands in several reports the longest run counts.
//! Tests that ran and whose time no report tells are said; if none is told, that is an error.

use super::tests_passed::nothing_ran;
use crate::collect::Facts;
use gate_policy::{Measured, Requirement, Unit};
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Decimal};
use std::fmt::Write as _;

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    let tests = match &facts.tests {
        Ok(tests) => tests,
        Err(missing) => return Judgement::missing(missing.clone()),
    };
    let totals = &tests.totals;
    let untold = || {
        let reason = "no test report tells how long a test took";
        Missing::new(
            Code::EvidenceInsufficient,
            reason,
            "have the tool write times, or take the criterion out",
        )
    };
    let missing = nothing_ran(totals).or_else(|| (totals.untimed == totals.ran()).then(untold));
    if let Some(missing) = missing {
        return Judgement::missing(missing).evidence(tests.reports.clone());
    }
    let value = seconds(totals.micros);
    let mut reason = format!(
        "{} took {}",
        counted(totals.ran(), "test"),
        written(totals.micros)
    );
    if totals.untimed > 0 {
        let _ = write!(
            reason,
            ", without {} whose time is not told",
            totals.untimed
        );
    }
    let slowest: Vec<_> = tests
        .slowest
        .iter()
        .map(|(title, micros)| format!("{title} ({})", written(*micros)))
        .collect();
    if let Some(first) = slowest.first() {
        let _ = write!(reason, "; the slowest: {first}");
    }
    Judgement::measured(
        Measured::Quantity {
            value,
            unit: Unit::SECONDS,
        },
        reason,
    )
    .sample(totals.ran())
    .evidence(tests.reports.clone())
    .next_step(format!("make the slowest faster: {}", slowest.join(", ")))
}

fn written(micros: u64) -> String {
    format!("{} s", seconds(micros))
}

/// Exact, without zeros at the end.
fn seconds(micros: u64) -> Decimal {
    let (mut digits, mut scale) = (i64::try_from(micros).unwrap_or(i64::MAX), 6);
    while scale > 0 && digits % 10 == 0 {
        digits /= 10;
        scale -= 1;
    }
    Decimal::new(digits, scale)
}
