//! A heading's anchor, in the dialect of the site that will show it.

use std::borrow::Cow;
use std::collections::HashMap;

mod docusaurus;
mod github;
mod gitlab;
mod hugo;
mod kramdown;
mod mkdocs;
mod ms_learn;

pub use github::slug;

/// Whose anchors a file has. One file below `slug/` each; [`dialect_summary`] says each in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Dialect {
    /// github.com, and whatever uses npm's `github-slugger`.
    #[default]
    Github,
    /// GitLab 17.0 and later.
    Gitlab,
    /// Microsoft Learn and docfx.
    MsLearn,
    /// Hugo with its default settings.
    Hugo,
    /// Docusaurus 2 and 3.
    Docusaurus,
    /// `MkDocs`: Python-Markdown with its extensions `toc` and `attr_list`.
    Mkdocs,
    /// kramdown's own parser with its default settings.
    Kramdown,
}

impl Dialect {
    /// Every dialect, in the order in which they are documented.
    pub const ALL: [Self; 7] = [
        Self::Github,
        Self::Gitlab,
        Self::MsLearn,
        Self::Hugo,
        Self::Docusaurus,
        Self::Mkdocs,
        Self::Kramdown,
    ];

    fn rules(self) -> &'static Rules {
        match self {
            Self::Github => &github::RULES,
            Self::Gitlab => &gitlab::RULES,
            Self::MsLearn => &ms_learn::RULES,
            Self::Hugo => &hugo::RULES,
            Self::Docusaurus => &docusaurus::RULES,
            Self::Mkdocs => &mkdocs::RULES,
            Self::Kramdown => &kramdown::RULES,
        }
    }

    /// The word that names it in a policy, such as `ms-learn`.
    pub fn as_str(self) -> &'static str {
        self.rules().word
    }

    /// The dialect of this word, by exact case; `None` if there is none.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// Whether a heading that is written as HTML (`<h2>`) gets an anchor from its text too, and counts among the duplicates. Where
    /// not, only its own `id` leads to it.
    pub fn slugs_html_headings(self) -> bool {
        self.rules().html_headings
    }

    /// What the site makes of a heading's text outside code before it makes the anchor. To be applied to each piece of such text;
    /// code is left as it is. Hugo turns `--` into a dash, which no anchor keeps; the others change nothing.
    pub fn prose(self, text: &str) -> Cow<'_, str> {
        (self.rules().prose)(text)
    }
}

/// What a dialect does, in one sentence.
pub fn dialect_summary(dialect: Dialect) -> &'static str {
    dialect.rules().summary
}

/// All there is to a dialect.
struct Rules {
    word: &'static str,
    summary: &'static str,
    html_headings: bool,
    prose: fn(&str) -> Cow<'_, str>,
    /// Takes note of an id that stands further down but counts already.
    reserve: fn(&mut Taken, &str),
    /// The next anchor, from the heading's text and the line below it.
    anchor: fn(&mut Taken, &str, &str) -> Box<str>,
}

/// What most have in common; a dialect names what it does in another way.
const COMMON: Rules = Rules {
    word: "",
    summary: "",
    html_headings: false,
    prose: |text| Cow::Borrowed(text),
    reserve: |_, _| {},
    anchor: |taken, text, _| unique(taken, slug(text)),
};

/// Anchors given out, each with a number that tells where to look for the next free one.
type Taken = HashMap<Box<str>, u64>;

/// Gives a file's headings their anchors: the slug of the text, or the id written in the heading where the dialect knows that, and
/// duplicates told apart as the dialect does it. Feed it the headings in document order.
///
/// A dialect's input is the heading's rendered text, in which an attribute list such as `{#id}` is still text at the end. That text
/// does not show whether its end stood in code or behind a backslash; it is taken for plain text.
#[derive(Debug, Clone, Default)]
pub struct Slugger {
    dialect: Dialect,
    taken: Taken,
}

impl Slugger {
    /// For one file.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            taken: Taken::new(),
        }
    }

    /// The dialect it was made for.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Takes note of the id that a heading further down states. In `mkdocs` such an id is taken from the start: called for every
    /// heading of the file before the first [`Self::slug`], the anchors are exact; where it is not called, a heading above a stated
    /// id that equals its slug is the only one that differs. The other dialects go by document order, and it does nothing.
    pub fn reserve(&mut self, rendered_heading_text: &str) {
        (self.dialect.rules().reserve)(&mut self.taken, rendered_heading_text);
    }

    /// The anchor of the next heading of the file; empty where the dialect gives it none (Hugo: a heading without text).
    pub fn slug(&mut self, rendered_heading_text: &str) -> Box<str> {
        self.slug_above(rendered_heading_text, "")
    }

    /// [`Self::slug`], for a heading that is directly followed by this source line (without its line end). kramdown reads an attribute
    /// list there: `{: #id}`. The other dialects do not look at it.
    pub fn slug_above(&mut self, rendered_heading_text: &str, line_below: &str) -> Box<str> {
        let anchor = self.dialect.rules().anchor;
        anchor(&mut self.taken, rendered_heading_text, line_below)
    }
}

/// The slug itself, or with the lowest number from 1 that makes it free: `a`, `a-1`, `a-2`. The number is remembered per original
/// slug, so that many duplicates take no more than linear time.
fn unique(taken: &mut Taken, original: String) -> Box<str> {
    let original = original.into_boxed_str();
    let mut unique = original.clone();
    if let Some(&count) = taken.get(&original) {
        let mut count = count;
        while taken.contains_key(&unique) {
            count = count.saturating_add(1);
            unique = format!("{original}-{count}").into_boxed_str();
        }
        taken.insert(original, count);
    }
    taken.insert(unique.clone(), 0);
    unique
}

/// One character for one, as Unicode's simple case mapping has it (`İ` becomes `i`).
fn simple_lowercase(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

#[cfg(test)]
mod tests;
