//! Templates of values: secrets and decoys are assembled at run time, so that none stands in the source.
//!
//! `{name:count}` is replaced by generated characters, `{}` by nothing (it breaks up what would look like a secret),
//! all else stands for itself. The same template always gives the same text.

use std::fmt::Write as _;

use super::checksums::{gitlab, grafana};
use super::codec::{checksum62, crc16, encode_base32, encode_base64};
use super::runs::Encoding;

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

pub(crate) fn expand(template: &str) -> String {
    let mut random = Random(template.bytes().fold(0x9E37_79B9_7F4A_7C15, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    }));
    let (mut out, mut rest) = (String::new(), template);
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some((text, length)) = piece(rest, &mut random) {
            out.push_str(&text);
            rest = &rest[length..];
        } else {
            out.push('{');
            rest = &rest[1..];
        }
    }
    out + rest
}

/// The text as it stands encoded in another.
pub(super) fn encoded(encoding: Encoding, text: &str) -> String {
    let bytes = text.bytes();
    match encoding {
        Encoding::Base64 => encode_base64(text.as_bytes()),
        Encoding::Hex => bytes.fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        }),
        Encoding::Percent => bytes.fold(String::new(), |mut out, byte| {
            let _ = write!(out, "%{byte:02X}");
            out
        }),
    }
}

/// Generated text and length of the placeholder that `rest` begins with.
fn piece(rest: &str, random: &mut Random) -> Option<(String, usize)> {
    let close = rest.find('}')?;
    let inner = &rest[1..close];
    if inner.is_empty() {
        return Some((String::new(), 2));
    }
    let (name, count) = inner.split_once(':')?;
    let count: usize = count.parse().ok()?;
    let text = match name {
        "sum" => {
            let body = random.text("alnum", count)?;
            let sum = checksum62(body.as_bytes());
            body + std::str::from_utf8(&sum).ok()?
        }
        "gitlab" => {
            let body = format!("glpat-{}.01.0r", random.text("alnum", count)?);
            let sum = gitlab(body.as_bytes());
            body + std::str::from_utf8(&sum).ok()?
        }
        "grafana" => {
            let body = format!("glsa_{}", random.text("alnum", count)?);
            let sum = grafana(body.as_bytes());
            body + std::str::from_utf8(&sum).ok()?
        }
        // The count is the kind of key.
        "nkey" => {
            let kind = u8::try_from(count).ok()?;
            let mut bytes = vec![18 << 3 | kind >> 2, (kind & 3) << 6];
            bytes.extend(random.text("alnum", 32)?.bytes());
            bytes.extend(crc16(&bytes).to_le_bytes());
            encode_base32(&bytes)
        }
        "basic" => encode_base64(format!("deploy:{}", random.text("alnum", count)?).as_bytes()),
        "jwt" => {
            let claims = format!(
                "{{\"sub\":\"svc-{}\",\"iat\":1700000000}}",
                random.text("alnum", 12)?
            );
            let url = |text: &str| {
                encode_base64(text.as_bytes())
                    .replace('+', "-")
                    .replace('/', "_")
                    .replace('=', "")
            };
            format!(
                "{}.{}.{}",
                url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"),
                url(&claims),
                random.text("b64url", count)?
            )
        }
        _ => random.text(name, count)?,
    };
    Some((text, close + 1))
}

/// `SplitMix64`: enough for test values, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn text(&mut self, alphabet: &str, count: usize) -> Option<String> {
        let alphabet = match alphabet {
            "alnum" | "word" => [UPPER, LOWER, "0123456789"].concat(),
            "alpha" => [UPPER, LOWER].concat(),
            "lower" => LOWER.to_owned(),
            "digit" => "0123456789".to_owned(),
            "hex" => "0123456789abcdef".to_owned(),
            "base32" => [UPPER, "234567"].concat(),
            "bech32" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".to_owned(),
            "b64" => [UPPER, LOWER, "0123456789+/"].concat(),
            "b64url" => [UPPER, LOWER, "0123456789-_"].concat(),
            _ => return None,
        };
        let alphabet = alphabet.as_bytes();
        let size = alphabet.len() as u64;
        let pick = |random: &mut Self| {
            alphabet
                .get(usize::try_from(random.next() % size).unwrap_or_default())
                .copied()
        };
        // Letters or digits at both ends, as in nearly every real value; no boundary then depends on chance.
        let inner = |random: &mut Self| loop {
            match pick(random) {
                Some(byte) if byte.is_ascii_alphanumeric() => return byte,
                _ => {}
            }
        };
        let mut out = String::with_capacity(count);
        for place in 0..count {
            let byte = if place == 0 || place + 1 == count {
                inner(self)
            } else {
                pick(self)?
            };
            out.push(char::from(byte));
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_keep_what_is_not_a_placeholder() {
        assert_eq!(expand("a{}b ${X} {{ y }} {z"), "ab ${X} {{ y }} {z");
        assert_eq!(expand("{hex:8}").len(), 8);
        assert_eq!(expand("{hex:8}"), expand("{hex:8}"));
        assert_ne!(expand("{hex:8}"), expand(" {hex:8}").trim());
    }
}
