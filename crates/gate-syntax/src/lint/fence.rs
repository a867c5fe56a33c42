//! Fences that are never closed, and those that close the wrong block.

use std::ops::Range;

use super::{MarkdownProblem, lines};

/// A fenced block.
#[derive(Debug)]
pub(super) struct Fence {
    /// The run of backticks or tildes, and what follows on the line.
    opening: Range<usize>,
    run: Box<str>,
    has_info: bool,
    is_closed: bool,
    /// The first line inside that is an opening fence with a language, and could be closed by what closes this block.
    inner: Option<Range<usize>>,
}

impl Fence {
    /// `source` is what the parser takes for the block.
    pub(super) fn read(source: &str, start: usize) -> Option<Self> {
        let mut lines = lines(source, start);
        let (at, first) = lines.next()?;
        let (indent, run, info) = mark(first)?;
        let mut fence = Self {
            opening: at + indent..at + first.trim_end().len(),
            run: run.into(),
            has_info: !info.is_empty(),
            is_closed: false,
            inner: None,
        };
        let mut last = None;
        for (at, line) in lines {
            let found = mark(line);
            if !line.trim().is_empty() {
                last = found.map(|(_, run, info)| (run, info));
            }
            if let Some((indent, inside, info)) = found
                && fence.inner.is_none()
                && inside == run
                && is_language(info)
            {
                fence.inner = Some(at + indent..at + line.trim_end().len());
            }
        }
        fence.is_closed =
            last.is_some_and(|(closing, info)| closing.starts_with(run) && info.is_empty());
        Some(fence)
    }
}

/// What stands before a fence, the fence, and what follows it. Marks of quotes may come before.
fn mark(line: &str) -> Option<(usize, &str, &str)> {
    let rest = line.trim_start_matches([' ', '\t', '>']);
    let mark = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = rest.len() - rest.trim_start_matches(mark).len();
    let (run, info) = rest.split_at(length);
    (length >= 3).then(|| (line.len() - rest.len(), run, info.trim()))
}

/// One word, as a language is.
fn is_language(info: &str) -> bool {
    info.starts_with(|c: char| c.is_ascii_alphabetic())
        && info
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'#' | b'_'))
}

/// What goes wrong with the fences of a text, in their order.
pub(super) fn judge(fences: &[Fence]) -> Vec<MarkdownProblem> {
    let mut problems = Vec::new();
    let mut explained = false;
    for (index, fence) in fences.iter().enumerate() {
        let next = fences.get(index + 1);
        if !fence.is_closed {
            if !explained {
                let message = format!(
                    "found a fence without an end, expected a line of {} after it",
                    marks(&fence.run)
                );
                problems.push(problem("unclosed_fence", &fence.opening, message));
            }
            continue;
        }
        // What was meant as the end of this block then opens the next one, and that goes wrong in turn.
        let inverted = next.is_some_and(|next| {
            !next.has_info && next.run == fence.run && (!next.is_closed || next.inner.is_some())
        });
        if let Some(inner) = fence.inner.as_ref().filter(|_| inverted) {
            let message = format!(
                "found a fence inside of another, whose end ends both, expected {} or more around it",
                marks(&format!(
                    "{}{}",
                    fence.run,
                    fence.run.get(..1).unwrap_or_default()
                ))
            );
            problems.push(problem("nested_fence", inner, message));
            explained = true;
        } else if !inverted {
            explained = false;
        }
    }
    problems
}

fn marks(run: &str) -> String {
    let name = if run.starts_with('~') {
        "tildes"
    } else {
        "backticks"
    };
    format!("{} {name}", run.len())
}

fn problem(rule: &'static str, span: &Range<usize>, message: String) -> MarkdownProblem {
    MarkdownProblem {
        rule,
        span: span.clone(),
        message: message.into(),
    }
}
