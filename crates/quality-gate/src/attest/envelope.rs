//! DSSE: what is signed is the type and the bytes of the payload, so that
//! nobody has to agree on a form of JSON.

use super::keys::PublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use ed25519_dalek::{Signature, Signer as _, SigningKey};
use gate_verdict::canonical_json;
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What the signature is made over (pre-authentication encoding).
fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

/// The envelope of a statement, as one line of JSON.
pub(super) fn signed(statement: &Value, key: &SigningKey) -> Result<String, String> {
    let payload = canonical_json(statement).map_err(|error| error.to_string())?;
    let signature = key.sign(&signed_bytes(PAYLOAD_TYPE, payload.as_bytes()));
    let envelope = json!({
        "payload": STANDARD.encode(payload.as_bytes()),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{
            "keyid": PublicKey::of(key.verifying_key()).id,
            "sig": STANDARD.encode(signature.to_bytes()),
        }],
    });
    Ok(format!("{envelope}\n"))
}

#[derive(Debug, Deserialize)]
struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<Signed>,
}

#[derive(Debug, Deserialize)]
struct Signed {
    #[serde(default)]
    keyid: String,
    sig: String,
}

/// Why an envelope is not believed.
#[derive(Debug)]
pub(super) enum Doubt {
    /// It is no envelope.
    Unusable(String),
    Refused(String),
}

/// Signatures that are looked at.
const MAX_SIGNATURES: usize = 100;

/// The payload, and the key that signed it.
pub(super) fn opened(bytes: &[u8], keys: &[PublicKey]) -> Result<(Vec<u8>, String), Doubt> {
    let unusable = |what: &str| {
        Doubt::Unusable(format!(
            "found {what}, expected a DSSE envelope: JSON with payload, payloadType and signatures"
        ))
    };
    let envelope: Envelope =
        serde_json::from_slice(bytes).map_err(|error| unusable(&error.to_string()))?;
    let payload =
        decoded(&envelope.payload).ok_or_else(|| unusable("a payload that is not base64"))?;
    let signed = signed_bytes(&envelope.payload_type, &payload);
    let signatures = envelope
        .signatures
        .get(..MAX_SIGNATURES)
        .unwrap_or(&envelope.signatures);
    for one in signatures {
        let bytes = decoded(&one.sig).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let Some(signature) = bytes.map(|bytes| Signature::from_bytes(&bytes)) else {
            continue;
        };
        // A key's name in an envelope is only a hint.
        let fits = |key: &&PublicKey| key.key.verify_strict(&signed, &signature).is_ok();
        if let Some(key) = keys.iter().find(fits) {
            if envelope.payload_type != PAYLOAD_TYPE {
                return Err(Doubt::Refused(format!(
                    "found the payload type `{}`, expected `{PAYLOAD_TYPE}`",
                    shown(&envelope.payload_type)
                )));
            }
            return Ok((payload, key.id.clone()));
        }
    }
    Err(Doubt::Refused(why(signatures, keys)))
}

/// Why no signature fits.
fn why(signatures: &[Signed], keys: &[PublicKey]) -> String {
    let Some(first) = signatures.first() else {
        return String::from("found no signature, expected one by a key of --key");
    };
    let own = signatures
        .iter()
        .find(|one| keys.iter().any(|key| key.id == one.keyid));
    match own {
        Some(one) if decoded(&one.sig).is_none_or(|bytes| bytes.len() != 64) => format!(
            "the signature by key {} is no ed25519 signature, expected the base64 of 64 bytes",
            shown(&one.keyid)
        ),
        Some(one) => format!(
            "the signature by key {} does not fit: the payload was changed after it was signed, or the signature",
            shown(&one.keyid)
        ),
        None => format!(
            "found a signature by key {}, expected one by {}: it was signed by somebody else",
            shown(&first.keyid),
            keys.iter()
                .map(|key| key.id.as_str())
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    }
}

/// Both alphabets, as DSSE asks of readers.
fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()
}

/// Words of somebody else's file, on one line.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() {
        return String::from("(none)");
    }
    text.chars()
        .take(120)
        .flat_map(char::escape_default)
        .collect()
}
