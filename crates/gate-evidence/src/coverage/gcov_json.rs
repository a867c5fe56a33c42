//! gcov's JSON (`gcov --json-format`, GCC 9 and later), one document or several one after another.
//! A line stands once for each instance of a template: hits are summed, branches united by order.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::draft::{Draft, FileDraft};
use super::json_values::{Budget, hits, line, small};
use super::model::{Branch, BranchKey, Condition, FunctionKey};
use super::number::Line;
use super::sniff::Head;
use crate::error::ReportError;
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let json = &head.json;
    // gcovr's own format has files of the same shape
    !json.has(1, "gcovr/format_version", "")
        && (json.has(1, "gcc_version", "\"")
            || json.has(1, "current_working_directory", "\"")
            || json.has(1, "files", "[") && json.has(5, "line_number", ""))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut budget = Budget::new(limits);
    json::read(reader, limits, true, |root| {
        root.entries(|key, value| match key {
            "files" => value.items(|file| read_file(file, &mut draft, &mut budget)),
            "current_working_directory" => {
                if let Some(folder) = value.text().filter(|folder| !folder.is_empty()) {
                    draft.add_source(folder.to_owned());
                }
                Ok(())
            }
            _ => Ok(()),
        })
    })?;
    Ok(draft)
}

/// The name may come last: what is read before it waits.
fn read_file(value: Value<'_>, draft: &mut Draft, budget: &mut Budget) -> Taken {
    let mut path = None;
    let mut entry = Entry::default();
    value.entries(|key, value| match key {
        "file" => {
            path = value
                .text()
                .filter(|path| !path.is_empty())
                .map(str::to_owned);
            Ok(())
        }
        "lines" => value.items(|value| entry.line(value, budget)),
        "functions" => value.items(|value| entry.function(value, budget)),
        _ => Ok(()),
    })?;
    let Some(path) = path else {
        draft.skip_in("", "a file without a name");
        return Ok(());
    };
    for _ in 0..entry.skipped {
        draft.skip_in(&path, "a line or function");
    }
    draft.records += entry.records;
    let id = draft.open(&path);
    entry.close(draft.at(id));
    Ok(())
}

/// What a file's entry says.
#[derive(Default)]
struct Entry {
    lines: Vec<(u32, u64)>,
    branches: Vec<(Branch, bool)>,
    conditions: Vec<(Condition, bool)>,
    functions: Vec<(FunctionKey, u64)>,
    records: u64,
    skipped: u64,
}

impl Entry {
    fn line(&mut self, value: Value<'_>, budget: &mut Budget) -> Taken {
        budget.spend(1)?;
        let (mut at, mut count) = (None, None);
        let (mut branches, mut decisions) = (Vec::new(), Vec::new());
        value.entries(|key, value| match key {
            "line_number" => {
                at = line(&value);
                Ok(())
            }
            "count" => {
                count = hits(&value);
                Ok(())
            }
            "branches" => value.items(|value| {
                budget.spend(1)?;
                branches.push(number(value, "count")? > 0);
                Ok(())
            }),
            "conditions" => value.items(|value| {
                decisions.push(decision(value, budget)?);
                Ok(())
            }),
            _ => Ok(()),
        })?;
        let (line, count) = match (at, count) {
            (Some(Line::At(line)), Some(count)) => (line, count),
            (Some(Line::Nowhere), Some(_)) => return Ok(()),
            _ => {
                self.skipped += 1;
                return Ok(());
            }
        };
        self.records += 1 + branches.len() as u64;
        self.lines.push((line, count));
        for (taken, index) in branches.into_iter().zip(0..) {
            let key = BranchKey::Index(0, index);
            self.branches.push((Branch { line, key }, taken));
        }
        self.conditions(line, decisions);
        Ok(())
    }

    /// Decisions of one line with as many conditions are told apart by their order.
    fn conditions(&mut self, line: u32, decisions: Vec<Decision>) {
        let mut used = BTreeMap::<u32, u32>::new();
        for decision in decisions {
            let group = decision.conditions;
            let first = used.entry(group).or_default();
            for (sense, missed) in [(true, decision.never_true), (false, decision.never_false)] {
                for number in 0..group {
                    let condition = Condition {
                        line,
                        group,
                        index: first.saturating_add(number),
                        sense,
                    };
                    self.conditions.push((condition, !missed.contains(&number)));
                    self.records += 1;
                }
            }
            *first = first.saturating_add(group);
        }
    }

    fn function(&mut self, value: Value<'_>, budget: &mut Budget) -> Taken {
        budget.spend(1)?;
        let (mut name, mut readable) = (String::new(), None);
        let (mut start, mut calls) = (None, None);
        value.entries(|key, value| {
            match key {
                "name" => value.text().unwrap_or_default().clone_into(&mut name),
                "demangled_name" => readable = value.text().map(str::to_owned),
                "start_line" => start = line(&value),
                "execution_count" => calls = hits(&value),
                _ => {}
            }
            Ok(())
        })?;
        match (start, calls) {
            (Some(start), Some(calls)) => {
                let key = FunctionKey {
                    line: start.known().unwrap_or(0),
                    name: readable.unwrap_or(name),
                };
                self.functions.push((key, calls));
                self.records += 1;
            }
            _ => self.skipped += 1,
        }
        Ok(())
    }

    fn close(self, file: &mut FileDraft) {
        for (line, hits) in self.lines {
            file.add_line(line, hits);
        }
        for (branch, taken) in self.branches {
            *file.branches.entry(branch) |= taken;
        }
        for (condition, shown) in self.conditions {
            *file.conditions.entry(condition) |= shown;
        }
        for (function, calls) in self.functions {
            let sum = file.functions.entry(function);
            *sum = sum.saturating_add(calls);
        }
    }
}

/// What MC/DC says of a decision (GCC 14 and later).
struct Decision {
    conditions: u32,
    never_true: BTreeSet<u32>,
    never_false: BTreeSet<u32>,
}

/// `{"count": outcomes, "covered": .., "not_covered_true": [..], "not_covered_false": [..]}`
fn decision(value: Value<'_>, budget: &mut Budget) -> Result<Decision, json::Stop> {
    let mut decision = Decision {
        conditions: 0,
        never_true: BTreeSet::new(),
        never_false: BTreeSet::new(),
    };
    value.entries(|key, value| {
        let missed = match (key, &value) {
            // each condition has two outcomes
            ("count", Value::Scalar(count)) => {
                decision.conditions = small(*count).unwrap_or(0) / 2;
                return Ok(());
            }
            ("not_covered_true", _) => &mut decision.never_true,
            ("not_covered_false", _) => &mut decision.never_false,
            _ => return Ok(()),
        };
        value.items(|value| {
            budget.spend(1)?;
            if let Value::Scalar(Scalar::Unsigned(number)) = value {
                missed.extend(u32::try_from(number));
            }
            Ok(())
        })
    })?;
    budget.spend(2 * u64::from(decision.conditions))?;
    Ok(decision)
}

/// The count with this name in an object; 0 where it has none.
fn number(value: Value<'_>, name: &str) -> Result<u64, json::Stop> {
    let mut count = 0;
    value.entries(|key, value| {
        if key == name {
            count = hits(&value).unwrap_or(0);
        }
        Ok(())
    })?;
    Ok(count)
}
