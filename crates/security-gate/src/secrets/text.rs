//! What is text: the same answer for every engine of the gate.

use std::borrow::Cow;

/// Bytes looked at to tell text from binary.
const SNIFF: usize = 8 * 1024;

/// NUL in the first 8 KiB, and no UTF-16.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, &bytes[..bytes.len().min(SNIFF)]).is_some() && utf16(bytes).is_none()
}

/// Whether the text to search is another than the bytes.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    utf16(bytes).is_some()
}

/// The text to search: UTF-16 becomes UTF-8, all else stays as it is.
pub(crate) fn as_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some((unit, mark)) = utf16(bytes) else {
        return Cow::Borrowed(bytes);
    };
    let units = bytes[mark..]
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Cow::Owned(text.into_bytes())
}

/// How two bytes make a unit.
type Unit = fn([u8; 2]) -> u16;

/// How UTF-16 is to be read, and the length of its mark; without a mark it is known by the zeros in every other place.
fn utf16(bytes: &[u8]) -> Option<(Unit, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some((u16::from_le_bytes, 2)),
        [0xFE, 0xFF, ..] => return Some((u16::from_be_bytes, 2)),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(SNIFF) & !1];
    memchr::memchr(0, start)?;
    let zeros = |place: usize| {
        let bytes = start.iter().skip(place).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let many = |zeros: usize| start.len() >= 8 && zeros * 10 >= start.len() * 4;
    let few = |zeros: usize| zeros * 100 <= start.len();
    if many(second) && few(first) {
        Some((u16::from_le_bytes, 0))
    } else if many(first) && few(second) {
        Some((u16::from_be_bytes, 0))
    } else {
        None
    }
}
