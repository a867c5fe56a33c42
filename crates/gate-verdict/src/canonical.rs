//! Canonical JSON (RFC 8785) and the digest that binds a verdict.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// What keeps a document from having a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    #[error("found a {0}, expected a JSON object")]
    NotAnObject(&'static str),
    /// RFC 8785 prints floats by the rules of ECMAScript; this contract has none.
    #[error(
        "found the number {0}, expected integers only: numbers that measure are decimal strings"
    )]
    Float(String),
    #[error("the document does not serialise: {0}")]
    Serialise(String),
}

/// The sha256 of the canonical form of `document` without its `run` and
/// `digest` members, as 64 lower-case hex digits.
pub fn digest_of(document: &Value) -> Result<String, DigestError> {
    let Value::Object(members) = document else {
        return Err(DigestError::NotAnObject(kind(document)));
    };
    let bound = members
        .iter()
        .filter(|(key, _)| *key != "run" && *key != "digest")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Ok(sha256_hex(
        canonical_json(&Value::Object(bound))?.as_bytes(),
    ))
}

/// RFC 8785: members sorted by the UTF-16 code units of their names, no white
/// space, the shortest escapes.
pub fn canonical_json(value: &Value) -> Result<String, DigestError> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

/// The sha256 of bytes as 64 lower-case hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

fn write(value: &Value, out: &mut String) -> Result<(), DigestError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            out.push_str(&number.to_string());
        }
        Value::Number(number) => return Err(DigestError::Float(number.to_string())),
        // serde_json writes exactly the escapes that RFC 8785 asks for.
        Value::String(text) => out.push_str(
            &serde_json::to_string(text)
                .map_err(|error| DigestError::Serialise(error.to_string()))?,
        ),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(&Value::String(name.clone()), out)?;
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Member order as in section 3.2.3 of RFC 8785, and its escapes.
    #[test]
    fn members_sort_by_utf16_units() {
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        assert_eq!(
            canonical_json(&value).expect("integers only"),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
        assert_eq!(
            canonical_json(&json!("\u{8}\t\n\u{c}\r\"\\/\u{1f}\u{7f}€")).expect("a string"),
            "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\u{7f}€\""
        );
    }

    #[test]
    fn run_and_digest_are_not_bound_and_floats_are_refused() {
        let a = json!({"gate": "x", "run": {"ms": 1}, "digest": "a"});
        let b = json!({"digest": null, "gate": "x", "run": {"ms": 2}});
        assert_eq!(digest_of(&a), digest_of(&b));
        assert_ne!(digest_of(&a), digest_of(&json!({"gate": "y"})));
        assert!(matches!(
            digest_of(&json!({"x": 1.5})),
            Err(DigestError::Float(_))
        ));
        assert_eq!(
            digest_of(&json!([])),
            Err(DigestError::NotAnObject("array"))
        );
    }

    #[test]
    fn sha256_of_nothing() {
        assert_eq!(
            sha256_hex(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
