//! Markdown edges and headings, front matter, embedded tags; parsed once per run.
//!
//! [`parse`] reads one Markdown file as GitHub renders it and returns everything a reference check needs: the fragments the file offers,
//! the destinations it names with their positions, and whether its front matter is readable. The crate promises:
//!
//! - one parse per file, time and memory linear in its size, no panic whatever the bytes are;
//! - pure functions: no file, network, environment or clock; whether a target exists is the caller's question;
//! - GitHub's slug rule to the letter ([`slug`], [`Slugger`]), and those of six more sites ([`Dialect`]);
//! - positions are 1-based lines and 1-based columns counted in characters; lines end at `\n`; a byte order mark takes no column.

mod balance;
mod bare;
mod destination;
mod fences;
mod fragment;
mod front_matter;
mod html;
mod include;
mod lint;
mod locate;
mod mark;
mod model;
mod problems;
mod slug;
mod target;
mod tokens;
mod walk;
mod xml;

pub use balance::{TagProblem, TagProblemKind, code_masks, unbalanced};
pub use fragment::{always_valid_fragment, is_readme_fragment, line_fragment};
pub use front_matter::{Located, front_matter_value};
pub use lint::{MarkdownProblem, markdown_problems};
pub use mark::Mark;
pub use model::{Edge, EdgeKind, FrontMatter, Heading, Markdown, Problem, SyntaxError, Undefined};
pub use slug::{Dialect, Slugger, dialect_summary, slug};
pub use target::{Target, percent_decode};
pub use tokens::{Encoding, count as count_tokens};
pub use xml::xml_problem;

use std::borrow::Cow;

/// What [`parse`] looks for beyond links, headings and anchors. Everything that is off costs nothing.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Options<'o> {
    /// `@path` is an import. It means something only in files that an agent loads as its memory, and in what those import.
    pub imports: bool,
    /// Inline code that looks like a path is an edge.
    pub code_paths: bool,
    /// `namespace:name` in text and inline code is an edge.
    pub names: bool,
    /// Tags whose text or attribute is an edge.
    pub tags: &'o [TagRule],
    /// Patterns; the first of their groups that takes part is an edge. Tried on the whole text, comments aside.
    pub patterns: &'o [regex::Regex],
    /// Read the keys of the front matter and say what is wrong with it.
    pub front_matter: bool,
    /// Where tags that are not Markdown's own do not balance.
    pub balance: bool,
    /// Fences, tables and the like that GitHub does not show as they are meant.
    pub lint: bool,
}

/// An edge that a tag makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagRule {
    /// Name of the tag, exact case.
    pub tag: Box<str>,
    /// The attribute that holds the destination; `None`: the text of the tag does.
    pub attribute: Option<Box<str>>,
    /// Any word is a destination; without it only what has a `/` or an extension.
    pub any: bool,
}

/// Reads one Markdown file. Never fails: what is not Markdown is text.
pub fn parse(bytes: &[u8], options: Options<'_>) -> Markdown {
    let (text, invalid_utf8) = read(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (front_matter, body) = front_matter::read(text, options.front_matter);
    let body_line = front_matter
        .as_ref()
        .filter(|_| body > 0)
        .map_or(1, |matter| matter.last_line + 1);
    let (front, body) = text.split_at(body);
    let body = fences::settle(body);
    let mut markdown = walk::walk(front, &body, body_line, options);
    problems::find(&body, body_line, options, &mut markdown);
    markdown.front_matter = front_matter.map(Box::new);
    markdown.invalid_utf8 = invalid_utf8;
    markdown.lines = locate::count_lines(text);
    markdown
}

/// Reads one text file that is no Markdown: tags and patterns wherever they stand, and nothing else.
pub fn parse_text(bytes: &[u8], options: Options<'_>) -> Markdown {
    of_text(bytes, |text| walk::plain(text, options))
}

/// Reads one XML file: what its tags name, what patterns find, and the marks in its comments. Nothing in it is Markdown.
pub fn parse_xml(bytes: &[u8], options: Options<'_>) -> Markdown {
    of_text(bytes, |text| walk::xml(text, options))
}

fn of_text(bytes: &[u8], walk: impl Fn(&str) -> Markdown) -> Markdown {
    let (text, invalid_utf8) = read(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Markdown {
        invalid_utf8,
        lines: locate::count_lines(text),
        ..walk(text)
    }
}

/// The text, and whether some of it was not UTF-8.
fn read(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    // The strict check is several times faster than the lossy one, and nearly always enough.
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (String::from_utf8_lossy(bytes), true),
    }
}

/// Whether GitHub renders a file of this name as Markdown; letter case does not count (`README.MD` exists).
pub fn is_markdown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && ["md", "markdown", "mdown", "mdwn", "mkd", "mkdn", "mkdown"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests;
