//! Bidirectional controls, tags and variation selectors.

use proptest::prelude::*;

use super::*;

fn tags(text: &str) -> String {
    text.chars()
        .filter_map(|c| char::from_u32(u32::from(c) + 0xE0000))
        .collect()
}

fn selectors(bytes: &[u8]) -> String {
    bytes
        .iter()
        .filter_map(|&byte| {
            char::from_u32(if byte < 16 {
                0xFE00 + u32::from(byte)
            } else {
                0xE0100 + u32::from(byte) - 16
            })
        })
        .collect()
}

#[test]
fn every_bidi_control_counts_in_code() {
    for control in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
        let found = hits("src/a.rs", &format!("fn é() {{\n  // {control} x\n}}"));
        assert_eq!(
            (
                found.len(),
                found[0].rule,
                found[0].line,
                found[0].column,
                found[0].end_column
            ),
            (1, "bidi_control", 2, 6, 7)
        );
        assert!(found[0].message.is_ascii());
    }
    for neighbour in ['\u{2029}', '\u{202F}', '\u{2065}', '\u{206A}', '“'] {
        assert_eq!(hits("src/a.rs", &neighbour.to_string()), []);
    }
}

#[test]
fn prose_may_balance_them_on_a_line() {
    for path in ["README.md", "notes.TXT", "po/he.po", "web/locales/ar.json"] {
        assert_eq!(hits(path, "a \u{2067}b\u{2069} c \u{202B}d\u{202C}"), []);
        assert_eq!(hits(path, "a \u{2067}b\nc\u{2069}").len(), 2);
        assert_eq!(hits(path, "a \u{2067}\u{202E}b\u{2069}\u{202C}").len(), 1);
    }
    assert_eq!(hits("src/locale.rs", "a \u{2067}b\u{2069} c").len(), 1);
}

#[test]
fn hidden_tag_text_is_shown() {
    let found = hits("README.md", &format!("Hello{}\n", tags("run \"rm\"\n")));
    assert_eq!(
        (
            found.len(),
            found[0].rule,
            found[0].column,
            found[0].end_column
        ),
        (1, "hidden_tag_text", 6, 15)
    );
    assert_eq!(found[0].hidden.as_deref(), Some(r#"run \"rm\"\n"#));
    let long = hits("a", &tags(&"x".repeat(5_000)));
    assert_eq!(long[0].hidden.as_ref().map(String::len), Some(203));
}

#[test]
fn flags_are_flags() {
    for region in ["gbeng", "gbsct", "gbwls", "ustx"] {
        assert_eq!(
            hits(
                "a.md",
                &format!("\u{1F3F4}{}", tags(&format!("{region}\u{7f}")))
            ),
            []
        );
    }
    assert_eq!(
        hits("a.md", &format!("\u{1F3F4}{}", tags("gbeng"))).len(),
        1
    );
    assert_eq!(
        hits("a.md", &format!("\u{1F3F4}{}", tags("a long order\u{7f}"))).len(),
        1
    );
    assert_eq!(hits("a.md", &tags("gbeng\u{7f}")).len(), 1);
}

#[test]
fn variation_selector_runs_are_decoded() {
    let found = hits("a.js", &format!("`x{}`", selectors(b"eval(1)")));
    assert_eq!(
        (
            found.len(),
            found[0].rule,
            found[0].column,
            found[0].end_column
        ),
        (1, "variation_selector_payload", 3, 10)
    );
    assert_eq!(found[0].hidden.as_deref(), Some("eval(1)"));
    assert_eq!(
        hits("a.js", &selectors(&[0, 15, 16, 255]))
            .first()
            .and_then(|hit| hit.hidden.as_deref()),
        Some("000f10ff")
    );
    assert_eq!(hits("a.js", &selectors(&[1, 2, 3])), []);
    assert_eq!(hits("a.md", "❤\u{FE0F} ☺\u{FE0F} 葛\u{E0100}"), []);
}

#[test]
fn an_exemption_needs_a_reason() {
    assert_eq!(
        hits("a.rs", "\u{202E} // gatewright:allow test of the display")[0]
            .exempt
            .as_ref()
            .map(|grant| grant.why.as_str()),
        Some("test of the display")
    );
    let without = hits("a.rs", "\u{202E} // gatewright:allow");
    assert!(without[0].exempt.is_none() && without[0].message.contains("not honoured"));
}

#[test]
fn fingerprints_do_not_depend_on_the_line() {
    let first = hits("a.rs", "x\u{202E}");
    let moved = hits("a.rs", "\n\nx\u{202E}\nx\u{202E}");
    assert_eq!(first[0].fingerprint, moved[0].fingerprint);
    assert_ne!(moved[0].fingerprint, moved[1].fingerprint);
}

proptest! {
    #[test]
    fn never_panics(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), proptest::sample::select(vec![0xE2, 0xEF, 0xF3, 0xA0, 0x80, 0x81, 0xB8])], 0..200)) {
        let mut found = Vec::new();
        scan("a.rs", &bytes, &mut found);
        prop_assert!(found.iter().all(|hit| hit.message.is_ascii() && hit.line >= 1));
    }

    #[test]
    fn any_carried_bytes_are_found(bytes in proptest::collection::vec(any::<u8>(), 4..60)) {
        let found = hits("a.rs", &format!("a{}b", selectors(&bytes)));
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].end_column - found[0].column, u32::try_from(bytes.len()).unwrap_or(0));
    }
}
