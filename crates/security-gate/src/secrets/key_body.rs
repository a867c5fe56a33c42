//! The body of an armoured private key: what makes a key out of a header.

use super::checks::{distinct, longest_run};

/// An unbroken piece of a body is at least this long: lines of 64 characters are the rule, words of prose are not.
const PIECE: usize = 32;

/// Length of a key's body and trailer after its header line, in bytes; `None` when no body follows.
///
/// Understands raw lines, indentation, comment prefixes, and the ways in which string literals carry line ends
/// (`\n` escapes, quotes and `+` between lines).
pub(super) fn key_body(rest: &[u8]) -> Option<usize> {
    let (mut at, mut piece, mut longest) = (0, 0, 0);
    let mut body = Vec::new();
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => {
                if let Some(header) = (piece == 0).then(|| armour_header(&rest[at..])).flatten() {
                    at += header;
                } else {
                    body.push(byte);
                    piece += 1;
                    longest = longest.max(piece);
                    at += 1;
                }
            }
            b'\\' => {
                piece = 0;
                at += if matches!(rest.get(at + 1), Some(b'n' | b'r' | b't')) {
                    2
                } else {
                    1
                };
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b'`' | b',' | b'#' | b'*' | b'>'
            | b'|' | b'.' | b';' => {
                piece = 0;
                at += 1;
            }
            _ => break,
        }
    }
    let trailer = rest[at.min(rest.len())..].starts_with(b"-----END ");
    // The shortest key, Ed25519 in PKCS #8, has 64 characters.
    let enough = if trailer { 56 } else { 120 };
    let is_key = body.len() >= enough
        && longest >= PIECE
        && distinct(&body) >= 16
        && longest_run(&body, |a, b| a == b) < PIECE
        && looks_like_key(&body);
    is_key.then_some(if trailer { at + 9 } else { at })
}

/// `Proc-Type: 4,ENCRYPTED` and the like (RFC 1421, RFC 9580): length up to the end of the line.
fn armour_header(rest: &[u8]) -> Option<usize> {
    let name = [
        "Proc-Type:",
        "DEK-Info:",
        "Version:",
        "Comment:",
        "Charset:",
        "Hash:",
        "MessageID:",
    ]
    .iter()
    .find(|name| rest.starts_with(name.as_bytes()))?;
    let line = &rest[..rest.len().min(200)];
    let escaped = memchr::memmem::find(line, b"\\n");
    let real = memchr::memchr(b'\n', line);
    Some(escaped.into_iter().chain(real).min().unwrap_or(name.len()))
}

/// The first bytes of every unencrypted container, or the density of an encrypted one.
fn looks_like_key(body: &[u8]) -> bool {
    // ASN.1 SEQUENCE (PKCS #1, #8, SEC 1), `openssh-key-v1`, an OpenPGP secret-key packet in old and new framing.
    let known = ["M", "b3BlbnNzaC1rZXk", "l", "x"]
        .iter()
        .any(|start| body.starts_with(start.as_bytes()));
    known || (body.len() >= 120 && distinct(body) >= 40)
}
