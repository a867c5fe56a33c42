use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// The crate that the vocabularies come from, which shares no code with this one.
fn reference(encoding: Encoding, text: &str) -> u64 {
    let name = match encoding {
        Encoding::O200k => "o200k_base",
        Encoding::Cl100k => "cl100k_base",
    };
    tiktoken::get_encoding(name)
        .expect("an encoding")
        .count(text) as u64
}

const BOTH: [Encoding; 2] = [Encoding::O200k, Encoding::Cl100k];

fn agree(text: &str) {
    for encoding in BOTH {
        let found = count(encoding, text);
        assert_eq!(
            found,
            reference(encoding, text),
            "{encoding:?} {:?}",
            text.chars().take(200).collect::<String>()
        );
    }
}

#[test]
fn known_counts() {
    for (text, o200k, cl100k) in [
        ("", 0, 0),
        ("hello world", 2, 2),
        ("The quick brown fox.", 5, 5),
        ("<|endoftext|>", 7, 7),
        (".\n/", 1, 2),
    ] {
        assert_eq!(
            [count(Encoding::O200k, text), count(Encoding::Cl100k, text)],
            [o200k, cl100k],
            "{text:?}"
        );
    }
}

#[test]
fn every_rule_of_the_split_agrees() {
    for text in [
        "It's I'LL you'Re we'Ve 'Tis x'ſ X'D don't'd 'l 'r",
        "CamelCase HTMLParser parseHTML ABC aBC Abc ABCdef ǅx ªAB ªAb AªB",
        "\u{301}ABC \u{301}abc a\u{301}b A\u{301}B \u{301}\u{301} \u{301}1 x\u{301}!",
        "1 12 123 1234 12345 ٣٤٥٦ ½Ⅷ² 1a a1",
        "!!! ?! a! !a  !a\t!a //\r\n/x ./\n/ ...\n\n\n",
        "a  b   c\td\t\te \t f\u{a0}g\u{a0}\u{a0}h\u{3000}i \n j\n\n  k\r\n\r\n l  ",
        " \n \n  x\n ",
        "\r\r\n",
        "  ",
        " ",
        "\n",
        "x ",
        "x  ",
        "x \n",
        "\u{85}\u{2028}\u{feff}a",
        "中文字符 日本語のテキスト 한국어 ไทย हिन्दी العربية עברית ελληνικά Русский",
        "🚀🛠️👩‍👩‍👧‍👦 x🚀y \u{200d} \u{fe0f} \u{e000}",
        "---\nname: x\n---\n\n# Heading\n\n| a | b |\n|---|---|\n| `c` | [d](e.md#f) |\n\n```rust\nfn main() {}\n```\n",
    ] {
        agree(text);
        for (at, _) in text.char_indices() {
            agree(&text[at..]);
            agree(&text[..at]);
        }
    }
}

#[test]
fn long_runs_agree() {
    for unit in [
        "a", "A", " ", "\n", "-", "=", "\t", "ab", "abcdefgh", "é", "中", " \n", "\u{a0}", "!?",
        "Aa", "\u{301}", "x-", "0",
    ] {
        for length in [
            1, 2, 63, 64, 65, 66, 127, 128, 129, 1000, 4095, 4096, 4097, 5000, 12_289,
        ] {
            agree(&unit.repeat(length / unit.len() + 1));
        }
    }
    let mut state = 1_u64;
    let mut letters = String::new();
    for _ in 0..40_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let _ = write!(
            letters,
            "{}",
            char::from(b'a' + u8::try_from((state >> 40) % 26).unwrap_or(0))
        );
    }
    agree(&letters);
}

proptest! {
    #[test]
    fn any_text_agrees(text in "[a-zA-Z0-9 '\n\r\t.,/!_\u{e9}\u{df}\u{c4}\u{301}\u{4e2d}\u{a0}\u{1f680}\u{17f}\u{660}srvdtml-]{0,60}") {
        agree(&text);
    }

    #[test]
    fn any_long_run_agrees(text in "[a-cA-C]{60,300}|[ \t\n]{60,300}|[-=!#]{60,300}") {
        agree(&text);
    }

    /// A token is at least a byte, and cutting a text never makes it cheaper than its longest part.
    #[test]
    fn counts_are_bounded(text in any::<String>(), more in any::<String>()) {
        for encoding in BOTH {
            let (one, both) = (count(encoding, &text), count(encoding, &format!("{text}{more}")));
            prop_assert!(one <= text.len() as u64);
            prop_assert!(both <= one + count(encoding, &more) + 8, "{one} {both}");
        }
    }
}
