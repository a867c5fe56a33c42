//! Characters that make text say something else than it shows: certain findings only.
//!
//! * `bidi_control`: marks that reorder what is displayed (CVE-2021-42574), anywhere in code, unbalanced in prose.
//! * `hidden_tag_text`: invisible tag characters that spell text, outside flag emoji; the text is decoded.
//! * `variation_selector_payload`: runs of invisible variation selectors, which carry bytes; the bytes are decoded.
//!
//! A file in ASCII costs one look; any other one pass over the lead bytes of these characters.

mod bidi;
mod hidden;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::secrets::place::Place;
use crate::secrets::{
    FileScan, Grant, MAX_HITS, ValueKey, allowance, as_text, hex_digest, is_binary, short,
};

/// Ids of the rules of this module.
pub const RULES: [&str; 3] = [BIDI_CONTROL, HIDDEN_TAG_TEXT, VARIATION_SELECTOR_PAYLOAD];

const BIDI_CONTROL: &str = "bidi_control";
const HIDDEN_TAG_TEXT: &str = "hidden_tag_text";
const VARIATION_SELECTOR_PAYLOAD: &str = "variation_selector_payload";

/// One deceptive piece of text at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// One of [`RULES`].
    pub rule: &'static str,
    /// Line, 1-based.
    pub line: u32,
    /// Column of the first character, 1-based, in characters.
    pub column: u32,
    /// Column after the last character.
    pub end_column: u32,
    /// What was found, for people; one line, printable ASCII.
    pub message: String,
    /// The hidden text, escaped to printable ASCII, at most 200 characters of it.
    pub hidden: Option<String>,
    /// 64 lower-case hex digits over rule, path, content and its occurrence; free of line numbers.
    pub fingerprint: String,
    /// 16 hex digits over rule and content, for ignoring it.
    pub id: String,
    /// The content itself, to compare within the run.
    pub key: ValueKey,
    /// What an inline `gatewright:allow` on the same line grants.
    pub exempt: Option<Grant>,
}

/// A finding before its place is worked out.
struct Found {
    rule: &'static str,
    range: Range<usize>,
    message: String,
    hidden: Option<String>,
}

/// Searches one file and appends its hits in order of position.
///
/// `path` (relative, `/`) tells prose from code. Pure, never panics; linear in the size of `bytes`.
pub fn scan(path: &str, bytes: &[u8], found: &mut Vec<Hit>) -> FileScan {
    if is_binary(bytes) {
        return FileScan {
            binary: true,
            ..FileScan::default()
        };
    }
    if bytes.is_ascii() {
        return FileScan::default();
    }
    let text = as_text(bytes);
    let mut all = Vec::new();
    bidi::search(path, &text, &mut all);
    hidden::search(&text, &mut all);
    all.sort_by_key(|one| (one.range.start, one.rule));
    let truncated = all.len() > MAX_HITS;
    all.truncate(MAX_HITS);
    let mut place = Place::new(&text);
    let mut seen: std::collections::BTreeMap<(&str, Vec<u8>), usize> =
        std::collections::BTreeMap::new();
    let hits = all.len();
    for one in all {
        let (line, column) = place.of(one.range.start);
        let (_, end_column) = place.of(one.range.end);
        let content = text[one.range.clone()].to_vec();
        let number = seen.entry((one.rule, content.clone())).or_default();
        *number += 1;
        let fingerprint = hex_digest(&[
            b"gatewright content v1",
            one.rule.as_bytes(),
            path.as_bytes(),
            &content,
            number.to_string().as_bytes(),
        ]);
        let (note, exempt) = allowance(&text, one.rule, &one.range, &[]).told();
        let message = one.message + &note;
        let id = short(&hex_digest(&[
            b"gatewright content v1",
            one.rule.as_bytes(),
            &content,
        ]));
        found.push(Hit {
            rule: one.rule,
            line,
            column,
            end_column,
            message,
            hidden: one.hidden,
            fingerprint,
            id,
            key: ValueKey::of(one.rule, &content),
            exempt,
        });
    }
    FileScan {
        hits,
        truncated,
        binary: false,
    }
}

/// The positive control: plants one case of every rule in memory and searches it.
///
/// # Errors
/// The ids of the rules that missed; the verdict must then be `error`.
pub fn control() -> Result<usize, Vec<&'static str>> {
    let carried = b"planted"
        .iter()
        .filter_map(|&byte| char::from_u32(u32::from(byte) - 16 + 0xE0100));
    let planted = [
        (BIDI_CONTROL, "if x { \u{202E} }".to_owned()),
        (
            HIDDEN_TAG_TEXT,
            "planted"
                .chars()
                .filter_map(|c| char::from_u32(u32::from(c) + 0xE0000))
                .collect(),
        ),
        (
            VARIATION_SELECTOR_PAYLOAD,
            std::iter::once('a').chain(carried).collect(),
        ),
    ];
    let missed: Vec<_> = planted
        .iter()
        .filter(|(rule, text)| {
            let mut found = Vec::new();
            scan("planted.rs", text.as_bytes(), &mut found);
            !found.iter().any(|hit| hit.rule == *rule)
        })
        .map(|(rule, _)| *rule)
        .collect();
    if missed.is_empty() {
        Ok(planted.len())
    } else {
        Err(missed)
    }
}
