//! llvm-cov's `export` in JSON, also as cargo-llvm-cov writes it; with `--summary-only` the counts of
//! each file and no lines.
//!
//! Lines, branches and decisions come from the files, regions and functions from the functions that
//! are listed beside them. A function, region or branch that was compiled several times is one: it
//! is covered if any instance is. (llvm-cov's own summary takes the best instance as a whole.)

mod segments;

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::json_values::{Budget, scalar_hits, small};
use super::model::{Block, Branch, BranchKey, Condition, FunctionKey, Ratio, Totals};
use super::sniff::Head;
use super::table::Rows;
use crate::error::ReportError;
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;
use segments::Segment;

/// `CounterMappingRegion::CodeRegion`
const CODE: u32 = 0;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let json = &head.json;
    json.has(1, "type", "\"llvm.coverage.json.export\"")
        || json.has(1, "cargo_llvm_cov", "{")
        || json.has(1, "data", "[")
            && json.has(3, "files", "[")
            && (json.has(5, "filename", "\"")
                || json.has(5, "segments", "[")
                || json.has(5, "branches", "[")
                || json.has(5, "summary", "{"))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut reading = Reading {
        draft: Draft::default(),
        budget: Budget::new(limits),
        files: HashMap::new(),
        early: BTreeMap::new(),
    };
    json::read(reader, limits, false, |root| {
        root.entries(|key, value| match key {
            "data" => value.items(|export| reading.export(export)),
            _ => Ok(()),
        })
    })?;
    Ok(reading.draft)
}

struct Reading {
    draft: Draft,
    budget: Budget,
    files: HashMap<String, FileId>,
    /// What functions said of files that were not listed yet. Those of files that never are,
    /// because the user left them out, are dropped.
    early: BTreeMap<String, Compiled>,
}

/// What functions say of a file.
#[derive(Default)]
struct Compiled {
    regions: Rows<Block, u64>,
    functions: Rows<(u32, u32), u64>,
}

impl Reading {
    fn export(&mut self, value: Value<'_>) -> Taken {
        let mut listed = false;
        value.entries(|key, value| match key {
            "files" => {
                listed = true;
                value.items(|file| self.file(file))
            }
            "functions" => value.items(|function| self.function(function, listed)),
            _ => Ok(()),
        })?;
        for (path, compiled) in std::mem::take(&mut self.early) {
            if let Some(&id) = self.files.get(&path) {
                self.draft.records += compiled.close(self.draft.at(id));
            }
        }
        Ok(())
    }

    fn file(&mut self, value: Value<'_>) -> Taken {
        let mut path = None;
        let mut summary = None;
        let mut segments = None;
        let mut branches = Rows::<Block, (bool, bool)>::default();
        let mut decisions = Rows::<Block, Vec<bool>>::default();
        let mut skipped = 0;
        let budget = &mut self.budget;
        value.entries(|key, value| match key {
            "filename" => {
                path = value
                    .text()
                    .filter(|path| !path.is_empty())
                    .map(str::to_owned);
                Ok(())
            }
            "segments" => {
                let list = segments.get_or_insert_with(Vec::new);
                value.items(|value| {
                    budget.spend(1)?;
                    match segment(value.row()?) {
                        Some(segment) => list.push(segment),
                        None => skipped += 1,
                    }
                    Ok(())
                })
            }
            "branches" => value.items(|value| {
                budget.spend(1)?;
                let [a, b, c, d, yes, no] = value.row()?;
                match (extent([a, b, c, d]), scalar_hits(yes), scalar_hits(no)) {
                    (Some(at), Some(yes), Some(no)) => {
                        let branch = branches.entry(at);
                        branch.0 |= yes > 0;
                        branch.1 |= no > 0;
                    }
                    _ => skipped += 1,
                }
                Ok(())
            }),
            "mcdc_records" => value.items(|value| {
                match decision(value, budget)? {
                    Some((at, shown)) => unite(decisions.entry(at), &shown),
                    None => skipped += 1,
                }
                Ok(())
            }),
            "summary" => {
                summary = Some(totals(value)?);
                Ok(())
            }
            _ => Ok(()),
        })?;
        let Some(path) = path else {
            self.draft.skip_in("", "a file without a name");
            return Ok(());
        };
        for _ in 0..skipped {
            self.draft.skip_in(&path, "a segment, branch or decision");
        }
        let id = self.draft.open(&path);
        let file = self.draft.at(id);
        let mut records = 0;
        match (segments, summary) {
            (Some(segments), _) => records += segments::spread(segments, file, budget)?,
            (None, Some(totals)) => {
                file.summary = Some(totals);
                records += totals.lines.total + totals.regions.total + totals.functions.total;
            }
            (None, None) => {}
        }
        records += close_branches(&branches, file) + close_decisions(&decisions, file);
        self.draft.records = self.draft.records.saturating_add(records);
        self.files.insert(path, id);
        Ok(())
    }

    /// A function is where its first region is, whatever it is called: the names of one that was
    /// compiled several times differ.
    fn function(&mut self, value: Value<'_>, listed: bool) -> Taken {
        let mut paths: Vec<String> = Vec::new();
        let mut regions: Vec<(Block, u64, usize)> = Vec::new();
        let mut calls = None;
        let mut skipped = 0;
        let budget = &mut self.budget;
        value.entries(|key, value| match (key, &value) {
            ("filenames", _) => value.items(|value| {
                budget.spend(1)?;
                paths.push(value.text().unwrap_or_default().to_owned());
                Ok(())
            }),
            ("count", Value::Scalar(count)) => {
                calls = scalar_hits(*count);
                Ok(())
            }
            ("regions", _) => value.items(|value| {
                budget.spend(1)?;
                let [a, b, c, d, count, file, _, kind] = value.row()?;
                match (
                    extent([a, b, c, d]),
                    scalar_hits(count),
                    small(file),
                    small(kind),
                ) {
                    (Some(at), Some(count), Some(file), Some(CODE)) => {
                        regions.push((at, count, file as usize));
                    }
                    (_, _, _, Some(kind)) if kind != CODE => {}
                    _ => skipped += 1,
                }
                Ok(())
            }),
            _ => Ok(()),
        })?;
        for _ in 0..skipped {
            self.draft
                .skip_in(paths.first().map_or("", |path| path), "a region");
        }
        let mut first = true;
        for (at, count, file) in regions {
            let begins = std::mem::take(&mut first);
            let Some(path) = paths.get(file) else {
                self.draft.skip_in("", "a region of no file");
                continue;
            };
            if listed && !self.files.contains_key(path) {
                continue;
            }
            let compiled = match self.early.get_mut(path) {
                Some(compiled) => compiled,
                None => self.early.entry(path.clone()).or_default(),
            };
            let sum = compiled.regions.entry(at);
            *sum = sum.saturating_add(count);
            if begins {
                let sum = compiled.functions.entry((at.start_line, at.start_column));
                *sum = sum.saturating_add(calls.unwrap_or(count));
            }
        }
        Ok(())
    }
}

impl Compiled {
    fn close(self, file: &mut FileDraft) -> u64 {
        let mut records = 0;
        let regions = file.regions.get_or_insert_default();
        for (&at, &hits) in self.regions.finish().iter() {
            let sum = regions.entry(at);
            *sum = sum.saturating_add(hits);
            records += 1;
        }
        let mut last = 0;
        for (&(line, column), &calls) in self.functions.finish().iter() {
            // the names are mangled and differ from build to build
            let name = if line == last {
                format!("column {column}")
            } else {
                String::new()
            };
            last = line;
            let sum = file.functions.entry(FunctionKey { line, name });
            *sum = sum.saturating_add(calls);
            records += 1;
        }
        records
    }
}

/// Both ways of each condition.
fn close_branches(branches: &Rows<Block, (bool, bool)>, file: &mut FileDraft) -> u64 {
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
fn close_decisions(decisions: &Rows<Block, Vec<bool>>, file: &mut FileDraft) -> u64 {
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

fn unite(ours: &mut Vec<bool>, theirs: &[bool]) {
    if ours.len() < theirs.len() {
        ours.resize(theirs.len(), false);
    }
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours |= theirs;
    }
}

/// `[line, column, count, has count, is entry, is gap]`; the last one is newer.
fn segment(row: [Scalar<'_>; 6]) -> Option<Segment> {
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

fn extent(row: [Scalar<'_>; 4]) -> Option<Block> {
    let [start_line, start_column, end_line, end_column] = row.map(small);
    Some(Block {
        start_line: start_line.filter(|&line| line > 0)?,
        start_column: start_column?,
        end_line: end_line?,
        end_column: end_column?,
    })
}

/// `[line, column, line, column, .., [condition shown, ..], [test vectors]]`
fn decision(
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
fn totals(value: Value<'_>) -> Result<Totals, json::Stop> {
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
