//! Istanbul's `coverage-final.json`, as nyc, Jest, Vitest and c8 write it.
//!
//! Hits stand in maps of their own (`s`, `f`, `b`), joined by a number with the maps of extents.
//! Only extents are kept: the numbers differ from one instrumentation to the next. A line has the
//! largest hits of the statements that start on it.

mod extents;

use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::json_values::{Budget, hits};
use super::model::{Block, Branch, BranchKey, FunctionKey, Statement};
use super::sniff::Head;
use super::table::Rows;
use crate::error::ReportError;
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;
use extents::{Function, branch, extent, function};

pub(super) fn sniff(head: &Head<'_>) -> bool {
    // below `data` where objects of istanbul-lib-coverage were written as they are
    head.json.has(2, "statementMap", "{") || head.json.has(3, "statementMap", "{")
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut budget = Budget::new(limits);
    json::read(reader, limits, false, |root| {
        root.entries(|path, value| {
            let mut entry = Entry::default();
            entry.read(value, &mut budget)?;
            let path = entry.path.take().unwrap_or_else(|| path.to_owned());
            entry.close(&path, &mut draft);
            Ok(())
        })
    })?;
    Ok(draft)
}

/// What a file's entry says; its parts stand in any order.
#[derive(Default)]
struct Entry {
    path: Option<String>,
    /// Nothing was known of the file but its source: whatever was measured replaces it.
    placeholder: bool,
    generated: bool,
    statements: Rows<u32, (Option<Block>, Option<u64>)>,
    functions: Rows<u32, (Option<Function>, Option<u64>)>,
    branches: Rows<u32, (Option<Block>, Paths)>,
    skipped: u64,
}

/// The ways a branch has.
#[derive(Default)]
struct Paths {
    /// How many the map of extents has, for a branch without hits.
    known: u32,
    hits: Option<Vec<u64>>,
}

impl Entry {
    fn read(&mut self, value: Value<'_>, budget: &mut Budget) -> Taken {
        value.entries(|key, value| match key {
            "data" => self.read(value, budget),
            "path" => {
                let path = value.text().filter(|path| !path.is_empty());
                self.path = path.map(str::to_owned);
                Ok(())
            }
            "all" => {
                self.placeholder = matches!(value, Value::Scalar(Scalar::Bool(true)));
                Ok(())
            }
            "inputSourceMap" => {
                self.generated = !value.is_null();
                Ok(())
            }
            "statementMap" => self.numbered(value, budget, |entry, id, value, _| {
                entry.statements.entry(id).0 = extent(value)?;
                Ok(())
            }),
            "s" => self.numbered(value, budget, |entry, id, value, _| {
                entry.statements.entry(id).1 = Some(entry.hits(&value));
                Ok(())
            }),
            "fnMap" => self.numbered(value, budget, |entry, id, value, _| {
                entry.functions.entry(id).0 = Some(function(value)?);
                Ok(())
            }),
            "f" => self.numbered(value, budget, |entry, id, value, _| {
                entry.functions.entry(id).1 = Some(entry.hits(&value));
                Ok(())
            }),
            "branchMap" => self.numbered(value, budget, |entry, id, value, budget| {
                let (at, known) = branch(value, budget)?;
                let branch = entry.branches.entry(id);
                (branch.0, branch.1.known) = (at, known);
                Ok(())
            }),
            "b" => self.numbered(value, budget, |entry, id, value, budget| {
                let mut paths = Vec::new();
                value.items(|value| {
                    budget.spend(1)?;
                    paths.push(entry.hits(&value));
                    Ok(())
                })?;
                entry.branches.entry(id).1.hits = Some(paths);
                Ok(())
            }),
            _ => Ok(()),
        })
    }

    /// Gives each member of an object to `take` whose key is a number, as all are.
    fn numbered(
        &mut self,
        value: Value<'_>,
        budget: &mut Budget,
        mut take: impl FnMut(&mut Self, u32, Value<'_>, &mut Budget) -> Taken,
    ) -> Taken {
        value.entries(|key, value| {
            budget.spend(1)?;
            match key.parse() {
                Ok(id) => take(self, id, value, budget)?,
                Err(_) => self.skipped += 1,
            }
            Ok(())
        })
    }

    /// What is no count was not counted.
    fn hits(&mut self, value: &Value<'_>) -> u64 {
        hits(value).unwrap_or_else(|| {
            self.skipped += 1;
            0
        })
    }

    fn close(self, path: &str, draft: &mut Draft) {
        let id = draft.open(path);
        if self.generated {
            draft.note(|| {
                let path = crate::error::excerpt(path);
                format!("{path}: lines are those of generated code, its source map was not applied")
            });
        }
        for _ in 0..self.skipped {
            draft.skip_in(path, "a count or number that is none");
        }
        if !draft.at(id).takes(self.placeholder) {
            return;
        }
        self.statements(path, draft, id);
        self.functions(path, draft, id);
        self.branches(path, draft, id);
    }
}

impl Entry {
    fn statements(&self, path: &str, draft: &mut Draft, id: FileId) {
        let mut lines = Rows::<u32, u64>::default();
        draft.at(id).statements.get_or_insert_default();
        for (_, &(at, hits)) in self.statements.iter() {
            let (Some(at), hits) = (at, hits.unwrap_or(0)) else {
                draft.skip_in(path, "a statement that is nowhere");
                continue;
            };
            draft.at(id).add_statement(at, Statement { count: 1, hits });
            let most = lines.entry(at.start_line);
            *most = hits.max(*most);
            draft.records += 1;
        }
        for (&line, &hits) in lines.iter() {
            draft.at(id).add_line(line, hits);
        }
    }

    fn functions(&self, path: &str, draft: &mut Draft, id: FileId) {
        let mut functions = Rows::<FunctionKey, u64>::default();
        for (_, (function, calls)) in self.functions.iter() {
            let Some(Function { name, at, line }) = function else {
                draft.skip_in(path, "calls of a function that is nowhere");
                continue;
            };
            let line = at.map(|at| at.start_line).or(*line).unwrap_or(0);
            let column = at.map_or(0, |at| at.start_column);
            let mut key = FunctionKey {
                line,
                name: name.clone(),
            };
            if name.is_empty() || name.starts_with("(anonymous") {
                key.name = format!("(anonymous:{column})");
            } else if functions.get(&key).is_some() {
                key.name = format!("{name}:{column}");
            }
            let sum = functions.entry(key);
            *sum = sum.saturating_add(calls.unwrap_or(0));
            draft.records += 1;
        }
        for (key, &calls) in functions.iter() {
            let sum = draft.at(id).functions.entry(key.clone());
            *sum = sum.saturating_add(calls);
        }
    }

    fn branches(&self, path: &str, draft: &mut Draft, id: FileId) {
        let mut branches: Vec<(Block, &Paths)> = Vec::new();
        for (_, (at, paths)) in self.branches.iter() {
            match at {
                Some(at) => branches.push((*at, paths)),
                None => draft.skip_in(path, "a branch that is nowhere"),
            }
        }
        branches.sort_by_key(|(at, _)| *at);
        // of branches that begin at one place the shorter comes first, in every report
        let (mut last, mut nth) = (None, 0);
        for (at, paths) in branches {
            let start = (at.start_line, at.start_column);
            nth = if last == Some(start) { nth + 1 } else { 0 };
            last = Some(start);
            let total = paths.hits.as_ref().map_or(paths.known as usize, Vec::len);
            for (path, of) in (0..total).zip(0_u32..) {
                let hits = paths.hits.as_ref().map_or(0, |hits| hits[path]);
                let key = BranchKey::Index(at.start_column, of.saturating_add(nth << 16));
                let line = at.start_line;
                *draft.at(id).branches.entry(Branch { line, key }) |= hits > 0;
                draft.records += 1;
            }
        }
    }
}

impl FileDraft {
    /// Whether an entry of the file is to be taken in, given whether it is a placeholder: what was
    /// measured comes in the place of one, and never the other way round.
    fn takes(&mut self, placeholder: bool) -> bool {
        if self.statements.is_none() {
            self.placeholder = placeholder;
        } else if self.placeholder && !placeholder {
            *self = Self::default();
        }
        self.placeholder == placeholder
    }
}
