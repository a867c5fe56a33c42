//! What other parts ask of earlier decisions.

use crate::chain::Record;
use crate::record::{DecisionEntry, Entry};
use gate_verdict::Decision;

/// The latest decision on the same ref of a repository for the same
/// environment, in the order of the chain.
pub fn last(
    records: &[Record],
    repository: Option<&str>,
    git_ref: Option<&str>,
    environment: Option<&str>,
) -> Option<DecisionEntry> {
    records
        .iter()
        .rev()
        .find_map(|record| match record.entry() {
            Entry::Decision(entry)
                if entry.repository.as_deref() == repository
                    && entry.git_ref.as_deref() == git_ref
                    && entry.environment.as_deref() == environment =>
            {
                Some(*entry)
            }
            _ => None,
        })
}

/// How many decisions for an environment were allowed by an override, and how
/// many there were, in the `window_days` days up to and with `as_of`.
pub fn bypass_budget(
    records: &[Record],
    environment: Option<&str>,
    as_of: jiff::Timestamp,
    window_days: u32,
) -> (u64, u64) {
    let from = as_of
        .as_second()
        .saturating_sub(i64::from(window_days).saturating_mul(86_400));
    let (mut overrides, mut decisions) = (0, 0);
    for record in records {
        let inside = record.at.as_second() > from && record.at <= as_of;
        if !inside {
            continue;
        }
        if let Entry::Decision(entry) = record.entry()
            && entry.environment.as_deref() == environment
        {
            decisions += 1;
            overrides += u64::from(entry.decision == Decision::AllowWithOverride);
        }
    }
    (overrides, decisions)
}
