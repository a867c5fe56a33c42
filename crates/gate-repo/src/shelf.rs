//! References that hold files of their own beside the code, and lines of commits.

use crate::error::{RepoError, reason};
use crate::index::{FileKind, lossy};
use crate::revisions::tree_of;
use crate::{Repo, tree};

/// The first parents of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstParents {
    /// The commit itself, then its first parent, and so on: 40 lower-case hex digits each.
    pub commits: Vec<String>,
    /// The clone is cut off before the line is as long as was asked for, and before its beginning.
    pub cut: bool,
}

impl Repo {
    /// The commit that a reference of exactly this name (`refs/...`) leads to; `None` where this clone has no such reference.
    pub fn reference(&self, name: &str) -> Result<Option<String>, RepoError> {
        let git = self.git.to_thread_local();
        match git.try_find_reference(name) {
            Ok(Some(_)) => self.commit(&git, name).map(|id| Some(id.to_string())),
            Ok(None) => Ok(None),
            Err(e) => Err(RepoError::Object {
                what: format!("reference '{}'", name.chars().take(100).collect::<String>()),
                reason: reason(&e),
            }),
        }
    }

    /// The names at the very top of a commit, wherever the root is; folders and submodules end in `/`. Sorted by bytes.
    pub fn names_on_top(&self, commit: &str) -> Result<Vec<String>, RepoError> {
        let git = self.git.to_thread_local();
        let tree = tree_of(&git, self.commit(&git, commit)?, commit)?;
        let children = tree::children(&git, tree, &format!("the top of {commit}"))?;
        let mut names: Vec<String> = children
            .into_iter()
            .map(|child| {
                let name = lossy(&child.name).0;
                match child.kind {
                    Some(kind) if kind != FileKind::Submodule => name,
                    _ => format!("{name}/"),
                }
            })
            .collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The bytes of a file at the very top of a commit, wherever the root is; more than `limit` are an error.
    pub fn blob_on_top(
        &self,
        commit: &str,
        name: &str,
        limit: u64,
    ) -> Result<Option<Vec<u8>>, RepoError> {
        let git = self.git.to_thread_local();
        let tree = tree_of(&git, self.commit(&git, commit)?, commit)?;
        let what = format!("'{name}' at {commit}");
        let children = tree::children(&git, tree, &what)?;
        let found = children.into_iter().find(|child| {
            child.name == name.as_bytes() && child.kind.is_some_and(FileKind::is_regular)
        });
        found
            .map(|child| tree::blob(&git, child.oid, limit, &what))
            .transpose()
    }

    /// A commit and the line of its first parents, `most` commits in all. Where the clone is cut, so is the line.
    pub fn first_parents(&self, commit: &str, most: usize) -> Result<FirstParents, RepoError> {
        let git = self.git.to_thread_local();
        let mut next = Some(self.commit(&git, commit)?);
        let shallow = git.shallow_commits().ok().flatten();
        let mut line = FirstParents {
            commits: Vec::new(),
            cut: false,
        };
        while let Some(id) = next.filter(|_| line.commits.len() < most) {
            let found = match git.try_find_object(id) {
                Ok(Some(object)) => object,
                // What a commit names and this clone does not hold.
                Ok(None) => {
                    line.cut = true;
                    break;
                }
                Err(e) => {
                    return Err(RepoError::Object {
                        what: format!("commit {id}"),
                        reason: reason(&e),
                    });
                }
            };
            let commit = found.try_into_commit().map_err(|e| RepoError::Object {
                what: format!("commit {id}"),
                reason: reason(&e),
            })?;
            line.commits.push(id.to_string());
            if shallow.as_ref().is_some_and(|cut| cut.contains(&id)) {
                line.cut = line.commits.len() < most;
                break;
            }
            next = commit.parent_ids().next().map(gix::Id::detach);
        }
        Ok(line)
    }
}
