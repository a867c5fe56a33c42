//! Bytes of a SARIF file: read with bounds, unpacked, as text, packed.
#![allow(
    clippy::disallowed_methods,
    reason = "reading SARIF files is what this module is for"
)]

use crate::limits::Problem;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Bytes of a SARIF file, before and after decompression: it is held in memory.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The whole file, if it is one and not too long.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: io::Error| {
        Problem::new(
            format!("it cannot be read: {error}"),
            "check the path and its permissions",
        )
    };
    let file = File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Problem::new(
            "found something else than a file",
            "name a file",
        ));
    }
    bounded(file)
}

/// gzip, of one member or several.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    bounded(MultiGzDecoder::new(bytes))
}

fn bounded(reader: impl io::Read) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Problem::new(
                format!("it cannot be read: {error}"),
                "let the step that writes it finish, and check that nothing cut it off",
            )
        })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Problem::new(
            format!("found more than {MAX_BYTES} bytes, expected at most that many"),
            "split it by tool",
        ));
    }
    Ok(bytes)
}

/// The text of bytes that were already read as SARIF: without byte order mark, UTF-16 as UTF-8.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.as_chunks::<2>().0.iter().map(|&pair| unit(pair));
        Cow::Owned(
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        )
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// gzip without name and time: equal files give equal bytes.
pub(crate) fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 8), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_encoding_are_utf_8() {
        let wide = |unit: fn(u16) -> [u8; 2]| {
            "\u{feff}{é😀"
                .encode_utf16()
                .flat_map(unit)
                .collect::<Vec<_>>()
        };
        for bytes in [
            "\u{feff}{é😀".as_bytes().to_vec(),
            "{é😀".into(),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
        ] {
            assert_eq!(text_of(&bytes), "{é😀");
        }
    }

    #[test]
    fn compression_is_the_same_each_time_and_lossless() {
        let packed = pack(b"{}").expect("packs");
        assert_eq!(packed, pack(b"{}").expect("packs"));
        assert_eq!(unpack(&packed).expect("unpacks"), b"{}");
        assert!(unpack(&packed[..packed.len() - 4]).is_err());
    }
}
