//! GitHub's anchor for a heading.

use std::collections::HashMap;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The anchor of a heading with this rendered text, before duplicates are told apart: lower-case, keep only alphabetic characters, marks,
/// decimal digits, connector punctuation, `-` and the space, turn each space into `-`. Nothing is trimmed or collapsed.
pub fn slug(rendered_heading_text: &str) -> String {
    let text = rendered_heading_text;
    if text.is_ascii() {
        return text.bytes().filter_map(ascii).map(char::from).collect();
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

fn ascii(byte: u8) -> Option<u8> {
    match byte {
        b' ' => Some(b'-'),
        b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' => Some(byte),
        b'A'..=b'Z' => Some(byte.to_ascii_lowercase()),
        _ => None,
    }
}

/// Compared with github-slugger 2.0.0 over every code point in `A?b`: they differ only for characters assigned after its Unicode 13.0,
/// which are kept here and dropped there.
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

/// Tells duplicate slugs of one file apart: a counter per original slug, advanced while the result is taken
/// (`Dup`, `Dup`, `Dup-1` give `dup`, `dup-1`, `dup-1-1`). Feed it the headings in document order.
#[derive(Debug, Clone, Default)]
pub struct Slugger {
    /// Slug given out, and how often it was asked for again.
    taken: HashMap<Box<str>, u32>,
}

impl Slugger {
    /// The anchor of the next heading of the file.
    pub fn slug(&mut self, rendered_heading_text: &str) -> Box<str> {
        let original = slug(rendered_heading_text).into_boxed_str();
        let mut unique = original.clone();
        if let Some(&count) = self.taken.get(&original) {
            let mut count = count;
            while self.taken.contains_key(&unique) {
                count = count.saturating_add(1);
                unique = format!("{original}-{count}").into_boxed_str();
            }
            self.taken.insert(original, count);
        }
        self.taken.insert(unique.clone(), 0);
        unique
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn follows_githubs_rule() {
        let golden = [
            ("A & B", "a--b"),
            (" ", "-"),
            ("", ""),
            ("²x", "x"),
            ("½ ①", "-"),
            ("Ⅷ", "ⅷ"),
            ("Ⓐ", "ⓐ"),
            ("ª", "ª"),
            ("a\u{a0}b\tc\u{200d}d", "abcd"),
            ("İ", "i̇"),
            ("ẞ", "ß"),
            ("ΟΔΟΣ", "οδος"),
            ("वर्कफ़्लो", "वर्कफ़्लो"),
            ("ภาษาไทยที่", "ภาษาไทยที่"),
            ("🛠\u{fe0f} Tools", "\u{fe0f}-tools"),
            ("A🚀B", "ab"),
            (":rocket: Launch", "rocket-launch"),
            ("snake_case & kebab-case", "snake_case--kebab-case"),
            ("a‿b", "a‿b"),
            ("T {#id}", "t-id"),
            ("v1.2.3 (beta)!", "v123-beta"),
            ("٣ Arabic", "٣-arabic"),
            ("two\nlines", "twolines"),
            ("日本語、見出し", "日本語見出し"),
            ("§ 5", "-5"),
            ("1\u{fe0f}\u{20e3} One", "1\u{fe0f}\u{20e3}-one"),
        ];
        for (text, expected) in golden {
            assert_eq!(slug(text), expected, "{text:?}");
        }
    }

    fn slugs(texts: &[&str]) -> Vec<String> {
        let mut slugger = Slugger::default();
        texts
            .iter()
            .map(|text| slugger.slug(text).into_string())
            .collect()
    }

    #[test]
    fn counts_duplicates_per_original() {
        assert_eq!(slugs(&["Dup", "Dup", "Dup-1"]), ["dup", "dup-1", "dup-1-1"]);
        assert_eq!(slugs(&["a-1", "a", "a"]), ["a-1", "a", "a-2"]);
        assert_eq!(slugs(&["", "", "-1"]), ["", "-1", "-1-1"]);
    }

    proptest! {
        #[test]
        fn a_slug_of_a_slug_is_itself(text in "\\PC*") {
            let once = slug(&text);
            prop_assert_eq!(slug(&once), once);
        }

        #[test]
        fn a_slug_has_no_space_or_ascii_punctuation(text in any::<String>()) {
            let slug = slug(&text);
            prop_assert!(!slug.chars().any(|c| c.is_whitespace() || (c.is_ascii_punctuation() && c != '-' && c != '_')));
        }

        #[test]
        fn slugs_of_a_file_are_unique(texts in proptest::collection::vec("[aA]{0,2}(-[12]){0,2}", 0..40)) {
            let mut slugger = Slugger::default();
            let mut all: Vec<_> = texts.iter().map(|text| slugger.slug(text)).collect();
            all.sort();
            let before = all.len();
            all.dedup();
            prop_assert_eq!(all.len(), before);
        }
    }
}
