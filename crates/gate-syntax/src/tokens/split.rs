//! Where text is cut into pieces before any merging: words with the character before them, numbers of up to three digits, punctuation,
//! white space.
//!
//! Both encodings publish this as a regular expression, quoted at the functions. They are walked by hand here, because compiling
//! them costs more than counting an average file and the look-ahead in them needs a backtracking engine.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// What the expressions tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// `Lu`, `Lt`.
    Upper,
    /// `Ll`.
    Lower,
    /// `Lm`, `Lo`: letters that stand for both cases.
    Caseless,
    /// `M`: part of a word to `o200k_base`, and still neither letter nor number.
    Mark,
    /// `N`.
    Number,
    /// `\r`, `\n`.
    Newline,
    /// Other white space.
    Space,
    Other,
}

use Class::{Caseless, Lower, Mark, Newline, Number, Other, Space, Upper};

/// The classes of the first 128 characters.
const ASCII: [Class; 128] = {
    let mut classes = [Other; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => Lower,
            b'A'..=b'Z' => Upper,
            b'0'..=b'9' => Number,
            b'\r' | b'\n' => Newline,
            // `\s` has U+000B, which Rust's `is_ascii_whitespace` has not.
            b' ' | b'\t' | 0x0b | 0x0c => Space,
            _ => Other,
        };
        byte += 1;
    }
    classes
};

fn class_of(character: char) -> Class {
    if character.is_whitespace() {
        return Space;
    }
    match character.general_category() {
        GeneralCategory::UppercaseLetter | GeneralCategory::TitlecaseLetter => Upper,
        GeneralCategory::LowercaseLetter => Lower,
        GeneralCategory::ModifierLetter | GeneralCategory::OtherLetter => Caseless,
        _ => match character.general_category_group() {
            GeneralCategoryGroup::Mark => Mark,
            GeneralCategoryGroup::Number => Number,
            _ => Other,
        },
    }
}

/// The class of the character at an offset and the offset after it.
fn at(text: &str, offset: usize) -> Option<(Class, usize)> {
    let byte = *text.as_bytes().get(offset)?;
    if let Some(class) = ASCII.get(usize::from(byte)) {
        return Some((*class, offset + 1));
    }
    let character = text.get(offset..)?.chars().next()?;
    Some((class_of(character), offset + character.len_utf8()))
}

/// The end of the longest run of characters of some classes.
fn run(text: &str, mut offset: usize, wanted: impl Fn(Class) -> bool) -> usize {
    while let Some((_, next)) = at(text, offset).filter(|(class, _)| wanted(*class)) {
        offset = next;
    }
    offset
}

/// The end of the piece that starts at `start`, of `o200k_base`:
///
/// ```text
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
pub(super) fn o200k(text: &str, start: usize) -> usize {
    let Some((first, next)) = at(text, start) else {
        return text.len();
    };
    let behind = matches!(first, Space | Mark | Other).then_some(next);
    let itself = matches!(first, Upper | Lower | Caseless | Mark).then_some(start);
    let word = behind
        .and_then(|start| lower_word(text, start))
        .or_else(|| itself.and_then(|start| lower_word(text, start)))
        .or_else(|| behind.and_then(|start| upper_word(text, start)))
        .or_else(|| itself.and_then(|start| upper_word(text, start)));
    match word {
        Some(end) => end + contraction(text, end),
        None => number(text, start)
            .or_else(|| punctuation(text, start, b"\r\n/"))
            .unwrap_or_else(|| white_space(text, start)),
    }
}

/// The end of the piece that starts at `start`, of `cl100k_base`:
///
/// ```text
/// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// ```
pub(super) fn cl100k(text: &str, start: usize) -> usize {
    let Some((first, next)) = at(text, start) else {
        return text.len();
    };
    let contraction = contraction(text, start);
    if contraction > 0 {
        return start + contraction;
    }
    let is_letter = |class| matches!(class, Upper | Lower | Caseless);
    if !matches!(first, Newline | Number) {
        let letters = if is_letter(first) { start } else { next };
        let end = run(text, letters, is_letter);
        if end > letters {
            return end;
        }
    }
    number(text, start)
        .or_else(|| punctuation(text, start, b"\r\n"))
        .unwrap_or_else(|| white_space(text, start))
}

/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`
fn lower_word(text: &str, start: usize) -> Option<usize> {
    let mut end = start;
    // Where the first part gives back as much as the second one needs: behind the last character that both have.
    let mut shared = None;
    while let Some((class, next)) = at(text, end) {
        match class {
            Upper => {}
            Caseless | Mark => shared = Some(next),
            Lower => {
                return Some(run(text, end, |class| {
                    matches!(class, Lower | Caseless | Mark)
                }));
            }
            _ => break,
        }
        end = next;
    }
    shared
}

/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`, where the other word is not.
fn upper_word(text: &str, start: usize) -> Option<usize> {
    let end = run(text, start, |class| {
        matches!(class, Upper | Caseless | Mark)
    });
    (end > start).then_some(end)
}

/// The length of `(?i:'s|'t|'re|'ve|'m|'ll|'d)`, or 0.
fn contraction(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let [b'\'', first, rest @ ..] = rest else {
        return 0;
    };
    match (first.to_ascii_lowercase(), rest) {
        (b's' | b't' | b'm' | b'd', _) => 2,
        (b'r' | b'v', [b'e' | b'E', ..]) | (b'l', [b'l' | b'L', ..]) => 3,
        // U+017F, the long s, is an `s` in another case.
        (0xc5, [0xbf, ..]) => 3,
        _ => 0,
    }
}

/// `\p{N}{1,3}`
fn number(text: &str, start: usize) -> Option<usize> {
    let mut end = start;
    for _ in 0..3 {
        match at(text, end) {
            Some((Number, next)) => end = next,
            _ => break,
        }
    }
    (end > start).then_some(end)
}

/// ` ?[^\s\p{L}\p{N}]+[...]*`
fn punctuation(text: &str, start: usize, trailing: &[u8]) -> Option<usize> {
    let bytes = text.as_bytes();
    let signs = start + usize::from(bytes.get(start) == Some(&b' '));
    let end = run(text, signs, |class| matches!(class, Other | Mark));
    let more = bytes.get(end..).unwrap_or_default().iter();
    let more = more.take_while(|byte| trailing.contains(byte)).count();
    (end > signs).then_some(end + more)
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+`
fn white_space(text: &str, start: usize) -> usize {
    let (mut end, mut last, mut newline) = (start, start, None);
    while let Some((class @ (Space | Newline), next)) = at(text, end) {
        if class == Newline {
            newline = Some(next);
        }
        (last, end) = (end, next);
    }
    match newline {
        Some(end) => end,
        // The last space belongs to what comes after, if anything comes.
        None if end < text.len() && last > start => last,
        None => end,
    }
}
