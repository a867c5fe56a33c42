//! Finds tags in prose. One forward pass; what turns out to be no tag is text.

use std::ops::Range;

use super::tag::{Attributes, Form, Found, is_name_start, read_tag};
use super::{item, names};

/// A tag that has to be balanced.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    /// From `<` to `>`.
    pub(super) span: Range<usize>,
    pub(super) form: Form,
    /// Nothing but white space, quote marks and tags before it, or the mark of a list item that it is the content of.
    pub(super) begins_line: bool,
    /// It is written like structure: an opening tag begins its line and what follows is attached to it; a closing one begins its line,
    /// or ends it and is attached to something.
    pub(super) is_block: bool,
    pub(super) attributes: Attributes,
    /// What follows shows that it is meant: the next line is indented deeper and begins with a tag; or, where a block of Markdown may
    /// begin, it is an element of HTML, or stands alone on its line with text on the next.
    pub(super) leads: bool,
}

#[derive(Debug)]
pub(super) struct Scanner<'t, 'm> {
    text: &'t str,
    at: usize,
    masks: std::slice::Iter<'m, Range<usize>>,
    next_mask: Option<&'m Range<usize>>,
    masked_to: usize,
    /// Marks that are known not to come again.
    gone: Vec<&'static str>,
    /// Where the last tag ends, if it began its line.
    chain: Option<usize>,
}

/// Pieces that hide what is in them, by how they begin and end.
const HIDDEN: [(&str, &str); 6] = [
    ("<!--", "-->"),
    ("<![CDATA[", "]]>"),
    ("<?xml", "?>"),
    ("<?php", "?>"),
    ("<!DOCTYPE", ">"),
    ("<!doctype", ">"),
];

impl<'t, 'm> Scanner<'t, 'm> {
    pub(super) fn new(text: &'t str, masks: &'m [Range<usize>]) -> Self {
        let mut masks = masks.iter();
        let next_mask = masks.next();
        Self {
            text,
            at: 0,
            masks,
            next_mask,
            masked_to: 0,
            gone: Vec::new(),
            chain: None,
        }
    }

    /// The next tag outside of the masks that opens or closes an element.
    pub(super) fn next_tag(&mut self) -> Option<Tag<'t>> {
        let bytes = self.text.as_bytes();
        loop {
            let from = self.at;
            let start = from + memchr::memchr(b'<', bytes.get(from..)?)?;
            self.at = start + 1;
            if self.is_masked(start) {
                self.at = self.masked_to.max(start + 1);
                continue;
            }
            if self.hidden(start) || !may_start(bytes, start) {
                continue;
            }
            let Some(found) = read_tag(self.text, start) else {
                continue;
            };
            self.at = found.span.end;
            let begins_line = self.begins_line(&found);
            if self.skip_raw(&found) || found.form == Form::Empty || names::needs_no_end(found.name)
            {
                continue;
            }
            return Some(self.describe(&found, begins_line));
        }
    }

    fn is_masked(&mut self, at: usize) -> bool {
        while let Some(mask) = self.next_mask.filter(|mask| mask.start <= at) {
            self.masked_to = self.masked_to.max(mask.end);
            self.next_mask = self.masks.next();
        }
        at < self.masked_to
    }

    /// Passes over a comment and its like.
    fn hidden(&mut self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or_default();
        let Some(&(begin, end)) = HIDDEN.iter().find(|(begin, _)| rest.starts_with(begin)) else {
            return false;
        };
        if let Some(length) = self.find(start + begin.len(), end) {
            self.at = start + begin.len() + length + end.len();
        }
        true
    }

    /// Where `mark` comes next. What is not found once is never looked for again.
    fn find(&mut self, from: usize, mark: &'static str) -> Option<usize> {
        if self.gone.contains(&mark) {
            return None;
        }
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let found = memchr::memmem::find(rest, mark.as_bytes());
        if found.is_none() {
            self.gone.push(mark);
        }
        found
    }

    /// Passes over the text of `<script>` and `<style>`, in which nothing is a tag.
    fn skip_raw(&mut self, found: &Found<'_>) -> bool {
        let mark = match found.name {
            "script" => "</script>",
            "style" => "</style>",
            _ => return false,
        };
        if found.form != Form::Opens {
            return false;
        }
        match self.find(found.span.end, mark) {
            Some(length) => {
                self.at = found.span.end + length + mark.len();
                true
            }
            None => false,
        }
    }

    /// To be asked once for every tag in turn.
    fn begins_line(&mut self, found: &Found<'_>) -> bool {
        let start = found.span.start;
        let continues = self
            .chain
            .and_then(|end| self.text.get(end..start))
            .is_some_and(|between| between.bytes().all(|byte| matches!(byte, b' ' | b'\t')));
        let before = self.text.get(..start).unwrap_or_default();
        let begins = continues || indent_before(before).is_some() || item::begins(self.text, found);
        self.chain = begins.then_some(found.span.end);
        begins
    }

    fn describe(&self, found: &Found<'t>, begins_line: bool) -> Tag<'t> {
        let span = found.span.clone();
        let before = self.text.get(..span.start).unwrap_or_default();
        let after = self.text.get(span.end..).unwrap_or_default();
        let indent = indent_before(before);
        // Only the blanks are looked at: a file may be one long line.
        let line = after.trim_start_matches([' ', '\t', '\r']);
        let is_alone = line.is_empty() || line.starts_with('\n');
        let attached = line.len() == after.len();
        // Deeper is code.
        let is_top = indent.is_some_and(|indent| indent < 4);
        let heads = || is_alone && before_text(line) && begins_block(before);
        Tag {
            name: found.name,
            form: found.form,
            begins_line,
            is_block: if found.form == Form::Closes {
                let ends = is_alone || (attached && line.starts_with('<'));
                begins_line || (ends && !before.ends_with(char::is_whitespace))
            } else {
                let goes_on =
                    line.starts_with('<') || (attached && line.starts_with(char::is_alphanumeric));
                begins_line && (is_alone || goes_on)
            },
            attributes: found.attributes,
            leads: (is_alone && has_children(line, indent))
                || (is_top && (names::is_html(found.name) || heads()))
                || item::begins(self.text, found),
            span,
        }
    }
}

/// The width of what stands before a tag on its line if that is only white space and quote marks.
fn indent_before(before: &str) -> Option<usize> {
    let bytes = before.as_bytes();
    // Long white space is no indent; so that this never reads far back.
    let blank = bytes
        .iter()
        .rev()
        .take(256)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        .count();
    match bytes.len().checked_sub(blank + 1) {
        None => Some(blank),
        Some(at) => (bytes.get(at) == Some(&b'\n')).then_some(blank),
    }
}

/// Whether the line after this line break is indented deeper and begins with a tag.
fn has_children(after: &str, indent: Option<usize>) -> bool {
    let (Some(next), Some(indent)) = (after.strip_prefix('\n'), indent) else {
        return false;
    };
    let blank = next
        .bytes()
        .take(256)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        .count();
    let mut rest = next.bytes().skip(blank);
    blank > indent && rest.next() == Some(b'<') && rest.next().is_some_and(is_name_start)
}

/// Whether the line after this line break is text and no tag.
fn before_text(after: &str) -> bool {
    let Some(next) = after.strip_prefix('\n') else {
        return false;
    };
    let mut rest = next.bytes().take(256);
    let first = rest.find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'>'));
    first.is_some_and(|byte| !matches!(byte, b'<' | b'\n'))
}

/// Whether the line of a tag comes first, or after a blank line or a heading.
fn begins_block(before: &str) -> bool {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r' | '>');
    let Some((above, _)) = before.rsplit_once('\n') else {
        return true;
    };
    let line = &above[memchr::memrchr(b'\n', above.as_bytes()).map_or(0, |at| at + 1)..];
    let line = line.trim_start_matches(blank);
    line.is_empty() || line.starts_with('#')
}

/// Whether the `<` may be one of a tag, as far as what stands before it tells: it is not escaped, not doubled, no link's destination.
fn may_start(bytes: &[u8], start: usize) -> bool {
    let before = bytes.get(..start).unwrap_or_default();
    !before.ends_with(b"\\") && !before.ends_with(b"<") && !before.ends_with(b"](")
}
