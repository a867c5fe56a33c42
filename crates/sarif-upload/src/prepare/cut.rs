//! Which results of a run stay where it may not become several: the gravest, and of one severity the first.

use gate_sarif::{Rules, SarifResult, Severity, severity};

/// Results by how grave they are, the gravest first.
pub(super) type Counts = [u64; 5];

/// How many of a run's results stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// All before this place of the counts stay.
    place: usize,
    /// And so many of this place.
    left: u64,
}

/// A result's place in the counts. What makes no sense is never taken lightly.
pub(super) fn place(result: &SarifResult, rules: &Rules<'_>) -> usize {
    match severity(result, rules.of(result)) {
        Severity::Critical | Severity::Unknown => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
        Severity::None => 4,
    }
}

impl Cut {
    /// So that at most `most` stay.
    pub(super) fn to(counts: &Counts, most: u64) -> Self {
        let mut left = most;
        for (place, count) in counts.iter().enumerate() {
            match left.checked_sub(*count) {
                Some(rest) => left = rest,
                None => return Self { place, left },
            }
        }
        Self {
            place: counts.len(),
            left,
        }
    }

    /// Whether the next result, at this place of the counts, stays.
    pub(super) fn keeps(&mut self, place: usize) -> bool {
        if place != self.place {
            return place < self.place;
        }
        let stays = self.left > 0;
        self.left = self.left.saturating_sub(1);
        stays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_stay() {
        let counts = [2, 0, 3, 4, 0];
        for (most, expected) in [
            (0, [0, 0]),
            (1, [1, 0]),
            (2, [2, 0]),
            (4, [2, 2]),
            (5, [2, 3]),
            (9, [2, 3]),
            (99, [2, 3]),
        ] {
            let mut cut = Cut::to(&counts, most);
            let mut kept =
                |place: usize, count: u64| (0..count).filter(|_| cut.keeps(place)).count() as u64;
            assert_eq!([kept(0, 2), kept(2, 3)], expected, "{most}");
            assert_eq!(kept(3, 4), most.saturating_sub(5).min(4), "{most}");
        }
    }
}
