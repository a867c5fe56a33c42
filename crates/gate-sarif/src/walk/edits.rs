//! Replacements and insertions in a text, applied at once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::Span;

/// Replacements by range, none overlapping another; what goes in at one place is joined.
#[derive(Debug, Default, Clone)]
pub(crate) struct Edits(BTreeMap<Span, String>);

impl Edits {
    pub(crate) fn replace(&mut self, span: Span, with: &str) {
        self.0.entry(span).or_default().push_str(with);
    }

    pub(crate) fn insert(&mut self, at: usize, text: &str) {
        self.replace((at, at), text);
    }

    /// Replaces a part together with the edits in it.
    pub(crate) fn overwrite(&mut self, span: Span, with: &str) {
        self.0
            .retain(|&(from, to), _| to <= span.0 || from >= span.1);
        self.replace(span, with);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The part of the text with the edits in it.
    pub(crate) fn apply<'a>(&self, text: &'a str, span: Span) -> Cow<'a, str> {
        let mut edits = self
            .0
            .range((span.0, 0)..)
            // what goes in right behind the part is not of the part
            .take_while(|&(&(from, to), _)| from < span.1 && to <= span.1)
            .peekable();
        let whole = &text[span.0..span.1];
        if edits.peek().is_none() {
            return Cow::Borrowed(whole);
        }
        let mut out = String::with_capacity(whole.len() + 32);
        let mut at = span.0;
        for (&(from, to), with) in edits {
            debug_assert!(at <= from, "edits overlap");
            if from < at {
                continue;
            }
            out.push_str(&text[at..from]);
            out.push_str(with);
            at = to;
        }
        out.push_str(&text[at..span.1]);
        Cow::Owned(out)
    }
}
