//! The rows of an export, and what branches and decisions come to.

use std::collections::BTreeMap;

use super::super::draft::FileDraft;
use super::super::json_values::{Budget, scalar_hits, small};
use super::super::model::{Block, Branch, BranchKey, Condition, Ratio, Totals};
use super::super::table::Rows;
use super::segments::Segment;
use crate::json::{self, Scalar, Value};

/// Both ways of each condition.
pub(super) fn close_branches(branches: &Rows<Block, (bool, bool)>, file: &mut FileDraft) -> u64 {
    let mut branches: Vec<_> = branches.iter().collect();
    branches.sort();
    let (mut last, mut nth) = (None, 0_u32);
    for (at, &(yes, no)) in branches.iter().copied() {
        let start = (at.start_line, at.start_column);
        nth = if last == Some(start) { nth + 1 } else { 0 };
        last = Some(start);
        for (way, taken) in [(0, yes), (1, no)] {
            let key = BranchKey::Index(at.start_column, nth.saturating_mul(2) + way);
            let line = at.start_line;
            *file.branches.entry(Branch { line, key }) |= taken;
        }
    }
    2 * branches.len() as u64
}

/// Conditions that were shown to decide on their own; decisions of a line that have as many are told
/// apart by their order.
pub(super) fn close_decisions(decisions: &Rows<Block, Vec<bool>>, file: &mut FileDraft) -> u64 {
    let mut decisions: Vec<_> = decisions.iter().collect();
    decisions.sort();
    let mut records = 0;
    let mut used = BTreeMap::<(u32, u32), u32>::new();
    for (at, shown) in decisions {
        let (line, group) = (
            at.start_line,
            u32::try_from(shown.len()).unwrap_or(u32::MAX),
        );
        let first = used.entry((line, group)).or_default();
        for (&shown, index) in shown.iter().zip(*first..) {
            let sense = true;
            let condition = Condition {
                line,
                group,
                index,
                sense,
            };
            *file.conditions.entry(condition) |= shown;
            records += 1;
        }
        *first = first.saturating_add(group);
    }
    records
}

pub(super) fn unite(ours: &mut Vec<bool>, theirs: &[bool]) {
    if ours.len() < theirs.len() {
        ours.resize(theirs.len(), false);
    }
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours |= theirs;
    }
}

/// `[line, column, count, has count, is entry, is gap]`; the last one is newer.
pub(super) fn segment(row: [Scalar<'_>; 6]) -> Option<Segment> {
    let [
        line,
        column,
        count,
        Scalar::Bool(has_count),
        Scalar::Bool(is_entry),
        is_gap,
    ] = row
    else {
        return None;
    };
    Some(Segment {
        line: small(line).filter(|&line| line > 0)?,
        column: small(column)?,
        count: scalar_hits(count)?,
        has_count,
        is_entry,
        is_gap: is_gap == Scalar::Bool(true),
    })
}

pub(super) fn extent(row: [Scalar<'_>; 4]) -> Option<Block> {
    let [start_line, start_column, end_line, end_column] = row.map(small);
    Some(Block {
        start_line: start_line.filter(|&line| line > 0)?,
        start_column: start_column?,
        end_line: end_line?,
        end_column: end_column?,
    })
}

/// `[line, column, line, column, .., [condition shown, ..], [test vectors]]`
pub(super) fn decision(
    value: Value<'_>,
    budget: &mut Budget,
) -> Result<Option<(Block, Vec<bool>)>, json::Stop> {
    let mut place = [Scalar::Null; 4];
    let mut at = 0;
    let mut shown = None;
    value.items(|value| {
        match value {
            Value::Scalar(scalar) => {
                if let Some(cell) = place.get_mut(at) {
                    *cell = scalar.without_text();
                }
            }
            Value::List(_) if shown.is_none() => {
                let list = shown.insert(Vec::new());
                value.items(|value| {
                    budget.spend(1)?;
                    list.push(matches!(value, Value::Scalar(Scalar::Bool(true))));
                    Ok(())
                })?;
            }
            Value::List(_) | Value::Object(_) => {}
        }
        at += 1;
        Ok(())
    })?;
    Ok(extent(place).zip(shown))
}

/// The counts of a summary, without its percentages.
pub(super) fn totals(value: Value<'_>) -> Result<Totals, json::Stop> {
    let mut totals = Totals::default();
    value.entries(|unit, value| {
        let unit = match unit {
            "lines" => &mut totals.lines,
            "branches" => &mut totals.branches,
            "mcdc" => &mut totals.conditions,
            "functions" => &mut totals.functions,
            "regions" => &mut totals.regions,
            _ => return Ok(()),
        };
        let (mut covered, mut total) = (0, 0);
        value.entries(|key, value| {
            match (key, value) {
                ("covered", Value::Scalar(count)) => covered = scalar_hits(count).unwrap_or(0),
                ("count", Value::Scalar(count)) => total = scalar_hits(count).unwrap_or(0),
                _ => {}
            }
            Ok(())
        })?;
        if covered <= total {
            *unit = Ratio { covered, total };
        }
        Ok(())
    })?;
    Ok(totals)
}
