//! Bidirectional controls: one finding per line.

use memchr::{memchr, memchr_iter, memrchr};

use super::Found;
use super::file::{File, Language};
use super::report::Findings;
use super::rule::{Level, Rule};

pub(super) static BIDI_CONTROL: Rule = Rule {
    id: "bidi_control",
    title: "bidirectional control",
    level: Level::Certain,
    summary: "what is shown is not what is read: a mark reorders the text",
    explain: "Marks that reorder what is displayed let code read otherwise than it runs (CVE-2021-42574). They count anywhere in code, and in instructions for agents where they are left open at the end of a line.",
    next_step: "Remove the mark, or write it as an escape.",
    samples: &[
        &[("src/a.rs", "if x { {u:202E} }")],
        &[("AGENTS.md", "a {u:2067}b\nc")],
    ],
    decoys: &[
        &[("README.md", "a {u:2067}b{u:2069} c")],
        &[("README.md", "a {u:202E}b\nc")],
        &[("src/a.js", "x = [\n  '{u:202E}',\n]")],
        &[("src/a.rs", "a {u:2029} b")],
    ],
};

pub(super) static BIDI_IN_TEXT: Rule = Rule {
    id: "bidi_in_text",
    title: "bidirectional control left open",
    level: Level::Heuristic,
    summary: "a mark that reorders text is left open at the end of a line",
    explain: "Running text, translations and data may hold marks that are closed on their line. One that is left open reorders what follows; names and samples are sometimes copied with one.",
    next_step: "Close the mark (PDF or PDI), or remove it.",
    samples: &[
        &[("README.md", "a {u:2067}b\nc")],
        &[("data.json", "{\"a\": \"{u:202E}b\"}")],
    ],
    decoys: &[&[("README.md", "a {u:2067}b{u:2069} c")]],
};

/// Appends a finding for each line with controls that deceive.
pub(super) fn search(file: &File<'_>, bytes: &[u8], found: &mut Findings) {
    let prose = file.language == Language::Json || is_prose(file.path);
    let rule = if prose && !file.instructs_agents() {
        &BIDI_IN_TEXT
    } else {
        &BIDI_CONTROL
    };
    let mut done = 0;
    for at in memchr_iter(0xE2, bytes) {
        if at < done || control(&bytes[at..]).is_none() {
            continue;
        }
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        done = end;
        let line = &bytes[at..end];
        let controls: Vec<_> = memchr_iter(0xE2, line)
            .filter_map(|at| Some((at, control(&line[at..])?)))
            .collect();
        let unbalanced = !is_balanced(controls.iter().map(|&(_, control)| control));
        if prose && !unbalanced {
            continue;
        }
        // Nothing else stands on the line that could be reordered: an entry of a list of characters.
        let start = memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        let alone = !bytes[start..end].iter().any(u8::is_ascii_alphanumeric);
        let rule = if alone { &BIDI_IN_TEXT } else { rule };
        let mut names: Vec<&str> = controls.iter().map(|&(_, control)| name(control)).collect();
        names.sort_unstable();
        names.dedup();
        let last = controls.last().map_or(0, |&(at, _)| at);
        let how = if unbalanced {
            "left open at the end of the line"
        } else {
            "in a file that is not prose"
        };
        found.push(Found {
            rule,
            range: at..at + last + 3,
            message: format!(
                "{} bidirectional control(s) {how}: {}; what is shown is not what is read",
                controls.len(),
                names.join(", ")
            ),
            hidden: None,
        });
    }
}

/// The last two bytes of a control's code point, U+202A to U+202E or U+2066 to U+2069.
fn control(bytes: &[u8]) -> Option<u16> {
    match *bytes {
        [0xE2, 0x80, low @ 0xAA..=0xAE, ..] => Some(0x2000 + u16::from(low & 0x3F)),
        [0xE2, 0x81, low @ 0xA6..=0xA9, ..] => Some(0x2040 + u16::from(low & 0x3F)),
        _ => None,
    }
}

fn name(control: u16) -> &'static str {
    match control {
        0x202A => "U+202A LRE",
        0x202B => "U+202B RLE",
        0x202C => "U+202C PDF",
        0x202D => "U+202D LRO",
        0x202E => "U+202E RLO",
        0x2066 => "U+2066 LRI",
        0x2067 => "U+2067 RLI",
        0x2068 => "U+2068 FSI",
        _ => "U+2069 PDI",
    }
}

/// Every embedding and override closed by PDF, every isolate by PDI, properly nested (UAX #9).
fn is_balanced(controls: impl Iterator<Item = u16>) -> bool {
    let mut open = Vec::new();
    for control in controls {
        match control {
            0x202A | 0x202B | 0x202D | 0x202E => open.push(0x202C),
            0x2066..=0x2068 => open.push(0x2069),
            closer => {
                if open.pop() != Some(closer) {
                    return false;
                }
            }
        }
    }
    open.is_empty()
}

/// Running text and translations, in which balanced controls are honest typography.
pub(super) fn is_prose(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let folders = [
        "locale",
        "locales",
        "i18n",
        "l10n",
        "lang",
        "langs",
        "languages",
        "translations",
        "messages",
    ];
    let endings = [
        ".md",
        ".markdown",
        ".mdx",
        ".txt",
        ".rst",
        ".adoc",
        ".asciidoc",
        ".po",
        ".pot",
        ".xlf",
        ".xliff",
        ".arb",
        ".ftl",
        ".strings",
        ".resx",
        ".srt",
        ".vtt",
        ".tex",
    ];
    endings.iter().any(|ending| name.ends_with(ending))
        || path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| folders.contains(&folder))
}
