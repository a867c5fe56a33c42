//! What is left when the events are over: what stands outside code and comments, order, positions.

use std::borrow::Cow;
use std::ops::Range;

use super::Walk;
use crate::locate::{Locator, first_line_width};
use crate::model::{EdgeAt, HeadingAt};
use crate::{EdgeKind, Markdown, Undefined, code_masks, html, include, mark};

/// Matches kept of one pattern in one file. Where there are more, [`Markdown::cut`] says so.
const MAX_MATCHES: usize = 100_000;

impl Walk<'_> {
    /// Tags that name something, which code and comments hide.
    pub(super) fn find_tags(&mut self) {
        let text = self.text;
        let comments = self.comments.get_or_insert_default();
        comments.sort_unstable_by_key(|range| range.start);
        let Some(code) = &self.code else { return };
        // Then the parser's code begins where a reader's ends.
        let mut masks = if self.cut_fences > 0 {
            code_masks(text)
        } else {
            code.clone()
        };
        masks.extend(comments.iter().cloned());
        masks.sort_unstable_by_key(|mask| mask.start);
        for (rule, span) in include::find(text, &masks, self.options.tags) {
            let written = &text[span.clone()];
            self.add(EdgeKind::Tag, rule, span, written, &html::decode(written));
        }
    }

    /// What patterns find in the whole file, which comments hide. Whether one matches more than is kept.
    pub(super) fn patterns(&mut self, front: &str) -> bool {
        let (text, patterns) = (self.text, self.options.patterns);
        let whole = if front.is_empty() || patterns.is_empty() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned([front, text].concat())
        };
        let mut cut = false;
        let mut in_front: Vec<(Range<usize>, u32)> = Vec::new();
        for (rule, pattern) in (0_u32..).zip(patterns) {
            for (count, groups) in pattern.captures_iter(&whole).enumerate() {
                if count == MAX_MATCHES {
                    cut = true;
                    break;
                }
                // Of alternatives only one takes part.
                let Some(group) = groups.iter().skip(1).flatten().next() else {
                    continue;
                };
                let span = group.range();
                let Some(start) = span.start.checked_sub(front.len()) else {
                    in_front.push((span, rule));
                    continue;
                };
                if !span.is_empty() && !self.is_commented(start) {
                    let span = start..start + span.len();
                    self.add(
                        EdgeKind::Pattern,
                        rule,
                        span,
                        group.as_str(),
                        group.as_str(),
                    );
                }
            }
        }
        in_front.retain(|(span, _)| !span.is_empty());
        in_front.sort_by_key(|(span, _)| span.start);
        let mut at = Locator::new(&whole, 1);
        for (span, rule) in in_front {
            let written = &whole[span.clone()];
            let (line, column) = at.position(span.start);
            let piece = self.pool.push(written);
            self.in_front.push(EdgeAt {
                kind: EdgeKind::Pattern,
                rule,
                written: piece,
                decoded: piece,
                line,
                column,
                end_column: column.saturating_add(first_line_width(written)),
            });
        }
        cut
    }

    fn is_commented(&self, at: usize) -> bool {
        let comments = self.comments.as_deref().unwrap_or_default();
        let before = comments.partition_point(|comment| comment.start <= at);
        let comment = before.checked_sub(1).and_then(|at| comments.get(at));
        comment.is_some_and(|comment| at < comment.end)
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
        let edges = self.in_front.into_iter().chain(edges).collect();
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
