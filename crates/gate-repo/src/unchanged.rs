//! Whether a file still is what the index says of it.

use gix::ObjectId;
use gix::index::entry::Stat;
use gix::index::fs::Metadata;

use crate::index::{FileKind, Indexed, TrackedFile};

/// The rules by which git takes a file for unchanged.
pub(crate) struct Rules<'a> {
    index: &'a Indexed,
    stat: gix::index::entry::stat::Options,
    /// `core.fileMode`: the executable bit on disk means something.
    filemode: bool,
    /// `core.symlinks`: links are real; else a plain file holds the target.
    pub(crate) symlinks: bool,
    /// Line endings may differ between disk and object (`core.autocrlf`, or any `.gitattributes`).
    pub(crate) eol: bool,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(git: &gix::Repository, index: &'a Indexed, has_attributes: bool) -> Self {
        let config = git.config_snapshot();
        let mut stat = git.stat_options().unwrap_or_default();
        // Nanoseconds that do not match cost one more hash, never a wrong answer.
        stat.use_nsec = true;
        let autocrlf = config.string("core.autocrlf").is_some_and(|v| {
            v.eq_ignore_ascii_case(b"input") || config.boolean("core.autocrlf") == Some(true)
        });
        Self {
            index,
            stat,
            filemode: cfg!(unix) && config.boolean("core.fileMode").unwrap_or(true),
            symlinks: config.boolean("core.symlinks").unwrap_or(true),
            eol: autocrlf || has_attributes || git.common_dir().join("info/attributes").exists(),
        }
    }

    /// The kind that a regular file on disk has, given what the index says of it.
    pub(crate) fn kind_of(&self, tracked: FileKind, meta: &Metadata) -> FileKind {
        match tracked {
            FileKind::Symlink if !self.symlinks => FileKind::Symlink,
            FileKind::Regular | FileKind::Executable if !self.filemode => tracked,
            _ if self.filemode && meta.is_executable() => FileKind::Executable,
            _ => FileKind::Regular,
        }
    }

    /// Whether the stat alone proves that the content is the staged one. The racy rule: a file written in the same
    /// instant as the index proves nothing.
    pub(crate) fn stat_proves(&self, file: &TrackedFile, meta: &Metadata) -> bool {
        !file.intent_to_add
            && Stat::from_fs(meta).is_ok_and(|now| {
                file.stat.matches(&now, self.stat)
                    && !file.stat.is_racy(self.index.time.timestamp(), self.stat)
            })
    }

    /// Whether `bytes` are the staged content, perhaps with other line endings.
    pub(crate) fn content_matches(&self, file: &TrackedFile, bytes: &[u8]) -> bool {
        if file.intent_to_add {
            return false;
        }
        if blob_id(bytes) == Some(file.oid) {
            return true;
        }
        self.eol
            && file.kind.is_regular()
            && has_crlf(bytes)
            && blob_id(&without_cr(bytes)) == Some(file.oid)
    }
}

/// The name that git gives to a blob of these bytes.
pub(crate) fn blob_id(bytes: &[u8]) -> Option<ObjectId> {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes).ok()
}

pub(crate) fn has_crlf(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|w| w == b"\r\n")
}

/// CRLF as LF.
pub(crate) fn without_cr(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    for (i, b) in bytes.iter().enumerate() {
        if !(*b == b'\r' && bytes.get(i + 1) == Some(&b'\n')) {
            plain.push(*b);
        }
    }
    plain
}
