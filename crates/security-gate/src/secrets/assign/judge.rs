//! Whether the value of a telling name is a secret.

use std::ops::Range;

use super::name::{Kind, kind};
use super::parse::{Assigned, Form, assigned};
use super::rarity::rarity;
use crate::secrets::checks::is_placeholder;
use crate::secrets::rule::Tier;

/// A value and how certain it is that it is a secret.
#[derive(Debug)]
pub(in crate::secrets) struct Judged {
    pub(in crate::secrets) value: Range<usize>,
    pub(in crate::secrets) tier: Tier,
    /// Short or plain enough to be found by trying.
    pub(in crate::secrets) guessable: bool,
}

/// Sixteenths of a bit a character from which on a password is no word, and one that may be none.
const STRANGE: u32 = 76;
const DOUBTFUL: u32 = 68;
/// The same of few characters.
const STRANGE_SHORT: u32 = 88;
/// The same of a token of letters and digits, whose digits say less than letters, and of one that may be one.
const STRANGE_TOKEN: u32 = 64;
const LESS: u32 = 8;
/// The same of the letters of a token without digits.
const STRANGE_LETTERS: u32 = 80;
/// Sixteenths of a bit of a token in all.
const ENOUGH: u32 = 48 * 16;
/// The same from which on a hash of a token gives nothing away.
const UNGUESSABLE: u32 = 80 * 16;
/// Characters of a token that is certain to be one.
const TOKEN: usize = 12;

/// Judges what is assigned to the name that holds the word at `word`.
pub(in crate::secrets) fn judge(path: &str, bytes: &[u8], word: &Range<usize>) -> Option<Judged> {
    let found = assigned(bytes, word)?;
    let kind = kind(&bytes[found.name.clone()])?;
    let value = &bytes[found.value.clone()];
    // What is assigned to something is no name.
    if found.name.start > 0 && bytes[found.name.start - 1] == b'=' || is_badge(bytes, &found) {
        return None;
    }
    if !may_be(value) || is_expression(path, value, &found) {
        return None;
    }
    let tier = match kind {
        Kind::Password => password(value),
        Kind::Token => token(value).or_else(|| short_token(value)),
        // `--recv-key ID` takes what is public as often.
        Kind::Key if found.form == Form::Bare && bytes.get(found.name.end) == Some(&b' ') => None,
        Kind::Key => token(value),
    }?;
    let is_long = value.len() >= 20 && rarity(value).bits >= UNGUESSABLE;
    Some(Judged {
        tier,
        guessable: kind == Kind::Password || !is_long,
        value: found.value,
    })
}

/// Whether a password is no word and stands for none.
pub(in crate::secrets) fn is_strange(value: &[u8]) -> bool {
    may_be(value) && password(value) == Some(Tier::Likely)
        || value.len() == 4 && may_be(value) && rarity(value).each_adds(STRANGE_SHORT)
}

/// Words of placeholders, of the program's own names, and of what is said about a credential.
const WORDS: &str = "\
    pass passwd passphrase secret token credential apikey api_key api-key _key -key mykey auth refresh access admin \
    user name test foo bar baz qux dummy example sample demo fake mock change your default string value \
    null none undefined false true redacted hidden hunter swordfish letmein qwerty lorem ipsum base64 sha256 md5 \
    localhost http .com .org .net .io xxx *** ... /* */ ()";

/// Marks of hashes of passwords, which are another matter, and of what is encrypted.
const HASHES: &str = "$1$ $2a$ $2b$ $2y$ $5$ $6$ $y$ $apr1$ $argon2 $pbkdf2 {sha} {ssha} {bcrypt} pbkdf2_ enc( enc[ vault: ansible";

fn may_be(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let has = |words: &str| {
        words
            .split(' ')
            .any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    };
    (4..=300).contains(&value.len())
        && value.iter().all(u8::is_ascii_graphic)
        && !is_placeholder(value)
        && !is_reference(value)
        && !has(WORDS)
        && !HASHES
            .split(' ')
            .any(|hash| lower.starts_with(hash.as_bytes()))
}

/// What is read from elsewhere, or is plainly something else.
fn is_reference(value: &[u8]) -> bool {
    let first = value.first().copied().unwrap_or_default();
    let rest = &value[1..];
    match first {
        b'$' | b'%' | b'@' | b'&' => rest.iter().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'%' | b'{' | b'}' | b'-')
        }),
        b'<' | b'[' => true,
        b'#' => is_colour(rest),
        b'/' => rest.contains(&b'/'),
        b'.' => true,
        _ => false,
    }
}

/// `--pass: #17703a` in a style sheet: the digits of a colour after its `#`.
fn is_colour(rest: &[u8]) -> bool {
    matches!(rest.len(), 3 | 4 | 6 | 8) && rest.iter().all(u8::is_ascii_hexdigit)
}

/// What no literal encloses is an expression in a program; in a configuration it is the value.
fn is_expression(path: &str, value: &[u8], found: &Assigned) -> bool {
    match found.form {
        Form::Quoted | Form::Element => false,
        Form::Bare | Form::Loose => {
            // `T_EQUAL` is a constant.
            let is_constant = value.contains(&b'_')
                && value
                    .iter()
                    .all(|b| b.is_ascii_uppercase() || matches!(b, b'_'));
            let is_name = value.iter().all(|b| {
                b.is_ascii_alphanumeric()
                    || matches!(b, b'_' | b'.' | b':' | b'-' | b'>' | b'?' | b'!')
            });
            let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
            let dotted = value.iter().any(|b| matches!(b, b'.' | b':' | b'>'));
            found.form == Form::Loose && is_program(path) && is_name && (digits < 3 || dotted)
                || found.form == Form::Loose && is_constant
                || dotted && digits == 0
                || value.starts_with(b"0x")
        }
    }
}

/// Endings of programs, in which a bare word is a name.
const PROGRAMS: [&str; 36] = [
    "c", "cc", "cpp", "cs", "cxx", "dart", "ex", "exs", "go", "groovy", "h", "hpp", "hs", "java",
    "js", "jsx", "kt", "kts", "lua", "m", "mjs", "cjs", "mm", "php", "pl", "pm", "ps1", "py",
    "pyi", "rb", "rs", "scala", "swift", "ts", "tsx", "vue",
];

fn is_program(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    PROGRAMS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

fn password(value: &[u8]) -> Option<Tier> {
    let has_letter = value.iter().any(u8::is_ascii_alphabetic);
    let rarity = rarity(value);
    if !has_letter || value.len() > 80 {
        return None;
    }
    if rarity.each_adds(STRANGE) && value.len() >= 5 {
        Some(Tier::Likely)
    } else if rarity.each_adds(DOUBTFUL) || value.len() >= 8 && is_mixed(value) {
        Some(Tier::Possible)
    } else {
        None
    }
}

/// The token of a badge is made to be shown.
fn is_badge(bytes: &[u8], found: &Assigned) -> bool {
    let before = &bytes[found.name.start.saturating_sub(160)..found.name.start];
    let address = before.rsplit(u8::is_ascii_whitespace).next();
    found.form == Form::Bare
        && address.is_some_and(|text| {
            ["badge", "shields.io"]
                .iter()
                .any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
        })
}

/// Letters, digits and signs, as rules for passwords ask.
fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_alphabetic)
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_punctuation)
}

fn token(value: &[u8]) -> Option<Tier> {
    // The longest piece speaks for the whole: the rest may be structure.
    let in_piece =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'-');
    let piece = value
        .split(|b| !in_piece(b))
        .max_by_key(|piece| piece.len())?;
    let digits = piece.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = piece.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if piece.len() < TOKEN || letters < 3 {
        return None;
    }
    let rarity = rarity(piece);
    let strange = if digits * 6 >= piece.len() {
        STRANGE_TOKEN
    } else {
        STRANGE
    };
    if rarity.each_adds(strange)
        && rarity.bits >= ENOUGH
        && (digits > 0 || rarity.each_letter_adds(STRANGE_LETTERS))
    {
        Some(Tier::Likely)
    } else if digits > 0 && rarity.each_adds(strange - LESS) {
        Some(Tier::Possible)
    } else {
        None
    }
}

/// Too short for a machine's, and no word.
fn short_token(value: &[u8]) -> Option<Tier> {
    let plain = value.iter().all(u8::is_ascii_alphanumeric);
    let rarity = rarity(value);
    if plain && (6..TOKEN).contains(&value.len()) && rarity.each_adds(STRANGE_SHORT) {
        Some(Tier::Likely)
    } else if plain && value.len() >= 6 && rarity.each_adds(STRANGE) {
        Some(Tier::Possible)
    } else {
        None
    }
}
