//! `primaryLocationLineHash`, by which code scanning knows an alert again: the same as GitHub's upload action makes it.
//!
//! Three steps, so that each source is read once: [`source`] says which line of which file a result is about,
//! [`line_hashes`] hashes the wanted lines of a file, and [`fingerprint`] says what becomes of the result.

mod hashes;
mod result;
mod source;
mod units;

pub use hashes::{LineHash, line_hashes};
pub use result::{Fingerprint, Fingerprints, LINE_HASH_KEY, NoHash, fingerprint};
pub use source::{Bases, NoSource, Source, source};

#[cfg(test)]
mod plain;
#[cfg(test)]
mod tests;
