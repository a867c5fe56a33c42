//! Invisible characters that carry text: tags (U+E0000 block) and runs of variation selectors.

use memchr::memchr2_iter;

use super::{Found, HIDDEN_TAG_TEXT, MAX_HITS, VARIATION_SELECTOR_PAYLOAD};

/// So many variation selectors in a row have no honest use: a character takes one.
const LEAST_RUN: usize = 4;
/// Characters of hidden text that are shown.
const SHOWN: usize = 200;

/// Appends a finding for each run of invisible characters.
pub(super) fn search(bytes: &[u8], found: &mut Vec<Found>) {
    let mut done = 0;
    for at in memchr2_iter(0xEF, 0xF3, bytes) {
        if at < done || found.len() > MAX_HITS * 2 {
            continue;
        }
        let tags = run(&bytes[at..], tag);
        if !tags.is_empty() {
            done = at + tags.len() * 4;
            if !is_flag(&bytes[..at], &tags) {
                let text = escape(
                    &tags
                        .iter()
                        .map(|&byte| char::from(byte))
                        .collect::<String>(),
                );
                found.push(Found {
                    rule: HIDDEN_TAG_TEXT,
                    range: at..done,
                    message: format!(
                        "{} invisible tag character(s) that spell \"{text}\"",
                        tags.len()
                    ),
                    hidden: Some(text),
                });
            }
            continue;
        }
        let selectors = run(&bytes[at..], selector);
        if selectors.is_empty() {
            continue;
        }
        done = at
            + selectors
                .iter()
                .map(|&byte| if byte < 16 { 3 } else { 4 })
                .sum::<usize>();
        if selectors.len() >= LEAST_RUN {
            let text = decode(&selectors);
            found.push(Found {
                rule: VARIATION_SELECTOR_PAYLOAD,
                range: at..done,
                message: format!(
                    "{} invisible variation selectors in a row; as bytes they read \"{text}\"",
                    selectors.len()
                ),
                hidden: Some(text),
            });
        }
    }
}

/// What the characters at the start of `bytes` carry, as long as `read` knows them; it gives the byte and the length.
fn run(bytes: &[u8], read: fn(&[u8]) -> Option<(u8, usize)>) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some((byte, length)) = read(&bytes[at..]) {
        out.push(byte);
        at += length;
    }
    out
}

/// U+E0000 to U+E007F stand for the ASCII characters.
fn tag(bytes: &[u8]) -> Option<(u8, usize)> {
    match *bytes {
        [0xF3, 0xA0, high @ 0x80..=0x81, low @ 0x80..=0xBF, ..] => {
            Some(((high & 1) << 6 | low & 0x3F, 4))
        }
        _ => None,
    }
}

/// The usual encoding of bytes: U+FE00 to U+FE0F are 0 to 15, U+E0100 to U+E01EF are 16 to 255.
fn selector(bytes: &[u8]) -> Option<(u8, usize)> {
    match *bytes {
        [0xEF, 0xB8, low @ 0x80..=0x8F, ..] => Some((low & 0x0F, 3)),
        [0xF3, 0xA0, high @ 0x84..=0x87, low @ 0x80..=0xBF, ..] => {
            let number = u16::from(high - 0x84) << 6 | u16::from(low & 0x3F);
            u8::try_from(number + 16).ok().map(|byte| (byte, 4))
        }
        _ => None,
    }
}

/// The flag of a subdivision (UTS #51): a black flag, a region and subdivision in tags, and the cancel tag.
fn is_flag(before: &[u8], tags: &[u8]) -> bool {
    let Some((0x7F, code)) = tags.split_last() else {
        return false;
    };
    before.ends_with("\u{1F3F4}".as_bytes())
        && (3..=6).contains(&code.len())
        && code[..2].iter().all(u8::is_ascii_lowercase)
        && code
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// As text where it is text, else as hexadecimal digits.
fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text)
            if text
                .chars()
                .all(|c| !c.is_control() || c.is_ascii_whitespace()) =>
        {
            escape(text)
        }
        _ => bytes
            .iter()
            .take(SHOWN / 2)
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|digit| char::from_digit(u32::from(digit), 16))
            .collect(),
    }
}

/// Printable ASCII only, bounded; nothing that it shows can act where it is shown.
fn escape(text: &str) -> String {
    let mut out: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_default)
        .take(SHOWN)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push_str("...");
    }
    out
}
