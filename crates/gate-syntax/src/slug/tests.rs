use proptest::prelude::*;

use super::*;

mod dialects;
mod laws;

#[test]
fn a_dialect_has_one_word() {
    let words: Vec<_> = Dialect::ALL.into_iter().map(Dialect::as_str).collect();
    let expected = [
        "github",
        "gitlab",
        "ms-learn",
        "hugo",
        "docusaurus",
        "mkdocs",
        "kramdown",
    ];
    assert_eq!(words, expected);
    for dialect in Dialect::ALL {
        assert_eq!(Dialect::from_word(dialect.as_str()), Some(dialect));
    }
    assert_eq!(Dialect::from_word("GitHub"), None);
    assert_eq!(Dialect::default(), Dialect::Github);
}

#[test]
fn a_summary_is_one_sentence_of_its_own() {
    let mut all: Vec<_> = Dialect::ALL.into_iter().map(dialect_summary).collect();
    for summary in &all {
        assert!(
            summary.ends_with('.') && !summary.contains(". "),
            "{summary}"
        );
        assert!(!summary.contains("  "), "{summary}");
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), Dialect::ALL.len());
}

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

#[test]
fn counts_duplicates_per_original() {
    let slugs = |texts: &[&str]| anchors(Dialect::Github, texts);
    assert_eq!(slugs(&["Dup", "Dup", "Dup-1"]), ["dup", "dup-1", "dup-1-1"]);
    assert_eq!(slugs(&["a-1", "a", "a"]), ["a-1", "a", "a-2"]);
    assert_eq!(slugs(&["", "", "-1"]), ["", "-1", "-1-1"]);
}

/// The anchors of a file's headings, stated ids made known first.
fn anchors(dialect: Dialect, texts: &[&str]) -> Vec<String> {
    let mut slugger = Slugger::new(dialect);
    for text in texts {
        slugger.reserve(text);
    }
    texts
        .iter()
        .map(|text| slugger.slug(text).into_string())
        .collect()
}

/// Compares the anchors of one file, heading by heading.
fn check(dialect: Dialect, expected: &[(&str, &str)]) {
    let texts: Vec<_> = expected.iter().map(|&(text, _)| text).collect();
    let found = anchors(dialect, &texts);
    for ((text, expected), found) in expected.iter().zip(found) {
        assert_eq!(found, *expected, "{} of {text:?}", dialect.as_str());
    }
}
