//! One file that differs from a base.

use gix::ObjectId;

use crate::index::FileKind;

/// How a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Not in the base; a copy counts as added.
    Added,
    /// In both, with other content.
    Modified,
    /// Only in the base.
    Deleted,
    /// In the base under `old_path`, at least half of it kept.
    Renamed,
    /// Only the executable bit changed.
    ModeOnly,
    /// A submodule came, went or points to another commit.
    Submodule,
    /// In both, with other content that is not text or is above the read limit.
    Binary,
}

/// One file that differs from the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Path relative to the root; of a deleted file: its path in the base.
    pub path: String,
    /// The path in the base, where the file was renamed.
    pub old_path: Option<String>,
    /// How it changed.
    pub kind: ChangeKind,
    /// What the base has at the old path; `None`: nothing.
    pub was: Option<FileKind>,
    /// Its object.
    pub(crate) old: Option<ObjectId>,
    /// Either side is binary or above the read limit: no lines are given.
    pub binary: bool,
    /// New or changed lines, numbered from 1 in the working copy: first and last of each run.
    /// Where more than 200,000 lines lie between the first and the last difference, they are one run.
    pub added_lines: Vec<(u32, u32)>,
    /// Lines of the base that are gone or changed, numbered from 1 in the base: first and last of each run. The lines that are in
    /// neither list are the same ones, in the same order.
    pub removed_lines: Vec<(u32, u32)>,
}

impl FileChange {
    /// A change of which no more is known.
    pub fn new(path: &str, kind: ChangeKind) -> Self {
        Self {
            path: path.to_owned(),
            old_path: None,
            kind,
            was: None,
            old: None,
            binary: false,
            added_lines: Vec::new(),
            removed_lines: Vec::new(),
        }
    }

    /// How many lines of the base are gone or changed.
    pub fn removed(&self) -> u32 {
        self.removed_lines
            .iter()
            .map(|(from, to)| to - from + 1)
            .sum()
    }
}
