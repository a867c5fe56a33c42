//! The one pass over the parser's events.

mod finish;
mod links;
mod tags;

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::bare::{Candidates, Place};
use crate::html::Attribute;
use crate::slug::Slugger;
use crate::{EdgeKind, Markdown, Target, include};
use links::{OpenLink, Uses};

/// Longest heading text, in bytes: an HTML heading that is never closed must not swallow the file.
const MAX_HEADING: usize = 16 * 1024;

/// Parses `text`, the Markdown of a file from `first_line` (1-based) on. Everything but what belongs to the file as a whole is filled in.
pub(crate) fn walk(text: &str, first_line: u32, options: crate::Options) -> Markdown {
    let mut broken = Vec::new();
    let on_broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed)
            && !link.reference.starts_with('^')
        {
            broken.push((
                whole_reference(text, link.span),
                link.reference.as_ref().into(),
            ));
        }
        None
    };
    let flavour = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut events =
        Parser::new_with_broken_link_callback(text, flavour, Some(on_broken)).into_offset_iter();
    let mut walk = Walk::new(text, options);
    while let Some((event, range)) = events.next() {
        if let Some((label, is_image)) = links::reference(&event) {
            walk.uses
                .record(events.reference_definitions(), label, is_image);
        }
        walk.event(event, range);
    }
    walk.finish_heading();
    walk.definitions(events.reference_definitions());
    drop(events);
    walk.includes();
    walk.into_markdown(first_line, broken)
}

/// The parser leaves the `[]` of a collapsed reference out.
fn whole_reference(text: &str, mut span: Range<usize>) -> Range<usize> {
    if text
        .get(span.end..)
        .is_some_and(|rest| rest.starts_with("[]"))
    {
        span.end += 2;
    }
    span
}

/// An edge before its offset is a position.
#[derive(Debug)]
struct Found {
    kind: EdgeKind,
    span: Range<usize>,
    written: Box<str>,
    target: Target,
}

/// A heading whose end has not come yet; its text is in `Walk::heading_text`.
#[derive(Debug, Clone, Copy)]
struct OpenHeading {
    level: u8,
    offset: usize,
    is_html: bool,
}

#[derive(Debug)]
struct Walk<'t> {
    text: &'t str,
    options: crate::Options,
    candidates: Candidates,
    slugger: Slugger,
    headings: Vec<(OpenHeading, Box<str>, Box<str>)>,
    anchors: Vec<Box<str>>,
    found: Vec<Found>,
    heading: Option<OpenHeading>,
    heading_text: String,
    links: Vec<OpenLink<'t>>,
    images_open: usize,
    in_table: bool,
    in_code: bool,
    /// Open `<pre>` and `<code>` tags of the block.
    literal_depth: u32,
    /// Lines of the HTML block: what the parser gave, and where it stands in the source.
    html: Vec<(CowStr<'t>, usize)>,
    attributes: Vec<Attribute>,
    footnotes: HashMap<Box<str>, usize>,
    has_math: bool,
    /// What hides include tags; only kept where there may be some.
    masks: Option<Vec<Range<usize>>>,
    uses: Uses,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, options: crate::Options) -> Self {
        Self {
            text,
            options,
            candidates: Candidates::of(text),
            slugger: Slugger::default(),
            headings: Vec::new(),
            anchors: Vec::new(),
            found: Vec::new(),
            heading: None,
            heading_text: String::new(),
            links: Vec::new(),
            images_open: 0,
            in_table: false,
            in_code: false,
            literal_depth: 0,
            html: Vec::new(),
            attributes: Vec::new(),
            footnotes: HashMap::new(),
            has_math: memchr::memchr(b'$', text.as_bytes()).is_some(),
            masks: include::may_have(text).then(Vec::new),
            uses: Uses::default(),
        }
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        if let Event::End(TagEnd::Link | TagEnd::Image) = event {
            self.close_link(&range);
        }
        if let Some(open) = self.links.last_mut() {
            open.text_end = open.text_end.max(range.end);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.plain(&text, &range),
            Event::Code(code) => {
                self.mask(range);
                self.push_heading_text(&code);
            }
            Event::Html(line) => self.html.push((line, range.start)),
            Event::InlineHtml(tag) => self.scan_html(&tag, &[(0, range.start)]),
            Event::SoftBreak | Event::HardBreak => self.push_heading_text("\n"),
            Event::FootnoteReference(label) => self.footnote(&label),
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: Range<usize>) {
        match tag {
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.open_link(link_type, false, dest_url, range.start + 1),
            Tag::Image {
                link_type,
                dest_url,
                ..
            } => self.open_link(link_type, true, dest_url, range.start + 2),
            Tag::Heading { level, .. } => {
                self.literal_depth = 0;
                self.open_heading(OpenHeading {
                    level: level as u8,
                    offset: range.start,
                    is_html: false,
                });
            }
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    self.mask(range);
                }
            }
            Tag::Table(_) => self.in_table = true,
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {}
            // A tag left open ends with its block.
            _ => self.literal_depth = 0,
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.finish_heading(),
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Table => self.in_table = false,
            TagEnd::HtmlBlock => self.html_block(),
            _ => {}
        }
    }

    fn mask(&mut self, range: Range<usize>) {
        if let Some(masks) = &mut self.masks {
            masks.push(range);
        }
    }

    /// Text as the parser gives it: entities decoded, at `range` of the source.
    fn plain(&mut self, text: &str, range: &Range<usize>) {
        if self.in_code {
            return;
        }
        self.push_heading_text(text);
        if !self.links.is_empty() || self.literal_depth > 0 {
            return;
        }
        let place = Place {
            in_table: self.in_table,
            imports: self.options.imports,
        };
        let (source, found) = (self.text, &mut self.found);
        self.candidates
            .visit(source, range, place, |kind, span, target| {
                let written = source[span.clone()].into();
                found.push(Found {
                    kind,
                    span,
                    written,
                    target,
                });
            });
    }

    // Headings.

    fn open_heading(&mut self, heading: OpenHeading) {
        self.finish_heading();
        self.heading_text.clear();
        self.heading = Some(heading);
    }

    fn push_heading_text(&mut self, text: &str) {
        let room = self.heading.is_some()
            && self.images_open == 0
            && self.heading_text.len() < MAX_HEADING;
        if room {
            self.heading_text.push_str(text);
        }
    }

    fn finish_heading(&mut self) {
        if let Some(heading) = self.heading.take() {
            let slug = self.slugger.slug(&self.heading_text);
            self.anchors.push(slug.clone());
            self.headings
                .push((heading, self.heading_text.as_str().into(), slug));
        }
    }

    /// GitHub renders a reference as its number, in order of first use.
    fn footnote(&mut self, label: &str) {
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
