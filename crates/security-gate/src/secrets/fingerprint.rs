//! What tells one finding from another: in a run by the value itself, outside of it by what does not help to guess it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Separates these hashes from every other use of SHA-256 over the same bytes.
const DOMAIN: &str = "gatewright secret v1";

/// What was found, by content: compared within one run and never written anywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueKey([u8; 32]);

impl ValueKey {
    pub(crate) fn of(kind: &str, value: &[u8]) -> Self {
        Self(digest(&[DOMAIN.as_bytes(), kind.as_bytes(), value]))
    }

    /// The id that the value had before ids were keyed: what the policy accepts by it stays accepted. Told nowhere.
    pub(crate) fn unkeyed_id(&self) -> String {
        short(&hex(&self.0))
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
    hex(&digest(parts))
}

fn hex(bytes: &[u8; 32]) -> String {
    let mut out = String::with_capacity(64);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    out
}

/// What stands for a finding outside of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// 64 hex digits with the path in them: one finding of one file.
    pub fingerprint: String,
    /// 16 hex digits for ignoring it. Of a value that cannot be guessed the same wherever it stands, and `None` without a salt.
    pub id: Option<String>,
    /// Nothing of the value is in it: another value in its place has the same.
    pub by_place: bool,
}

/// For a value that cannot be found by trying: under the salt of its repository, which who cannot read the repository does not know,
/// the same secret keeps its identity when lines move around it.
pub(super) fn of_value(salt: &str, path: &str, key: &ValueKey) -> Identity {
    Identity {
        fingerprint: hex(&keyed(salt, &[&key.0, path.as_bytes()])),
        id: Some(short(&hex(&keyed(salt, &[&key.0])))),
        by_place: false,
    }
}

/// For a value that could be found by trying, or where there is no salt: its place among the rule's hits in the file, never a hash of it.
pub(super) fn of_occurrence(rule: &str, path: &str, number: usize) -> Identity {
    let fingerprint = hex_digest(&[
        DOMAIN.as_bytes(),
        rule.as_bytes(),
        path.as_bytes(),
        b"occurrence",
        number.to_string().as_bytes(),
    ]);
    Identity {
        id: Some(short(&fingerprint)),
        fingerprint,
        by_place: true,
    }
}

/// HMAC-SHA-256 over the parts, each preceded by its length.
fn keyed(salt: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = <Hmac<Sha256> as KeyInit>::new_from_slice(salt.as_bytes())
        .expect("HMAC takes keys of any length");
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into_bytes().into()
}

/// Digits of an id.
const ID: usize = 16;

pub(crate) fn short(hash: &str) -> String {
    hash.chars().take(ID).collect()
}
