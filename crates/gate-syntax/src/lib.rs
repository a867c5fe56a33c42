//! Markdown edges and headings, front matter, embedded tags; parsed once per run.
//!
//! [`parse`] reads one Markdown file as GitHub renders it and returns everything a reference check needs: the fragments the file offers,
//! the destinations it names with their positions, and whether its front matter is readable. The crate promises:
//!
//! - one parse per file, time and memory linear in its size, no panic whatever the bytes are;
//! - pure functions: no file, network, environment or clock; whether a target exists is the caller's question;
//! - GitHub's slug rule to the letter ([`slug`], [`Slugger`]);
//! - positions are 1-based lines and 1-based columns counted in characters; lines end at `\n`; a byte order mark takes no column.

mod bare;
mod destination;
mod fragment;
mod front_matter;
mod html;
mod include;
mod locate;
mod slug;
mod target;
mod walk;

pub use fragment::{always_valid_fragment, line_fragment};
pub use slug::{Slugger, slug};
pub use target::Target;

/// One parse of one Markdown file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Markdown {
    /// In document order: ATX, setext and HTML headings, wherever they stand.
    pub headings: Vec<Heading>,
    /// Every fragment the file offers: heading slugs, `id` of any element, `name` of `<a>`; sorted, without duplicates.
    /// GitHub also accepts each with the prefix `user-content-`: ask [`Markdown::has_anchor`].
    pub anchors: Vec<Box<str>>,
    /// In document order. A link definition counts once, at its own destination, used or not.
    pub edges: Vec<Edge>,
    /// The YAML block at the very start, if there is one.
    pub front_matter: Option<FrontMatter>,
    /// Number of lines, front matter included; a last line without line end counts.
    pub lines: u32,
    /// `[text][label]` and `[label][]` whose label is defined nowhere, in document order: GitHub shows them as plain text.
    pub undefined_references: Vec<Undefined>,
    /// Some bytes were not UTF-8 and were read as U+FFFD.
    pub invalid_utf8: bool,
}

impl Markdown {
    /// Whether `fragment` (percent-decoded, without `#`) leads to an anchor of this file, by exact case. A text directive (`:~:`) and
    /// the prefix `user-content-` are set aside.
    pub fn has_anchor(&self, fragment: &str) -> bool {
        let fragment = fragment.split(":~:").next().unwrap_or_default();
        let has = |name: &str| {
            self.anchors
                .binary_search_by(|anchor| (**anchor).cmp(name))
                .is_ok()
        };
        has(fragment) || fragment.strip_prefix("user-content-").is_some_and(has)
    }
}

/// A heading and the anchor that GitHub gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// As rendered, without markup; a soft line break is `\n`.
    pub text: Box<str>,
    /// Unique in the file: the duplicate counter has been applied.
    pub slug: Box<str>,
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
    /// `<include>path</include>`, `<include component="path">`, `<component>path</component>`.
    Include,
    /// `@path`, only where [`Options::imports`] asks for it.
    Import,
}

/// One destination named by the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The construct.
    pub kind: EdgeKind,
    /// The destination as it stands in the file, without the `<>` around it.
    pub written: Box<str>,
    /// The same, taken apart.
    pub target: Target,
    /// 1-based line of the destination.
    pub line: u32,
    /// 1-based column of the destination's first character.
    pub column: u32,
    /// 1-based column after its last character; on the destination's own line, which it never leaves (an HTML attribute that does
    /// leave it ends where its first line ends).
    pub end_column: u32,
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

/// The YAML block at the start of a file, between two `---` lines (the second may be `...`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrontMatter {
    /// Line of the opening `---`: always 1.
    pub first_line: u32,
    /// Line of the closing mark.
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

/// What [`parse_with`] looks for beyond what every Markdown file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Read `@path` as an import. It means something only in files that an agent loads as its memory.
    pub imports: bool,
}

/// Reads one Markdown file. Never fails: what is not Markdown is text.
pub fn parse(bytes: &[u8]) -> Markdown {
    parse_with(bytes, Options::default())
}

/// [`parse`], with options.
pub fn parse_with(bytes: &[u8], options: Options) -> Markdown {
    let text = String::from_utf8_lossy(bytes);
    let invalid_utf8 = matches!(text, std::borrow::Cow::Owned(_));
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (front_matter, body) = front_matter::read(text);
    let body_line = front_matter
        .as_ref()
        .filter(|_| body > 0)
        .map_or(1, |matter| matter.last_line + 1);
    let mut markdown = walk::walk(&text[body..], body_line, options);
    markdown.front_matter = front_matter;
    markdown.invalid_utf8 = invalid_utf8;
    markdown.lines = locate::count_lines(text);
    markdown
}

/// Only the `@path` imports of a file.
pub fn imports(bytes: &[u8]) -> Vec<Edge> {
    let mut edges = parse_with(bytes, Options { imports: true }).edges;
    edges.retain(|edge| edge.kind == EdgeKind::Import);
    edges
}

/// Whether GitHub renders a file of this name as Markdown; letter case does not count (`README.MD` exists).
pub fn is_markdown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && ["md", "markdown", "mdown", "mkd"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests;
