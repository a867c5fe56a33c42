//! Whether an override covers an outcome: the gate, scope and criterion it
//! names, the codes it covers, and nothing worse than what was granted.

use crate::weighing::{POLICY_CRITERION, Weighed};
use gate_policy::OverrideEntry;
use gate_verdict::{Code, Decimal, Observed, Status};

/// What nobody may lift: that a gate contradicts itself or does not see what it
/// should says something about the judging and not about the change.
const NEVER: [Code; 2] = [Code::ConflictingVerdicts, Code::PositiveControlMissed];

/// Whether it is about this outcome at all.
pub(crate) fn names(entry: &OverrideEntry, weighed: &Weighed) -> bool {
    let reason = &weighed.reason;
    entry.gate == gate_policy::alias(&reason.gate)
        && (entry.scope.is_none() || entry.scope == weighed.scope)
        && (entry.criterion.is_none() || entry.criterion == reason.criterion)
}

/// The outcome by its name.
pub(crate) fn named(weighed: &Weighed) -> String {
    let reason = &weighed.reason;
    match &reason.criterion {
        Some(criterion) => format!("`{}/{criterion}`", reason.gate),
        None => format!("`{}`", reason.gate),
    }
}

/// Why it does not cover an outcome that it names.
pub(crate) fn covers(entry: &OverrideEntry, weighed: &Weighed) -> Result<(), String> {
    let reason = &weighed.reason;
    if reason.criterion.as_deref() == Some(POLICY_CRITERION) {
        return Err(String::from(
            "a change to the policy is approved, not overridden",
        ));
    }
    if NEVER.contains(&reason.code) {
        return Err(format!("`{}` cannot be overridden", reason.code));
    }
    if weighed.status == Status::Error {
        let code = reason.code.as_str();
        return if entry.covers_error.contains(&code) {
            Ok(())
        } else {
            Err(format!(
                "{} could not be judged ({code}), which `covers_error` does not name",
                named(weighed)
            ))
        };
    }
    let Some(value) = weighed.observed.as_ref().and_then(worth) else {
        // Nothing that could get worse was measured.
        return Ok(());
    };
    let criterion = reason.criterion.as_deref().unwrap_or_default();
    let Some(granted) = entry.observed.get(criterion) else {
        return Err(format!(
            "it does not say what was observed of {}: write `observed: {}`",
            named(weighed),
            value.text
        ));
    };
    not_worse(granted, &value, weighed.higher_is_better)
        .map_err(|why| format!("{}: {why}", named(weighed)))
}

/// A measured value and its unit.
struct Worth {
    number: Decimal,
    unit: String,
    text: String,
}

fn worth(observed: &Observed) -> Option<Worth> {
    let number = observed.value.as_deref()?.parse().ok()?;
    Some(Worth {
        number,
        unit: observed.unit.clone().unwrap_or_default(),
        text: observed.text.clone(),
    })
}

/// The ratchet: what is observed now against what was when it was granted.
fn not_worse(granted: &str, now: &Worth, higher_is_better: bool) -> Result<(), String> {
    let granted = granted.trim();
    let end = granted
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(granted.len());
    let (number, unit) = granted.split_at(end);
    let unit = unit.trim();
    let Ok(was) = number.parse::<Decimal>() else {
        return Err(format!("`observed: {granted}` is no number"));
    };
    if !unit.is_empty() && !now.unit.is_empty() && unit != now.unit {
        return Err(format!(
            "granted at {granted} and observed in `{}`: write it in that unit",
            now.unit
        ));
    }
    let worse = if higher_is_better {
        now.number < was
    } else {
        now.number > was
    };
    if worse {
        return Err(format!(
            "granted at {granted} and observed {} now, which is worse",
            now.text
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn worth(number: &str) -> Worth {
        Worth {
            number: number.parse().expect("a number"),
            unit: String::from("%"),
            text: format!("{number}%"),
        }
    }

    #[test]
    fn the_ratchet_holds_at_what_was_granted() {
        assert!(not_worse("81.2%", &worth("81.2"), true).is_ok());
        assert!(not_worse("81.2", &worth("81.3"), true).is_ok());
        assert!(not_worse("81.2%", &worth("81.1"), true).is_err());
        assert!(not_worse("3", &worth("4"), false).is_err());
        assert!(not_worse("3", &worth("2"), false).is_ok());
        assert!(not_worse("3 ms", &worth("2"), false).is_err());
        assert!(not_worse("much", &worth("2"), false).is_err());
    }

    proptest! {
        /// What gets worse is never covered where less was not.
        #[test]
        fn worse_is_never_covered_more(granted in 0_u32..1000, now in 0_u32..1000, by in 0_u32..1000, higher: bool) {
            let (now, worse) = if higher { (now + by, now) } else { (now, now + by) };
            let covers = |value: u32| not_worse(&granted.to_string(), &worth(&value.to_string()), higher).is_ok();
            prop_assert!(!covers(worse) || covers(now));
        }
    }
}
