//! The repository as evidence: tracked files, one parallel read, diffs, base, commits; no git executable needed.
//!
//! The crate promises:
//! - names come from the git index, bytes from the working tree; nothing untracked or ignored is ever seen;
//! - [`Repo::scan`] opens each wanted file at most once and follows no symbolic link, also none among the folders;
//! - [`Repo::history`] reads each blob of the history once and says what of the history is not here;
//! - an absent path is `None`; an object that should be here and is not (shallow or partial clone) is an error;
//! - no process is started and no hook, filter or fsmonitor of the repository's configuration runs;
//! - a damaged repository is an error, not a panic.
//!
//! All paths are relative to the root that was opened, with `/`.
#![allow(
    clippy::disallowed_methods,
    reason = "the repository on disk is this crate's matter"
)]

mod ahead;
mod blob_cache;
mod blobs;
mod change;
mod commits;
mod delta;
mod diff;
mod disk;
mod error;
mod forest;
mod history;
mod index;
mod introduced;
mod large;
mod lines;
mod making;
mod objects;
mod pack;
mod paths;
mod read;
mod renames;
mod revisions;
mod shelf;
mod sides;
mod staged;
mod threads;
mod tips;
mod tracked;
mod tree;
mod unchanged;
mod unified;
mod view;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use crate::ahead::Held;
use crate::error::reason;
use crate::index::{Indexed, Listing};

pub use crate::blob_cache::{BlobCache, MAX_CACHE, MAX_VALUE};
pub use crate::diff::{ChangeKind, FileChange};
pub use crate::error::RepoError;
pub use crate::history::{Gap, History, HistoryBlob, NotRead};
pub use crate::index::{FileKind, TrackedFile};
pub use crate::large::{LARGE, Large};
pub use crate::revisions::{Head, Revision};
pub use crate::shelf::FirstParents;
pub use crate::staged::Staged;
pub use crate::tips::Commits;
pub use crate::unified::{DiffError, read_unified};
pub use crate::view::{FileView, Scan};

/// Files and blobs above this many bytes (64 MiB) are reported by size, not read.
pub const DEFAULT_READ_LIMIT: u64 = 64 * 1024 * 1024;

/// A repository opened at a root, its index and head read once.
pub struct Repo {
    pub(crate) root: PathBuf,
    /// Empty, or the root below the top of the work tree, ending in `/`.
    pub(crate) prefix: Vec<u8>,
    pub(crate) git: gix::ThreadSafeRepository,
    pub(crate) index: Indexed,
    pub(crate) listing: Listing,
    pub(crate) head: Option<Head>,
    pub(crate) read_limit: u64,
    /// Files read ahead of the walk, by their place in `files()`.
    pub(crate) held: Mutex<BTreeMap<usize, Held>>,
    folded: OnceLock<BTreeMap<String, Vec<String>>>,
}

impl std::fmt::Debug for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repo")
            .field("root", &self.root)
            .field("files", &self.listing.files.len())
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

/// Open the repository that `root` belongs to; `root` may be a folder below the top of the work tree.
///
/// Who owns the folder does not matter (`safe.directory`): nothing of the configuration is ever executed.
pub fn open(root: &Path) -> Result<Repo, RepoError> {
    let cannot = |e: std::io::Error| RepoError::Open {
        root: root.to_owned(),
        reason: e.to_string(),
    };
    let real = root.canonicalize().map_err(cannot)?;
    let start = if cfg!(windows) {
        std::path::absolute(root).map_err(cannot)?
    } else {
        real.clone()
    };
    let git = discover(root, &start)?;
    let local = git.to_thread_local();
    let Some(top) = local.workdir() else {
        return Err(RepoError::Bare {
            root: root.to_owned(),
        });
    };
    let top = top.canonicalize().map_err(cannot)?;
    let prefix = prefix_of(&real, &top).ok_or_else(|| RepoError::NotARepository {
        root: root.to_owned(),
    })?;
    let index = index::load(&local)?;
    let (listing, index) = if prefix.is_empty() {
        index::list_all(&local, index)?
    } else {
        let (listing, mut indexed) = (index::list(&local, &index, &prefix)?, Indexed::of(&index));
        indexed.whole = Some(index);
        (listing, indexed)
    };
    let head = revisions::read_head(&local)?;
    Ok(Repo {
        root: real,
        prefix,
        git,
        index,
        listing,
        head,
        read_limit: DEFAULT_READ_LIMIT,
        held: Mutex::default(),
        folded: OnceLock::new(),
    })
}

fn discover(root: &Path, start: &Path) -> Result<gix::ThreadSafeRepository, RepoError> {
    use gix::discover::upwards::{Error as Discovery, Options, TrustPolicy};
    let discovery = Options {
        trust: TrustPolicy::Assume(gix::sec::Trust::Full),
        ..Options::default()
    };
    let trust = gix::sec::trust::Mapping {
        full: options(),
        reduced: options(),
    };
    gix::ThreadSafeRepository::discover_opts(start, discovery, trust).map_err(|e| {
        match e.downcast_any_ref::<Discovery>() {
            Some(
                Discovery::NoGitRepository { .. }
                | Discovery::NoGitRepositoryWithinCeiling { .. }
                | Discovery::NoGitRepositoryWithinFs { .. },
            ) => RepoError::NotARepository {
                root: root.to_owned(),
            },
            _ => match unsupported_object_format(&e) {
                Some(found) => RepoError::UnsupportedHash {
                    root: root.to_owned(),
                    found,
                },
                None => RepoError::Open {
                    root: root.to_owned(),
                    reason: reason(&e),
                },
            },
        }
    })
}

/// The value of `extensions.objectFormat`, where that is why the repository cannot be opened.
fn unsupported_object_format(e: &gix::Error) -> Option<String> {
    let text = |value: &gix::error::MetadataValue| value.to_string().trim_matches('"').to_owned();
    e.metadata()
        .find(|m| {
            m.get("key")
                .is_some_and(|k| text(k).eq_ignore_ascii_case("extensions.objectFormat"))
        })
        .and_then(|m| m.get("input"))
        .map(text)
}

/// The user's own configuration counts (`core.autocrlf` usually lives there), the environment's `GIT_*` does not:
/// `--root` decides which repository is read, not a variable left over from a hook.
fn options() -> gix::open::Options {
    use gix::open::permissions::{Attributes, Config, Environment};
    use gix::sec::Permission::Allow;
    gix::open::Options::default()
        .permissions(gix::open::Permissions {
            env: Environment {
                home: Allow,
                xdg_config_home: Allow,
                ..Environment::isolated()
            },
            config: Config {
                git_binary: false,
                system: true,
                git: true,
                user: true,
                env: false,
                includes: true,
            },
            attributes: Attributes::isolated(),
        })
        // The history as committed, and no object that claims to be larger than memory (1 GiB).
        .config_overrides([
            "core.useReplaceRefs=false",
            "gitoxide.objects.allocLimit=1073741824",
        ])
}

/// `root` below `top`, as bytes ending in `/`; `None` inside `.git` or outside the work tree.
fn prefix_of(root: &Path, top: &Path) -> Option<Vec<u8>> {
    let mut prefix = Vec::new();
    for part in root.strip_prefix(top).ok()?.components() {
        let part = part.as_os_str();
        if part == ".git" {
            return None;
        }
        prefix.extend_from_slice(part.as_encoded_bytes());
        prefix.push(b'/');
    }
    Some(prefix)
}

impl Repo {
    /// The canonical folder that was opened.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the root lies in its repository: empty at the top, else ending in `/`. Bytes that are not UTF-8 are lossy.
    pub fn prefix(&self) -> String {
        String::from_utf8_lossy(&self.prefix).into_owned()
    }

    /// Tracked files below the root, sorted by the bytes of their paths; files in conflict are not among them.
    pub fn files(&self) -> &[TrackedFile] {
        &self.listing.files
    }

    /// Paths below the root that an unfinished merge left in conflict, sorted.
    pub fn conflicts(&self) -> &[String] {
        &self.listing.conflicts
    }

    /// The tracked file of exactly this name.
    pub fn file(&self, path: &str) -> Option<&TrackedFile> {
        let files = self.files();
        files
            .binary_search_by(|f| f.raw().cmp(path.as_bytes()))
            .ok()
            .map(|i| &files[i])
    }

    /// Whether a tracked file lies below this folder (exact case; a trailing `/` does not matter; nothing and `.` are the root).
    pub fn directory_exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        matches!(path, "" | ".") || self.listing.directories.contains(path)
    }

    /// The tracked file or folder whose name differs from `path` only in case; `None` where `path` itself is tracked.
    pub fn case_match(&self, path: &str) -> Option<&str> {
        let path = path.trim_end_matches('/');
        if self.file(path).is_some() || self.directory_exists(path) {
            return None;
        }
        let folded = self.folded.get_or_init(|| {
            let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let files = self.listing.files.iter().map(|f| &f.path);
            for name in files.chain(&self.listing.directories) {
                map.entry(name.to_lowercase())
                    .or_default()
                    .push(name.clone());
            }
            map
        });
        folded
            .get(&path.to_lowercase())?
            .first()
            .map(String::as_str)
    }

    /// How many tracked paths are not UTF-8 (see [`TrackedFile::raw`]).
    pub fn non_utf8_paths(&self) -> usize {
        self.files().iter().filter(|f| f.raw.is_some()).count()
    }

    /// Read at most `bytes` of one file or blob; larger ones are reported by their size.
    pub fn set_read_limit(&mut self, bytes: u64) {
        self.read_limit = bytes;
    }

    /// `path`, which is relative to the root, relative to the top of the work tree.
    pub(crate) fn below_top(&self, path: &[u8]) -> Vec<u8> {
        [&self.prefix, path].concat()
    }
}
