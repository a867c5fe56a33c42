//! github.com. Compared with npm's `github-slugger`, which follows GitHub's own rule to the letter; `cargo xtask check --only slugs`
//! repeats that.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::{COMMON, Rules};

pub(super) const RULES: Rules = Rules {
    word: "github",
    summary: "github.com: lower case, only letters, marks, digits, `_` and `-` are kept, each space becomes `-`, a duplicate gets \
              `-1`, `-2` and so on; an id cannot be written in a heading.",
    html_headings: true,
    ..COMMON
};

/// GitHub's anchor of a heading with this rendered text, before duplicates are told apart: lower-case, keep only alphabetic
/// characters, marks, decimal digits, connector punctuation, `-` and the space, turn each space into `-`. Nothing is trimmed or
/// collapsed.
pub fn slug(rendered_heading_text: &str) -> String {
    let text = rendered_heading_text;
    if text.is_ascii() {
        return ascii_slug(text);
    }
    // As a whole, not by character: a capital sigma at the end of a word becomes a final one.
    text.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' => Some('-'),
            c => is_kept(c).then_some(c),
        })
        .collect()
}

/// The same for text without any other character; several dialects agree on it.
pub(super) fn ascii_slug(text: &str) -> String {
    text.bytes().filter_map(ascii).map(char::from).collect()
}

fn ascii(byte: u8) -> Option<u8> {
    match byte {
        b' ' => Some(b'-'),
        b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' => Some(byte),
        b'A'..=b'Z' => Some(byte.to_ascii_lowercase()),
        _ => None,
    }
}

/// Compared with github-slugger 2.0.0 over every code point in `A?b`: they differ only for characters assigned after its Unicode 13.0,
/// which are kept here and dropped there. The same holds of the other dialects and the Unicode version of their tools.
fn is_kept(c: char) -> bool {
    c.is_alphabetic()
        || matches!(
            c.general_category(),
            GeneralCategory::NonspacingMark
                | GeneralCategory::SpacingMark
                | GeneralCategory::EnclosingMark
                | GeneralCategory::DecimalNumber
                | GeneralCategory::ConnectorPunctuation
        )
}
