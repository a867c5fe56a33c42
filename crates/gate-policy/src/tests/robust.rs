//! Every input is hostile: bounded, and no panic.

use super::{EXAMPLE, catalogue, errors, one_error, policy};
use crate::{Check, MAX_BYTES, MAX_DEPTH, Source, load};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Shapes of every source block there is, in few lines.
const BLOCKS: &str = "# comment\nx_gates:\n  duration_target: \"< 3 minutes\"\n  part:\n    criteria:\n      - a: \"> 90%\"\n      - b: true\n    failure_action: \"block_deployment\"\n  quality_gates:\n    - c: mandatory\n    - d\nstaging:\n  quality_gates:\n    mandatory_gates: [\"x_gates\", \"security\"]\n    advisory_gates: [\"usability\"]\n    bypass_allowed: false\n";

fn bytes_error(bytes: &[u8]) -> String {
    let source = [Source {
        path: "p.yml".into(),
        bytes,
    }];
    let errors = load(&source, &catalogue(), Check::All).expect_err("not a policy");
    assert_eq!(errors.len(), 1, "{errors:#?}");
    errors[0].to_string()
}

#[test]
fn what_is_not_a_policy_says_where_and_what_to_do() {
    assert!(
        bytes_error(b"version: 1\n# \xff\n")
            .starts_with("p.yml:2:3: found bytes that are not UTF-8")
    );
    assert!(bytes_error(&vec![b'#'; MAX_BYTES + 1]).contains("expected at most 1048576; split"));
    assert!(bytes_error(b"a: b: c\n").starts_with("p.yml:1:"));
    assert!(bytes_error(b"gates:\n\tintegrity: {}\n").contains("tabs"));
    assert!(bytes_error(b"a: \"\\e[31m\"\n").contains("control character U+001B"));
    assert!(bytes_error("\"a\u{202e}b\": {}\n".as_bytes()).contains("no plain name"));
    assert!(bytes_error(b"{[a]: b}\n").contains("no plain name"));
    for text in ["a: &x {}\n", "a: !!str b\n", "a: !custom b\n"] {
        assert!(
            bytes_error(text.as_bytes()).contains("which policies do not have"),
            "{text}"
        );
    }
    assert!(bytes_error(b"a: *x\n").contains("anchors"));
}

#[test]
fn a_byte_order_mark_and_crlf_are_no_matter() {
    let plain = policy(EXAMPLE);
    for text in [format!("\u{feff}{EXAMPLE}"), EXAMPLE.replace('\n', "\r\n")] {
        let mut read = policy(&text);
        read.sources.clone_from(&plain.sources);
        assert_eq!(read, plain);
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("x: {{s: {}{}}}\n", "[".repeat(depth), "]".repeat(depth));
    policy(&nested(MAX_DEPTH - 2));
    one_error(&nested(MAX_DEPTH - 1), &["nesting deeper than 64"]);
    let mut blocks = String::new();
    for depth in 0..100 {
        let _ = writeln!(blocks, "{}a:", " ".repeat(depth));
    }
    one_error(&blocks, &["nesting deeper than 64"]);
    // The parser's own bound comes first where it looks ahead.
    assert!(errors(&"[".repeat(100_000))[0].contains("recursion limit"));
}

/// Shapes that would cost most if any step were more than linear. The limit is
/// far above what they take, and far below what a square would.
#[test]
fn hostile_shapes_take_little_time() {
    let many = |head: &str, tail: &str, line: &dyn Fn(usize) -> String, count: usize| {
        let mut text = head.to_owned();
        for index in 0..count {
            text.push_str(&line(index));
        }
        text + tail
    };
    let inputs = [
        many(
            "version: 1\ngates:\n coverage:\n  criteria:\n",
            "",
            &|i| format!("   line_coverag{i}: 1\n"),
            40_000,
        ),
        many(
            "version: 1\ngates:\n coverage:\n  criteria:\n",
            "",
            &|_| "   line_coverage: 1\n".into(),
            40_000,
        ),
        many(
            "version: 1\ngates:\n",
            "",
            &|i| format!(" g{i}: {{kind: coverage}}\n"),
            30_000,
        ),
        many(
            "version: 1\nenvironments:\n",
            "",
            &|i| format!(" e{i}: {{extends: e{}}}\n", i + 1),
            40_000,
        ),
        many(
            "version: 1\nenvironments:\n e: {mandatory_gates: [",
            "]}\n",
            &|i| format!("gate_number_{i}, "),
            40_000,
        ),
        many(
            "security_gates:\n criteria:\n",
            "",
            &|i| format!("  - zero_critical_{i}: mandatory\n"),
            30_000,
        ),
        many("x:\n", "", &|_| " a: 1\n".into(), 49_000),
        many("", "", &|i| format!("x: {{criteria: [a: {i}]}}\n"), 19_000),
        many(
            "",
            "",
            &|i| format!("x{i}: {{failure_action: notify}}\n"),
            20_000,
        ),
        many("x:\n q: \"", "\"\n", &|_| "\\\n".into(), 300_000),
        "? ".repeat(400_000),
        "- ".repeat(400_000),
        "a: ".repeat(300_000),
        "{a: ".repeat(250_000),
        "x:\n  ".repeat(150_000),
        "\"".repeat(1_000_000),
        "---\n".repeat(250_000),
        "a: |\n".to_owned() + &" \n".repeat(500_000),
        "%TAG ! x\n".repeat(100_000),
    ];
    for text in inputs {
        let start = Instant::now();
        let source = [Source {
            path: "p.yml".into(),
            bytes: text.as_bytes(),
        }];
        let _ = load(&source, &catalogue(), Check::All);
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "{:?}: {}",
            start.elapsed(),
            &text[..40]
        );
    }
}

/// Changes to a text: bytes removed, put in or replaced.
pub(super) fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, &'static str)>> {
    let pieces = proptest::sample::select(vec![
        "",
        " ",
        "\n",
        "  ",
        ":",
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "#",
        "&a ",
        "*a",
        "!x ",
        "|",
        ">",
        "? ",
        "---\n",
        "...\n",
        "\t",
        "~",
        "true",
        "-1",
        "101%",
        "pp",
        "\u{feff}",
        "é",
        "mandatory",
        "version: 1\n",
        "gates:\n",
    ]);
    prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, pieces), 1..6)
}

pub(super) fn edited(text: &[u8], edits: Vec<(prop::sample::Index, usize, &str)>) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for (at, length, piece) in edits {
        let start = at.index(bytes.len() + 1);
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, piece.bytes());
    }
    bytes
}

pub(super) fn never_panics(bytes: &[u8]) -> Result<(), TestCaseError> {
    let source = [Source {
        path: "p.yml".into(),
        bytes,
    }];
    for check in [Check::All, Check::Kind("coverage")] {
        match load(&source, &catalogue(), check) {
            Ok(read) => {
                let governed = crate::govern(&read, &read);
                prop_assert_eq!(governed.texts(), Vec::<String>::new());
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(
                    errors
                        .iter()
                        .all(|error| error.position.line > 0 && error.position.column > 0)
                );
                let ordered = errors
                    .windows(2)
                    .all(|two| two[0].position <= two[1].position);
                prop_assert!(ordered, "{errors:#?}");
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn mutations_of_the_example_never_panic(edits in edits()) {
        never_panics(&edited(EXAMPLE.as_bytes(), edits))?;
    }

    #[test]
    fn mutations_of_source_blocks_never_panic(edits in edits()) {
        never_panics(&edited(BLOCKS.as_bytes(), edits))?;
    }

    #[test]
    fn arbitrary_text_never_panics(text in "[ -~\n\u{80}-\u{ff}]{0,200}") {
        never_panics(text.as_bytes())?;
    }

    #[test]
    fn arbitrary_requirements_never_panic(text in "[-<>=! 0-9.%a-zA-Z/µ]{0,20}") {
        let quoted = text.replace('\'', "''");
        for id in ["line_coverage", "memory_usage"] {
            let kind = if id == "line_coverage" { "coverage" } else { "performance" };
            never_panics(format!("version: 1\ngates: {{{kind}: {{criteria: {{{id}: '{quoted}'}}}}}}\n").as_bytes())?;
        }
    }
}
