//! Go cover profiles: `path:line.column,line.column statements count` under a `mode:` line.
//!
//! Both of Go's units are given: statements, as `go tool cover -func` counts, and lines, as diff
//! tools count. They are different numbers and are never compared with each other.

use std::io::BufRead;

use super::draft::Draft;
use super::model::{Block, Statement};
use super::number::digits;
use super::sniff::Head;
use super::table::Rows;
use crate::error::{ReportError, ReportErrorKind, excerpt, within};
use crate::limits::Limits;
use crate::lines;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    is_mode(head.first_line())
}

fn is_mode(line: &str) -> bool {
    line.strip_prefix("mode:")
        .is_some_and(|mode| matches!(mode.trim(), "set" | "count" | "atomic"))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut coverage = Draft::default();
    let mut unread = None;
    let end = lines::each(reader, limits, |number, line| {
        unread = None;
        // a profile joined from several repeats the mode line
        if line.is_empty() || is_mode(line) {
            return Ok(());
        }
        let Some((path, block, statement)) = row(line) else {
            unread = Some((number, excerpt(line)));
            coverage.skip(number, &excerpt(line));
            return Ok(());
        };
        let file = coverage.open(path);
        let known = coverage
            .at(file)
            .statements
            .get_or_insert_default()
            .get(&block)
            .copied();
        if known.is_some_and(|known| known.count != statement.count) {
            coverage.skip(
                number,
                "a block whose statement count differs from its first mention",
            );
            return Ok(());
        }
        coverage.at(file).add_statement(block, statement);
        coverage.records += 1;
        within(coverage.records, limits.records, "records", number)
    })?;
    if let Some((number, found)) = unread.filter(|_| !end.newline) {
        let expected = "a whole row and a newline at the end";
        return Err(ReportError::new(
            ReportErrorKind::Truncated,
            Some(number),
            found,
            expected,
        ));
    }
    spread_over_lines(&mut coverage, limits)?;
    Ok(coverage)
}

/// One row, read from the right because a path may hold colons and spaces.
fn row(line: &str) -> Option<(&str, Block, Statement)> {
    let (rest, count) = line.rsplit_once(' ')?;
    let (rest, statements) = rest.rsplit_once(' ')?;
    let (path, extent) = rest.rsplit_once(':')?;
    let (start, end) = extent.split_once(',')?;
    let small = |text: &str| u32::try_from(digits(text)?).ok();
    let position = |text: &str| {
        let (line, column) = text.split_once('.')?;
        Some((small(line)?, small(column)?))
    };
    let ((start_line, start_column), (end_line, end_column)) = (position(start)?, position(end)?);
    let backwards = (start_line, start_column) > (end_line, end_column);
    if path.is_empty() || start_line == 0 || backwards {
        return None;
    }
    let block = Block {
        start_line,
        start_column,
        end_line,
        end_column,
    };
    Some((
        path,
        block,
        Statement {
            count: small(statements)?,
            hits: digits(count)?,
        },
    ))
}

/// Lines from blocks: start to end, without the end line when only a closing brace is on it
/// (end column at most 2). A line has the largest hits of its blocks.
fn spread_over_lines(coverage: &mut Draft, limits: Limits) -> Result<(), ReportError> {
    let mut budget = limits.records;
    for file in coverage.files() {
        let mut lines = Rows::<u32, u64>::default();
        for (block, statement) in file.statements.iter().flat_map(Rows::iter) {
            let brace_only = block.end_line > block.start_line && block.end_column <= 2;
            let last = block.end_line - u32::from(brace_only);
            let Some(left) = budget.checked_sub(u64::from(last - block.start_line) + 1) else {
                return Err(ReportError::new(
                    ReportErrorKind::OverLimit,
                    None,
                    "blocks that spread over more source lines",
                    format!("at most {} lines", limits.records),
                ));
            };
            budget = left;
            for line in block.start_line..=last {
                let most = lines.entry(line);
                *most = statement.hits.max(*most);
            }
        }
        file.lines = lines;
    }
    Ok(())
}
