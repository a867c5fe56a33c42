//! Reports that are stored as gzip.

use std::io::{self, BufRead, BufReader};

use flate2::bufread::MultiGzDecoder;

use crate::utf16::decoded;

/// The report behind `reader`, unpacked where it begins like gzip and converted where it is
/// UTF-16. The limits of a parser count what is left to read then, so a bomb costs no more than
/// any other long report.
///
/// # Errors
/// Those of the reader. A broken or cut off archive is an error of reading what is returned.
pub fn unpacked<'r>(mut reader: impl BufRead + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let packed = reader.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    decoded(if packed {
        Box::new(BufReader::with_capacity(
            64 * 1024,
            MultiGzDecoder::new(reader),
        ))
    } else {
        Box::new(reader)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::{Read, Write};

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        unpacked(bytes)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn archives_are_opened_and_all_else_is_itself() {
        let mut packed = Vec::new();
        for part in ["SF:a\n", "DA:1,1\n"] {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(part.as_bytes()).unwrap();
            packed.extend(encoder.finish().unwrap());
        }
        assert_eq!(text(&packed).unwrap(), "SF:a\nDA:1,1\n");
        assert_eq!(text(b"SF:a\n").unwrap(), "SF:a\n");
        assert_eq!(text(b"").unwrap(), "");
        assert!(text(&packed[..packed.len() - 9]).is_err());
    }
}
