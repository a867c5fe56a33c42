//! Laws of what is found in text that stands encoded in a file.

use super::super::codec::encode_base64;
use super::super::rules;
use super::super::runs::Encoding;
use super::super::sample::{encoded, expand};
use super::super::{FileScan, Hit, Tier, scan};
use super::{hits, message};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn base64(text: &str) -> String {
    encoded(Encoding::Base64, text)
}

fn for_addresses(text: &str) -> String {
    let coded = base64(text).replace('+', "-").replace('/', "_");
    coded.trim_end_matches('=').to_owned()
}

fn hex(text: &str) -> String {
    encoded(Encoding::Hex, text)
}

/// All but what needs it not.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn form(text: &str) -> String {
    percent(text).replace("%20", "+")
}

fn wrapped(coded: &str, width: usize, between: &str) -> String {
    let bytes: Vec<char> = coded.chars().collect();
    let lines: Vec<String> = bytes
        .chunks(width)
        .map(|line| line.iter().collect())
        .collect();
    lines.join(between)
}

type Code = fn(&str) -> String;

const CODES: [Code; 8] = [
    base64,
    for_addresses,
    hex,
    percent,
    form,
    |text| base64(&base64(text)),
    |text| percent(&base64(text)),
    |text| base64(&percent(text)),
];

/// As it stands in a file: `{}` is the encoded text, wrapped.
const FILES: [(&str, &str, usize); 7] = [
    ("{\"a\": \"{}\", \"b\": 1}\n", "", 0),
    ("{\"a\": \"\\n{}\\n\"}\n", "\\n", 64),
    ("{\"a\": \"{}\"}\n", "\\r\\n", 60),
    ("a: {}\nb: c\n", "", 0),
    ("a: |\n  {}\n", "\n  ", 76),
    ("a: >-\r\n    {}\r\nb:\r\n", "\r\n    ", 64),
    ("<a href='/x?a={}&b=c'>", "", 0),
];

fn found(path: &str, text: &str) -> BTreeSet<&'static str> {
    let certain = |hit: &Hit| hit.tier == Tier::Certain;
    let found = hits(path, text.as_bytes());
    found
        .iter()
        .filter(|hit| certain(hit))
        .map(|hit| hit.rule)
        .collect()
}

/// Samples of rules that look at any file, and are certain.
fn samples() -> impl Strategy<Value = &'static str> {
    let any_file = rules()
        .iter()
        .filter(|rule| rule.files.is_empty() && rule.tier == Tier::Certain);
    proptest::sample::select(
        any_file
            .flat_map(|rule| rule.samples)
            .copied()
            .collect::<Vec<_>>(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn what_is_found_plain_is_found_encoded(sample in samples(), code in 0..CODES.len(), file in 0..FILES.len()) {
        let text = format!("here = {}\n", expand(sample));
        let coded = CODES[code](&text);
        let (around, between, width) = FILES[file];
        // Codes of a percent sign are not broken into lines.
        let coded = if width > 0 && !coded.contains('%') { wrapped(&coded, width, between) } else { coded };
        let whole = around.replace("{}", &coded);
        let missing: Vec<_> = found("a.txt", &text).difference(&found("a.txt", &whole)).copied().collect();
        prop_assert!(missing.is_empty(), "{missing:?} in {whole}");
    }

    /// What nobody encoded is not decoded: of chance comes no text, and of that no format.
    #[test]
    fn chance_is_no_text(letters in "[A-Za-z0-9+/]{32,400}", digits in "[0-9a-f]{32,128}") {
        let text = format!("integrity: sha512-{letters}==\nsha256: {digits}\n");
        let decoded = hits("a.yml", text.as_bytes()).into_iter().filter(|hit| hit.note.contains("decoding"));
        prop_assert_eq!(decoded.count(), 0);
    }
}

#[test]
fn a_finding_stands_where_its_run_does_and_says_how_it_was_read() {
    let token = expand("ghp_{sum:30}");
    let plain = &hits("a", token.as_bytes())[0];
    let run = base64(&format!("token={token}"));
    let found = hits("a", format!("x: 1\nkey: {run}\n").as_bytes());
    assert_eq!(found.len(), 1);
    let end = 6 + run.trim_end_matches('=').len();
    let place = (found[0].line, found[0].column, found[0].end_column as usize);
    assert_eq!(place, (2, 6, end));
    assert!(
        message("a", &found[0]).ends_with("; its checksum holds; found after decoding base64"),
        "{found:?}"
    );
    assert_eq!(
        (&found[0].key, &found[0].prefix),
        (&plain.key, &plain.prefix)
    );

    let twice = hits(
        "a",
        percent(&format!("x = '{}'", base64(&token))).as_bytes(),
    );
    assert!(
        twice[0]
            .note
            .ends_with("after decoding percent codes, then base64"),
        "{twice:?}"
    );
}

#[test]
fn several_values_of_a_run_are_all_told_and_each_once() {
    let (one, two) = (expand("ghp_{sum:30}"), expand("gho_{sum:30}"));
    let run = base64(&format!("A={one}\nB={two}\nC={one}\n"));
    let found = hits("a", run.as_bytes());
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].key, found[1].key);
    // The token stands in its run as it is, and would be found in the decoded run again.
    let address = format!("?x={}", percent(&format!("{{\"token\": \"{one}\"}}")));
    let found = hits("a", address.as_bytes());
    assert_eq!(
        (found.len(), found[0].note.contains("decoding")),
        (1, false)
    );
}

#[test]
fn only_formats_are_looked_for_in_what_was_encoded() {
    let named = expand("password = '{word:14}'\napi_key = \"{alnum:32}\"\n");
    assert_eq!(hits("a.ini", named.as_bytes()).len(), 2);
    assert_eq!(
        hits("a.ini", format!("x = {}\n", base64(&named)).as_bytes()),
        []
    );
}

#[test]
fn a_value_of_a_kubernetes_secret_is_told_by_its_format() {
    let secret = |value: &str| format!("kind: Secret\ndata:\n  token: {}\n", base64(value));
    let found = hits("k8s/a.yaml", secret(&expand("ghp_{sum:30}")).as_bytes());
    assert_eq!((found.len(), found[0].rule), (1, "github_token"));
    let found = hits("k8s/a.yaml", secret(&expand("{alnum:30}")).as_bytes());
    assert_eq!((found.len(), found[0].rule), (1, "kubernetes_secret_value"));
}

#[test]
fn a_mark_on_the_line_of_the_run_counts() {
    let run = base64(&expand("token: ghp_{sum:30}"));
    let found = hits(
        "a",
        format!("{run} # gatewright:allow revoked test key\n").as_bytes(),
    );
    assert!(found[0].exempt.is_some());
}

#[test]
fn commands_in_utf_16_are_read() {
    let text = format!("$t = '{}'", expand("ghp_{sum:30}"));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let line = format!("powershell -EncodedCommand {}", encode_base64(&wide));
    assert_eq!(hits("a.ps1", line.as_bytes()).len(), 1);
}

/// The next line is another thing, though it looks like the last line of the run.
#[test]
fn what_follows_a_run_does_not_spoil_it() {
    // 48 bytes, so that there is no padding.
    let run = base64(&expand("x = 1234 ghp_{sum:30}")[..48]);
    assert_eq!(run.len(), 64);
    let found = hits("a.sh", format!("echo {run}\nexit\n").as_bytes());
    assert_eq!(found.len(), 0, "cut: no token");
    let run = base64(&expand("xy = 7: ghp_{sum:30}"));
    assert_eq!(run.len(), 64);
    for after in ["exit\n", "  done\n", "z"] {
        assert_eq!(
            hits("a.sh", format!("{run}\n{after}").as_bytes()).len(),
            1,
            "{after}"
        );
    }
}

#[test]
fn hostile_runs_take_bounded_work() {
    let bound = |text: String| -> FileScan { scan("a", text.as_bytes(), &mut Vec::new()) };
    let nested = (0..12).fold("x".repeat(2_000), |text, _| base64(&text));
    for text in [
        nested,
        "%41".repeat(100_000),
        "%".repeat(300_000),
        "A".repeat(300_000),
        "%4".repeat(100_000),
    ] {
        assert!(!bound(text).truncated);
    }
    // Lines of one run, and as many runs.
    let line = base64(&"password ".repeat(8));
    assert!(!bound(format!("{line}\n").repeat(3_000)).truncated);
    let tokens = base64(&format!("{}\n", expand("ghp_{sum:30}")));
    let many = bound(format!("{tokens} ").repeat(900));
    assert_eq!((many.hits, many.truncated), (200, true));
    // A run beyond all measure is not decoded, and that is said.
    assert!(bound(base64(&"text ".repeat(3 << 20))).truncated);
}
