//! Hugo with its default settings (`autoIDType = "github"`, `attribute.title`, `typographer`): `markup/goldmark/autoid.go`,
//! `markup/goldmark/internal/extensions/attributes/attributes.go` of gohugoio/hugo, `parser/attribute.go` and
//! `extension/typographer.go` of its parser yuin/goldmark; read at 0.155.3 and 1.8.7, run at 0.168.0.
//!
//! Left out of attribute lists: lists and mappings as values, which no heading has.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

use super::github::ascii_slug;
use super::{COMMON, Rules, simple_lowercase, unique};

pub(super) const RULES: Rules = Rules {
    word: "hugo",
    summary: "Hugo: as on GitHub, but white space at both ends and all marks are dropped, `--` and `---` outside code too, a heading \
              of which nothing is left is `heading`, and one without text has no anchor; `{#id}` at the end of a heading is its id.",
    prose,
    anchor: |taken, text, _| {
        // A heading of several lines is named after its last.
        let line = text.rsplit('\n').next().unwrap_or_default();
        let (text, id) = split(line);
        if let Some(id) = id {
            taken.entry(id.into()).or_insert(0);
            return id.into();
        }
        if text.is_empty() {
            return Box::default();
        }
        unique(taken, slug(text))
    },
    ..COMMON
};

fn slug(text: &str) -> String {
    let text = text.trim();
    let slug = if text.is_ascii() {
        ascii_slug(text)
    } else {
        text.chars().filter_map(letter).collect()
    };
    if slug.is_empty() {
        return String::from("heading");
    }
    slug
}

fn letter(c: char) -> Option<char> {
    match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => {
            let is_kept = c.general_category_group() == GeneralCategoryGroup::Letter
                || c.general_category() == GeneralCategory::DecimalNumber;
            is_kept.then(|| simple_lowercase(c))
        }
    }
}

/// Hyphens become dashes from the left, three at a time, then two.
fn prose(text: &str) -> Cow<'_, str> {
    if text.contains("--") {
        Cow::Owned(text.replace("---", "—").replace("--", "–"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The heading without its attribute list, and the id which that states. A list without an id is cut off too.
fn split(line: &str) -> (&str, Option<&str>) {
    if !line.trim_end().ends_with('}') {
        return (line, None);
    }
    let mut lists = line.match_indices('{').map(|(at, _)| line.split_at(at));
    lists
        .find_map(|(before, list)| {
            let (id, after) = attributes(list)?;
            after.trim().is_empty().then_some((before.trim_end(), id))
        })
        .unwrap_or((line, None))
}

/// Reads `{...}`: the last id in it, if any, and what comes after. `None` if it is no attribute list.
fn attributes(list: &str) -> Option<(Option<&str>, &str)> {
    let mut rest = list.strip_prefix('{')?;
    let mut id = None;
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return Some((id, after));
        }
        rest = rest.trim_start_matches(is_space);
        let (found, after) = match rest.strip_prefix(['#', '.']) {
            Some(word) => {
                let (word, after) = take(word, |c| !is_space(c) && !is_outside_name(c));
                (rest.starts_with('#').then_some(word), after)
            }
            None => attribute(rest)?,
        };
        id = found.or(id);
        rest = after.trim_start_matches(is_space);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start_matches(is_space);
        }
    }
}

/// Reads `name=value`: the value if the name is `id`, and what comes after.
fn attribute(text: &str) -> Option<(Option<&str>, &str)> {
    let (name, after) = word(text)?;
    let value = after.trim_start_matches(is_space).strip_prefix('=')?;
    let value = value.trim_start_matches(is_space);
    let (value, after) = match value.strip_prefix('"') {
        Some(quoted) => string(quoted)?,
        None => word(value).or_else(|| number(value))?,
    };
    Some(((name == "id").then_some(value), after))
}

/// Up to the closing quote; a backslash takes the next character's meaning.
fn string(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':'));
    starts.then(|| take(text, is_name))
}

fn number(text: &str) -> Option<(&str, &str)> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()).then(|| {
        take(text, |c| {
            c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E')
        })
    })
}

fn take(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.' | '-')
}

fn is_outside_name(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '_' | '-' | ':' | '.')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}
