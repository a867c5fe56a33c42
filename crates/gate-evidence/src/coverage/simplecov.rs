//! `SimpleCov`: `.resultset.json`, whose suites are merged as it merges them itself, and `coverage.json`
//! of its JSON formatter, in which lines between `:nocov:` are `"ignored"`.

use std::collections::BTreeMap;
use std::io::BufRead;

use super::draft::{Draft, FileDraft, too_many_files};
use super::json_values::{Budget, hits, line};
use super::model::{Branch, BranchKey, Coverage, FunctionKey};
use super::number::Line;
use super::sniff::Head;
use crate::error::{ReportError, excerpt};
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    let json = &head.json;
    is_formatted(head)
        || json.has(2, "coverage", "{")
            && (json.has(4, "lines", "") || json.has_any(3, "[") || json.has(2, "timestamp", ""))
}

fn is_formatted(head: &Head<'_>) -> bool {
    let json = &head.json;
    json.has(1, "coverage", "{")
        && (json.has(2, "simplecov_version", "") || json.has(3, "lines", "["))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut reading = Reading {
        files: BTreeMap::new(),
        draft: Draft::default(),
        budget: Budget::new(limits),
    };
    json::read(reader, limits, false, |root| {
        root.entries(|key, value| {
            if !matches!(value, Value::Object(_)) {
                return Ok(());
            }
            // `coverage` itself in the formatter's report, else a suite that holds it
            if key == "coverage" {
                return value.entries(|path, file| reading.coverage_or_file(path, file));
            }
            value.entries(|key, value| match (key, &value) {
                ("coverage", Value::Object(_)) => {
                    value.entries(|path, file| reading.file(path, file))
                }
                _ => Ok(()),
            })
        })
    })?;
    Ok(reading.finish())
}

struct Reading {
    files: BTreeMap<String, File>,
    draft: Draft,
    budget: Budget,
}

/// A file of one or more suites.
#[derive(Default)]
struct File {
    lines: Vec<Cell>,
    rest: FileDraft,
}

/// What suites say of a line.
#[derive(Clone, Copy, Default)]
struct Cell {
    hits: u64,
    counted: bool,
    irrelevant: bool,
    ignored: bool,
}

impl Reading {
    /// A file, or where a suite is named `coverage` what it holds.
    fn coverage_or_file(&mut self, path: &str, value: Value<'_>) -> Taken {
        match (path, &value) {
            ("coverage", Value::Object(_)) => value.entries(|path, file| self.file(path, file)),
            (_, Value::Object(_) | Value::List(_)) => self.file(path, value),
            _ => Ok(()),
        }
    }

    /// `{"lines": [..], "branches": {..}}`; before 0.18 the list of lines alone.
    fn file(&mut self, path: &str, value: Value<'_>) -> Taken {
        if self.files.len() >= Coverage::MAX_FILES {
            return Err(too_many_files(Coverage::MAX_FILES).into());
        }
        let mut file = self.files.remove(path).unwrap_or_default();
        if matches!(value, Value::List(_)) {
            self.lines(path, &mut file, value)?;
        } else {
            value.entries(|key, value| match (key, &value) {
                // null where another kind of coverage was measured
                (_, Value::Scalar(Scalar::Null)) => Ok(()),
                ("lines", _) => self.lines(path, &mut file, value),
                ("branches", Value::List(_)) => self.listed_branches(path, &mut file, value),
                ("branches", _) => self.branches(path, &mut file, value),
                ("methods", Value::Object(_)) => self.methods(path, &mut file, value),
                _ => Ok(()),
            })?;
        }
        self.files.insert(path.to_owned(), file);
        Ok(())
    }

    /// Hits from line 1 on; null where a line is none that could run.
    fn lines(&mut self, path: &str, file: &mut File, value: Value<'_>) -> Taken {
        let mut at = 0;
        value.items(|value| {
            self.budget.spend(1)?;
            if at == file.lines.len() {
                file.lines.push(Cell::default());
            }
            let cell = &mut file.lines[at];
            at += 1;
            match hits(&value) {
                _ if value.is_null() => cell.irrelevant = true,
                _ if value.text() == Some("ignored") => cell.ignored = true,
                Some(hits) => {
                    cell.hits = cell.hits.saturating_add(hits);
                    cell.counted = true;
                    self.draft.records += 1;
                }
                None => self.draft.skip_in(path, &format!("line {at}")),
            }
            Ok(())
        })
    }

    /// `{"[:if, id, from, column, to, column]": {"[:then, ..]": hits}}`
    fn branches(&mut self, path: &str, file: &mut File, value: Value<'_>) -> Taken {
        value.entries(|condition, value| {
            self.budget.spend(1)?;
            let Some((line, condition)) = without_id(condition) else {
                self.draft
                    .skip_in(path, &format!("condition {}", excerpt(condition)));
                return Ok(());
            };
            value.entries(|branch, value| {
                self.budget.spend(1)?;
                match (without_id(branch), hits(&value)) {
                    (Some((_, branch)), Some(hits)) => {
                        let key = BranchKey::Named(format!("{condition},{branch}").into());
                        *file.rest.branches.entry(Branch { line, key }) |= hits > 0;
                        self.draft.records += 1;
                    }
                    _ => self
                        .draft
                        .skip_in(path, &format!("branch {}", excerpt(branch))),
                }
                Ok(())
            })
        })
    }

    /// `[{"type": "then", "start_line": 4, "end_line": 6, "coverage": 1}]`
    fn listed_branches(&mut self, path: &str, file: &mut File, value: Value<'_>) -> Taken {
        // alike ones are told apart by their order
        let mut alike = BTreeMap::<(u32, String), u32>::new();
        value.items(|value| {
            self.budget.spend(1)?;
            let (mut kind, mut start, mut end) = (String::new(), None, None);
            let (mut covered, mut ignored) = (None, false);
            value.entries(|key, value| {
                match key {
                    "type" => value.text().unwrap_or_default().clone_into(&mut kind),
                    "start_line" => start = line(&value).and_then(Line::known),
                    "end_line" => end = line(&value).and_then(Line::known),
                    "coverage" if value.text() == Some("ignored") => ignored = true,
                    "coverage" => covered = hits(&value),
                    _ => {}
                }
                Ok(())
            })?;
            let (Some(line), Some(end), Some(hits)) = (start, end, covered) else {
                if !ignored {
                    self.draft.skip_in(path, "a branch");
                }
                return Ok(());
            };
            let name = format!("{kind}-{end}");
            let nth = alike.entry((line, name.clone())).or_default();
            let key = BranchKey::Named(format!("{name},{nth}").into());
            *nth += 1;
            *file.rest.branches.entry(Branch { line, key }) |= hits > 0;
            self.draft.records += 1;
            Ok(())
        })
    }

    /// `{"[\"Class\", :name, from, column, to, column]": calls}`
    fn methods(&mut self, path: &str, file: &mut File, value: Value<'_>) -> Taken {
        value.entries(|method, value| {
            self.budget.spend(1)?;
            let Some((([line, ..], name), calls)) = extent(method).zip(hits(&value)) else {
                self.draft
                    .skip_in(path, &format!("method {}", excerpt(method)));
                return Ok(());
            };
            let name = name.replace(['"', ':'], "").replace(", ", "#");
            let sum = file.rest.functions.entry(FunctionKey { line, name });
            *sum = sum.saturating_add(calls);
            self.draft.records += 1;
            Ok(())
        })
    }

    fn finish(mut self) -> Draft {
        for (path, mut file) in self.files {
            for (cell, line) in file.lines.into_iter().zip(1..) {
                // a suite that did not load the file guessed its lines, one that did knows better
                if cell.counted && !(cell.irrelevant && cell.hits == 0) {
                    file.rest.add_line(line, cell.hits);
                }
                if cell.ignored {
                    file.rest.ignored.entry(line);
                }
            }
            let id = self.draft.open(&path);
            *self.draft.at(id) = file.rest;
        }
        self.draft
    }
}

/// Line, column, line, column at the end of `[.., 3, 4, 7, 7]`, and what is before them.
fn extent(key: &str) -> Option<([u32; 4], &str)> {
    let mut rest = key.strip_prefix('[')?.strip_suffix(']')?;
    let mut extent = [0; 4];
    for number in extent.iter_mut().rev() {
        let (before, last) = rest.rsplit_once(", ")?;
        *number = last.parse().ok()?;
        rest = before;
    }
    (extent[0] > 0).then_some((extent, rest))
}

/// The line of a condition or branch, and what it is and where, without the number that Ruby gave it.
fn without_id(key: &str) -> Option<(u32, String)> {
    let ([line, column, end, end_column], rest) = extent(key)?;
    let (kind, _id) = rest.rsplit_once(", ")?;
    let kind = kind.trim_matches([':', '"']);
    // a condition is named in each of its branches, so what it is must not be long
    (kind.len() <= 32).then(|| (line, format!("{kind}@{line}:{column}-{end}:{end_column}")))
}
