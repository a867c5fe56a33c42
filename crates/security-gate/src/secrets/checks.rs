//! Tests of a candidate beyond its pattern, cheapest first. All pure, all bounded by the candidate's window.

use super::assign::is_strange;
use super::codec::decode_base64;
use super::files::value::{is_configured, is_encoded, is_stored};
use super::key_body::key_body;
use super::password::{is_address_password, is_basic_pair};
use super::rule::Check;

/// What a pattern captured.
pub(super) struct Candidate<'a> {
    pub value: &'a [u8],
    /// The random part.
    pub secret: &'a [u8],
    pub user: &'a [u8],
    pub host: &'a [u8],
    /// The name of the setting.
    pub key: &'a [u8],
    /// Everything after the match, bounded.
    pub rest: &'a [u8],
}

pub(super) fn holds(check: Check, candidate: &Candidate<'_>) -> bool {
    match check {
        Check::NoPlaceholder => !is_placeholder(candidate.secret),
        Check::Distinct(least) => distinct(candidate.secret) >= least,
        Check::Mixed => {
            let secret = candidate.secret;
            secret.iter().any(u8::is_ascii_lowercase)
                && secret.iter().any(u8::is_ascii_uppercase)
                && secret.iter().any(u8::is_ascii_digit)
        }
        Check::LetterAndDigit => {
            candidate.secret.iter().any(u8::is_ascii_alphabetic)
                && candidate.secret.iter().any(u8::is_ascii_digit)
        }
        Check::Random => is_random(candidate.value),
        Check::Undocumented(known) => !known
            .iter()
            .any(|known| candidate.value.starts_with(known.as_bytes())),
        Check::BasicPair => is_basic_pair(candidate.value),
        Check::SignedToken => is_signed_token(candidate.value),
        Check::KeyBody => key_body(candidate.rest).is_some(),
        Check::AddressPassword => is_address_password(candidate),
        Check::Strange => is_strange(candidate.value),
        Check::Password => is_stored(candidate.value),
        Check::Configured => is_configured(candidate.key, candidate.value),
        Check::Encoded => is_encoded(candidate.value),
    }
}

/// Different bytes in `text`.
pub(super) fn distinct(text: &[u8]) -> usize {
    let mut seen = [false; 256];
    for &byte in text {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|&&seen| seen).count()
}

/// Parts of values that stand for a value. Four letters or more, so that chance does not make them.
const STAND_INS: &str = "\
    example xxxx placeholder redacted changeme change-me change_me your_ your- yourkey insert \
    dummy sample foobar abcdef 12345 98765 .... **** ____ notreal fake";

/// Marks of a template or a reference in its place.
const TEMPLATES: &str = "\
    ${ $( {{ }} < #{ %s %( {}";

pub(super) fn is_placeholder(text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    contains_any(&lower, STAND_INS)
        || contains_any(&lower, TEMPLATES)
        || longest_run(text, |a, b| a == b) >= unlikely_run(text)
        || longest_run(text, |a, b| {
            a.is_ascii_alphanumeric() && b == a.wrapping_add(1)
        }) >= unlikely_run(text)
        || repeats(text)
}

/// A run this long (`0000`, `1234`) comes up by chance in fewer than one value in a thousand.
fn unlikely_run(text: &[u8]) -> usize {
    match text {
        text if text.iter().all(u8::is_ascii_hexdigit) => 6,
        text if text.len() > 60 => 5,
        _ => 4,
    }
}

fn is_random(value: &[u8]) -> bool {
    let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    value
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|piece| piece.len() >= 20)
        .any(|piece| {
            let changes = piece
                .windows(2)
                .filter(|pair| class(pair[0]) != class(pair[1]))
                .count();
            changes * 3 >= piece.len()
                || piece.len() >= 32 && piece.iter().all(u8::is_ascii_hexdigit)
        })
}

/// Whether one of the words, which are separated by spaces, occurs.
fn contains_any(text: &[u8], words: &str) -> bool {
    words
        .split(' ')
        .any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
}

pub(super) fn longest_run(text: &[u8], joined: fn(u8, u8) -> bool) -> usize {
    let (mut longest, mut run) = (usize::from(!text.is_empty()), 1);
    for pair in text.windows(2) {
        run = if joined(pair[0], pair[1]) { run + 1 } else { 1 };
        longest = longest.max(run);
    }
    longest
}

/// The whole is one short piece again and again (`abc1abc1abc1`).
fn repeats(text: &[u8]) -> bool {
    (1..=8).any(|piece| {
        text.len() >= piece * 3 && text.iter().zip(&text[piece..]).all(|(a, b)| a == b)
    })
}

/// Registered claims (RFC 7519 section 4.1, `OpenID` Connect) and the usual private ones; demonstrations have none of them.
const CLAIMS: &str = "\
    \"iss\" \"sub\" \"aud\" \"exp\" \"nbf\" \"iat\" \"jti\" \"email \"user \"role \"scope \
    \"name\" \"id\" \"uid\"";

fn is_signed_token(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|&b| b == b'.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return false;
    };
    let (Some(header), Some(claims)) = (decode_base64(header), decode_base64(claims)) else {
        return false;
    };
    let is_object = |bytes: &[u8]| {
        bytes.first() == Some(&b'{')
            && bytes.last() == Some(&b'}')
            && std::str::from_utf8(bytes).is_ok()
    };
    // Printed in RFC 7519, RFC 7515 and on the front page of the format's best-known debugger.
    let documented = "1234567890 \"joe\" example \"anon\"";
    is_object(&header)
        && is_object(&claims)
        && memchr::memmem::find(&header, b"\"alg\"").is_some()
        && contains_any(&claims, CLAIMS)
        && !contains_any(&claims, documented)
        && memchr::memmem::find(&claims, b"John Doe").is_none()
        && distinct(signature) >= 16
        && !is_placeholder(signature)
}
