//! The bytes of the few files that only turn out to be needed when others have been read.

use crate::against_base::Change;
use gate_repo::Repo;

/// Whose bytes they are.
#[derive(Clone, Copy)]
pub(crate) enum Contents<'a> {
    Head(&'a Repo),
    Base {
        repo: &'a Repo,
        change: &'a Change<'a>,
    },
    /// Nobody's: what is planted has none beside what is read.
    Planted,
}

impl Contents<'_> {
    /// `None`: no regular file, above the read limit, or not here.
    pub(crate) fn read(self, path: &str) -> Option<Vec<u8>> {
        match self {
            Self::Head(repo) => repo.contents(path).or_else(|| repo.staged_contents(path)),
            Self::Base { repo, change } => change.old_bytes(repo, path),
            Self::Planted => None,
        }
    }
}
