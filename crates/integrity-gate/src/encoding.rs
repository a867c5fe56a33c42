//! Texts that are not UTF-8, known by their mark.

/// The encoding of a text that is not read as bytes of characters; looked at as such it would hold nothing.
pub(crate) fn wide(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        _ => None,
    }
}

/// UTF-16 as UTF-8, big-endian unless its mark says otherwise.
pub(crate) fn narrow(bytes: &[u8]) -> Vec<u8> {
    let unit = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        _ => u16::from_be_bytes,
    };
    let pairs = bytes.chunks_exact(2);
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units);
    let text: String = text
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes()
}

/// A pointer of Git LFS stands for a file that is not here.
pub(crate) fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs")
}
