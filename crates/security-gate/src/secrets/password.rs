//! Passwords: telling one that a person uses from one that a document prints.

use super::checks::{Candidate, distinct, is_placeholder};
use super::codec::{decode_base64, percent_decoded};

/// Words that documents and defaults print where a password would stand; compared without case, digits and
/// punctuation at the end.
const PASSWORD_WORDS: &str = "\
    password passwd passphrase passpass pssword pass pwd passw pw secret mysecret mypassword \
    mypass yourpassword your_password userpass user username login token key apikey api_key \
    admin root test testing guest default changeme changeit changethis none null nil undefined \
    true false string foo bar baz foobar qwerty hunter letmein example postgres mysql";

fn is_variable(password: &[u8]) -> bool {
    matches!(password, [b'$', ..] | [b'%', .., b'%'])
}

/// A password that no document would print.
fn is_password(password: &[u8]) -> bool {
    let lower = password.to_ascii_lowercase();
    let letters: Vec<u8> = lower
        .iter()
        .copied()
        .filter(u8::is_ascii_alphabetic)
        .collect();
    let end = lower
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(0, |at| at + 1);
    password.len() >= 6
        && !is_placeholder(password)
        && !is_variable(password)
        && distinct(password) >= 4
        // Digits and punctuation alone are parts of a grammar as often as a password.
        && end > 0
        && !PASSWORD_WORDS.split(' ').any(|word| [&lower[..end], &letters].contains(&word.as_bytes()))
}

/// Names reserved for documentation and tests (RFC 2606, RFC 6761), and the machine itself.
fn is_reserved_host(host: &[u8]) -> bool {
    let host = host.to_ascii_lowercase();
    let name = host.split(|&b| b == b':').next().unwrap_or_default();
    let ends = [
        ".example",
        ".test",
        ".invalid",
        ".localhost",
        "example.com",
        "example.org",
        "example.net",
    ];
    let whole = [
        "host",
        "hostname",
        "server",
        "domain",
        "example",
        "localhost",
        "127.0.0.1",
        "0.0.0.0",
        "foo",
        "bar",
        "test",
    ];
    host.starts_with(b"[::1]")
        || ends.iter().any(|end| name.ends_with(end.as_bytes()))
        || whole.iter().any(|word| name == word.as_bytes())
}

pub(super) fn is_address_password(candidate: &Candidate<'_>) -> bool {
    let Candidate {
        value, user, host, ..
    } = candidate;
    is_password(value)
        && is_password(&percent_decoded(value))
        && !value.eq_ignore_ascii_case(user)
        && !is_reserved_host(host)
        // `scheme://:word:word@` is the root of a version control system, not a credential.
        && !(user.is_empty() && value.contains(&b':'))
        // A short word in small letters, such as the pieces of a grammar (`user:secretword@`), is no certain finding.
        && (value.iter().any(|b| !b.is_ascii_lowercase()) || value.len() >= 16)
}

pub(super) fn is_basic_pair(value: &[u8]) -> bool {
    let Some(pair) = decode_base64(value) else {
        return false;
    };
    let Some(colon) = memchr::memchr(b':', &pair) else {
        return false;
    };
    let (user, password) = (&pair[..colon], &pair[colon + 1..]);
    // RFC 7617 prints the first two as its users, RFC 6749 the third.
    let documented = [b"aladdin".as_slice(), b"test", b"s6BhdRkqt3"]
        .iter()
        .any(|known| user.eq_ignore_ascii_case(known));
    !documented
        && std::str::from_utf8(&pair).is_ok_and(|text| text.chars().all(|c| !c.is_control()))
        && is_password(password)
        && user != password
}
