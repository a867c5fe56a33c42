//! kramdown: `generate_id` in `lib/kramdown/converter/base.rb` and `parse_header_contents` in `lib/kramdown/parser/kramdown/header.rb`,
//! read at 2.5.2, run at 2.4.0. Duplicates are counted per slug, but a numbered slug is not taken thereby: `Dup`, `Dup`, `Dup-1` give
//! `dup`, `dup-1`, `dup-1`. A stated id counts for nothing.
//!
//! kramdown makes the slug of the heading's source, this of its rendered text. They differ where the source holds letters, digits or
//! hyphens that are not shown: the destination of a link, an entity. With the option `transliterated_header_ids`, or with the parser
//! `GFM` of Jekyll and GitHub Pages, slugs are others.

use super::{COMMON, Rules, Taken};
use crate::xml::{continues_name, starts_name};

pub(super) const RULES: Rules = Rules {
    word: "kramdown",
    summary: "kramdown: everything before the first ASCII letter is dropped, then only ASCII letters, digits, spaces and `-` are kept, \
              and a heading of which nothing is left is `section`; `{#id}` at the end of a heading or `{: #id}` below it is its id.",
    anchor,
    ..COMMON
};

fn anchor(taken: &mut Taken, text: &str, line_below: &str) -> Box<str> {
    if let Some(id) = list_id(line_below).or_else(|| stated_id(text)) {
        return id.into();
    }
    let slug = slug(text);
    if let Some(count) = taken.get_mut(slug.as_str()) {
        *count = count.saturating_add(1);
        return format!("{slug}-{count}").into();
    }
    let slug = slug.into_boxed_str();
    taken.insert(slug.clone(), 0);
    slug
}

fn slug(text: &str) -> String {
    let from_letter = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let slug: String = from_letter
        .bytes()
        .filter_map(|byte| match byte {
            b' ' => Some('-'),
            b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                Some(char::from(byte.to_ascii_lowercase()))
            }
            _ => None,
        })
        .collect();
    if slug.is_empty() {
        return String::from("section");
    }
    slug
}

/// ` {#id}`, the id an XML name.
fn stated_id(text: &str) -> Option<&str> {
    let inside = text.trim_end().strip_suffix('}')?;
    let (before, id) = inside.rsplit_once("{#")?;
    let mut chars = id.chars();
    let is_name = chars.next().is_some_and(starts_name) && chars.all(continues_name);
    (is_name && before.ends_with([' ', '\t'])).then_some(id)
}

/// The last id in an attribute list on a line of its own: `{: #id}`, `{:.class #id}`, `{: id="id"}`.
fn list_id(line: &str) -> Option<&str> {
    let indented = line.trim_start_matches(' ');
    if line.len() - indented.len() > 3 {
        return None;
    }
    let list = indented.trim_end().strip_prefix("{:")?.strip_suffix('}')?;
    // `{::` and `{:/` are extensions, `{:name:` a definition.
    if list.starts_with([':', '/']) || list.contains('}') {
        return None;
    }
    let is_definition = list
        .split_once(':')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_word_or_hyphen));
    if is_definition {
        return None;
    }
    list.split_ascii_whitespace().rev().find_map(|word| {
        if let Some(value) = word.strip_prefix("id=") {
            let quoted = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
            return quoted('"').or_else(|| quoted('\''));
        }
        // `.class#id` and `#id.class` are one word of several; a class runs to the next mark.
        let mut ids = word
            .split('.')
            .filter_map(|part| part.split_once('#').map(|(_, id)| id));
        ids.rfind(|id| {
            id.starts_with(|c: char| c.is_ascii_alphabetic())
                && id.chars().all(|c| is_word_or_hyphen(c) || c == ':')
        })
    })
}

fn is_word_or_hyphen(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
