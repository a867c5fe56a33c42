//! Line runs of a change, and what of a file's coverage lies in them.

use gate_evidence::coverage::{Block, FileCoverage, Ratio, Totals};
use std::collections::BTreeSet;

/// Runs of lines, first and last, in order.
pub(crate) type Runs<'a> = &'a [(u32, u32)];

/// Whether a line is in one of the runs.
pub(crate) fn holds(runs: Runs<'_>, line: u32) -> bool {
    meets(runs, line, line)
}

/// Whether a run has a line between `first` and `last`.
pub(crate) fn meets(runs: Runs<'_>, first: u32, last: u32) -> bool {
    let at = runs.partition_point(|&(_, to)| to < first);
    runs.get(at).is_some_and(|&(from, _)| from <= last)
}

/// The measured lines that the runs touch: those in them, and the first line of
/// a statement over several lines of which a later one is in them.
pub(crate) fn touched(file: &FileCoverage, runs: Runs<'_>) -> BTreeSet<u32> {
    let mut lines: BTreeSet<u32> = runs
        .iter()
        .flat_map(|&(from, to)| file.lines.range(from..=to).map(|(&line, _)| line))
        .collect();
    if let Some(statements) = &file.statements {
        for block in leaves(statements.keys()) {
            let later = block.start_line.saturating_add(1);
            let line = block.start_line;
            if later <= block.end_line
                && !holds(runs, line)
                && file.lines.contains_key(&line)
                && meets(runs, later, last_line(block))
                // where each of its lines is measured, each speaks for itself
                && file.lines.range(later..=last_line(block)).next().is_none()
            {
                lines.insert(line);
            }
        }
    }
    lines
}

/// Exact counts of what of a file lies in the runs. Branches are on their
/// lines and functions on their first; a statement or region counts where it
/// begins in a run, or holds no other and has a line in one.
pub(crate) fn within(file: &FileCoverage, runs: Runs<'_>) -> Totals {
    let touched = touched(file, runs);
    let mut totals = Totals::default();
    for line in &touched {
        let hits = file.lines.get(line).copied().unwrap_or(0);
        count(&mut totals.lines, 1, hits > 0);
    }
    for (line, on_line) in file.branch_lines() {
        if touched.contains(&line) || holds(runs, line) {
            totals.branches.add(on_line);
        }
    }
    for (condition, &shown) in &file.conditions {
        if touched.contains(&condition.line) || holds(runs, condition.line) {
            count(&mut totals.conditions, 1, shown);
        }
    }
    for (function, &calls) in &file.functions {
        if holds(runs, function.line) {
            count(&mut totals.functions, 1, calls > 0);
        }
    }
    if let Some(statements) = &file.statements {
        let leaf: BTreeSet<&Block> = leaves(statements.keys()).collect();
        for (block, statement) in statements {
            if in_runs(runs, block, leaf.contains(block)) {
                let covered = statement.hits > 0;
                count(&mut totals.statements, statement.count.into(), covered);
            }
        }
    }
    if let Some(regions) = &file.regions {
        let leaf: BTreeSet<&Block> = leaves(regions.keys()).collect();
        for (block, &hits) in regions {
            if in_runs(runs, block, leaf.contains(block)) {
                count(&mut totals.regions, 1, hits > 0);
            }
        }
    }
    totals
}

fn count(ratio: &mut Ratio, of: u64, covered: bool) {
    ratio.add(Ratio {
        covered: if covered { of } else { 0 },
        total: of,
    });
}

fn in_runs(runs: Runs<'_>, block: &Block, leaf: bool) -> bool {
    holds(runs, block.start_line) || leaf && meets(runs, block.start_line, last_line(block))
}

/// The last line that has something of the block: not one with its closing brace only.
fn last_line(block: &Block) -> u32 {
    let brace_only = block.end_line > block.start_line && block.end_column <= 2;
    block.end_line - u32::from(brace_only)
}

/// The blocks that hold no other one. In order of their beginnings, that is
/// those which the next one does not begin in.
fn leaves<'a>(blocks: impl Iterator<Item = &'a Block>) -> impl Iterator<Item = &'a Block> {
    let mut blocks = blocks.peekable();
    std::iter::from_fn(move || {
        loop {
            let block = blocks.next()?;
            let inside = blocks.peek().is_some_and(|next| {
                (next.start_line, next.start_column) < (block.end_line, block.end_column)
            });
            if !inside {
                return Some(block);
            }
        }
    })
}

/// Where a line of the base is now: `None` where the change took it out. Lines
/// that are neither removed nor added are the same ones in the same order.
pub(crate) fn now(line: u32, removed: Runs<'_>, added: Runs<'_>) -> Option<u32> {
    if holds(removed, line) {
        return None;
    }
    let gone: u32 = removed
        .iter()
        .take_while(|&&(from, _)| from < line)
        .map(|&(from, to)| to - from + 1)
        .sum();
    let mut at = line - gone;
    for &(from, to) in added {
        if from > at {
            break;
        }
        at = at.checked_add(to - from + 1)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_looked_up_at_their_edges() {
        let runs = [(3, 5), (9, 9)];
        let found: Vec<u32> = (1..=10).filter(|&line| holds(&runs, line)).collect();
        assert_eq!(found, [3, 4, 5, 9]);
        assert!(meets(&runs, 1, 3) && meets(&runs, 6, 9) && !meets(&runs, 6, 8));
        assert!(!holds(&[], 1));
    }

    #[test]
    fn lines_keep_their_order_through_a_change() {
        // base: a b c d e   now: X a d Y Z e
        let (removed, added) = ([(2, 3)], [(1, 1), (4, 5)]);
        let places: Vec<_> = (1..=5).map(|line| now(line, &removed, &added)).collect();
        assert_eq!(places, [Some(2), None, None, Some(3), Some(6)]);
        assert_eq!(now(u32::MAX, &[], &[(1, 1)]), None, "no such line");
    }
}
