//! Names that mix Latin letters with look-alikes of another script (UTS #39).

use unicode_script::{Script, UnicodeScript};
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

use super::file::{File, Language};
use super::regions::{Region, Regions};
use super::report::{Findings, escape};
use super::rule::{Level, Rule};
use super::{Found, chars};

pub(super) static MIXED_SCRIPT_IDENTIFIER: Rule = Rule {
    id: "mixed_script_identifier",
    title: "name of mixed scripts",
    level: Level::Heuristic,
    summary: "a name in code mixes Latin letters with look-alikes of another script",
    explain: "A Cyrillic or Greek letter that looks like a Latin one makes a name that reads like another. Only names are looked at, and only where every letter that is not Latin looks like one: names of formulas and words of other languages are left alone.",
    next_step: "Spell the name in one script.",
    samples: &[
        &[("src/a.py", "def is_{u:430}dmin(user): pass")],
        &[("src/a.js", "let us{u:435}r = 1;")],
    ],
    decoys: &[
        &[("src/a.py", "{u:394}x = {u:3BB}_max * {u:3C3}2")],
        &[("src/a.py", "{u:438}{u:43C}{u:44F} = 1")],
        &[("src/a.py", "# is_{u:430}dmin(user)")],
        &[("src/a.js", "x.match(/^[a-z{u:430}-{u:44f}]+$/)")],
        &[("README.md", "is_{u:430}dmin(user)")],
    ],
};

/// Characters of a name that are shown.
const SHOWN: usize = 14;
/// Longest name that is looked at, in bytes.
const MAX_NAME: usize = 128;

/// Appends a finding for each name.
pub(super) fn search(file: &File<'_>, text: &[u8], found: &mut Findings) {
    use Language::{C, Hash, JavaScript, Python, Rust, Shell};
    if !matches!(file.language, C | Rust | JavaScript | Python | Hash | Shell) {
        return;
    }
    let mut regions = Regions::new(text, file.language);
    let mut at = 0;
    // Cyrillic is D0 to D3, Greek CD to CF.
    while let Some(next) = text[at..]
        .iter()
        .position(|byte| (0xCD..=0xD3).contains(byte))
    {
        let start = name_start(text, at + next, at);
        let end = name_end(text, at + next);
        at = end.max(at + next + 1);
        let Some(name) = text
            .get(start..end)
            .and_then(|name| std::str::from_utf8(name).ok())
        else {
            continue;
        };
        if name.len() <= MAX_NAME && deceives(name) && regions.of(start) == Region::Code {
            let script = name
                .chars()
                .find(|c| matches!(c.script(), Script::Cyrillic | Script::Greek))
                .map_or("", |c| c.script().full_name());
            found.push(Found {
                rule: &MIXED_SCRIPT_IDENTIFIER,
                range: start..end,
                message: format!(
                    "the name \"{}\" reads like \"{}\": it mixes Latin and {script}",
                    escape(&name.chars().take(SHOWN).collect::<String>()),
                    escape(&plain(name).chars().take(SHOWN).collect::<String>()),
                ),
                hidden: None,
            });
        }
    }
}

/// Mixed scripts, and every letter that is not Latin has a Latin double. Greek is used for symbols, so there the mixture
/// has to be within a word, and of letters that are drawn alike.
fn deceives(name: &str) -> bool {
    // `[a-z]` and a range of letters after it make a name of two letters.
    let letters = name.chars().filter(char::is_ascii_alphabetic).count();
    if letters < 2 || name.is_single_script() {
        return false;
    }
    let latin = |c: char| c.script() == Script::Latin;
    let foreign = |c: char| matches!(c.script(), Script::Cyrillic | Script::Greek);
    let double = |c: char| match c.script() {
        Script::Greek => matches!(
            c,
            'ο' | 'ν'
                | 'Α'
                | 'Β'
                | 'Ε'
                | 'Ζ'
                | 'Η'
                | 'Ι'
                | 'Κ'
                | 'Μ'
                | 'Ν'
                | 'Ο'
                | 'Ρ'
                | 'Τ'
                | 'Υ'
                | 'Χ'
        ),
        _ => skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii_alphabetic()),
    };
    let mixes = |part: &str| part.chars().any(latin) && part.chars().any(foreign);
    let greek = name.chars().any(|c| c.script() == Script::Greek);
    let mixed = if greek {
        name.split('_').any(mixes)
    } else {
        mixes(name)
    };
    mixed && name.chars().filter(|&c| foreign(c)).all(double)
}

/// As it is read: doubles in place of what is not Latin.
fn plain(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(skeleton(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

fn name_start(text: &[u8], at: usize, least: usize) -> usize {
    let mut start = at;
    while start > least.max(at.saturating_sub(MAX_NAME)) {
        match chars::before(text, start) {
            Some(c) if chars::is_word(c) => start -= c.len_utf8(),
            _ => break,
        }
    }
    start.max(least)
}

fn name_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while let Some(c) = chars::at(text, end).filter(|&c| chars::is_word(c)) {
        end += c.len_utf8();
    }
    end
}
