//! What is left when the events are over: what stands outside code and comments, order, positions.

use std::ops::Range;

use super::Walk;
use crate::locate::{Locator, first_line_width};
use crate::model::{EdgeAt, HeadingAt};
use crate::{EdgeKind, Markdown, Undefined, html, include, mark};

/// Matches kept of one pattern in one file. Where there are more, [`Markdown::cut`] says so.
const MAX_MATCHES: usize = 100_000;

impl Walk<'_> {
    /// Tags and patterns, which code and comments hide. Whether a pattern matches more than is kept.
    pub(super) fn masked(&mut self) -> bool {
        let mut cut = false;
        let text = self.text;
        let comments = self.comments.get_or_insert_default();
        comments.sort_unstable_by_key(|range| range.start);
        if let Some(code) = &mut self.code {
            let mut masks = code.clone();
            masks.extend(comments.iter().cloned());
            masks.sort_unstable_by_key(|mask| mask.start);
            for (rule, span) in include::find(text, &masks, self.options.tags) {
                let written = &text[span.clone()];
                self.add(EdgeKind::Tag, rule, span, written, &html::decode(written));
            }
        }
        for (rule, pattern) in (0_u32..).zip(self.options.patterns) {
            for (count, groups) in pattern.captures_iter(text).enumerate() {
                if count == MAX_MATCHES {
                    cut = true;
                    break;
                }
                let Some(span) = groups.get(1).map(|group| group.range()) else {
                    continue;
                };
                let comments = self.comments.as_deref().unwrap_or_default();
                let before = comments.partition_point(|comment| comment.start <= span.start);
                let hidden = before
                    .checked_sub(1)
                    .and_then(|at| comments.get(at))
                    .is_some_and(|comment| span.start < comment.end);
                if !hidden && !span.is_empty() {
                    let written = &text[span.clone()];
                    self.add(EdgeKind::Pattern, rule, span, written, written);
                }
            }
        }
        cut
    }

    pub(super) fn into_markdown(
        mut self,
        first_line: u32,
        mut broken: Vec<(Range<usize>, Box<str>)>,
    ) -> Markdown {
        let text = self.text;
        let width = |span: Range<usize>| text.get(span).map_or(0, first_line_width);
        // A tag inside a heading may come before the heading ends; the order is that of the file.
        self.headings.sort_by_key(|(heading, _)| heading.offset);
        self.found.sort_by_key(|found| found.span.start);
        broken.sort_by_key(|(span, _)| span.start);
        broken.dedup();

        let mut at = Locator::new(text, first_line);
        let headings = self.headings.iter().map(|(heading, text)| HeadingAt {
            level: heading.level,
            is_html: heading.is_html,
            text: *text,
            line: at.line(heading.offset),
        });
        let headings = headings.collect();
        let mut at = Locator::new(text, first_line);
        let edges = self.found.iter().map(|found| {
            let (line, column) = at.position(found.span.start);
            EdgeAt {
                kind: found.kind,
                rule: found.rule,
                written: found.written,
                decoded: found.decoded,
                line,
                column,
                end_column: column.saturating_add(width(found.span.clone())),
            }
        });
        let edges = edges.collect();
        let mut at = Locator::new(text, first_line);
        let undefined_references = broken.into_iter().map(|(span, label)| {
            let (line, column) = at.position(span.start);
            Undefined {
                label,
                line,
                column,
                end_column: column.saturating_add(width(span)),
            }
        });
        let marks = match self.comments.as_deref() {
            Some(comments) if mark::may_have(text) => mark::find(text, comments, first_line),
            _ => Vec::new(),
        };
        Markdown {
            headings,
            ids: self.ids.into_boxed_slice(),
            edges,
            undefined_references: undefined_references.collect(),
            marks: marks.into_boxed_slice(),
            pool: self.pool.into_text(),
            ..Markdown::default()
        }
    }
}
