//! What tells one finding from another: in a run by the value itself, outside of it by what does not help to guess it.

use sha2::{Digest, Sha256};

/// Separates these hashes from every other use of SHA-256 over the same bytes.
const DOMAIN: &str = "gatewright secret v1";

/// What was found, by content: compared within one run and never written anywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueKey([u8; 32]);

impl ValueKey {
    pub(crate) fn of(kind: &str, value: &[u8]) -> Self {
        Self(digest(&[kind.as_bytes(), value]))
    }
}

/// The hash of a guessable value must not show in a log.
impl std::fmt::Debug for ValueKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ValueKey(..)")
    }
}

/// SHA-256 over the parts, each preceded by its length.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The same as 64 lower-case hex digits.
pub(crate) fn hex_digest(parts: &[&[u8]]) -> String {
    let mut out = String::with_capacity(64);
    for byte in digest(parts) {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    out
}

/// What stands for a finding outside of the run.
pub(super) struct Identity {
    /// 64 hex digits with the path in them: one finding of one file.
    pub(super) fingerprint: String,
    /// 16 hex digits for ignoring it. Of a value that cannot be guessed the same wherever it stands.
    pub(super) id: String,
}

/// For a value that cannot be found by trying: the same secret keeps its identity when lines move around it.
pub(super) fn of_value(family: &str, path: &str, value: &[u8]) -> Identity {
    let keyed = hex_digest(&[DOMAIN.as_bytes(), family.as_bytes(), value]);
    let fingerprint = hex_digest(&[
        DOMAIN.as_bytes(),
        family.as_bytes(),
        path.as_bytes(),
        b"value",
        keyed.as_bytes(),
    ]);
    Identity {
        fingerprint,
        id: short(&keyed),
    }
}

/// For a value that could be found by trying: its place among the rule's hits in the file, never a hash of it.
pub(super) fn of_occurrence(rule: &str, path: &str, number: usize) -> Identity {
    let fingerprint = hex_digest(&[
        DOMAIN.as_bytes(),
        rule.as_bytes(),
        path.as_bytes(),
        b"occurrence",
        number.to_string().as_bytes(),
    ]);
    Identity {
        id: short(&fingerprint),
        fingerprint,
    }
}

/// Digits of an id.
const ID: usize = 16;

pub(crate) fn short(hash: &str) -> String {
    hash.chars().take(ID).collect()
}
