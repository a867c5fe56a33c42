//! Characters of no width in code: they make two names of what looks like one.

use super::file::{File, Language};
use super::regions::{Region, Regions};
use super::report::Findings;
use super::rule::{Level, Rule};
use super::{Found, chars};

pub(super) static INVISIBLE_IN_IDENTIFIER: Rule = Rule {
    id: "invisible_in_identifier",
    title: "invisible character in a name",
    level: Level::Certain,
    summary: "a name in code holds, or is, a character that is not shown",
    explain: "Two names that look the same are not: one of them has a zero-width character inside, or is a Hangul filler alone. Strings, comments, running text, emoji sequences and scripts that need joiners are left alone.",
    next_step: "Remove the character.",
    samples: &[
        &[("src/a.js", "let ad{u:200B}min = true;")],
        &[("src/a.py", "if is_ad{u:2060}min(user):\n    pass")],
        &[("src/a.js", "const { timeout, {u:3164} } = req.query;")],
    ],
    decoys: &[
        &[("src/a.js", "// ad{u:200B}min = true;")],
        &[("src/a.js", "let x = 'ad{u:200B}min';")],
        &[("src/a.rs", "let x: &[char] = &[('{u:115F}', '{u:1160}')];")],
        &[("README.md", "ad{u:200B}min = true")],
        &[("src/a.rs", "let x = \"{u:1F468}{u:200D}{u:1F469}\";")],
    ],
};

pub(super) static INVISIBLE_IN_CODE: Rule = Rule {
    id: "invisible_in_code",
    title: "invisible character in code",
    level: Level::Heuristic,
    summary: "a string or code holds a character that is not shown",
    explain: "A zero-width character next to a word in a string makes it unequal to what it looks like. Comments, strings of such characters alone, emoji sequences and scripts that need joiners are left alone.",
    next_step: "Write the character as an escape, so that it is seen.",
    samples: &[&[("src/a.js", "let x = 'ad{u:200B}min';")]],
    decoys: &[
        &[("src/a.js", "let x = 'admin'; // ad{u:200B}min")],
        &[("src/a.js", "let x = ['{u:200B}', '{u:AD}'];")],
        &[("src/a.py", "x = '{u:645}{u:200C}{u:645}'")],
        &[("src/a.js", "a = 1\n{u:FEFF}b = 2")],
    ],
};

/// Appends one finding for each line.
pub(super) fn search(file: &File<'_>, text: &[u8], found: &mut Findings) {
    if !is_code(file.language) || super::bidi::is_prose(file.path) {
        return;
    }
    let mut regions = Regions::new(text, file.language);
    let (mut at, mut reported) = (0, 0);
    while let Some(next) = text[at..].iter().position(|&byte| byte >= 0xC2) {
        at += next;
        let Some((name, length)) = invisible(&text[at..]) else {
            at += 1;
            continue;
        };
        let range = at..at + length;
        at = range.end;
        let (before, after) = (chars::before(text, range.start), chars::at(text, range.end));
        if range.start == 0 || is_honest(name, before, after) {
            continue;
        }
        let region = regions.of(range.start);
        let inside = before.is_some_and(chars::is_word) && after.is_some_and(chars::is_word);
        let filler = name.contains("FILLER");
        let certain = region == Region::Code && (filler || inside && is_name(&text[range.end..]));
        let near = before.is_some_and(chars::is_word) || after.is_some_and(chars::is_word);
        // Alone in a string it is a sample, not a part of a word.
        let odd = match region {
            Region::Comment => false,
            Region::Code => true,
            Region::Text => near,
            Region::Unknown => inside,
        };
        if !certain && (!odd || range.start < reported) {
            continue;
        }
        let (rule, place) = if certain {
            (&INVISIBLE_IN_IDENTIFIER, "in a name")
        } else {
            (&INVISIBLE_IN_CODE, "in code or a string")
        };
        if range.start >= reported {
            reported = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
        }
        found.push(Found {
            rule,
            range,
            message: format!("invisible character {place}: {name}"),
            hidden: None,
        });
    }
}

fn is_code(language: Language) -> bool {
    !matches!(
        language,
        Language::Yaml | Language::Json | Language::Markdown | Language::Prose | Language::Other
    )
}

fn invisible(bytes: &[u8]) -> Option<(&'static str, usize)> {
    match *bytes {
        [0xC2, 0xAD, ..] => Some(("U+00AD SOFT HYPHEN", 2)),
        [0xE1, 0x85, 0x9F, ..] => Some(("U+115F HANGUL CHOSEONG FILLER", 3)),
        [0xE1, 0x85, 0xA0, ..] => Some(("U+1160 HANGUL JUNGSEONG FILLER", 3)),
        [0xE2, 0x80, 0x8B, ..] => Some(("U+200B ZERO WIDTH SPACE", 3)),
        [0xE2, 0x80, 0x8C, ..] => Some(("U+200C ZERO WIDTH NON-JOINER", 3)),
        [0xE2, 0x80, 0x8D, ..] => Some(("U+200D ZERO WIDTH JOINER", 3)),
        [0xE2, 0x81, 0xA0, ..] => Some(("U+2060 WORD JOINER", 3)),
        [0xE3, 0x85, 0xA4, ..] => Some(("U+3164 HANGUL FILLER", 3)),
        [0xEF, 0xBB, 0xBF, ..] => Some(("U+FEFF ZERO WIDTH NO-BREAK SPACE", 3)),
        [0xEF, 0xBE, 0xA0, ..] => Some(("U+FFA0 HALFWIDTH HANGUL FILLER", 3)),
        _ => None,
    }
}

/// Emoji sequences, scripts that join or that break words, and byte order marks of files that were put together.
fn is_honest(name: &str, before: Option<char>, after: Option<char>) -> bool {
    let near = |is: fn(char) -> bool| before.is_some_and(is) || after.is_some_and(is);
    match name.as_bytes().get(..6) {
        Some(b"U+200B" | b"U+200C" | b"U+200D" | b"U+2060") => {
            near(chars::joins) || near(chars::is_picture)
        }
        Some(b"U+FEFF") => before == Some('\n'),
        Some(b"U+00AD") => false,
        _ => near(|c| {
            chars::joins(c) && !matches!(c, '\u{3164}' | '\u{115F}' | '\u{1160}' | '\u{FFA0}')
        }),
    }
}

/// Whether what follows the word is what follows a name in code, and not in a sentence.
fn is_name(rest: &[u8]) -> bool {
    let end = rest
        .iter()
        .take(128)
        .position(|&byte| byte < 0x80 && byte != b'_' && !byte.is_ascii_alphanumeric());
    let after = end.and_then(|end| rest[end..].iter().take(16).find(|byte| **byte != b' '));
    after.is_some_and(|byte| b"=([{;)]}:+*/%&|".contains(byte))
}
