//! The one pass over the parser's events.

mod finish;
mod headings;
mod links;
mod math;
mod plain;
mod tags;
mod text;

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::bare::Candidates;
use crate::model::{EdgeAt, Piece, Pool};
use crate::{EdgeKind, Markdown, include, mark};
use headings::OpenHeading;
use links::{OpenLink, Uses};
use math::Math;
pub(crate) use plain::{plain, xml};

/// Longest heading text, in bytes: an HTML heading that is never closed must not swallow the file.
const MAX_HEADING: usize = 16 * 1024;

/// Parses `text`, the Markdown of a file from `first_line` (1-based) on, before which `front` stands. Everything but what belongs to the
/// file as a whole is filled in.
pub(crate) fn walk(
    front: &str,
    text: &str,
    first_line: u32,
    options: crate::Options<'_>,
) -> Markdown {
    let mut broken: Vec<(Range<usize>, Box<str>)> = Vec::new();
    let on_broken = |link: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed)
            && !link.reference.starts_with('^')
            && links::is_meant(text, &link.span, &link.reference)
        {
            broken.push((
                links::whole_reference(text, link.span),
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
        if let Some((label, is_image)) = links::reference(&event).filter(|_| walk.images_open == 0)
        {
            walk.uses
                .record(events.reference_definitions(), label, is_image);
        }
        walk.event(event, range);
    }
    walk.finish_heading();
    walk.settle_math();
    walk.definitions(events.reference_definitions());
    let has_definitions = events.reference_definitions().iter().next().is_some();
    drop(events);
    broken.retain(|(span, label)| has_definitions || !links::are_tags(text, span, label));
    walk.find_tags();
    let cut = walk.patterns(front);
    Markdown {
        cut,
        ..walk.into_markdown(first_line, broken)
    }
}

/// An edge before its offset is a position.
#[derive(Debug)]
struct Found {
    kind: EdgeKind,
    rule: u32,
    span: Range<usize>,
    written: Piece,
    decoded: Piece,
}

#[derive(Debug)]
struct Walk<'t> {
    text: &'t str,
    options: crate::Options<'t>,
    candidates: Candidates,
    pool: Pool,
    headings: Vec<(OpenHeading, Piece)>,
    ids: Vec<Piece>,
    /// What patterns find in the front matter.
    in_front: Vec<EdgeAt>,
    found: Vec<Found>,
    heading: Option<OpenHeading>,
    heading_text: String,
    links: Vec<OpenLink<'t>>,
    images_open: usize,
    in_table: bool,
    in_code: bool,
    /// Open `<pre>` and `<code>` tags of the block: what stands bare in them is shown, not meant. Links in them are links.
    literal_depth: u32,
    /// Lines of the HTML block: what the parser gave, and where it stands in the source.
    html: Vec<(CowStr<'t>, usize)>,
    /// Number and uses of each footnote.
    footnotes: HashMap<Box<str>, (usize, usize)>,
    has_math: bool,
    math: Math,
    /// Code, and comments apart from it: where there is something that they hide.
    code: Option<Vec<Range<usize>>>,
    comments: Option<Vec<Range<usize>>>,
    /// Blocks of HTML that end in a fence: to the parser the end of such a fence begins another.
    cut_fences: usize,
    uses: Uses,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, options: crate::Options<'t>) -> Self {
        let hidden = options.balance || include::may_have(text, options.tags);
        let commented = hidden || !options.patterns.is_empty() || mark::may_have(text);
        Self {
            text,
            options,
            candidates: Candidates::of(text, options.names),
            pool: Pool::default(),
            headings: Vec::new(),
            ids: Vec::new(),
            in_front: Vec::new(),
            found: Vec::new(),
            heading: None,
            heading_text: String::new(),
            links: Vec::new(),
            images_open: 0,
            in_table: false,
            in_code: false,
            literal_depth: 0,
            html: Vec::new(),
            footnotes: HashMap::new(),
            has_math: memchr::memchr(b'$', text.as_bytes()).is_some(),
            math: Math::default(),
            code: hidden.then(Vec::new),
            comments: commented.then(Vec::new),
            cut_fences: 0,
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
                self.push_heading_text(&code);
                self.inline_code(&code, range);
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
                self.new_block();
                self.open_heading(OpenHeading {
                    level: level as u8,
                    offset: range.start,
                    is_html: false,
                });
            }
            Tag::CodeBlock(kind) => {
                self.new_block();
                self.in_code = true;
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    self.hide(range);
                }
            }
            Tag::Table(_) => {
                self.new_block();
                self.in_table = true;
            }
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript => {}
            _ => self.new_block(),
        }
    }

    /// A tag left open ends with its block, as does a formula.
    fn new_block(&mut self) {
        self.literal_depth = 0;
        self.settle_math();
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

    /// Code hides tags.
    fn hide(&mut self, range: Range<usize>) {
        if let Some(code) = &mut self.code {
            code.push(range);
        }
    }

    fn push_id(&mut self, id: &str) {
        let id = self.pool.push(id);
        self.ids.push(id);
    }

    /// Takes down an edge; `decoded` is kept apart only where it differs.
    fn add(&mut self, kind: EdgeKind, rule: u32, span: Range<usize>, written: &str, decoded: &str) {
        let kept = self.pool.push(written);
        let decoded = if written == decoded {
            kept
        } else {
            self.pool.push(decoded)
        };
        self.found.push(Found {
            kind,
            rule,
            span,
            written: kept,
            decoded,
        });
    }
}
