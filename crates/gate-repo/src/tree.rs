//! Trees of commits, read with bounds: an object that should be here and is not is an error, never an empty folder.

use std::collections::BTreeMap;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use crate::error::{RepoError, reason};
use crate::index::FileKind;

/// Most entries that are listed below one tree: a few kilobytes of crafted trees can name billions.
const MAX_ENTRIES: u64 = 2_000_000;
/// Longest path, as on Linux.
const MAX_PATH: usize = 4096;

/// What a tree says under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TreeEntry {
    pub(crate) kind: FileKind,
    pub(crate) oid: ObjectId,
}

/// One entry of one tree.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) name: Vec<u8>,
    /// `None`: a folder.
    pub(crate) kind: Option<FileKind>,
    pub(crate) oid: ObjectId,
}

/// The entries of tree `id`, in git's order.
pub(crate) fn children(
    repo: &gix::Repository,
    id: ObjectId,
    what: &str,
) -> Result<Vec<Child>, RepoError> {
    let object = object(repo, id, what)?;
    if object.kind != gix::objs::Kind::Tree {
        return Err(RepoError::Object {
            what: what.to_owned(),
            reason: format!("object {id} is a {}, not a tree", object.kind),
        });
    }
    let mut children = Vec::new();
    for entry in gix::objs::TreeRefIter::from_bytes(&object.data, repo.object_hash()) {
        let entry = entry.map_err(|e| RepoError::Object {
            what: what.to_owned(),
            reason: format!("tree {id} is damaged: {e}"),
        })?;
        children.push(Child {
            name: entry.filename.to_vec(),
            kind: match entry.mode.kind() {
                EntryKind::Tree => None,
                EntryKind::Blob => Some(FileKind::Regular),
                EntryKind::BlobExecutable => Some(FileKind::Executable),
                EntryKind::Link => Some(FileKind::Symlink),
                EntryKind::Commit => Some(FileKind::Submodule),
            },
            oid: entry.oid.to_owned(),
        });
    }
    Ok(children)
}

/// All files below tree `id`, with `prefix` (empty or ending in `/`) before their names.
pub(crate) fn flatten(
    repo: &gix::Repository,
    id: ObjectId,
    prefix: &[u8],
) -> Result<BTreeMap<Vec<u8>, TreeEntry>, RepoError> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(prefix.to_vec(), id)];
    let mut seen = 0_u64;
    while let Some((folder, id)) = folders.pop() {
        let what = format!("tree of '{}'", String::from_utf8_lossy(&folder));
        for child in children(repo, id, &what)? {
            seen += 1;
            let mut path = folder.clone();
            path.extend_from_slice(&child.name);
            if seen > MAX_ENTRIES || path.len() > MAX_PATH {
                return Err(RepoError::TooLarge {
                    what,
                    size: seen,
                    limit: MAX_ENTRIES,
                    unit: "entries, or a path beyond 4096 bytes",
                });
            }
            if let Some(kind) = child.kind {
                files.insert(
                    path,
                    TreeEntry {
                        kind,
                        oid: child.oid,
                    },
                );
            } else {
                path.push(b'/');
                folders.push((path, child.oid));
            }
        }
    }
    Ok(files)
}

/// The entry at `path` (relative to the tree); `None` when the tree has no such name.
pub(crate) fn lookup(
    repo: &gix::Repository,
    tree: ObjectId,
    path: &[u8],
) -> Result<Option<Child>, RepoError> {
    let mut found = Child {
        name: Vec::new(),
        kind: None,
        oid: tree,
    };
    for part in path.split(|b| *b == b'/').filter(|p| !p.is_empty()) {
        if found.kind.is_some() {
            return Ok(None);
        }
        let what = format!("'{}'", String::from_utf8_lossy(path));
        match children(repo, found.oid, &what)?
            .into_iter()
            .find(|c| c.name == part)
        {
            Some(child) => found = child,
            None => return Ok(None),
        }
    }
    Ok(Some(found))
}

/// The bytes of a blob of at most `limit` bytes.
pub(crate) fn blob(
    repo: &gix::Repository,
    id: ObjectId,
    limit: u64,
    what: &str,
) -> Result<Vec<u8>, RepoError> {
    match repo.try_find_header(id) {
        Ok(Some(header)) if header.size() > limit => {
            return Err(RepoError::TooLarge {
                what: what.to_owned(),
                size: header.size(),
                limit,
                unit: "bytes",
            });
        }
        _ => {}
    }
    let mut object = object(repo, id, what)?;
    if object.kind != gix::objs::Kind::Blob {
        return Err(RepoError::Object {
            what: what.to_owned(),
            reason: format!("object {id} is a {}, not a blob", object.kind),
        });
    }
    Ok(std::mem::take(&mut object.data))
}

/// The object, or why it cannot be had. Its bytes are checked against its name, so damage cannot pass for content.
pub(crate) fn object<'r>(
    repo: &'r gix::Repository,
    id: ObjectId,
    what: &str,
) -> Result<gix::Object<'r>, RepoError> {
    match repo.try_find_object(id) {
        Ok(Some(object)) => {
            match gix::objs::compute_hash(repo.object_hash(), object.kind, &object.data) {
                Ok(name) if name == id => Ok(object),
                _ => Err(RepoError::Object {
                    what: what.to_owned(),
                    reason: format!("object {id} is damaged: its content has another name"),
                }),
            }
        }
        Ok(None) => Err(RepoError::MissingObject {
            id: id.to_string(),
            what: what.to_owned(),
        }),
        Err(e) => Err(RepoError::Object {
            what: what.to_owned(),
            reason: format!("object {id}: {}", reason(&e)),
        }),
    }
}
