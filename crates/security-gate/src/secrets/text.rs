//! What is text: the same answer for every engine of the gate.

use std::borrow::Cow;

/// Bytes looked at to tell text from binary.
const SNIFF: usize = 8 * 1024;

/// NUL in the first 8 KiB and no UTF-16 byte order mark.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    utf16_unit(bytes).is_none() && memchr::memchr(0, &bytes[..bytes.len().min(SNIFF)]).is_some()
}

/// The text to search: UTF-16 with a byte order mark becomes UTF-8, all else stays as it is.
pub(crate) fn as_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(unit) = utf16_unit(bytes) else {
        return Cow::Borrowed(bytes);
    };
    let units = bytes[2..]
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Cow::Owned(text.into_bytes())
}

fn utf16_unit(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}
