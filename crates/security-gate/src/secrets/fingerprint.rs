//! Fingerprints that survive line moves, and that do not help to guess a value.

use sha2::{Digest, Sha256};

/// Separates these hashes from every other use of SHA-256 over the same bytes.
const DOMAIN: &str = "gatewright secret v1";

/// SHA-256 over the parts, each preceded by its length, as 64 lower-case hex digits.
pub(crate) fn hex_digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut out = String::with_capacity(64);
    for byte in hash.finalize() {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    out
}

/// For a value that cannot be found by trying: the same secret keeps its fingerprint when lines move around it.
pub(super) fn of_value(family: &str, path: &str, value: &[u8]) -> String {
    let keyed = hex_digest(&[DOMAIN.as_bytes(), family.as_bytes(), value]);
    hex_digest(&[
        DOMAIN.as_bytes(),
        family.as_bytes(),
        path.as_bytes(),
        b"value",
        keyed.as_bytes(),
    ])
}

/// For a value that could be found by trying: its place among the rule's hits in the file, never a hash of it.
pub(super) fn of_occurrence(rule: &str, path: &str, number: usize) -> String {
    hex_digest(&[
        DOMAIN.as_bytes(),
        rule.as_bytes(),
        path.as_bytes(),
        b"occurrence",
        number.to_string().as_bytes(),
    ])
}
