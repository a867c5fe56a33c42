//! Headings, however they are written: their rendered text is collected while they are open.

use super::{MAX_HEADING, Walk};

/// A heading whose end has not come yet; its text is in `Walk::heading_text`.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenHeading {
    pub(super) level: u8,
    pub(super) offset: usize,
    pub(super) is_html: bool,
}

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

    /// GitHub renders a reference as its number, in order of first use, and makes anchors of it and of the note.
    pub(super) fn footnote(&mut self, label: &str) {
        let label = label.to_lowercase();
        let next = self.footnotes.len() + 1;
        let (number, uses) = self.footnotes.get(&*label).copied().unwrap_or((next, 0));
        let uses = uses + 1;
        if uses == 1 {
            self.push_id(&format!("fn-{label}"));
            self.push_id(&format!("fnref-{label}"));
        } else {
            self.push_id(&format!("fnref-{label}-{uses}"));
        }
        self.footnotes.insert(label.into(), (number, uses));
        if self.heading.is_some() {
            self.push_heading_text(&number.to_string());
        }
    }
}
