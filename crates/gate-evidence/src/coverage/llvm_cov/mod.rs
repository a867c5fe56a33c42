//! llvm-cov's `export` in JSON, also as cargo-llvm-cov writes it; with `--summary-only` the counts of
//! each file and no lines.
//!
//! Lines, branches and decisions come from the files, regions and functions from the functions that
//! are listed beside them. A function, region or branch that was compiled several times is one: it
//! is covered if any instance is. (llvm-cov's own summary takes the best instance as a whole.)

mod rows;
mod segments;

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::json_values::{Budget, scalar_hits, small};
use super::model::{Block, FunctionKey};
use super::sniff::Head;
use super::table::Rows;
use crate::error::ReportError;
use crate::json::{self, Taken, Value};
use crate::limits::Limits;
use rows::{close_branches, close_decisions, decision, extent, segment, totals, unite};

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
                let units = [totals.lines, totals.regions, totals.functions];
                records += units.iter().filter(|unit| unit.total > 0).count() as u64;
            }
            (None, None) => {}
        }
        records += close_branches(&branches, file) + close_decisions(&decisions, file);
        self.draft.records += records;
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
    fn close(mut self, file: &mut FileDraft) -> u64 {
        let mut records = 0;
        let regions = file.regions.get_or_insert_default();
        for (&at, &hits) in &self.regions.take() {
            let sum = regions.entry(at);
            *sum = sum.saturating_add(hits);
            records += 1;
        }
        let mut last = 0;
        for (&(line, column), &calls) in &self.functions.take() {
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
