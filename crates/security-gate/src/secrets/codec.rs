//! Base64, base 32, hexadecimal digits, percent codes and CRCs, as far as the rules need them.

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Base64, standard or URL alphabet, padding optional. `None` on any other character or an impossible length.
pub(super) fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&b| b != b'=').map_or(0, |at| at + 1);
    let text = &text[..end];
    if text.len() % 4 == 1 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for &byte in group {
            bits = bits << 6 | u32::from(sextet(byte)?);
        }
        bits <<= 6 * (4 - group.len());
        let [_, first, second, third] = bits.to_be_bytes();
        out.extend_from_slice(&[first, second, third][..group.len() - 1]);
    }
    Some(out)
}

fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// `None` on anything but pairs of hexadecimal digits.
pub(super) fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_chunks::<2>() else {
        return None;
    };
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

/// Without percent-encoding (RFC 3986); what is not a code stays.
pub(super) fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let code = (byte == b'%').then(|| tail.first_chunk::<2>()).flatten();
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        out.push(code.unwrap_or(byte));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    out
}

/// Base64 with the standard alphabet and padding.
pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut word = [0u8; 4];
        word[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(word);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place) & 63) as usize;
            out.push(if place > group.len() {
                '='
            } else {
                char::from(STANDARD[index])
            });
        }
    }
    out
}

/// Base 32 without padding (RFC 4648); bits that make no byte are left out. `None` on any other character.
pub(super) fn decode_base32(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 8 * 5 + 5);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text {
        let digit = BASE32.iter().position(|digit| digit == byte)?;
        bits = bits << 5 | u32::try_from(digit).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held).to_le_bytes()[0]);
        }
    }
    Some(out)
}

/// Base 32 without padding.
pub(super) fn encode_base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut word = [0u8; 8];
        word[3..3 + group.len()].copy_from_slice(group);
        let bits = u64::from_be_bytes(word);
        for place in 0..(group.len() * 8).div_ceil(5) {
            let index = (bits >> (35 - 5 * place) & 31) as usize;
            out.push(char::from(BASE32[index]));
        }
    }
    out
}

/// CRC-16 (CCITT, XMODEM).
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, &byte| {
        (0..8).fold(crc ^ u16::from(byte) << 8, |crc: u16, _| {
            if crc & 0x8000 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x1021
            }
        })
    })
}

/// CRC-32 (IEEE 802.3, reflected).
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// Six base-62 digits of the CRC-32, the checksum that ends GitHub and npm tokens.
/// Source: <https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>.
pub(super) fn checksum62(bytes: &[u8]) -> [u8; 6] {
    digits(crc32(bytes), BASE62)
}

/// A number in as many digits as its base has characters.
pub(super) fn digits<const LENGTH: usize, const BASE: usize>(
    number: u32,
    characters: &[u8; BASE],
) -> [u8; LENGTH] {
    let mut rest = number as usize;
    let mut out = [characters[0]; LENGTH];
    for digit in out.iter_mut().rev() {
        *digit = characters[rest % BASE];
        rest /= BASE;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crcs_give_the_catalogued_check_values() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc16(b"123456789"), 0x31C3);
        assert_eq!(checksum62(b"").as_slice(), b"000000");
    }

    #[test]
    fn base64_and_base_32_follow_rfc_4648_section_10() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode_base64(plain.as_bytes()), coded);
            assert_eq!(
                decode_base64(coded.as_bytes()).as_deref(),
                Some(plain.as_bytes())
            );
        }
        for (plain, coded) in [
            ("f", "MY"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode_base32(plain.as_bytes()), coded);
            assert_eq!(
                decode_base32(coded.as_bytes()).as_deref(),
                Some(plain.as_bytes())
            );
        }
        assert_eq!(decode_base64(b"-_8"), Some(vec![0xfb, 0xff]));
        assert_eq!(decode_base64(b"A"), None);
        assert_eq!(decode_base64(b"Zm 9v"), None);
    }
}
