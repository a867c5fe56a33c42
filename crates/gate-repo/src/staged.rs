//! What is staged: the content that `git commit` would record, from the object database and not from disk.

use std::collections::BTreeMap;

use gix::ObjectId;

use crate::blobs::{self, Outcome};
use crate::error::RepoError;
use crate::history::NotRead;
use crate::index::{FileKind, TrackedFile};
use crate::objects::Packs;
use crate::read::threads_for;
use crate::tree::{self, TreeEntry};
use crate::{Repo, index, revisions};

/// What [`Repo::staged`] gave.
#[derive(Debug)]
pub struct Staged<T> {
    /// What `visit` returned, one per file that was read, in the order of [`Repo::files`].
    pub results: Vec<T>,
    /// Wanted files that were not read, in the same order.
    pub not_read: Vec<(TrackedFile, NotRead)>,
    /// Files that were read.
    pub files_read: u64,
    /// Their bytes.
    pub bytes_read: u64,
}

impl Repo {
    /// The tracked files whose staged content is not what the head commit has at this path, in the order of
    /// [`Repo::files`]: also what was moved or copied. All, before the first commit.
    ///
    /// Not among them: submodules, what `git add -N` only announced, files whose mode alone differs, and files in
    /// conflict ([`Repo::conflicts`]), with which `git commit` refuses to work.
    pub fn staged_files(&self) -> Result<Vec<&TrackedFile>, RepoError> {
        let git = self.git.to_thread_local();
        let committed = self.committed(&git)?;
        let is_new = |file: &&TrackedFile| {
            let before = committed.get(file.raw());
            file.kind != FileKind::Submodule
                && !file.intent_to_add
                // A link and a file of the same bytes are two things.
                && before.is_none_or(|b| {
                    b.oid != file.oid || b.kind.is_regular() != file.kind.is_regular()
                })
        };
        Ok(self.files().iter().filter(is_new).collect())
    }

    /// Read the staged content of each wanted file among [`Repo::staged_files`], on `threads` threads (0: as many as
    /// there are processors). `visit` gets the bytes as `git commit` would record them; of a symbolic link its target.
    pub fn staged<T: Send>(
        &self,
        want: &dyn Fn(&TrackedFile) -> bool,
        visit: &(dyn Fn(&TrackedFile, &[u8]) -> T + Sync),
        threads: usize,
    ) -> Result<Staged<T>, RepoError> {
        let mut files = self.staged_files()?;
        files.retain(|file| want(file));
        let wanted: Vec<ObjectId> = files.iter().map(|f| f.oid).collect();
        let outcomes = blobs::read(
            &Packs::none(),
            &self.git,
            &wanted,
            self.read_limit,
            threads_for(threads),
            &|at, bytes| (visit(files[at], bytes), bytes.len() as u64),
        )?;
        let mut staged = Staged {
            results: Vec::new(),
            not_read: Vec::new(),
            files_read: 0,
            bytes_read: 0,
        };
        for (file, outcome) in files.into_iter().zip(outcomes) {
            match outcome.or_why() {
                Ok((result, size)) => {
                    staged.results.push(result);
                    staged.files_read += 1;
                    staged.bytes_read += size;
                }
                Err(why) => staged.not_read.push((file.clone(), why)),
            }
        }
        Ok(staged)
    }

    /// Whether the index holds exactly the files of the head commit: nothing staged, nothing in conflict.
    /// A head that cannot be read, or no commit at all with files staged, is `false`.
    pub fn index_matches_head(&self) -> bool {
        let git = self.git.to_thread_local();
        let whole = self.index.whole.as_ref();
        let Ok(whole) = whole.map(|index| index::list(&git, index, b"")).transpose() else {
            return false;
        };
        let all = whole.as_ref().unwrap_or(&self.listing);
        let Some(head) = &self.head else {
            return all.files.is_empty() && all.conflicts.is_empty();
        };
        let Ok(tree) = ObjectId::from_hex(head.tree.as_bytes()) else {
            return false;
        };
        // The index may carry the tree it would be written as.
        if self.index.tree == Some(tree) {
            return true;
        }
        let Ok(committed) = tree::flatten(&git, tree, b"") else {
            return false;
        };
        all.conflicts.is_empty()
            && all.files.len() == committed.len()
            && all
                .files
                .iter()
                .zip(&committed)
                .all(|(file, (path, entry))| {
                    file.raw() == path.as_slice()
                        && file.oid == entry.oid
                        && file.kind == entry.kind
                        && !file.intent_to_add
                })
    }

    /// The files of the head commit below the root; none before the first commit.
    fn committed(&self, git: &gix::Repository) -> Result<BTreeMap<Vec<u8>, TreeEntry>, RepoError> {
        let Some(head) = &self.head else {
            return Ok(BTreeMap::new());
        };
        let tree = revisions::tree_of(git, self.commit(git, &head.commit)?, "HEAD")?;
        self.base_files(git, tree)
    }
}

impl<T> Outcome<T> {
    /// What was read, or why it was not.
    pub(crate) fn or_why(self) -> Result<T, NotRead> {
        match self {
            Self::Read(read) => Ok(read),
            Self::TooLarge(size) => Err(NotRead::TooLarge { size }),
            Self::BaseTooLarge(size) => Err(NotRead::BaseTooLarge { size }),
            Self::Missing => Err(NotRead::Missing),
        }
    }
}
