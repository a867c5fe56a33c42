//! Tables that lose cells, and tables that are none. Cells are counted as GitHub does: a `|` counts everywhere, in code too, unless `\` is
//! before it (GitHub Flavored Markdown, section 4.10).

use std::ops::Range;

use super::{MarkdownProblem, lines};

/// A body row at `start` with cells that the `width` columns of the header have no place for. Empty cells are no loss.
pub(super) fn row(source: &str, start: usize, width: usize) -> Option<MarkdownProblem> {
    let line = source.lines().next()?;
    let cells = cells(line);
    let lost = cells.get(width..)?;
    let first = lost.iter().find(|cell| {
        line.get((*cell).clone())
            .is_some_and(|text| !text.trim().is_empty())
    })?;
    let last = lost.last()?;
    Some(MarkdownProblem {
        rule: "table_row_cells",
        span: start + first.start..start + last.end,
        message: format!(
            "found {} cells in a row, expected at most {width} as in the header: GitHub drops the rest (a `|` inside of a cell is written `\\|`)",
            cells.len()
        )
        .into(),
    })
}

/// Delimiter rows in a paragraph that do not fit the line above them.
pub(super) fn not_rendered(source: &str, start: usize) -> Vec<MarkdownProblem> {
    let mut problems = Vec::new();
    let mut above = 0;
    for (offset, line) in lines(source, start) {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let count = cells(content).len();
        let is_row = content.contains('|');
        if above > 0 && is_row && count != above && is_delimiter_row(content) {
            let at = offset + line.len() - content.len();
            problems.push(MarkdownProblem {
                rule: "table_not_rendered",
                span: at..at + content.trim_end().len(),
                message: format!(
                    "found {count} cells in the row below a header of {above}, expected as many: GitHub makes no table of it"
                )
                .into(),
            });
        }
        above = if is_row && !is_delimiter_row(content) {
            count
        } else {
            0
        };
    }
    problems
}

/// Only cells such as `---`, `:-:`.
fn is_delimiter_row(line: &str) -> bool {
    line.contains('-')
        && cells(line).into_iter().all(|cell| {
            let text = line.get(cell).unwrap_or_default().trim();
            let text = text.strip_prefix(':').unwrap_or(text);
            let dashes = text.strip_suffix(':').unwrap_or(text);
            !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
        })
}

/// The cells of a row; a `|` at its start and end only frames them.
fn cells(line: &str) -> Vec<Range<usize>> {
    let end = line.trim_end().len();
    let mut start = line.len() - line.trim_start().len();
    let bytes = line.as_bytes().get(..end).unwrap_or_default();
    if bytes.get(start) == Some(&b'|') {
        start += 1;
    }
    let mut cells = Vec::new();
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'|' => {
                cells.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < end {
        cells.push(start..end);
    }
    cells
}
