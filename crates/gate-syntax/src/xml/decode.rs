//! From bytes to text: marks, UTF-16, and the encoding that the file declares.

use std::borrow::Cow;

use super::cursor::{Fault, shorten};

/// How many bytes are searched for the declaration's end.
const DECLARATION: usize = 1024;

/// Families of encodings that extend ASCII: no byte below 0x80 that XML gives a meaning to (`<`, `>`, `&`, quotes) is a part of another
/// character. Lower case; a name counts if it starts so.
const EXTEND_ASCII: [&str; 27] = [
    "iso-8859",
    "iso8859",
    "iso_8859",
    "latin",
    "l1",
    "windows-",
    "cp125",
    "cp43",
    "cp8",
    "cp9",
    "ibm43",
    "ibm8",
    "koi8",
    "euc",
    "shift_jis",
    "shift-jis",
    "sjis",
    "x-sjis",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "mac",
    "x-mac",
    "tis-620",
    "ks_c_5601",
    "viscii",
];

/// The text, and why it may not be what was meant. A mark is left out.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<Fault>) {
    let wide = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return (Cow::Borrowed(""), Some(unreadable(0, "UTF-32")));
        }
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        [b'<', 0, ..] => Some((bytes, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0, b'<', ..] => Some((bytes, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((units, unit)) = wide {
        let (text, fault) = utf16(units, unit);
        let fault = fault.or_else(|| mislabelled(&text));
        return (Cow::Owned(text), fault);
    }
    let marked = bytes.strip_prefix(b"\xef\xbb\xbf");
    let bytes = marked.unwrap_or(bytes);
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION).unwrap_or(bytes));
    let (at, name) = label(&head).unwrap_or((0, ""));
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "" | "utf-8" | "utf8" => utf8(bytes),
        "us-ascii" | "ascii" => {
            let beyond = bytes.iter().position(|byte| !byte.is_ascii());
            let fault = beyond.map(|at| {
                Fault::new(
                    at,
                    "found a byte above 0x7F, expected US-ASCII as the file declares",
                )
            });
            (String::from_utf8_lossy(bytes), fault)
        }
        lower if marked.is_none() && EXTEND_ASCII.iter().any(|known| lower.starts_with(known)) => {
            // Each byte beyond ASCII becomes some letter: what it means does not matter here.
            let letters = bytes.iter().map(|&byte| match byte {
                0..0x80 => char::from(byte),
                _ => char::from_u32(0x100 + u32::from(byte)).unwrap_or('ÿ'),
            });
            (Cow::Owned(letters.collect()), None)
        }
        _ if marked.is_some() => {
            let message = format!(
                "found the encoding `{}` in a file with the mark of UTF-8, expected `UTF-8`",
                shorten(name)
            );
            (
                String::from_utf8_lossy(bytes),
                Some(Fault::new(at, message)),
            )
        }
        _ => (String::from_utf8_lossy(bytes), Some(unreadable(at, name))),
    }
}

fn unreadable(at: usize, name: &str) -> Fault {
    let expected = "expected UTF-8, UTF-16 with a mark, or one that extends ASCII";
    Fault::new(
        at,
        format!("found the encoding `{}`, {expected}", shorten(name)),
    )
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Option<Fault>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let message = format!(
                "found the byte 0x{byte:02X}, expected UTF-8 (the file declares nothing else)"
            );
            (
                String::from_utf8_lossy(bytes),
                Some(Fault::new(at, message)),
            )
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, Option<Fault>) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut fault = None;
    for c in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        if c.is_err() && fault.is_none() {
            let message = "found half of a surrogate pair, expected UTF-16";
            fault = Some(Fault::new(text.len(), message));
        }
        text.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() && fault.is_none() {
        let message = "found an odd number of bytes, expected UTF-16";
        fault = Some(Fault::new(text.len(), message));
    }
    (text, fault)
}

/// UTF-16 that calls itself something else.
fn mislabelled(text: &str) -> Option<Fault> {
    let (at, name) = label(text)?;
    let lower = name.to_ascii_lowercase();
    let is_wide = ["utf-16", "utf16", "ucs-2", "iso-10646-ucs-2"]
        .iter()
        .any(|known| lower.starts_with(known));
    (!is_wide).then(|| {
        let message = format!(
            "found the encoding `{}` in a file that is UTF-16, expected `UTF-16`",
            shorten(name)
        );
        Fault::new(at, message)
    })
}

/// The encoding that an XML declaration names, and its offset. How it is written is checked elsewhere.
fn label(text: &str) -> Option<(usize, &str)> {
    let end = text.strip_prefix("<?xml")?.find("?>")? + "<?xml".len();
    let declaration = text.get(..end)?;
    let after = declaration.find("encoding")? + "encoding".len();
    let value = declaration
        .get(after..)?
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value.get(1..)?;
    let name = value.get(..value.find(quote)?)?;
    Some((end - value.len(), name))
}
