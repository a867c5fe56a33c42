//! A SARIF file as a stream of UTF-8, however it is wrapped.
#![allow(
    clippy::disallowed_methods,
    reason = "reading SARIF files is what this module is for"
)]

use crate::limits::Problem;
use flate2::read::MultiGzDecoder;
use gate_sarif::stream::{WalkError, text_of};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Bytes of a file after decompression: beyond it somebody means harm, or the wrong file.
const MAX_BYTES: u64 = 16 * 1024 * 1024 * 1024;

/// The text of the file.
pub(super) fn open(path: &Path) -> Result<impl Read, Problem> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    if !file
        .metadata()
        .map_err(|error| unreadable(&error))?
        .is_file()
    {
        return Err(Problem::new(
            "found something else than a file",
            "name a file",
        ));
    }
    let mut file = BufReader::new(file);
    let packed = io::BufRead::fill_buf(&mut file)
        .map_err(|error| unreadable(&error))?
        .starts_with(b"\x1f\x8b");
    let bytes = if packed {
        Wrapping::Gzip(Box::new(MultiGzDecoder::new(file)))
    } else {
        Wrapping::Plain(file)
    };
    let bounded = Bounded {
        bytes,
        left: MAX_BYTES,
    };
    text_of(bounded).map_err(|error| unreadable(&error))
}

/// The sha256 of the file as it lies on disk.
pub(super) fn sha256_of(path: &Path) -> Result<String, Problem> {
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 256 * 1024];
    loop {
        match file.read(&mut block).map_err(|error| unreadable(&error))? {
            0 => break,
            read => hash.update(block.get(..read).unwrap_or_default()),
        }
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

pub(super) fn unreadable(error: &io::Error) -> Problem {
    let next_step = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => {
            "check the path and its permissions"
        }
        io::ErrorKind::InvalidData if error.to_string().contains("UTF-16") => {
            "write the file as UTF-8"
        }
        _ => "let the step that writes it finish, and check that nothing cut it off",
    };
    Problem::new(format!("it cannot be read: {error}"), next_step)
}

/// What a walk came to, in words.
pub(super) fn problem_of<E: Into<Problem>>(error: WalkError<E>) -> Problem {
    match error {
        WalkError::Io(error) => unreadable(&error),
        WalkError::Sarif(error) => Problem::from(error),
        WalkError::Stopped(error) => error.into(),
    }
}

enum Wrapping<R: io::BufRead> {
    Plain(R),
    Gzip(Box<MultiGzDecoder<R>>),
}

struct Bounded<R: io::BufRead> {
    bytes: Wrapping<R>,
    left: u64,
}

impl<R: io::BufRead> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.bytes {
            Wrapping::Plain(bytes) => bytes.read(out)?,
            Wrapping::Gzip(bytes) => bytes.read(out)?,
        };
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::other(format!("more than {MAX_BYTES} bytes after decompression"))
        })?;
        Ok(read)
    }
}
