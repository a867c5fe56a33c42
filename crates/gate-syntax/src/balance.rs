//! Whether tags embedded in Markdown are balanced: `<role>`, `<include path="x"/>`, sections of a prompt with Markdown inside, and HTML.
//!
//! Prose is full of things that look like tags: `list<string>`, `<your-key>`, `<https://...>`, an element that is only talked about. So an
//! opening tag without an end counts as a problem only if it is *structure*, and a closing tag without a beginning only if it is written as
//! one. The rules, each of which has to hold:
//!
//! - an opening tag begins its line (white space, `>` of quotes and other tags aside), and what follows on the line, if anything, is
//!   attached to it. Then either its name is closed somewhere in the file, or its attributes have values, or it stands alone and the next
//!   line is indented deeper and begins with a tag, or, outside of indented code, it is an element of HTML, or it stands alone at the
//!   start of the file or after a blank line or heading, and the next line is text: `<rules>` of a prompt, not the `<name>` of a form;
//! - an element of HTML may begin a list item instead of a line if what follows is its content: a tag attached to it, or, where it stands
//!   alone, a line of the item; not the `- <div>` of a list of elements;
//! - inside of an element that is closed, less is enough: it begins its line, and what follows is attached to it, or its name is closed
//!   somewhere in the file, or its attributes have values;
//! - a closing tag begins its line, or is attached to something before it and followed by nothing or another tag;
//! - void elements of HTML and those whose end tag may be left out never count.
//!
//! An opening tag that is no structure still serves a closing tag that looks for one, so what is paired is never a problem.

mod item;
mod masks;
mod names;
mod scan;
mod tag;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub use masks::code_masks;
use scan::{Scanner, Tag};
use tag::{Attributes, Form};

/// Deepest nesting that is followed; reading ends with the tag that goes deeper, which is then reported.
const MAX_DEPTH: usize = 10_000;

/// Most problems that are kept of one text; further ones are counted.
const MAX_PROBLEMS: usize = 100_000;

/// How a tag is out of balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagProblemKind {
    /// An opening tag that is never closed.
    Unclosed,
    /// A closing tag before which nothing of its name is open.
    NotOpened,
    /// A closing tag whose element was opened inside of an element that has been closed already: `<a><b></a></b>`.
    Crossed,
}

/// One tag out of balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagProblem {
    /// How.
    pub kind: TagProblemKind,
    /// The tag's name as it is written.
    pub name: Box<str>,
    /// The tag from `<` to `>` as a byte range of the text.
    pub span: Range<usize>,
    /// The opening tag, where `span` is the closing one ([`TagProblemKind::Crossed`]).
    pub opened: Option<Range<usize>>,
}

/// The tags of `text` that are out of balance, by position, 100,000 at most; and why these are not all, where they are not.
///
/// `text` is Markdown. `masks` are byte ranges of it in which no tag counts: fences, inline code, comments, front matter; sorted by
/// start, may overlap ([`code_masks`] gives code and nothing else). Indented code should not be among them: between tags it is nesting. Comments, CDATA sections, processing
/// instructions and `<!DOCTYPE>` outside of the masks are known here.
pub fn unbalanced(text: &str, masks: &[Range<usize>]) -> (Vec<TagProblem>, Option<Box<str>>) {
    let mut closed = HashSet::new();
    let mut scanner = Scanner::new(text, masks);
    let mut any = false;
    while let Some(tag) = scanner.next_tag() {
        any = true;
        if tag.form == Form::Closes {
            closed.insert(key(tag.name));
        }
    }
    let mut balance = Balance::default();
    if any {
        balance.read(text, masks, &closed);
    }
    balance.finish()
}

/// What equal names share: in HTML letter case does not count.
fn key(name: &str) -> Cow<'_, str> {
    if names::is_html(name) && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

#[derive(Debug)]
struct Open<'t> {
    key: Cow<'t, str>,
    name: &'t str,
    span: Range<usize>,
    /// How much it looks like structure.
    weight: Weight,
}

/// When an opening tag that is never closed is a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Never: it is only talked about, or a placeholder.
    Mention,
    /// If an element around it is closed.
    Nested,
    /// Always.
    Structure,
}

fn weight(tag: &Tag<'_>, is_closed: bool) -> Weight {
    let has_values = tag.attributes == Attributes::Valued;
    if !tag.begins_line || tag.attributes == Attributes::Loose {
        Weight::Mention
    } else if tag.is_block && (is_closed || has_values || tag.leads) {
        Weight::Structure
    } else if is_closed || has_values || tag.is_block {
        Weight::Nested
    } else {
        Weight::Mention
    }
}

#[derive(Debug, Default)]
struct Balance<'t> {
    open: Vec<Open<'t>>,
    /// Places in `open` by name, ascending.
    by_name: HashMap<Cow<'t, str>, Vec<usize>>,
    /// Left open when an element around them was closed.
    left: Vec<Option<Open<'t>>>,
    left_by_name: HashMap<Cow<'t, str>, Vec<usize>>,
    problems: Vec<TagProblem>,
    /// With those that are not kept.
    count: usize,
    too_deep: bool,
}

impl<'t> Balance<'t> {
    fn read(&mut self, text: &'t str, masks: &[Range<usize>], closed: &HashSet<Cow<'_, str>>) {
        let mut scanner = Scanner::new(text, masks);
        while let Some(tag) = scanner.next_tag() {
            let key = key(tag.name);
            if tag.form == Form::Closes {
                self.close(&tag, &key);
                continue;
            }
            let is_closed = closed.contains(&key);
            let weight = weight(&tag, is_closed);
            let is_deep = self.open.len() >= MAX_DEPTH;
            // What neither can be closed nor would be reported is not worth remembering.
            if weight < Weight::Structure && (is_deep || (weight == Weight::Mention && !is_closed))
            {
                continue;
            }
            if is_deep {
                self.problem(TagProblemKind::Unclosed, tag.name, tag.span, None);
                self.too_deep = true;
                return;
            }
            let places = self.by_name.entry(key.clone()).or_default();
            places.push(self.open.len());
            self.open.push(Open {
                key,
                name: tag.name,
                span: tag.span,
                weight,
            });
        }
    }

    fn close(&mut self, tag: &Tag<'t>, key: &str) {
        let Some(place) = self.place(tag, key) else {
            self.close_left(tag, key);
            return;
        };
        while self.open.len() > place + 1 {
            if let Some(open) = self.pop() {
                self.leave(open);
            }
        }
        self.pop();
    }

    /// Which of the open tags of this name is meant: the last, unless that is a mention and the closing tag stands like the end of a
    /// block.
    fn place(&self, tag: &Tag<'t>, key: &str) -> Option<usize> {
        let places = self.by_name.get(key)?;
        let last = places.last().copied();
        if !tag.begins_line {
            return last;
        }
        let structure = places.iter().rev().take(16).find(|&&place| {
            self.open
                .get(place)
                .is_some_and(|open| open.weight > Weight::Mention)
        });
        structure.copied().or(last)
    }

    fn pop(&mut self) -> Option<Open<'t>> {
        let open = self.open.pop()?;
        if let Some(places) = self.by_name.get_mut(&open.key) {
            places.pop();
        }
        Some(open)
    }

    fn leave(&mut self, open: Open<'t>) {
        if self.left.len() < MAX_DEPTH {
            let places = self.left_by_name.entry(open.key.clone()).or_default();
            places.push(self.left.len());
            self.left.push(Some(open));
        } else if open.weight > Weight::Mention {
            self.problem(TagProblemKind::Unclosed, open.name, open.span, None);
        }
    }

    /// Nothing of this name is open; it may have been left.
    fn close_left(&mut self, tag: &Tag<'t>, key: &str) {
        let left = self.left_by_name.get_mut(key).and_then(Vec::pop);
        match left.and_then(|place| self.left.get_mut(place)?.take()) {
            Some(open) if open.weight > Weight::Mention => self.problem(
                TagProblemKind::Crossed,
                tag.name,
                tag.span.clone(),
                Some(open.span),
            ),
            // A tag that is only talked about has no end.
            Some(_) if tag.begins_line => {
                self.problem(TagProblemKind::NotOpened, tag.name, tag.span.clone(), None);
            }
            None if tag.is_block => {
                self.problem(TagProblemKind::NotOpened, tag.name, tag.span.clone(), None);
            }
            _ => {}
        }
    }

    fn problem(
        &mut self,
        kind: TagProblemKind,
        name: &str,
        span: Range<usize>,
        opened: Option<Range<usize>>,
    ) {
        self.count += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(TagProblem {
                kind,
                name: name.into(),
                span,
                opened,
            });
        }
    }

    fn finish(mut self) -> (Vec<TagProblem>, Option<Box<str>>) {
        let open = std::mem::take(&mut self.open).into_iter();
        let left = std::mem::take(&mut self.left).into_iter().flatten();
        let open = open.filter(|open| open.weight == Weight::Structure);
        let left = left.filter(|open| open.weight > Weight::Mention);
        for open in open.chain(left) {
            self.problem(TagProblemKind::Unclosed, open.name, open.span, None);
        }
        self.problems
            .sort_by_key(|problem| (problem.span.start, problem.kind));
        let cut = if self.too_deep {
            Some(format!("tags are nested deeper than {MAX_DEPTH}").into())
        } else {
            crate::problems::cut(self.count, MAX_PROBLEMS, "tags are out of balance")
        };
        (self.problems, cut)
    }
}

#[cfg(test)]
mod tests;
