//! What is left when the events are over: include tags, order, positions.

use std::ops::Range;

use super::{Found, Walk};
use crate::locate::{Locator, first_line_width};
use crate::{Edge, EdgeKind, Heading, Markdown, Target, Undefined, html, include};

impl Walk<'_> {
    pub(super) fn includes(&mut self) {
        let Some(masks) = self.masks.take() else {
            return;
        };
        for span in include::find(self.text, masks) {
            let written = &self.text[span.clone()];
            self.found.push(Found {
                kind: EdgeKind::Include,
                written: written.into(),
                target: Target::of_path(&html::decode(written)),
                span,
            });
        }
    }

    pub(super) fn into_markdown(
        mut self,
        first_line: u32,
        mut broken: Vec<(Range<usize>, Box<str>)>,
    ) -> Markdown {
        let text = self.text;
        let width = |span: Range<usize>| text.get(span).map_or(0, first_line_width);
        self.anchors.sort_unstable();
        self.anchors.dedup();
        // A tag inside a heading may come before the heading ends; the order is that of the file.
        self.headings.sort_by_key(|(heading, ..)| heading.offset);
        self.found.sort_by_key(|found| found.span.start);
        broken.sort_by_key(|(span, _)| span.start);
        broken.dedup();

        let mut at = Locator::new(text, first_line);
        let headings = self
            .headings
            .into_iter()
            .map(|(heading, text, slug)| Heading {
                level: heading.level,
                text,
                slug,
                line: at.position(heading.offset).0,
            });
        let headings = headings.collect();
        let mut at = Locator::new(text, first_line);
        let edges = self.found.into_iter().map(|found| {
            let (line, column) = at.position(found.span.start);
            Edge {
                kind: found.kind,
                target: found.target,
                line,
                column,
                end_column: column.saturating_add(width(found.span)),
                written: found.written,
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
        Markdown {
            headings,
            anchors: self.anchors,
            edges,
            undefined_references: undefined_references.collect(),
            ..Markdown::default()
        }
    }
}
