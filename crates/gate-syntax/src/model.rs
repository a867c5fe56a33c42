//! What one parse gives, kept small: a documentation tree has hundreds of thousands of links and headings, and all of them are held at
//! once. All text of a file lies in one pool; records are offsets into it.

use crate::{Mark, Target};

/// One parse of one Markdown file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markdown {
    pub(crate) pool: Box<str>,
    pub(crate) headings: Box<[HeadingAt]>,
    pub(crate) ids: Box<[Piece]>,
    pub(crate) edges: Box<[EdgeAt]>,
    /// The YAML block at the very start, if there is one.
    pub front_matter: Option<Box<FrontMatter>>,
    /// Number of lines, front matter included; a last line without line end counts.
    pub lines: u32,
    /// `[text][label]` and `[label][]` whose label is defined nowhere, in document order: GitHub shows them as plain text.
    pub undefined_references: Box<[Undefined]>,
    /// `gatewright:allow RULE: reason` in comments, in document order.
    pub marks: Box<[Mark]>,
    /// Where tags do not balance and Markdown is not what it seems, in document order; only where [`crate::Options`] asks for it.
    pub problems: Box<[Problem]>,
    /// Some bytes were not UTF-8 and were read as U+FFFD.
    pub invalid_utf8: bool,
    /// A pattern of [`crate::Options::patterns`] matches more than 100,000 times; the matches behind are not edges.
    pub cut: bool,
    /// Why [`Markdown::problems`] lacks some of the tags, as a fragment.
    pub cut_tags: Option<Box<str>>,
    /// Why it lacks some of what is not shown as meant.
    pub cut_lint: Option<Box<str>>,
}

impl Markdown {
    /// In document order: ATX, setext and HTML headings, wherever they stand.
    pub fn headings(&self) -> impl ExactSizeIterator<Item = Heading<'_>> {
        self.headings.iter().map(|heading| Heading {
            level: heading.level,
            is_html: heading.is_html,
            text: self.piece(heading.text),
            line: heading.line,
        })
    }

    /// Explicit anchors, in document order: `id` of any element, `name` of `<a>`, and `fn-x`, `fnref-x`, `fnref-x-2` of a footnote that is used.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.ids.iter().map(|id| self.piece(*id))
    }

    /// Every destination the file names, in document order. A link definition counts once, at its own destination, if a link or image uses it.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = Edge<'_>> {
        self.edges.iter().map(|edge| Edge {
            kind: edge.kind,
            rule: edge.rule,
            written: self.piece(edge.written),
            decoded: self.piece(edge.decoded),
            line: edge.line,
            column: edge.column,
            end_column: edge.end_column,
        })
    }

    fn piece(&self, piece: Piece) -> &str {
        let start = piece.start as usize;
        self.pool
            .get(start..start + piece.length as usize)
            .unwrap_or_default()
    }
}

/// A piece of a file's pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Piece {
    start: u32,
    length: u32,
}

/// Text that is kept of a file.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    text: String,
}

impl Pool {
    pub(crate) fn push(&mut self, text: &str) -> Piece {
        // A file of 64 MiB is the largest that is read, so an offset fits; what would not is left out, not cut.
        let (Ok(start), Ok(length)) = (u32::try_from(self.text.len()), u32::try_from(text.len()))
        else {
            return Piece::default();
        };
        self.text.push_str(text);
        Piece { start, length }
    }

    pub(crate) fn into_text(self) -> Box<str> {
        self.text.into_boxed_str()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeadingAt {
    pub(crate) level: u8,
    pub(crate) is_html: bool,
    pub(crate) text: Piece,
    pub(crate) line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EdgeAt {
    pub(crate) kind: EdgeKind,
    pub(crate) rule: u32,
    pub(crate) written: Piece,
    pub(crate) decoded: Piece,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) end_column: u32,
}

/// A heading; its anchor is the matter of [`crate::Slugger`], since hosts differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading<'m> {
    /// 1 to 6.
    pub level: u8,
    /// Written as `<h2>`; some hosts make no anchor of its text.
    pub is_html: bool,
    /// As rendered, without markup; a soft line break is `\n`.
    pub text: &'m str,
    /// 1-based line of the heading's first character.
    pub line: u32,
}

/// What kind of construct names a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// `[text](destination)` or a definition `[label]: destination`.
    Link,
    /// `![alt](destination)`, or a definition that only images use.
    Image,
    /// `<https://...>`, `<a@b.c>`, a bare URL or a bare e-mail address.
    Autolink,
    /// `href` of `<a>` and `<area>`.
    HtmlLink,
    /// `src`, `srcset`, `poster` of `<img>`, `<source>`, `<video>`, `<audio>`, `<track>`.
    HtmlMedia,
    /// What a tag of [`crate::Options::tags`] names; [`Edge::rule`] is the rule's index.
    Tag,
    /// `@path`, where [`crate::Options::imports`] asks for it.
    Import,
    /// Inline code that looks like a path, where [`crate::Options::code_paths`] asks for it.
    CodePath,
    /// `namespace:name`, where [`crate::Options::names`] asks for it.
    Name,
    /// What a pattern of [`crate::Options::patterns`] found; [`Edge::rule`] is the pattern's index.
    Pattern,
}

impl EdgeKind {
    /// What Markdown or HTML itself makes a reference, as against what a framework does.
    pub const fn is_link(self) -> bool {
        matches!(
            self,
            Self::Link | Self::Image | Self::Autolink | Self::HtmlLink | Self::HtmlMedia
        )
    }

    /// Destinations that are paths by themselves and no URLs: nothing in them is percent-encoded.
    const fn is_plain_path(self) -> bool {
        !self.is_link()
    }
}

/// One destination named by the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge<'m> {
    /// The construct.
    pub kind: EdgeKind,
    /// For [`EdgeKind::Tag`] and [`EdgeKind::Pattern`]: which of the options' rules; else 0.
    pub rule: u32,
    /// The destination as it stands in the file, without the `<>` around it.
    pub written: &'m str,
    /// The same with entities and backslashes decoded.
    pub decoded: &'m str,
    /// 1-based line of the destination.
    pub line: u32,
    /// 1-based column of the destination's first character.
    pub column: u32,
    /// 1-based column after its last character; on the destination's own line, which it never leaves (an HTML attribute that does
    /// leave it ends where its first line ends).
    pub end_column: u32,
}

impl<'m> Edge<'m> {
    /// The destination, taken apart.
    pub fn target(&self) -> Target<'m> {
        if self.kind.is_plain_path() {
            Target::of_path(self.decoded)
        } else if self.kind == EdgeKind::Autolink && !self.decoded.contains("//") {
            Target::of_autolink(self.decoded)
        } else {
            Target::of_link(self.decoded)
        }
    }
}

/// A full or collapsed reference whose label is not defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undefined {
    /// The label looked for.
    pub label: Box<str>,
    /// 1-based line where the reference starts.
    pub line: u32,
    /// 1-based column where the reference starts.
    pub column: u32,
    /// 1-based column after the reference, or after the end of its first line.
    pub end_column: u32,
}

/// A place where Markdown, or a tag in it, is not what it seems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable id of what is wrong: `unclosed_tag`, `unclosed_fence`, ...
    pub rule: &'static str,
    /// What it is about: a tag's name; empty where the rule says it all.
    pub key: Box<str>,
    /// What was found and what was expected, as a lower-case fragment.
    pub message: Box<str>,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// 1-based column after the last character of the first line of it.
    pub end_column: u32,
}

/// The YAML block at the start of a file, between two `---` lines (the second may be `...`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrontMatter {
    /// Line of the closing mark; the opening one is on line 1.
    pub last_line: u32,
    /// Why it cannot be read as a mapping, if it cannot; `keys` then holds what came before.
    pub error: Option<SyntaxError>,
    /// Top-level keys with their 1-based lines, in order.
    pub keys: Vec<(Box<str>, u32)>,
}

/// Where and why something could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// 1-based line in the file.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// What was found and what was expected, as a lower-case fragment.
    pub message: Box<str>,
}
