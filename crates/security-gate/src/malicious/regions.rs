//! Whether a place in a source file is code, string or comment: a tolerant lexer, one pass, used where there is a candidate.

use super::chars;
use super::file::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Region {
    Code,
    Text,
    Comment,
    /// The language is not known well enough.
    Unknown,
}

/// Walks forward through a file; asking for offsets in rising order costs one pass in all.
#[derive(Debug)]
pub(super) struct Regions<'t> {
    text: &'t [u8],
    language: Language,
    at: usize,
    /// What the place is in, and what ends it; `None`: code.
    inside: Option<(Region, &'static [u8])>,
}

impl<'t> Regions<'t> {
    pub(super) const fn new(text: &'t [u8], language: Language) -> Self {
        Self {
            text,
            language,
            at: 0,
            inside: None,
        }
    }

    pub(super) fn of(&mut self, offset: usize) -> Region {
        use Language::{C, Hash, JavaScript, Python, Rust, Shell};
        if !matches!(self.language, C | Rust | JavaScript | Python | Hash | Shell) {
            return Region::Unknown;
        }
        while self.at < offset.min(self.text.len()) {
            self.at += self.step();
        }
        self.inside.map_or(Region::Code, |(region, _)| region)
    }

    /// Reads one token; returns its length.
    fn step(&mut self) -> usize {
        let rest = &self.text[self.at..];
        if let Some((region, end)) = self.inside {
            if rest.starts_with(end) {
                self.inside = None;
                return end.len();
            }
            if region == Region::Text && rest[0] == b'\\' {
                // A line that goes on, too.
                return if rest[1..].starts_with(b"\r\n") { 3 } else { 2 };
            }
            if rest[0] == b'\n' && self.ends_with_line(region, end) {
                self.inside = None;
            }
            return 1;
        }
        let (inside, length) = self.open(rest);
        self.inside = inside;
        length
    }

    fn open(&self, rest: &[u8]) -> (Option<(Region, &'static [u8])>, usize) {
        let hash = matches!(
            self.language,
            Language::Python | Language::Hash | Language::Shell
        );
        let string = |end: &'static [u8]| (Some((Region::Text, end)), end.len());
        let comment = |end: &'static [u8], length| (Some((Region::Comment, end)), length);
        match rest {
            // Only at the start of a word: `$#` and `${x#y}` are code.
            [b'#', ..] if hash && self.starts_word() => comment(b"\n", 1),
            [b'/', b'/', ..] if !hash => comment(b"\n", 2),
            [b'/', b'*', ..] if !hash => comment(b"*/", 2),
            [b'"', b'"', b'"', ..] if self.language != Language::Shell => string(b"\"\"\""),
            [b'\'', b'\'', b'\'', ..] if self.language == Language::Python => string(b"'''"),
            [b'"', ..] => string(b"\""),
            [b'\'', b'\\', ..] => string(b"'"),
            [b'\'', ..] if self.language == Language::Rust && is_character(&rest[1..]) => {
                string(b"'")
            }
            // A lifetime.
            [b'\'', ..] if self.language == Language::Rust => (None, 1),
            [b'\'', ..] => string(b"'"),
            [b'`', ..] if !hash => string(b"`"),
            [b'\\', _, ..] => (None, 2),
            _ => (None, 1),
        }
    }

    fn starts_word(&self) -> bool {
        self.at == 0
            || self.language == Language::Python
            || self.text[self.at - 1].is_ascii_whitespace()
            || self.text[self.at - 1] == b';'
    }

    /// Strings of most languages end with their line at the latest.
    fn ends_with_line(&self, region: Region, end: &[u8]) -> bool {
        region == Region::Text
            && end.len() == 1
            && end != b"`"
            && !matches!(
                self.language,
                Language::Shell | Language::Hash | Language::Rust
            )
    }
}

/// One character and the quote that ends it.
fn is_character(rest: &[u8]) -> bool {
    chars::at(rest, 0).is_some_and(|c| rest.get(c.len_utf8()) == Some(&b'\''))
}
