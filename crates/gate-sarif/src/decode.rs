//! Bytes to text: UTF-8, or UTF-16 with a byte order mark, as Windows tools write it.

use std::borrow::Cow;

use crate::error::{SarifError, SarifErrorKind};

pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SarifError> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest).map(Cow::Borrowed),
        _ => utf8(bytes).map(Cow::Borrowed),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, SarifError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line_start = before
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let found = match before {
            [] if bytes.starts_with(b"\x1f\x8b") => "gzip data".into(),
            _ => format!("byte 0x{:02x}", bytes[before.len()]),
        };
        SarifError {
            line: Some(before.split(|&byte| byte == b'\n').count()),
            column: Some(before.len() - line_start + 1),
            ..SarifError::new(
                SarifErrorKind::NotText,
                found,
                "UTF-8, or UTF-16 with a byte order mark",
            )
        }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, SarifError> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect();
    match text {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(SarifError::new(
            SarifErrorKind::NotText,
            "broken UTF-16",
            "UTF-8, or UTF-16 with a byte order mark",
        )),
    }
}
