//! Keys as openssl and others write them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{SigningKey, VerifyingKey};
use gate_verdict::sha256_hex;

/// What stands before the 32 bytes of a private key (PKCS#8, RFC 8410).
const PRIVATE: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];
/// What stands before those of a public key (`SubjectPublicKeyInfo`).
const PUBLIC: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A key to check signatures with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub(super) key: VerifyingKey,
    /// The sha256 of its `SubjectPublicKeyInfo`, 64 hex digits.
    pub id: String,
}

impl PublicKey {
    pub(super) fn of(key: VerifyingKey) -> Self {
        let info = [&PUBLIC[..], &key.to_bytes()].concat();
        Self {
            key,
            id: sha256_hex(&info),
        }
    }
}

/// A private key; what is wrong with it is said without a part of it.
pub(super) fn signing_key(text: &str) -> Result<SigningKey, String> {
    let wrong = || {
        String::from(
            "found something else, expected an ed25519 key as PKCS#8 PEM (`openssl genpkey -algorithm ed25519`) or the base64 of its 32 bytes",
        )
    };
    let seed = bytes(text, "PRIVATE KEY", &PRIVATE).ok_or_else(wrong)?;
    Ok(SigningKey::from_bytes(&seed))
}

/// A public key: PEM (`openssl pkey -pubout`), or the base64 of its 32 bytes.
pub fn public_key(text: &str) -> Result<PublicKey, String> {
    let wrong = |found: &str| {
        format!(
            "found {found}, expected an ed25519 public key as PEM (`openssl pkey -in key.pem -pubout`) or the base64 of its 32 bytes"
        )
    };
    if text.contains("PRIVATE KEY") {
        return Err(wrong("a private key"));
    }
    let bytes = bytes(text, "PUBLIC KEY", &PUBLIC).ok_or_else(|| wrong("something else"))?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| wrong("no point of the curve"))?;
    if key.is_weak() {
        return Err(wrong("a weak key, for which anybody can sign"));
    }
    Ok(PublicKey::of(key))
}

/// The 32 bytes of a key in PEM, in base64 of its DER, or in base64 alone.
fn bytes(text: &str, label: &str, head: &[u8]) -> Option<[u8; 32]> {
    let text = text.trim();
    let inner = match text.strip_prefix(&format!("-----BEGIN {label}-----")) {
        Some(rest) => rest.split_once(&format!("-----END {label}-----"))?.0,
        None => text,
    };
    let inner: Vec<u8> = inner.bytes().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(inner).ok()?;
    bytes.strip_prefix(head).unwrap_or(&bytes).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_testkit::example_key;

    const PUBLIC_PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    #[test]
    fn keys_are_read_as_others_write_them() {
        let key = signing_key(&example_key()).expect("a key");
        let public = public_key(PUBLIC_PEM).expect("a key");
        assert_eq!(PublicKey::of(key.verifying_key()), public);
        let seed = STANDARD.encode(key.to_bytes());
        assert_eq!(
            signing_key(&seed).expect("a key").to_bytes(),
            key.to_bytes()
        );
        let raw = STANDARD.encode(public.key.to_bytes());
        assert_eq!(public_key(&format!(" {raw}\n")), Ok(public));
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_shown() {
        let rsa = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----";
        for text in ["", "c2VjcmV0", rsa, PUBLIC_PEM, &example_key()[..60]] {
            let said = signing_key(text).expect_err(text);
            assert!(
                !said.contains("c2VjcmV0") && said.contains("genpkey"),
                "{said}"
            );
        }
        let weak = STANDARD.encode([0_u8; 32]);
        for text in ["", &example_key(), "AAAA", &weak] {
            assert!(public_key(text).is_err(), "{text}");
        }
    }
}
