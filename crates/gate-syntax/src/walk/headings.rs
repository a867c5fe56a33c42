//! Headings, however they are written: their rendered text is collected while they are open.

use super::{MAX_HEADING, OpenHeading, Walk};

impl Walk<'_> {
    pub(super) fn open_heading(&mut self, heading: OpenHeading) {
        self.finish_heading();
        self.heading_text.clear();
        self.heading = Some(heading);
    }

    pub(super) fn push_heading_text(&mut self, text: &str) {
        let room = self.heading.is_some()
            && self.images_open == 0
            && self.heading_text.len() < MAX_HEADING;
        if room {
            self.heading_text.push_str(text);
        }
    }

    pub(super) fn finish_heading(&mut self) {
        if let Some(heading) = self.heading.take() {
            let text = self.pool.push(&self.heading_text);
            self.headings.push((heading, text));
        }
    }

    /// GitHub renders a reference as its number, in order of first use.
    pub(super) fn footnote(&mut self, label: &str) {
        let next = self.footnotes.len() + 1;
        let number = match self.footnotes.get(label) {
            Some(&number) => number,
            None => *self.footnotes.entry(label.into()).or_insert(next),
        };
        if self.heading.is_some() {
            self.push_heading_text(&number.to_string());
        }
    }
}
