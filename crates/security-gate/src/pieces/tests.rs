use super::*;
use crate::secrets::{MAX_HITS, encode_base64, expand, rules};
use proptest::prelude::*;

/// Short, so that a small text has many borders.
const LENGTH: usize = 70 << 10;

fn read_of(text: &[u8]) -> impl Fn(u64, &mut [u8]) -> io::Result<usize> {
    |offset, buffer: &mut [u8]| {
        let rest = usize::try_from(offset).ok().and_then(|at| text.get(at..));
        let rest = rest.unwrap_or_default();
        let filled = rest.len().min(buffer.len());
        buffer[..filled].copy_from_slice(&rest[..filled]);
        Ok(filled)
    }
}

/// What is found in one piece, and in pieces.
fn both(path: &str, text: &[u8]) -> [(InFile, bool); 2] {
    let [mut whole, mut pieces] = [(); 2].map(|()| InFile::default());
    let whole_binary = search(path, text, &mut whole);
    let read = read_of(text);
    let binary = in_pieces(path, text.len() as u64, &read, LENGTH, &mut pieces);
    [(whole, whole_binary), (pieces, binary.expect("it is read"))]
}

fn filler(length: usize, width: usize) -> String {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let word = ["alpha ", "of the ", "é static ", "return(x) "][text.len() % 4];
        text.push_str(word);
        if text.len() % width < word.len() {
            text.push('\n');
        }
    }
    text
}

#[test]
fn a_value_at_any_place_near_a_border_is_found_once_and_where_it_is() {
    let token = expand("ghp_{sum:30}");
    for width in [80, usize::MAX] {
        for before in (LENGTH - 60..LENGTH + 20).step_by(7) {
            let text =
                filler(before, width) + "\u{202e} " + &token + " " + &filler(3 * LENGTH, width);
            let [whole, pieces] = both("a.csv", text.as_bytes());
            assert_eq!(whole.0.secrets.len(), 1);
            assert_eq!(whole, pieces, "{before}");
        }
    }
}

#[test]
fn an_encoded_run_across_a_border_is_decoded_as_one() {
    let inner = filler(40 << 10, 80) + &expand("ghp_{sum:30}") + &filler(8 << 10, 80);
    let run = encode_base64(inner.as_bytes());
    for before in (0..2 * LENGTH).step_by(9_973) {
        let text = format!("{} '{run}'\n{}", filler(before, 80), filler(4 * LENGTH, 80));
        let [whole, pieces] = both("a.json", text.as_bytes());
        assert_eq!(whole.0.secrets.len(), 1);
        assert_eq!(whole, pieces, "{before}");
    }
}

#[test]
fn an_encoded_run_that_fits_into_no_piece_is_told() {
    let run = encode_base64(filler(5 * LENGTH, 80).as_bytes());
    let [_, pieces] = both(
        "a.json",
        format!("x = '{run}'\n{}", filler(LENGTH, 80)).as_bytes(),
    );
    assert!(pieces.0.incomplete.is_some());
}

#[test]
fn too_many_findings_are_told_wherever_they_stand() {
    let token = expand("ghp_{sum:30}");
    let text = (filler(2 * LENGTH / MAX_HITS, 80) + &token + "\n").repeat(2 * MAX_HITS);
    let [whole, pieces] = both("a.csv", text.as_bytes());
    assert!(pieces.0.incomplete.is_some());
    assert_eq!(whole.0.secrets, pieces.0.secrets);
}

#[test]
fn what_is_read_as_a_whole_is_not_taken_in_pieces() {
    for path in [
        "a.csv",
        "dump.sql",
        "data.json",
        "words.txt",
        "model.bin",
        "LICENSE",
    ] {
        assert!(takes(path), "{path}");
    }
    for path in [
        "a.js",
        "a.py",
        "a.md",
        "a.yml",
        "package.json",
        ".mcp.json",
        "AGENTS.md",
        ".env",
    ] {
        assert!(!takes(path), "{path}");
    }
    // What runs it is told by its first line: then it is read as a whole, as is UTF-16.
    let script = format!("#!/bin/sh\n{}", filler(4 * LENGTH, 80));
    let wide: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [script.as_bytes(), &wide] {
        let [whole, pieces] = both("install", text);
        assert_eq!(whole, pieces);
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_not_searched_whole() {
    let text = filler(5 * LENGTH, 80);
    let read = read_of(text.as_bytes());
    for size in [text.len() as u64 - 1, text.len() as u64 + 1, 10] {
        let found = in_pieces("a.csv", size, &read, LENGTH, &mut InFile::default());
        assert_eq!(
            found,
            Err(String::from("its size changes while it is read"))
        );
    }
}

/// Samples of rules, plain and encoded, long and short text between them.
fn texts() -> impl Strategy<Value = String> {
    let samples: Vec<&str> = rules()
        .iter()
        .flat_map(|rule| rule.samples.iter().copied())
        .collect();
    let sample =
        || proptest::sample::select(samples.clone()).prop_map(|sample| expand(sample) + "\n");
    let piece = prop_oneof![
        sample(),
        sample().prop_map(|sample| encode_base64(sample.as_bytes()) + "\n"),
        (1..3_000_usize, prop_oneof![Just(80), Just(usize::MAX)])
            .prop_map(|(length, width)| filler(length, width)),
        (LENGTH - 4_000..LENGTH).prop_map(|length| filler(length, 80)),
        Just(String::from("x\u{e0041}\u{e0042}\u{e0043} \u{202e}y ж\n")),
    ];
    proptest::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn in_pieces_is_as_whole(text in texts(), path in 0..4_usize) {
        let path = ["a.csv", "data.json", "words.txt", "a.bin"][path];
        let text = if path == "a.bin" { format!("\0{text}") } else { text };
        let [whole, pieces] = both(path, text.as_bytes());
        prop_assert_eq!(whole, pieces);
    }
}
