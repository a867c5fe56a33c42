//! Markdown links, images and definitions.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, RefDefs, Tag};

use super::Walk;
use crate::{EdgeKind, destination};

/// A link or image whose end has not come yet.
#[derive(Debug)]
pub(super) struct OpenLink<'t> {
    kind: LinkType,
    is_image: bool,
    destination: CowStr<'t>,
    /// Where the last thing in its text ends.
    pub(super) text_end: usize,
}

/// Which definitions, by offset, images use and links use.
#[derive(Debug, Default)]
pub(super) struct Uses {
    by_image: BTreeSet<usize>,
    by_link: BTreeSet<usize>,
}

impl Uses {
    pub(super) fn record(&mut self, definitions: &RefDefs<'_>, label: &str, is_image: bool) {
        if let Some(definition) = definitions.get(label) {
            let uses = if is_image {
                &mut self.by_image
            } else {
                &mut self.by_link
            };
            uses.insert(definition.span.start);
        }
    }

    /// `None`: nobody uses the definition, so nobody can follow it.
    fn kind(&self, definition: usize) -> Option<EdgeKind> {
        if self.by_link.contains(&definition) {
            Some(EdgeKind::Link)
        } else {
            self.by_image
                .contains(&definition)
                .then_some(EdgeKind::Image)
        }
    }
}

/// The label and whether it is an image's, if the event starts what a definition resolved.
pub(super) fn reference<'e>(event: &'e Event<'_>) -> Option<(&'e str, bool)> {
    let (link_type, label, is_image) = match event {
        Event::Start(Tag::Link { link_type, id, .. }) => (link_type, id, false),
        Event::Start(Tag::Image { link_type, id, .. }) => (link_type, id, true),
        _ => return None,
    };
    let is_reference = matches!(
        link_type,
        LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
    );
    is_reference.then_some((label, is_image))
}

/// Whether two brackets side by side are a reference link that lacks its definition, and not an index, an option or a list of tags:
/// `a[i][j]`, `file[:line][,more]`, `[Slow][Serial][Feature:X]`.
pub(super) fn is_meant(text: &str, span: &Range<usize>, label: &str) -> bool {
    // Emphasis that ends there ends a word; one that begins there stands after a blank.
    let before = text.get(..span.start).unwrap_or_default();
    let before = before.trim_end_matches(['*', '_']).chars().next_back();
    let after = text.get(span.end..).unwrap_or_default();
    let glued = before.is_some_and(|c| c.is_alphanumeric() || "])".contains(c));
    let more = after.strip_prefix("[]").unwrap_or(after).starts_with('[');
    let words = label.starts_with(|c: char| c.is_alphanumeric() || "#*`".contains(c));
    let mut parts = label.split(':').skip(1);
    let named = parts.any(|part| part.starts_with(char::is_alphabetic));
    !glued && !more && words && !named
}

/// Longest text in brackets that is taken for a tag, in bytes.
const MAX_TAG: usize = 32;

/// Whether two brackets side by side, in a file without any definition, are tags before a text and not a link whose definition was
/// forgotten: `- [P1][Bug] x`. Both are a few words, stand at the start of a block or of a line among such, and more follows. A label
/// that is a number or repeats the text (`[Guide][guide]`) is a link's.
pub(super) fn are_tags(text: &str, span: &Range<usize>, label: &str) -> bool {
    let (before, after) = (text.get(..span.start), text.get(span.end..));
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let Some((tag, _)) = text
        .get(span.start + 1..span.end)
        .and_then(|inside| inside.split_once("]["))
    else {
        return false;
    };
    let is_tag = |words: &str| {
        words.len() <= MAX_TAG
            && words.split_whitespace().count() <= 3
            && words.starts_with(char::is_alphanumeric)
            && !words.contains(['`', '<', '(', '\n'])
    };
    let after = after.trim_start_matches(['*', '_', ':']);
    let goes_on = after.starts_with([' ', '\t'])
        && after
            .lines()
            .next()
            .is_some_and(|line| !line.trim().is_empty());
    is_tag(tag)
        && is_tag(label)
        && !label.eq_ignore_ascii_case(tag)
        && !label.bytes().all(|byte| byte.is_ascii_digit())
        && goes_on
        && starts_block(before)
}

/// Whether what comes after `before` starts a block, or a line after one that starts with a bracket too.
fn starts_block(before: &str) -> bool {
    let (above, line) = before.rsplit_once('\n').unwrap_or(("", before));
    let line = line.trim_end_matches(['*', '_']);
    let marks = line.trim_start_matches([' ', '\t', '>']);
    let bullet = marks.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_item = bullet
        .strip_prefix(['-', '*', '+', '.', ')'])
        .is_some_and(|rest| {
            rest.starts_with([' ', '\t']) && matches!(rest.trim(), "" | "[ ]" | "[x]" | "[X]")
        });
    let above = above.rsplit('\n').next().unwrap_or_default();
    let above = above.trim_matches([' ', '\t', '\r', '>', '*', '_']);
    is_item || (marks.is_empty() && (above.is_empty() || above.starts_with(['[', '#'])))
}

/// The parser leaves the `[]` of a collapsed reference out.
pub(super) fn whole_reference(text: &str, mut span: Range<usize>) -> Range<usize> {
    if text
        .get(span.end..)
        .is_some_and(|rest| rest.starts_with("[]"))
    {
        span.end += 2;
    }
    span
}

impl<'t> Walk<'t> {
    /// `text_start` is where the link's text begins.
    pub(super) fn open_link(
        &mut self,
        kind: LinkType,
        is_image: bool,
        destination: CowStr<'t>,
        text_start: usize,
    ) {
        self.images_open += usize::from(is_image);
        self.links.push(OpenLink {
            kind,
            is_image,
            destination,
            text_end: text_start,
        });
    }

    pub(super) fn close_link(&mut self, range: &Range<usize>) {
        let Some(link) = self.links.pop() else { return };
        self.images_open -= usize::from(link.is_image);
        // What stands in the description of an image is shown as text.
        if self.images_open > 0 {
            return;
        }
        let inside = range.start + 1..range.end.saturating_sub(1);
        let (kind, span) = match link.kind {
            LinkType::Inline => {
                let kind = if link.is_image {
                    EdgeKind::Image
                } else {
                    EdgeKind::Link
                };
                let span = destination::of_inline(self.text, link.text_end, range.end);
                (kind, span)
            }
            LinkType::Autolink | LinkType::Email => (EdgeKind::Autolink, Some(inside)),
            // Checked at the definition.
            _ => return,
        };
        self.in_question(range);
        self.push(kind, span, range.start, &link.destination);
    }

    /// Every definition that is used, once: the first of a label, which is the one that counts.
    pub(super) fn definitions(&mut self, definitions: &RefDefs<'_>) {
        // In the order of an unordered map: sorted by offset later.
        for (_, definition) in definitions.iter() {
            let start = definition.span.start;
            let Some(kind) = self.uses.kind(start) else {
                continue;
            };
            let span = destination::of_definition(self.text, &definition.span);
            self.push(kind, span, start, &definition.dest);
        }
    }

    /// Without `span` the start of the construct and the decoded destination have to do.
    fn push(&mut self, kind: EdgeKind, span: Option<Range<usize>>, start: usize, decoded: &str) {
        let text = self.text;
        let found = span.and_then(|span| Some((text.get(span.clone())?, span)));
        let (written, span) = found.unwrap_or((decoded, start..start));
        self.add(kind, 0, span, written, decoded);
    }
}
