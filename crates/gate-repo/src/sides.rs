//! The two sides of a file: what the base holds, and what the working tree holds now.

use gix::ObjectId;

use crate::Repo;
use crate::disk::{Filled, OnDisk, Walker, fill};
use crate::error::RepoError;
use crate::index::{FileKind, TrackedFile, lossy};
use crate::tree::{self, TreeEntry};
use crate::unchanged::{Rules, blob_id, has_crlf, without_cr};

/// git takes a file for binary when a NUL is among this many first bytes.
const BINARY_WINDOW: usize = 8000;

/// Where the new content of a file is.
pub(crate) enum Content {
    /// Unchanged since staged: the object has it, with git's line endings.
    Staged,
    /// Only on disk.
    Disk,
}

/// What a tracked file is now.
pub(crate) struct New<'a> {
    pub(crate) file: Option<&'a TrackedFile>,
    pub(crate) kind: FileKind,
    pub(crate) oid: Option<ObjectId>,
    pub(crate) content: Content,
}

/// A side of a file as lines.
pub(crate) enum Side {
    Text(Vec<u8>),
    Binary,
}

/// Reads sides; one buffer and one set of open folders for all of them.
pub(crate) struct Sides<'a> {
    pub(crate) repo: &'a Repo,
    pub(crate) git: &'a gix::Repository,
    pub(crate) rules: &'a Rules<'a>,
    pub(crate) walker: Walker,
    pub(crate) buffer: Vec<u8>,
}

impl<'a> Sides<'a> {
    /// What a tracked file is now; `None`: gone.
    pub(crate) fn state_of(&mut self, file: &'a TrackedFile) -> Result<Option<New<'a>>, RepoError> {
        let staged = New {
            file: Some(file),
            kind: file.kind,
            oid: Some(file.oid),
            content: Content::Staged,
        };
        if file.kind == FileKind::Submodule || file.assume_valid {
            return Ok(Some(staged));
        }
        if let Some(meta) = self.walker.stat(file.raw())
            && self.rules.stat_proves(file, &meta)
            && (meta.is_symlink() || self.rules.kind_of(file.kind, &meta) == file.kind)
        {
            return Ok(Some(staged));
        }
        Ok(match self.walker.open(file.raw()) {
            OnDisk::Missing if file.skip_worktree => Some(staged),
            OnDisk::Missing | OnDisk::Folder | OnDisk::Special => None,
            OnDisk::Failed(e) => return Err(unreadable(file, &e)),
            OnDisk::Symlink(target, _) => Some(New {
                file: Some(file),
                kind: FileKind::Symlink,
                oid: blob_id(&target),
                content: Content::Disk,
            }),
            OnDisk::File(mut on_disk, meta) => {
                let kind = self.rules.kind_of(file.kind, &meta);
                match fill(
                    &mut on_disk,
                    meta.len(),
                    self.repo.read_limit,
                    &mut self.buffer,
                ) {
                    Ok(Filled::Whole(n)) if self.rules.content_matches(file, &self.buffer[..n]) => {
                        Some(New { kind, ..staged })
                    }
                    Ok(Filled::Whole(n)) => Some(New {
                        file: Some(file),
                        kind,
                        oid: blob_id(&self.buffer[..n]),
                        content: Content::Disk,
                    }),
                    Ok(Filled::TooLarge(_)) => Some(New {
                        file: Some(file),
                        kind,
                        oid: None,
                        content: Content::Disk,
                    }),
                    Err(e) => return Err(unreadable(file, &e)),
                }
            }
        })
    }

    /// A file in conflict has no staged content: what lies on disk counts.
    pub(crate) fn state_of_conflict(&mut self, path: &[u8]) -> Option<New<'a>> {
        let kind = match self.walker.open(path) {
            OnDisk::File(_, meta) => self.rules.kind_of(FileKind::Regular, &meta),
            OnDisk::Symlink(..) => FileKind::Symlink,
            _ => return None,
        };
        Some(New {
            file: None,
            kind,
            oid: None,
            content: Content::Disk,
        })
    }

    pub(crate) fn old_side(&self, path: &[u8], old: TreeEntry) -> Result<Side, RepoError> {
        Ok(side(self.old_bytes(path, old)?))
    }

    /// The new content; with git's line endings where the old content has them and a conversion is configured.
    pub(crate) fn new_side(
        &mut self,
        path: &[u8],
        now: &New<'a>,
        before: &Side,
    ) -> Result<Side, RepoError> {
        let bytes = self.new_bytes(path, now)?;
        Ok(match (side(bytes), before) {
            (Side::Text(new), Side::Text(old))
                if self.rules.eol && now.kind.is_regular() && has_crlf(&new) && !has_crlf(old) =>
            {
                Side::Text(without_cr(&new))
            }
            (side, _) => side,
        })
    }

    /// `None`: above the read limit.
    pub(crate) fn old_bytes(
        &self,
        path: &[u8],
        old: TreeEntry,
    ) -> Result<Option<Vec<u8>>, RepoError> {
        let what = format!("'{}' in the base", lossy(path).0);
        or_too_large(tree::blob(self.git, old.oid, self.repo.read_limit, &what))
    }

    pub(crate) fn new_bytes(
        &mut self,
        path: &[u8],
        now: &New<'a>,
    ) -> Result<Option<Vec<u8>>, RepoError> {
        if let (Content::Staged, Some(oid)) = (&now.content, now.oid) {
            let what = format!("'{}' in the index", lossy(path).0);
            match or_too_large(tree::blob(self.git, oid, self.repo.read_limit, &what)) {
                // A partial clone may lack the object; the same content lies on disk.
                Err(RepoError::MissingObject { .. })
                    if now.file.is_some_and(|f| !f.skip_worktree) => {}
                read => return read,
            }
        }
        let vanished = |reason: String| RepoError::File {
            path: lossy(path).0,
            reason,
        };
        match self.walker.open(path) {
            OnDisk::Symlink(target, _) => Ok(Some(target)),
            OnDisk::File(mut file, meta) => match fill(
                &mut file,
                meta.len(),
                self.repo.read_limit,
                &mut self.buffer,
            ) {
                Ok(Filled::Whole(n)) => Ok(Some(self.buffer[..n].to_vec())),
                Ok(Filled::TooLarge(_)) => Ok(None),
                Err(e) => Err(vanished(e.to_string())),
            },
            OnDisk::Failed(e) => Err(vanished(e.to_string())),
            _ => Err(vanished(
                "the file vanished while it was compared".to_owned(),
            )),
        }
    }
}

fn unreadable(file: &TrackedFile, e: &std::io::Error) -> RepoError {
    RepoError::File {
        path: file.path.clone(),
        reason: e.to_string(),
    }
}

fn or_too_large(read: Result<Vec<u8>, RepoError>) -> Result<Option<Vec<u8>>, RepoError> {
    match read {
        Ok(bytes) => Ok(Some(bytes)),
        Err(RepoError::TooLarge { .. }) => Ok(None),
        Err(e) => Err(e),
    }
}

fn side(bytes: Option<Vec<u8>>) -> Side {
    match bytes {
        Some(bytes) if !is_binary(&bytes) => Side::Text(bytes),
        _ => Side::Binary,
    }
}

pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(BINARY_WINDOW).any(|b| *b == 0)
}
