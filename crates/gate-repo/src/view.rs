//! What one look at a tracked file, and at all of them, shows.

use crate::large::Large;

/// What lies on disk at a tracked name.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileView<'a> {
    /// A regular file's bytes, as they are on disk; outside of a sparse checkout as they are staged.
    Bytes(&'a [u8]),
    /// A regular file above [`LARGE`](crate::LARGE), for those who take it piece by piece.
    Large(Large<'a>),
    /// A regular file above the read limit, by its size in bytes.
    TooLarge {
        /// Size in bytes.
        size: u64,
    },
    /// A symbolic link's target, not followed.
    Symlink(&'a [u8]),
    /// A submodule: another repository's business.
    Submodule,
    /// Nothing there, or only by way of a symbolic link among the folders.
    Missing,
    /// There, but not readable as a file: why.
    Unreadable(&'a str),
}

/// What one pass over the tracked files gave.
#[derive(Debug)]
pub struct Scan<P> {
    /// What `visit` returned, one per wanted file, in the order of `Repo::files`.
    pub results: Vec<P>,
    /// Tracked files, wanted or not, whose working copy differs from the index, in path order; also the ones missing,
    /// unreadable, or above the read limit and not provably unchanged. A sparse checkout's absent files and the
    /// content of submodules do not count.
    pub dirty: Vec<String>,
    /// Files that were opened and read.
    pub files_read: u64,
    /// Their bytes.
    pub bytes_read: u64,
}
