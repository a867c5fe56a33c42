//! What can go wrong between a folder and an answer, with the next step in every message.

use std::path::PathBuf;

/// A question about the repository that could not be answered. Never stands for "no": an absent path is `None`, an
/// unreadable one is an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepoError {
    /// Neither the root nor a folder above it holds a git repository.
    #[error("{}: no git repository here or in any folder above; expected a checkout: run `git init` or point --root at one", root.display())]
    NotARepository {
        /// The folder that was asked for.
        root: PathBuf,
    },
    /// A repository without a work tree has no files to judge.
    #[error("{}: a bare repository, which has no files on disk; expected a work tree: clone it and point --root at the clone", root.display())]
    Bare {
        /// The folder that was asked for.
        root: PathBuf,
    },
    /// Object names are not sha1.
    #[error("{}: the repository uses the object format {found}; expected sha1, the only one that is read", root.display())]
    UnsupportedHash {
        /// The folder that was asked for.
        root: PathBuf,
        /// The value of `extensions.objectFormat`.
        found: String,
    },
    /// The root itself, or what git keeps there, cannot be read.
    #[error("{}: cannot be opened: {reason}; expected a readable checkout", root.display())]
    Open {
        /// The folder that was asked for.
        root: PathBuf,
        /// The causes, outermost first.
        reason: String,
    },
    /// The list of tracked files cannot be trusted.
    #[error("{}: {reason}; expected a sound git index: delete the file and run `git reset`", path.display())]
    Index {
        /// The index file.
        path: PathBuf,
        /// The causes, outermost first.
        reason: String,
    },
    /// A tracked file that is on disk and cannot be read.
    #[error(
        "{path}: {reason}; expected a readable file: check its permissions, or run `git restore` on it"
    )]
    File {
        /// Path relative to the root.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A revision that names no commit here.
    #[error("revision '{spec}': {reason}; expected a commit, branch or tag of this repository{}", shallow_hint(*shallow))]
    UnknownRevision {
        /// What was asked for.
        spec: String,
        /// The causes, outermost first.
        reason: String,
        /// Whether the history is cut, which is then the likely cause.
        shallow: bool,
    },
    /// History is cut before the answer.
    #[error(
        "{what}: the clone is shallow and its history ends before the answer; fetch it whole (actions/checkout: `fetch-depth: 0`)"
    )]
    Shallow {
        /// What was asked for.
        what: String,
    },
    /// An object is named by the history but is not here (shallow or partial clone, damaged repository).
    #[error(
        "{what}: object {id} is not in this clone; fetch it (actions/checkout: `fetch-depth: 0`, no `filter`)"
    )]
    MissingObject {
        /// The object's name in hex.
        id: String,
        /// What it was needed for.
        what: String,
    },
    /// An object is here but cannot be read.
    #[error("{what}: {reason}; expected a sound object: run `git fsck`")]
    Object {
        /// What it was needed for.
        what: String,
        /// The causes, outermost first.
        reason: String,
    },
    /// The blob cache cannot be written.
    #[error("{}: the blob cache cannot be written: {reason}; expected a folder that can be written", path.display())]
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// More than is read at once.
    #[error("{what}: {size} is more than the limit of {limit} ({unit})")]
    TooLarge {
        /// What was asked for.
        what: String,
        /// What was found.
        size: u64,
        /// What is read at most.
        limit: u64,
        /// What `size` and `limit` count: `bytes` or `entries`.
        unit: &'static str,
    },
}

fn shallow_hint(shallow: bool) -> &'static str {
    if shallow {
        "; the clone is shallow: fetch the whole history (actions/checkout: `fetch-depth: 0`)"
    } else {
        ""
    }
}

/// One line for an error of the git library: its causes, outermost first, without repetition.
pub(crate) fn reason(error: &gix::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.iter_errors() {
        let text = cause.to_string().replace(['\n', '\r'], " ");
        let text = text.trim().to_owned();
        if !text.is_empty() && !said.iter().any(|s| s.contains(&text)) {
            said.push(text);
        }
    }
    said.join(": ")
}
