//! gzip, taken apart again within bounds.

use crate::limits::Problem;
use flate2::read::MultiGzDecoder;
use std::io::Read as _;

/// Bytes of a prepared file after decompression: where it is read again, it is held in memory.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// gzip, of one member or several.
pub(crate) fn unpack(gzip: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(gzip)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes);
    read.map_err(|error| {
        Problem::new(
            format!("it cannot be read: {error}"),
            "let nothing else write to --out",
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
