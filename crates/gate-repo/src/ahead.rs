//! A file that is needed before the walk: read once, and shown to the walk too.

use std::sync::PoisonError;

use gix::index::fs::Metadata;

use crate::Repo;
use crate::disk::{Filled, OnDisk, fill};
use crate::index::{FileKind, TrackedFile};
use crate::unchanged::Rules;

/// A file that was read ahead of the walk.
pub(crate) struct Held {
    pub(crate) bytes: Vec<u8>,
    pub(crate) dirty: bool,
}

impl Repo {
    /// Read one tracked regular file ahead of the walk, of at most `limit` bytes. The next [`Repo::scan`] shows these
    /// bytes and does not open the file again, so that both see the same. `None`: not such a file, or not readable.
    pub fn read_ahead(&self, path: &str, limit: u64) -> Option<Vec<u8>> {
        let file = self.file(path).filter(|file| file.kind.is_regular())?;
        let index = self
            .files()
            .iter()
            .position(|other| std::ptr::eq(other, file))?;
        let (bytes, meta) = self.on_disk(file, limit)?;
        let rules = Rules::new(
            &self.git.to_thread_local(),
            &self.index,
            self.listing.has_attributes,
        );
        let kind = rules.kind_of(file.kind, &meta);
        if kind == FileKind::Symlink {
            return None;
        }
        let clean = kind == file.kind
            && (rules.stat_proves(file, &meta) || rules.content_matches(file, &bytes));
        let held = Held {
            bytes: bytes.clone(),
            dirty: !clean,
        };
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(index, held);
        Some(bytes)
    }

    /// The bytes of one tracked regular file in the work tree, beside the walk: for the few that only turn out to be
    /// needed when others have been read. `None`: not such a file, above the read limit, or not readable.
    pub fn contents(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.file(path).filter(|file| file.kind.is_regular())?;
        self.on_disk(file, self.read_limit).map(|(bytes, _)| bytes)
    }

    /// The staged bytes of one tracked regular file, or what a tracked symbolic link leads to: also where they are not on disk.
    /// `None`: neither, above the read limit, or an object that is not here.
    pub fn staged_contents(&self, path: &str) -> Option<Vec<u8>> {
        let file = self
            .file(path)
            .filter(|file| file.kind != FileKind::Submodule)?;
        self.blob_of(file)
    }

    fn on_disk(&self, file: &TrackedFile, limit: u64) -> Option<(Vec<u8>, Metadata)> {
        let OnDisk::File(mut on_disk, meta) = self.walker().ok()?.open(file.raw()) else {
            return None;
        };
        let mut bytes = Vec::new();
        match fill(&mut on_disk, meta.len(), limit, &mut bytes) {
            Ok(Filled::Whole(n)) => {
                bytes.truncate(n);
                Some((bytes, meta))
            }
            Ok(Filled::TooLarge(_)) | Err(_) => None,
        }
    }
}
