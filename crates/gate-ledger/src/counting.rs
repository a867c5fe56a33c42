//! Rates against their targets, and durations.

use crate::proportion::Target;
use serde::Serialize;

/// Runs below which nothing can be said about the slowest twentieth of them
/// (95 %, whatever their distribution).
pub const P95_FLOOR: usize = 59;

/// What a rate comes to against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Met, and the sample proves it.
    Met,
    /// What was observed does not meet it.
    Missed,
    /// What was observed meets it, and the sample is too small to prove it.
    NotDecidableYet,
}

/// A rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    pub count: u64,
    pub of: u64,
    /// Two decimals, rounded so that what is shown and what is decided agree;
    /// `null` of nothing.
    pub percent: Option<String>,
    pub target: String,
    pub outcome: Outcome,
    /// What the true rate is at most, or at least, with 95 % confidence.
    pub bound_percent: Option<String>,
    /// How large a sample proves it, should nothing more speak against it.
    pub needs: Option<u64>,
}

impl Measure {
    pub fn new(target: Target, count: u64, of: u64) -> Self {
        let outcome = match (target.met(count, of), target.proven(count, of)) {
            (true, true) => Outcome::Met,
            (false, _) if of > 0 => Outcome::Missed,
            _ => Outcome::NotDecidableYet,
        };
        let percent = (of > 0).then(|| {
            let (scaled, of) = (u128::from(count) * 10_000, u128::from(of));
            hundredths(match target {
                Target::Below(_) => scaled / of,
                Target::Above(_) => scaled.div_ceil(of),
            })
        });
        Self {
            count,
            of,
            percent,
            target: match target {
                Target::Below(limit) => format!("< {} %", whole(limit)),
                Target::Above(limit) => format!("> {} %", whole(limit)),
            },
            outcome,
            bound_percent: (of > 0).then(|| hundredths(u128::from(target.bound(count, of)))),
            needs: (outcome == Outcome::NotDecidableYet)
                .then(|| target.needs(count, of))
                .flatten(),
        }
    }
}

fn hundredths(value: u128) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn whole(limit: u64) -> String {
    if limit.is_multiple_of(100) {
        (limit / 100).to_string()
    } else {
        hundredths(u128::from(limit))
    }
}

/// How long something took, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Durations {
    pub count: usize,
    pub median_ms: Option<u64>,
    /// `null` below [`P95_FLOOR`] runs.
    pub p95_ms: Option<u64>,
}

impl Durations {
    /// By nearest rank.
    pub(crate) fn of(mut all: Vec<u64>) -> Self {
        all.sort_unstable();
        let count = all.len();
        let rank = |percent: usize| all.get((count * percent).div_ceil(100).saturating_sub(1));
        Self {
            count,
            median_ms: rank(50).copied(),
            p95_ms: rank(95).filter(|_| count >= P95_FLOOR).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_proves_nothing_and_a_miss_is_a_miss() {
        let bypass = |count, of| Measure::new(Target::Below(200), count, of);
        assert_eq!(bypass(0, 148).outcome, Outcome::NotDecidableYet);
        assert_eq!(bypass(0, 148).needs, Some(149));
        assert_eq!(bypass(0, 149).outcome, Outcome::Met);
        assert_eq!(bypass(1, 10).outcome, Outcome::Missed);
        assert_eq!(bypass(0, 0).outcome, Outcome::NotDecidableYet);
        assert_eq!(bypass(0, 0).percent, None);
        assert_eq!(bypass(1, 1).needs, None);
    }

    #[test]
    fn what_is_shown_does_not_contradict_what_is_decided() {
        let shown = |target, count, of| Measure::new(target, count, of).percent.unwrap_or_default();
        assert_eq!(shown(Target::Below(200), 19_999, 1_000_000), "1.99");
        assert_eq!(shown(Target::Below(200), 2, 100), "2.00");
        assert_eq!(shown(Target::Above(9_000), 900_001, 1_000_000), "90.01");
        assert_eq!(shown(Target::Above(9_000), 9, 10), "90.00");
        assert_eq!(Measure::new(Target::Above(9_000), 9, 10).target, "> 90 %");
    }

    #[test]
    fn durations_are_by_nearest_rank() {
        let durations = Durations::of((1..=100).rev().collect());
        assert_eq!(
            (durations.median_ms, durations.p95_ms),
            (Some(50), Some(95))
        );
        let few = Durations::of((1..59).collect());
        assert_eq!((few.count, few.median_ms, few.p95_ms), (58, Some(29), None));
        assert_eq!(Durations::of(Vec::new()).median_ms, None);
    }
}
