//! Markdown that GitHub renders in another way than its author meant. Only what is certain is told; style is no concern of this module.

mod fence;
mod table;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use fence::Fence;

/// Most problems that are kept of one text; further ones are counted.
const MAX_PROBLEMS: usize = 100_000;

/// One place that is not rendered as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownProblem {
    /// `unclosed_fence`, `nested_fence`, `table_row_cells` or `table_not_rendered`.
    pub rule: &'static str,
    /// The opening line of the fence, the delimiter row or the cells that are lost, as a byte range of the text; never across lines.
    pub span: Range<usize>,
    /// What was found and what was expected, as a lower-case fragment.
    pub message: Box<str>,
}

/// Problems of a Markdown text (without front matter), by position, 100,000 at most; and why these are not all, where they are not.
///
/// - `unclosed_fence`: a fenced code block that reaches to the end of the text or of the list item or quote it stands in.
/// - `nested_fence`: a fence inside of a fenced block of the same length, so that the outer one ends too early and all later ones are
///   turned inside out.
/// - `table_row_cells`: a row with more cells than the header; GitHub drops what is too much.
/// - `table_not_rendered`: a header and a delimiter row of different widths, which is no table.
pub fn markdown_problems(text: &str) -> (Vec<MarkdownProblem>, Option<Box<str>>) {
    let flavour = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut problems = Vec::new();
    let mut count = 0;
    let mut keep = |found: &mut dyn Iterator<Item = MarkdownProblem>| {
        for problem in found {
            count += 1;
            if problems.len() < MAX_PROBLEMS {
                problems.push(problem);
            }
        }
    };
    let mut fences = Vec::new();
    let mut width = 0;
    for (event, range) in Parser::new_ext(text, flavour).into_offset_iter() {
        let source = text.get(range.clone()).unwrap_or_default();
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                fences.extend(Fence::read(source, range.start));
            }
            Event::Start(Tag::Paragraph) => {
                keep(&mut table::not_rendered(source, range.start).into_iter());
            }
            Event::Start(Tag::Table(columns)) => width = columns.len(),
            Event::End(TagEnd::Table) => width = 0,
            Event::Start(Tag::TableRow) => {
                keep(&mut table::row(source, range.start, width).into_iter());
            }
            _ => {}
        }
    }
    keep(&mut fence::judge(&fences).into_iter());
    problems.sort_by_key(|problem| problem.span.start);
    let cut = crate::problems::cut(
        count,
        MAX_PROBLEMS,
        "fences and tables are not shown as meant",
    );
    (problems, cut)
}

/// The lines of `source` with their offsets, without line ends.
fn lines(source: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    source.split_inclusive('\n').map(move |line| {
        let offset = at;
        at += line.len();
        (offset, line.trim_end_matches(['\n', '\r']))
    })
}

#[cfg(test)]
mod tests;
