//! JSON reports of coverage.py, formats 2 and 3. Hits are only ever 0 or 1, and its statements are
//! its lines. Percentages and summaries are not taken for anything: the lines and branches say it all.

use std::io::BufRead;

use super::draft::{Draft, FileDraft, FileId};
use super::json_values::{Budget, hits, line, scalar_line};
use super::model::{Block, Branch, BranchKey, FunctionKey, Statement};
use super::number::Line;
use super::sniff::Head;
use crate::error::ReportError;
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.json.has(2, "show_contexts", "")
        || head.json.has(2, "branch_coverage", "")
        || head.json.has(1, "files", "{") && head.json.has(3, "executed_lines", "[")
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut budget = Budget::new(limits);
    let mut stated = None;
    json::read(reader, limits, false, |root| {
        root.entries(|key, value| match key {
            "files" => value.entries(|path, file| read_file(path, file, &mut draft, &mut budget)),
            "totals" => value.entries(|key, value| {
                if key == "num_statements" {
                    stated = hits(&value);
                }
                Ok(())
            }),
            _ => Ok(()),
        })
    })?;
    let held = draft.files().map(|file| measured(file)).sum::<u64>();
    // up to 6.5 lines that ran are listed although they are no statements, such as docstrings
    if let Some(stated) = stated.filter(|&stated| stated != held) {
        draft.note(|| format!("the report states {stated} statements and holds {held}"));
    }
    Ok(draft)
}

fn measured(file: &FileDraft) -> u64 {
    let lines = file.lines.iter();
    lines
        .filter(|(line, _)| file.ignored.get(line).is_none())
        .count() as u64
}

fn read_file(path: &str, file: Value<'_>, draft: &mut Draft, budget: &mut Budget) -> Taken {
    let id = draft.open(path);
    draft.at(id).statements.get_or_insert_default();
    file.entries(|key, value| match key {
        "executed_lines" => read_lines(path, value, draft, budget, |draft, line| {
            statement(draft.at(id), line, 1);
        }),
        "missing_lines" => read_lines(path, value, draft, budget, |draft, line| {
            statement(draft.at(id), line, 0);
        }),
        "excluded_lines" => read_lines(path, value, draft, budget, |draft, line| {
            draft.at(id).ignored.entry(line);
        }),
        "executed_branches" => read_branches(path, value, draft, id, budget, true),
        "missing_branches" => read_branches(path, value, draft, id, budget, false),
        "functions" => {
            value.entries(|name, function| read_function(path, name, function, draft, id, budget))
        }
        _ => Ok(()),
    })
}

fn statement(file: &mut FileDraft, line: u32, hits: u64) {
    file.add_line(line, hits);
    let block = Block {
        start_line: line,
        start_column: 1,
        end_line: line.saturating_add(1),
        end_column: 1,
    };
    file.add_statement(block, Statement { count: 1, hits });
}

fn read_lines(
    path: &str,
    value: Value<'_>,
    draft: &mut Draft,
    budget: &mut Budget,
    mut take: impl FnMut(&mut Draft, u32),
) -> Taken {
    value.items(|value| {
        budget.spend(1)?;
        match line(&value) {
            Some(Line::At(line)) => {
                draft.records += 1;
                take(draft, line);
            }
            // what an empty file has in old reports
            Some(Line::Nowhere) => {}
            None => draft.skip_in(path, "a line number"),
        }
        Ok(())
    })
}

/// Pairs of lines, from and to; a negative `to` leaves the function or module that begins there.
fn read_branches(
    path: &str,
    value: Value<'_>,
    draft: &mut Draft,
    file: FileId,
    budget: &mut Budget,
    taken: bool,
) -> Taken {
    value.items(|pair| {
        budget.spend(1)?;
        let [from, to] = pair.row()?;
        let key = match to {
            Scalar::Unsigned(to) => u32::try_from(to).ok().map(|to| BranchKey::Index(0, to)),
            Scalar::Negative(to) => Some(BranchKey::Named(to.to_string().into())),
            _ => None,
        };
        match (scalar_line(from), key) {
            (Some(Line::At(line)), Some(key)) => {
                *draft.at(file).branches.entry(Branch { line, key }) |= taken;
                draft.records += 1;
            }
            _ => draft.skip_in(path, "a branch"),
        }
        Ok(())
    })
}

/// A function counts as called if one of its lines ran, and not at all if it has none.
fn read_function(
    path: &str,
    name: &str,
    function: Value<'_>,
    draft: &mut Draft,
    file: FileId,
    budget: &mut Budget,
) -> Taken {
    // what is outside of all functions
    if name.is_empty() {
        return Ok(());
    }
    let (mut start, mut first, mut ran) = (None, None::<u32>, false);
    function.entries(|key, value| match key {
        "start_line" => {
            start = line(&value).and_then(Line::known);
            Ok(())
        }
        "executed_lines" | "missing_lines" => read_lines(path, value, draft, budget, |_, line| {
            ran |= key == "executed_lines";
            first = Some(first.map_or(line, |first| first.min(line)));
        }),
        _ => Ok(()),
    })?;
    if let Some(first) = first {
        let key = FunctionKey {
            line: start.unwrap_or(first),
            name: name.to_owned(),
        };
        let calls = draft.at(file).functions.entry(key);
        *calls = calls.saturating_add(ran.into());
        draft.records += 1;
    }
    Ok(())
}
