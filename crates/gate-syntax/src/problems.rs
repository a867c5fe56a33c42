//! Places where Markdown, or tags in it, are not what they seem, with their positions.

use std::ops::Range;

use crate::balance::{TagProblemKind, code_masks, unbalanced};
use crate::locate::{Locator, first_line_width};
use crate::{Options, Problem};

/// A problem before its offset is a position.
struct Found {
    rule: &'static str,
    key: Box<str>,
    message: Box<str>,
    span: Range<usize>,
}

/// What is wrong in `text`, which begins on `first_line` (1-based), in document order.
pub(crate) fn find(text: &str, first_line: u32, options: Options<'_>) -> Box<[Problem]> {
    let mut found: Vec<Found> = Vec::new();
    if options.balance {
        for problem in unbalanced(text, &code_masks(text)) {
            let (rule, message) = tag(text, first_line, &problem);
            found.push(Found {
                rule,
                key: problem.name,
                message: message.into(),
                span: problem.span,
            });
        }
    }
    if options.lint {
        for problem in crate::lint::markdown_problems(text) {
            found.push(Found {
                rule: problem.rule,
                key: Box::default(),
                message: problem.message,
                span: problem.span,
            });
        }
    }
    found.sort_by_key(|found| (found.span.start, found.rule));
    let mut at = Locator::new(text, first_line);
    let located = found.into_iter().map(|found| {
        let (line, column) = at.position(found.span.start);
        let width = text.get(found.span).map_or(0, first_line_width);
        Problem {
            rule: found.rule,
            key: found.key,
            message: found.message,
            line,
            column,
            end_column: column.saturating_add(width),
        }
    });
    located.collect()
}

fn tag(
    text: &str,
    first_line: u32,
    problem: &crate::balance::TagProblem,
) -> (&'static str, String) {
    let name = &problem.name;
    match problem.kind {
        TagProblemKind::Unclosed => (
            "unclosed_tag",
            format!("found `<{name}>` and no `</{name}>` that closes it"),
        ),
        TagProblemKind::NotOpened => (
            "unopened_tag",
            format!("found `</{name}>`, and no `<{name}>` is open"),
        ),
        TagProblemKind::Crossed => {
            let opened = problem.opened.as_ref().map_or(0, |opened| opened.start);
            let line = Locator::new(text, first_line).line(opened);
            (
                "crossed_tags",
                format!(
                    "found `</{name}>`, but what `<{name}>` of line {line} was opened in is closed already"
                ),
            )
        }
    }
}
