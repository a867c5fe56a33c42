//! The nearest way to `allow`: what to do, with how much of it is enough.

use crate::weighing::Weighed;
use gate_policy::Environment;
use gate_verdict::{Approvals, Cap, CriterionResult, Decimal, Decision, Ratio, Status, Step};
use std::cmp::Ordering;

/// More steps than anybody reads at once.
const MAX_STEPS: usize = 20;

/// The steps, the weightiest first; none where nothing stands in the way.
pub(crate) fn way(
    reasons: &[Weighed],
    decision: Decision,
    approvals: Option<&Approvals>,
    environment: Option<&Environment>,
    cap: Cap,
) -> Vec<Step> {
    if decision.allows() {
        return Vec::new();
    }
    let in_the_way: Vec<&Weighed> = reasons
        .iter()
        .filter(|one| !one.contribution(cap).allows())
        .collect();
    let blocking = in_the_way
        .iter()
        .filter(|one| one.contribution(cap) == Decision::Block)
        .count();
    let mut steps = Vec::new();
    // Approvals resolve all that only waits for them at once.
    let resolvable = approvals.filter(|_| in_the_way.len() > blocking);
    let shown = match resolvable {
        Some(_) => &in_the_way[..blocking],
        None => &in_the_way[..],
    };
    for one in shown.iter().take(MAX_STEPS) {
        steps.push(Step {
            gate: one.reason.gate.clone(),
            criterion: one.reason.criterion.clone(),
            text: one
                .next_step
                .clone()
                .unwrap_or_else(|| one.reason.code.next_step().to_owned()),
        });
    }
    if shown.len() > MAX_STEPS {
        steps.push(general(format!(
            "and {} more steps like these",
            shown.len() - MAX_STEPS
        )));
    }
    if let Some(approvals) = resolvable {
        let missing = approvals.required.saturating_sub(approvals.counted());
        let people = if missing == 1 { "person" } else { "people" };
        steps.push(general(format!(
            "{missing} more {people} to approve ({} of {}); not who wrote the change",
            approvals.counted(),
            approvals.required
        )));
    }
    if resolvable.is_none() && in_the_way.len() > blocking {
        steps.push(general(String::from(
            "or have what is only advisory approved: in a job with a protected environment, or by `approvals:` of the environment",
        )));
    }
    if blocking > 0 && environment.is_some_and(|one| one.bypass_allowed) {
        steps.push(general(String::from(
            "or have the outcome accepted for at most 30 days in .github/gate-overrides.yml on the default branch",
        )));
    }
    steps
}

fn general(text: String) -> Step {
    Step {
        gate: String::from("policy"),
        criterion: None,
        text,
    }
}

/// What to do about a criterion, with how much of it is enough.
pub(crate) fn way_of(criterion: &CriterionResult) -> Option<String> {
    let step = criterion.next_step.clone().filter(|step| !step.is_empty());
    if criterion.status != Status::Fail {
        return step;
    }
    match (enough(criterion), step) {
        (Some(enough), Some(step)) => Some(format!("{step} ({enough})")),
        (Some(enough), None) => Some(enough),
        (None, step) => step,
    }
}

/// How much is missing: of a share in things, of a count in things, of a
/// quantity by its margin.
fn enough(criterion: &CriterionResult) -> Option<String> {
    let observed = criterion.observed.as_ref()?;
    let required = criterion.required.as_ref()?;
    let op = required.op.as_deref()?;
    let value: Decimal = required.value.as_deref()?.parse().ok()?;
    if let (Some(numerator), Some(denominator)) = (observed.numerator, observed.denominator) {
        let more = more_of(numerator, denominator, op, value)?;
        return Some(format!("{more} more of {denominator} are enough"));
    }
    // Of what must not be there at all the number says it already.
    if value == Decimal::ZERO {
        return None;
    }
    let distance = criterion.margin.as_deref()?.strip_prefix('-')?;
    let more = op.starts_with('>');
    Some(match required.unit.as_deref().unwrap_or_default() {
        "" if more => format!("{distance} too few"),
        "" => format!("{distance} too many"),
        unit if more => format!("{distance}{unit} short of {value}{unit}"),
        unit => format!("{distance}{unit} over {value}{unit}"),
    })
}

/// The fewest more that satisfy `op value` percent.
fn more_of(numerator: u64, denominator: u64, op: &str, percent: Decimal) -> Option<u64> {
    let strict = match op {
        ">=" => false,
        ">" => true,
        _ => return None,
    };
    let holds = |covered: u64| {
        let ratio = Ratio {
            numerator: covered,
            denominator,
        };
        match ratio.cmp_percent(percent) {
            Some(Ordering::Less) | None => false,
            Some(Ordering::Equal) => !strict,
            Some(Ordering::Greater) => true,
        }
    };
    if !holds(denominator) {
        return None;
    }
    // What holds for some holds for more.
    let (mut low, mut high) = (numerator.min(denominator), denominator);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high.saturating_sub(numerator)).filter(|more| *more > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn enough_is_the_fewest_that_hold() {
        let of = |n, d, op, p: &str| more_of(n, d, op, p.parse().expect("a number"));
        assert_eq!(of(8_120, 10_000, ">=", "85"), Some(380));
        assert_eq!(of(8_499, 10_000, ">", "85"), Some(2));
        assert_eq!(of(2, 3, ">=", "100"), Some(1));
        assert_eq!(of(2, 3, ">", "100"), None);
        assert_eq!(of(0, 0, ">=", "85"), None);
    }

    proptest! {
        #[test]
        fn one_less_is_never_enough(numerator in 0_u64..2000, more in 1_u64..2000, percent in 0_u64..=100) {
            let denominator = numerator + more;
            if let Some(enough) = more_of(numerator, denominator, ">=", Decimal::from(percent)) {
                let reached = numerator + enough;
                prop_assert!(reached * 100 >= percent * denominator);
                prop_assert!((reached - 1) * 100 < percent * denominator);
            }
        }
    }
}
