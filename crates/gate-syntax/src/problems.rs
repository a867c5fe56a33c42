//! Places where Markdown, or tags in it, are not what they seem, with their positions.

use std::ops::Range;

use crate::balance::{TagProblem, TagProblemKind, code_masks, unbalanced};
use crate::locate::{Locator, first_line_width};
use crate::{Markdown, Options, Problem};

/// A problem before its offset is a position.
struct Found {
    rule: &'static str,
    key: Box<str>,
    message: Box<str>,
    span: Range<usize>,
}

/// Why what is wrong is not told in full.
pub(crate) fn cut(count: usize, kept: usize, what: &str) -> Option<Box<str>> {
    (count > kept).then(|| format!("{count} {what}, and {kept} are kept").into())
}

/// Takes down what is wrong in `text`, which begins on `first_line` (1-based), in document order.
pub(crate) fn find(text: &str, first_line: u32, options: Options<'_>, markdown: &mut Markdown) {
    let mut found: Vec<Found> = Vec::new();
    if options.balance {
        let (problems, cut) = unbalanced(text, &code_masks(text));
        markdown.cut_tags = cut;
        let lines = opened_on(text, first_line, &problems);
        for problem in problems {
            let (rule, message) = tag(&lines, &problem);
            found.push(Found {
                rule,
                key: problem.name,
                message: message.into(),
                span: problem.span,
            });
        }
    }
    if options.lint {
        let (problems, cut) = crate::lint::markdown_problems(text);
        markdown.cut_lint = cut;
        for problem in problems {
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
    markdown.problems = located.collect();
}

/// Offsets of the opening tags that problems name, ascending, with their lines.
fn opened_on(text: &str, first_line: u32, problems: &[TagProblem]) -> Vec<(usize, u32)> {
    let opened = problems
        .iter()
        .filter_map(|problem| Some(problem.opened.as_ref()?.start));
    let mut opened: Vec<usize> = opened.collect();
    opened.sort_unstable();
    let mut at = Locator::new(text, first_line);
    opened
        .into_iter()
        .map(|offset| (offset, at.line(offset)))
        .collect()
}

fn tag(lines: &[(usize, u32)], problem: &TagProblem) -> (&'static str, String) {
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
            let line = lines.partition_point(|(offset, _)| *offset < opened);
            let line = lines.get(line).map_or(0, |(_, line)| *line);
            (
                "crossed_tags",
                format!(
                    "found `</{name}>`, but what `<{name}>` of line {line} was opened in is closed already"
                ),
            )
        }
    }
}
