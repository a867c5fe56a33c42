//! A name that git tracks.

use crate::index::id;
use gix::ObjectId;
use gix::index::entry::Stat;

/// What kind of thing git tracks under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A regular file (mode 100644).
    Regular,
    /// A regular file with the executable bit (mode 100755).
    Executable,
    /// A symbolic link (mode 120000); the content is the target.
    Symlink,
    /// A submodule (mode 160000); the content is another repository's commit.
    Submodule,
}

impl FileKind {
    /// Regular or executable: something with bytes of its own.
    pub fn is_regular(self) -> bool {
        matches!(self, Self::Regular | Self::Executable)
    }
}

/// One stage-0 entry of the git index.
#[derive(Debug, Clone)]
pub struct TrackedFile {
    /// Path relative to the root, with `/`; bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    /// What git tracks here; the disk may disagree.
    pub kind: FileKind,
    /// Outside a sparse checkout: normally absent on disk, and that is no change.
    pub skip_worktree: bool,
    /// The user told git not to look for changes (`git update-index --assume-unchanged`).
    pub assume_valid: bool,
    /// Announced by `git add -N`, no content staged.
    pub intent_to_add: bool,
    /// Few have it, and there are many files: a box of a box is half as large.
    pub(crate) raw: Option<Box<Box<[u8]>>>,
    pub(crate) oid: ObjectId,
    pub(crate) stat: Stat,
}

impl TrackedFile {
    /// The path's bytes, relative to the root, as git stores them.
    pub fn raw(&self) -> &[u8] {
        self.raw.as_ref().map_or(self.path.as_bytes(), |raw| raw)
    }

    /// The staged object's name: 40 lower-case hex digits.
    pub fn oid(&self) -> String {
        self.oid.to_string()
    }

    /// The staged object's name, for instance as a key of a [`BlobCache`](crate::BlobCache).
    pub fn id(&self) -> [u8; 20] {
        id(&self.oid)
    }
}
