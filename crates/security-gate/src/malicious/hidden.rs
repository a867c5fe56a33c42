//! Invisible characters that carry text: tags (U+E0000 block) and runs of variation selectors.

use memchr::memchr2_iter;

use super::Found;
use super::report::{Findings, SHOWN, escape};
use super::rule::{Level, Rule};

pub(super) static HIDDEN_TAG_TEXT: Rule = Rule {
    id: "hidden_tag_text",
    title: "text in invisible tag characters",
    level: Level::Certain,
    summary: "invisible tag characters spell a text that only a machine reads",
    explain: "The characters U+E0000 to U+E007F are never shown and stand for ASCII; a language model reads them. Their one honest use is the flag of a region, which is left alone; so is a single one, as lists of characters have it.",
    next_step: "Remove the characters, and ask who put them there.",
    samples: &[
        &[("README.md", "Hello{tags:planted}")],
        &[("README.md", "H{tags:p}e{tags:l}l{tags:a}l{tags:n}o")],
    ],
    decoys: &[
        &[("data.txt", "a{tags:x}b")],
        &[("README.md", "{u:1F3F4}{tags:gbsct}{u:E007F}")],
    ],
};

pub(super) static VARIATION_SELECTOR_PAYLOAD: Rule = Rule {
    id: "variation_selector_payload",
    title: "bytes in variation selectors",
    level: Level::Certain,
    summary: "a run of invisible variation selectors carries bytes",
    explain: "A character takes one variation selector. Four or more in a row show nothing and carry a byte each, as malware does that decodes and runs them.",
    next_step: "Remove the characters, and look at the code that reads them.",
    samples: &[&[("src/a.js", "`x{vs:planted}`")]],
    decoys: &[&[("README.md", "{u:2764}{u:FE0F} {u:845B}{u:E0100}")]],
};

/// So many variation selectors in a row have no honest use: a character takes one.
const LEAST_RUN: usize = 4;
/// So near to each other, in bytes, lone tags are letters of one text.
const NEAR: usize = 64;

/// Appends a finding for each run of invisible characters.
pub(super) fn search(bytes: &[u8], found: &mut Findings) {
    let mut done = 0;
    for at in memchr2_iter(0xEF, 0xF3, bytes) {
        if at < done {
            continue;
        }
        let tags = run(&bytes[at..], tag);
        if !tags.is_empty() {
            done = at + tags.len() * 4;
            if !is_flag(&bytes[..at], &tags) && (tags.len() > 1 || is_scattered(bytes, at)) {
                let text = escape(
                    &tags
                        .iter()
                        .map(|&byte| char::from(byte))
                        .collect::<String>(),
                );
                found.push(Found {
                    rule: &HIDDEN_TAG_TEXT,
                    range: at..done,
                    message: format!(
                        "{} invisible tag character(s) that spell a text",
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
                rule: &VARIATION_SELECTOR_PAYLOAD,
                range: at..done,
                message: format!(
                    "{} invisible variation selectors in a row carry bytes",
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

/// Whether the lone tag at `at` is one of several near it: letters of a text may stand apart, samples of Unicode alone.
fn is_scattered(bytes: &[u8], at: usize) -> bool {
    let near = &bytes[at.saturating_sub(NEAR)..bytes.len().min(at + NEAR)];
    memchr::memchr_iter(0xF3, near)
        .filter(|&at| tag(&near[at..]).is_some())
        .nth(LEAST_RUN - 1)
        .is_some()
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
