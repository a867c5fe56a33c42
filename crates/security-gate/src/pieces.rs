//! A large file, searched piece by piece: what is found, and where, is the same as if it were held whole.

use crate::collect::{InFile, search, told};
use crate::secrets::piece::Piece;
use crate::{malicious, secrets};
use gate_repo::Large;
use std::io;

/// What is searched at once, beside what overlaps.
const PIECE: usize = 8 << 20;
/// So much is seen of what stands before and behind: every rule that looks at such files reaches less far.
const OVERLAP: usize = 64 << 10;

/// Reads what stands at an offset; less than was asked for is the end.
type Read<'r> = &'r dyn Fn(u64, &mut [u8]) -> io::Result<usize>;

/// Whether a large file of that name is searched so. What is read as a whole (code whose strings are told from comments, configuration,
/// instructions, credential files) is not.
pub(crate) fn takes(path: &str) -> bool {
    malicious::is_local(path, b"") && secrets::is_local(path)
}

/// Everything that is searched in a file; whether that is no text. `Err`: why it was not searched whole.
pub(crate) fn search_large(
    path: &str,
    large: &Large<'_>,
    found: &mut InFile,
) -> Result<bool, String> {
    let read = |offset: u64, buffer: &mut [u8]| large.read(offset, buffer);
    in_pieces(path, large.size(), &read, PIECE, found)
}

fn in_pieces(
    path: &str,
    size: u64,
    read: Read<'_>,
    length: usize,
    found: &mut InFile,
) -> Result<bool, String> {
    let fill = |offset, buffer: &mut [u8]| read(offset, buffer).map_err(|error| error.to_string());
    let exact = |offset: u64, length: usize| {
        let mut bytes = vec![0; length];
        read(offset, &mut bytes)
            .is_ok_and(|filled| filled == length)
            .then_some(bytes)
    };
    let changed = || String::from("its size changes while it is read");
    let mut buffer = vec![0; length + 2 * OVERLAP];
    let mut filled = fill(0, &mut buffer)?;
    let start = &buffer[..filled];
    if !malicious::is_local(path, start) || secrets::is_utf16(start) {
        drop(buffer);
        let whole = usize::try_from(size).ok().and_then(|size| exact(0, size));
        return Ok(search(path, &whole.ok_or_else(changed)?, found));
    }
    let mut in_secrets = secrets::Scan::new(path, start, start);
    let mut in_content = malicious::Scan::new(path, start, size, &exact);
    let (mut begin, mut from) = (0, 0);
    loop {
        let bytes = &buffer[..filled];
        let is_last = filled < buffer.len();
        let to = if is_last {
            filled
        } else {
            boundary(bytes, from + length)
        };
        let mut piece = Piece {
            bytes,
            own: from..to,
            is_last,
        };
        in_secrets.add(&mut piece);
        in_content.add(&piece);
        if is_last {
            break;
        }
        let before = piece.own.end.min(OVERLAP);
        begin += (piece.own.end - before) as u64;
        from = before;
        if begin > size {
            return Err(changed());
        }
        filled = fill(begin, &mut buffer)?;
    }
    if begin + filled as u64 != size {
        return Err(changed());
    }
    let in_secrets = in_secrets.finish(&mut found.secrets);
    let in_content = in_content.finish(&mut found.malicious);
    Ok(told(path, in_secrets, &in_content, found))
}

/// The beginning of the character at `at`.
fn boundary(bytes: &[u8], at: usize) -> usize {
    let is_inside = |at: &usize| {
        bytes
            .get(*at)
            .is_some_and(|byte| (0x80..0xC0).contains(byte))
    };
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|at| !is_inside(at))
        .unwrap_or(at)
}

#[cfg(test)]
mod tests;
