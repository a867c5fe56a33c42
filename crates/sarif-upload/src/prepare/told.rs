//! What the checks found in a file, added up: of each check its count and the first places.

use crate::limits::Problem;
use gate_sarif::check::{self, Check, Repair, Weight};
use gate_sarif::stream::Position;
use serde::Serialize;
use std::fmt::Write as _;

/// Places that are told of each check.
const PLACES: usize = 10;

/// What one check found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReceipt {
    /// Id of the check.
    pub check: &'static str,
    /// `refused`, `hidden` or `advice`.
    pub weight: &'static str,
    pub expected: &'static str,
    pub next_step: &'static str,
    /// What would mend it: `safe`, `cut` or `split`; null where nothing of ours does.
    pub repair: Option<&'static str>,
    /// How often it was found and stays so.
    pub count: u64,
    /// How often it was mended.
    pub mended: u64,
    /// The first, at most 10.
    pub places: Vec<PlaceReceipt>,
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceReceipt {
    /// JSON pointer within the file.
    pub pointer: String,
    /// Counted from 1, in the file as UTF-8.
    pub line: u64,
    pub column: u64,
    pub found: String,
    /// Whether it was mended.
    pub mended: bool,
}

/// The sum.
#[derive(Debug, Default)]
pub(crate) struct Told {
    of_checks: Vec<(&'static Check, CheckReceipt)>,
}

impl Told {
    /// Adds a problem; `place` is asked for only where it will be told.
    pub(super) fn add(
        &mut self,
        problem: &check::Problem,
        mended: bool,
        place: impl FnOnce() -> (String, Position),
    ) {
        let known = self
            .of_checks
            .iter()
            .position(|(check, _)| *check == problem.check);
        let at = known.unwrap_or_else(|| {
            self.of_checks.push((problem.check, blank(problem.check)));
            self.of_checks.len() - 1
        });
        let Some((_, sum)) = self.of_checks.get_mut(at) else {
            return;
        };
        if mended {
            sum.mended += 1;
        } else {
            sum.count += 1;
        }
        sum.repair = sum.repair.or(problem.repair.as_ref().map(Repair::word));
        if sum.places.len() < PLACES {
            let (pointer, position) = place();
            sum.places.push(PlaceReceipt {
                pointer,
                line: position.line,
                column: position.column,
                found: problem.found.clone(),
                mended,
            });
        }
    }

    /// The gravest first.
    pub(crate) fn receipts(&self) -> Vec<CheckReceipt> {
        let mut all: Vec<_> = self.of_checks.iter().collect();
        all.sort_by_key(|(check, _)| std::cmp::Reverse(check.weight));
        all.into_iter()
            .map(|(_, receipt)| receipt.clone())
            .collect()
    }

    /// Why GitHub would refuse the file.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let sum = self.refused()?;
        let others = self
            .receipts()
            .iter()
            .filter(|one| one.weight == sum.weight && one.count > 0)
            .count()
            - 1;
        let mut problem = problem_of(sum);
        if others > 0 {
            // Writing to a String cannot fail.
            let _ = write!(
                problem.reason,
                "; {others} other check(s) failed too, see the receipt"
            );
        }
        Some(problem)
    }

    /// Why the file does not say what there is to find: no log of SARIF, or one whose tool failed or said nothing.
    pub(crate) fn unproved(&self) -> Option<Problem> {
        const GAPS: [&str; 5] = [
            "run_malformed",
            "result_malformed",
            "no_runs",
            "results_absent",
            "execution_failed",
        ];
        let gap = |sum: &&CheckReceipt| GAPS.contains(&sum.check) && sum.count > 0;
        let sum = self.of_checks.iter().map(|(_, sum)| sum).find(gap)?;
        Some(problem_of(sum))
    }

    fn refused(&self) -> Option<&CheckReceipt> {
        let refused = self.of_checks.iter().filter(|(check, sum)| {
            check.weight == Weight::Refused && sum.count > 0 && sum.repair != Some("split")
        });
        refused.map(|(_, sum)| sum).next()
    }
}

fn blank(check: &'static Check) -> CheckReceipt {
    CheckReceipt {
        check: check.id,
        weight: check.weight.word(),
        expected: check.expected,
        next_step: check.next_step,
        repair: None,
        count: 0,
        mended: 0,
        places: Vec::new(),
    }
}

fn problem_of(sum: &CheckReceipt) -> Problem {
    let place = sum.places.iter().find(|place| !place.mended);
    let place = place.map_or_else(String::new, |place| {
        let pointer = if place.pointer.is_empty() {
            "/"
        } else {
            &place.pointer
        };
        format!(
            "{pointer} (line {}, column {}): found {}",
            place.line, place.column, place.found
        )
    });
    let such = if sum.count > 1 {
        format!(" ({} such)", sum.count)
    } else {
        String::new()
    };
    Problem::new(
        format!("{place}, expected {}{such}", sum.expected),
        sum.next_step,
    )
}
