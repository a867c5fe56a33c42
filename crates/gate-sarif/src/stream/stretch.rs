//! Results that stand one behind the other in a log: what one walk found need not be looked for by the next.

use super::Position;
use super::skip::{Skip, Skipped, after_blanks};

/// Bytes after which a new stretch begins.
pub(super) const STRETCH: usize = 64 * 1024;

/// A part of a list of results, from behind its `[` or a comma to before a comma or its `]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Of the text that [`super::text_of`] gives.
    pub start: Position,
    /// The byte behind it.
    pub end: u64,
    /// How many it holds.
    pub results: usize,
}

/// A result's text and what stands around it in the list. The commas between are not part of it.
#[derive(Debug)]
pub struct Element<'a> {
    pub text: &'a str,
    /// White space before and behind.
    pub before: &'a str,
    pub behind: &'a str,
}

impl Stretch {
    pub(super) const fn at(start: Position) -> Self {
        Self {
            start,
            end: start.offset,
            results: 0,
        }
    }

    /// The place of a byte of its text.
    pub fn position(&self, text: &str, at: usize) -> Position {
        self.start
            .behind(text.as_bytes().get(..at).unwrap_or_default())
    }
}

impl<'a> Element<'a> {
    /// Of its text with all that stands around it; the text itself is between these places.
    pub(super) fn of(whole: &'a str, start: usize, end: usize) -> Self {
        let part = |from, to| whole.get(from..to).unwrap_or_default();
        Self {
            before: part(0, start),
            text: part(start, end),
            behind: part(end, whole.len()),
        }
    }
}

/// The results in the text of a stretch. The last is `None` where it is the text of something else.
pub fn elements(text: &str) -> impl Iterator<Item = Option<Element<'_>>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let found = element(rest.take()?);
        rest = found.as_ref().and_then(|(_, behind)| *behind);
        Some(found.map(|(element, _)| element))
    })
}

/// The first result of a text, and what stands behind its comma.
fn element(text: &str) -> Option<(Element<'_>, Option<&str>)> {
    let bytes = text.as_bytes();
    let start = after_blanks(bytes, 0);
    if bytes.get(start) != Some(&b'{') {
        return None;
    }
    let Skipped::Ends(length) = Skip::Start.feed(bytes.get(start..)?) else {
        return None;
    };
    let end = start + length;
    let behind = after_blanks(bytes, end);
    let rest = match bytes.get(behind) {
        None => None,
        Some(b',') => text.get(behind + 1..),
        Some(_) => return None,
    };
    Some((Element::of(text.get(..behind)?, start, end), rest))
}
