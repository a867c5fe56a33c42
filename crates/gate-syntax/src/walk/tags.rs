//! HTML in Markdown: tags, their anchors, links, media and headings.

use std::ops::Range;

use super::{OpenHeading, Walk};
use crate::html::{self, Token};
use crate::{EdgeKind, include};

/// Elements whose content is no markup.
const RAW_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// Elements, the attribute that names a destination, and what it makes.
const DESTINATIONS: [(&str, &str, EdgeKind); 9] = [
    ("a", "href", EdgeKind::HtmlLink),
    ("area", "href", EdgeKind::HtmlLink),
    ("img", "src", EdgeKind::HtmlMedia),
    ("source", "src", EdgeKind::HtmlMedia),
    ("video", "src", EdgeKind::HtmlMedia),
    ("video", "poster", EdgeKind::HtmlMedia),
    ("audio", "src", EdgeKind::HtmlMedia),
    ("track", "src", EdgeKind::HtmlMedia),
    ("embed", "src", EdgeKind::HtmlMedia),
];

/// Where pieces of a text put together stand in the source: ascending pairs of an offset in the text and one in the source.
type Pieces<'p> = &'p [(usize, usize)];

impl Walk<'_> {
    /// Scans the HTML block whose lines have been collected.
    pub(super) fn html_block(&mut self) {
        let lines = std::mem::take(&mut self.html);
        let (Some((_, start)), Some((last, last_start))) = (lines.first(), lines.last()) else {
            return;
        };
        let source = self.text;
        let block = *start..last_start + last.len();
        let length: usize = lines.iter().map(|(line, _)| line.len()).sum();
        if let Some(code) = self
            .code
            .as_mut()
            .filter(|_| source.get(block.clone()).is_some())
        {
            self.cut_fences += usize::from(include::mask_code(source, block.clone(), code));
        }
        let whole = source.get(block.clone());
        if let Some(whole) = whole.filter(|whole| whole.len() == length) {
            self.scan_html(whole, &[(0, block.start)]);
        } else {
            // In a quote or list: the marks between the lines are not part of the HTML.
            let mut text = String::with_capacity(length);
            let mut pieces = Vec::with_capacity(lines.len());
            for (line, offset) in &lines {
                pieces.push((text.len(), *offset));
                text.push_str(line);
            }
            self.scan_html(&text, &pieces);
        }
        self.literal_depth = 0;
        self.html = lines;
        self.html.clear();
    }

    pub(super) fn scan_html(&mut self, html: &str, pieces: Pieces<'_>) {
        let mut at = 0;
        while let Some((token, end)) = html::next(html, at) {
            match token {
                Token::Text if self.heading.is_some() => {
                    self.push_heading_text(&html::decode(&html[at..end]));
                }
                Token::Text => {}
                Token::Comment => {
                    if let Some(comments) = &mut self.comments {
                        comments.push(source_offset(pieces, at)..source_offset(pieces, end));
                    }
                }
                Token::Close(name) => self.close_tag(&html[name]),
                Token::Open(tag) => {
                    self.open_tag(html, &tag, source_offset(pieces, at));
                    self.destinations(html, &tag, pieces);
                    let name = &html[tag];
                    if let Some(raw) = RAW_TEXT.iter().find(|raw| name.eq_ignore_ascii_case(raw)) {
                        at = end + raw_text_length(&html[end..], raw);
                        continue;
                    }
                }
            }
            at = end;
        }
    }

    fn open_tag(&mut self, html: &str, tag: &Range<usize>, offset: usize) {
        let name = &html[tag.clone()];
        if let Some(level) = heading_level(name).filter(|_| !self.in_markdown_heading()) {
            self.open_heading(OpenHeading {
                level,
                offset,
                is_html: true,
            });
        }
        if name.eq_ignore_ascii_case("pre") || name.eq_ignore_ascii_case("code") {
            self.literal_depth = self.literal_depth.saturating_add(1);
        }
        let named = name
            .eq_ignore_ascii_case("a")
            .then(|| html::value(html, tag, "name"))
            .flatten();
        for anchor in [html::value(html, tag, "id"), named].into_iter().flatten() {
            let anchor = html::decode(&html[anchor]);
            if !anchor.is_empty() {
                self.push_id(&anchor);
            }
        }
    }

    fn close_tag(&mut self, name: &str) {
        if heading_level(name).is_some() && !self.in_markdown_heading() {
            self.finish_heading();
        }
        if name.eq_ignore_ascii_case("pre") || name.eq_ignore_ascii_case("code") {
            self.literal_depth = self.literal_depth.saturating_sub(1);
        }
    }

    fn in_markdown_heading(&self) -> bool {
        self.heading.is_some_and(|heading| !heading.is_html)
    }

    fn destinations(&mut self, html: &str, tag: &Range<usize>, pieces: Pieces<'_>) {
        if self.images_open > 0 {
            return;
        }
        let name = &html[tag.clone()];
        for (element, attribute, kind) in DESTINATIONS {
            if name.eq_ignore_ascii_case(element)
                && let Some(value) = html::value(html, tag, attribute)
            {
                self.push_html(kind, html, value, pieces);
            }
        }
        let has_set = name.eq_ignore_ascii_case("img") || name.eq_ignore_ascii_case("source");
        if has_set && let Some(set) = html::value(html, tag, "srcset") {
            for address in html::srcset(&html[set.clone()]) {
                let address = set.start + address.start..set.start + address.end;
                self.push_html(EdgeKind::HtmlMedia, html, address, pieces);
            }
        }
    }

    fn push_html(&mut self, kind: EdgeKind, html: &str, value: Range<usize>, pieces: Pieces<'_>) {
        let written = &html[value.clone()];
        let trimmed = written.trim_ascii();
        let start = value.start + (written.len() - written.trim_ascii_start().len());
        let from = source_offset(pieces, start);
        let to = source_offset(pieces, start + trimmed.len()).max(from);
        self.add(kind, 0, from..to, trimmed, &html::decode(trimmed));
    }
}

fn source_offset(pieces: Pieces<'_>, offset: usize) -> usize {
    let next = pieces.partition_point(|(start, _)| *start <= offset);
    let (start, source) = pieces
        .get(next.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    source + (offset - start)
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h' | b'H', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Length of the content before `</name`; all of it where that is missing.
fn raw_text_length(html: &str, name: &str) -> usize {
    memchr::memmem::find_iter(html.as_bytes(), b"</")
        .find(|&at| {
            let found = html.as_bytes().get(at + 2..at + 2 + name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        })
        .unwrap_or(html.len())
}
