//! The base as its own reports measured it, and how far the change falls
//! behind it.

use crate::lines::{holds, now, within};
use crate::parts::is_lower;
use gate_evidence::coverage::{Coverage, Ratio, Totals};
use gate_repo::{ChangeKind, FileChange};
use gate_verdict::Decimal;
use std::collections::BTreeMap;

/// What the base comes to beside the change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Against {
    pub base: Totals,
    /// The base without the code that the change takes out.
    pub without_removed: Totals,
    /// Lines that ran in the base, are in no part of the change and do not run
    /// now, by the path they have now.
    pub lost: BTreeMap<String, Vec<u32>>,
    /// Where it was recorded; `None` where reports of the base are there.
    pub source: Option<Source>,
}

/// Where the base's counts are from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// As in `80.00% in the base`.
    pub place: String,
    /// Only counts are known, so nothing is taken out of them.
    pub counts_only: bool,
}

/// Compares with the base. `base` is by the base's own paths.
pub(crate) fn against(base: &Coverage, head: &Coverage, changes: &[FileChange]) -> Against {
    let by_old: BTreeMap<&str, &FileChange> = changes
        .iter()
        .filter(|change| change.kind != ChangeKind::Added)
        .map(|change| (change.old_path.as_deref().unwrap_or(&change.path), change))
        .collect();
    let mut against = Against::default();
    for (path, file) in &base.files {
        let totals = file.totals();
        against.base.add(totals);
        let change = by_old.get(path.as_str());
        let removed = match change {
            Some(change) if change.kind == ChangeKind::Deleted => totals,
            Some(change) => within(file, &change.removed_lines),
            None => Totals::default(),
        };
        against.without_removed.add(less(totals, removed));
        let at = change.map_or(path.as_str(), |change| change.path.as_str());
        let Some(head) = head.files.get(at) else {
            continue;
        };
        let (gone, added) = change.map_or((&[][..], &[][..]), |change| {
            (
                change.removed_lines.as_slice(),
                change.added_lines.as_slice(),
            )
        });
        let lost: Vec<u32> = file
            .lines
            .iter()
            .filter(|&(_, &hits)| hits > 0)
            .filter_map(|(&line, _)| now(line, gone, added))
            .filter(|line| !holds(added, *line) && head.lines.get(line) == Some(&0))
            .collect();
        if !lost.is_empty() {
            against.lost.insert(at.to_owned(), lost);
        }
    }
    against
}

fn less(whole: Totals, part: Totals) -> Totals {
    let less = |whole: Ratio, part: Ratio| Ratio {
        covered: whole.covered.saturating_sub(part.covered),
        total: whole.total.saturating_sub(part.total),
    };
    Totals {
        lines: less(whole.lines, part.lines),
        branches: less(whole.branches, part.branches),
        conditions: less(whole.conditions, part.conditions),
        functions: less(whole.functions, part.functions),
        statements: less(whole.statements, part.statements),
        regions: less(whole.regions, part.regions),
    }
}

/// What the head is held against: the base, or the base without what the change
/// takes out where that is lower. Taking covered code out is no fall then, and
/// neither is taking uncovered code out.
pub(crate) fn bar(base: Ratio, without_removed: Ratio) -> Ratio {
    if without_removed.total > 0 && is_lower(without_removed, base) {
        without_removed
    } else {
        base
    }
}

/// How many percentage points `head` is below `bar`, 0 where it is not below,
/// rounded up at the ninth decimal so that a fall is never made smaller.
/// `None` where one of them measures nothing.
pub(crate) fn fall(bar: Ratio, head: Ratio) -> Option<Decimal> {
    let mut scale = 9;
    if bar.total == 0 || head.total == 0 {
        return None;
    }
    if !is_lower(head, bar) {
        return Some(Decimal::ZERO);
    }
    let wide = u128::from;
    let above = wide(bar.covered) * wide(head.total) - wide(head.covered) * wide(bar.total);
    let below = wide(bar.total) * wide(head.total);
    // Counts whose fraction does not fit, far beyond any code, lose what no decimal below shows.
    let excess = (128 - above.leading_zeros()).saturating_sub(128 - 37);
    let (above, below) = (above >> excess, below >> excess);
    let mut points = (above * 100 * 10_u128.pow(scale)).div_ceil(below.max(1));
    while scale > 0 && points % 10 == 0 {
        (points, scale) = (points / 10, scale - 1);
    }
    Some(Decimal::new(
        i64::try_from(points).unwrap_or(i64::MAX),
        scale,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(covered: u64, total: u64) -> Ratio {
        Ratio { covered, total }
    }

    #[test]
    fn a_fall_is_exact_and_never_rounded_down() {
        let fall = |bar, head| fall(bar, head).map(|points| points.to_string());
        let is = |points: &str| Some(points.to_owned());
        assert_eq!(fall(ratio(9, 10), ratio(90, 100)), is("0"));
        assert_eq!(fall(ratio(9, 10), ratio(91, 100)), is("0"));
        assert_eq!(fall(ratio(2, 3), ratio(1, 3)), is("33.333333334"));
        assert_eq!(fall(ratio(1, 2), ratio(99, 200)), is("0.5"));
        assert_eq!(fall(ratio(1, 1), ratio(0, 1)), is("100"));
        assert_eq!(fall(ratio(0, 0), ratio(1, 1)), None);
        let most = u64::MAX;
        assert_eq!(fall(ratio(most, most), ratio(0, most)), is("100"));
    }

    #[test]
    fn code_that_goes_does_not_make_a_fall() {
        // 90 of 100, of which 50 covered go: 40 of 50 are left
        assert_eq!(bar(ratio(90, 100), ratio(40, 50)), ratio(40, 50));
        // 90 of 100, of which 10 uncovered go: held against what was
        assert_eq!(bar(ratio(90, 100), ratio(90, 90)), ratio(90, 100));
        assert_eq!(bar(ratio(5, 10), ratio(0, 0)), ratio(5, 10));
    }
}
