//! Commits by name: head, base, what a path held there.

use gix::ObjectId;
use gix::bstr::ByteSlice;

use crate::error::{RepoError, reason};
use crate::index::{FileKind, lossy};
use crate::{Repo, tree};

/// Longest revision that is looked up, in bytes.
const MAX_SPEC: usize = 1024;

/// The commit that is checked out. Object names are 40 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit.
    pub commit: String,
    /// Its tree.
    pub tree: String,
    /// Its parents, in order; the commit may name parents that a shallow clone does not hold.
    pub parents: Vec<String>,
    /// The branch without `refs/heads/`; `None` when the head is detached.
    pub branch: Option<String>,
    /// Committer time, seconds since 1970-01-01 UTC.
    pub unix_time: i64,
}

/// A commit and its tree: 40 lower-case hex digits each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The commit.
    pub commit: String,
    /// Its tree.
    pub tree: String,
}

/// The head, `None` before the first commit.
pub(crate) fn read_head(git: &gix::Repository) -> Result<Option<Head>, RepoError> {
    let damaged = |e: gix::Error| RepoError::Object {
        what: "HEAD".to_owned(),
        reason: reason(&e),
    };
    let head = git.head().map_err(damaged)?;
    if head.is_unborn() {
        return Ok(None);
    }
    let branch = head.referent_name().and_then(|name| {
        name.as_bstr()
            .strip_prefix(b"refs/heads/")
            .map(|b| b.to_str_lossy().into_owned())
    });
    let Some(id) = head.id() else {
        return Ok(None);
    };
    let commit = tree::object(git, id.detach(), "HEAD")?
        .peel_to_kind(gix::objs::Kind::Commit)
        .and_then(gix::Object::try_into_commit)
        .map_err(damaged)?;
    Ok(Some(Head {
        commit: commit.id.to_string(),
        tree: commit.tree_id().map_err(damaged)?.to_string(),
        parents: commit.parent_ids().map(|id| id.to_string()).collect(),
        branch,
        unix_time: commit.time().map_err(damaged)?.seconds,
    }))
}

impl Repo {
    /// The commit that is checked out; `None` before the first commit.
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// Whether the history is cut (`git clone --depth`).
    pub fn shallow(&self) -> bool {
        self.git.to_thread_local().is_shallow().unwrap_or(true)
    }

    /// The address of the remote `origin`, without user, password, query and fragment.
    pub fn remote_url(&self) -> Option<String> {
        let git = self.git.to_thread_local();
        let url = git.config_snapshot().string("remote.origin.url")?;
        Some(without_credentials(&url.to_str_lossy()))
    }

    /// The branch that `origin/HEAD` names, else `main`, else `master`, where such a branch exists.
    pub fn default_branch(&self) -> Option<String> {
        let git = self.git.to_thread_local();
        let named = git
            .try_find_reference("refs/remotes/origin/HEAD")
            .ok()
            .flatten()
            .and_then(|r| {
                let target = r.target().try_name()?.as_bstr().to_owned();
                Some(
                    target
                        .strip_prefix(b"refs/remotes/origin/")?
                        .to_str_lossy()
                        .into_owned(),
                )
            });
        named.or_else(|| {
            let exists = |name: &str| matches!(git.try_find_reference(name), Ok(Some(_)));
            ["main", "master"]
                .into_iter()
                .find(|b| {
                    exists(&format!("refs/heads/{b}"))
                        || exists(&format!("refs/remotes/origin/{b}"))
                })
                .map(str::to_owned)
        })
    }

    /// The commit that `spec` names: what `git rev-parse` takes for one (`HEAD~1`, a tag, `origin/x`, a short or full id).
    pub fn rev(&self, spec: &str) -> Result<Revision, RepoError> {
        let git = self.git.to_thread_local();
        let commit = self.commit(&git, spec)?;
        Ok(Revision {
            tree: tree_of(&git, commit, spec)?.to_string(),
            commit: commit.to_string(),
        })
    }

    /// The best common ancestor of two revisions; `None` when their histories are unrelated.
    /// [`RepoError::Shallow`] when the history that would say so is cut.
    pub fn merge_base(&self, a: &str, b: &str) -> Result<Option<String>, RepoError> {
        let mut git = self.git.to_thread_local();
        git.object_cache_size_if_unset(4 * 1024 * 1024);
        let (one, two) = (self.commit(&git, a)?, self.commit(&git, b)?);
        let what = format!("merge base of '{a}' and '{b}'");
        match git.merge_base(one, two) {
            Ok(Some(id)) => Ok(Some(id.to_string())),
            Ok(None) | Err(_) if self.shallow() => Err(RepoError::Shallow { what }),
            Ok(None) => Ok(None),
            Err(e) => Err(RepoError::Object {
                what,
                reason: reason(&e),
            }),
        }
    }

    /// The bytes of the file or symbolic link at `path` in a commit, as committed.
    /// `None`: the commit has no such file (a folder and a submodule are none). A missing object is an error.
    pub fn blob_at(&self, commit: &str, path: &str) -> Result<Option<Vec<u8>>, RepoError> {
        let git = self.git.to_thread_local();
        let tree = tree_of(&git, self.commit(&git, commit)?, commit)?;
        match tree::lookup(&git, tree, &self.below_top(path.as_bytes()))? {
            Some(child) if matches!(child.kind, Some(kind) if kind != FileKind::Submodule) => {
                tree::blob(
                    &git,
                    child.oid,
                    self.read_limit,
                    &format!("'{path}' at {commit}"),
                )
                .map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The files and symbolic links directly in folder `dir` of a commit (no folders, no submodules): paths relative to
    /// the root, sorted by bytes. A folder that the commit does not have is empty.
    pub fn list_at(&self, commit: &str, dir: &str) -> Result<Vec<String>, RepoError> {
        let git = self.git.to_thread_local();
        let tree = tree_of(&git, self.commit(&git, commit)?, commit)?;
        let dir = if dir == "." {
            ""
        } else {
            dir.trim_matches('/')
        };
        let Some(folder) = tree::lookup(&git, tree, &self.below_top(dir.as_bytes()))? else {
            return Ok(Vec::new());
        };
        if folder.kind.is_some() {
            return Ok(Vec::new());
        }
        let mut names: Vec<String> =
            tree::children(&git, folder.oid, &format!("'{dir}' at {commit}"))?
                .into_iter()
                .filter(|c| matches!(c.kind, Some(kind) if kind != FileKind::Submodule))
                .map(|c| {
                    let name = lossy(&c.name).0;
                    if dir.is_empty() {
                        name
                    } else {
                        format!("{dir}/{name}")
                    }
                })
                .collect();
        names.sort_unstable();
        Ok(names)
    }

    pub(crate) fn commit(&self, git: &gix::Repository, spec: &str) -> Result<ObjectId, RepoError> {
        let unknown = |reason: String| RepoError::UnknownRevision {
            spec: spec.chars().take(100).collect(),
            reason,
            shallow: self.shallow(),
        };
        if spec.is_empty() || spec.len() > MAX_SPEC || spec.starts_with('-') {
            return Err(unknown("not a revision".to_owned()));
        }
        let id = git
            .rev_parse_single(spec)
            .map_err(|_| unknown("no such object or reference here".to_owned()))?
            .detach();
        match git.try_find_object(id) {
            Ok(Some(object)) => object
                .peel_to_kind(gix::objs::Kind::Commit)
                .map(|o| o.id)
                .map_err(|e| unknown(reason(&e))),
            Ok(None) => Err(unknown(format!("object {id} is not in this clone"))),
            Err(e) => Err(unknown(reason(&e))),
        }
    }
}

pub(crate) fn tree_of(
    git: &gix::Repository,
    commit: ObjectId,
    spec: &str,
) -> Result<ObjectId, RepoError> {
    let damaged = |e: gix::Error| RepoError::Object {
        what: format!("revision '{spec}'"),
        reason: reason(&e),
    };
    let commit = tree::object(git, commit, spec)?
        .try_into_commit()
        .map_err(damaged)?;
    Ok(commit.tree_id().map_err(damaged)?.detach())
}

fn without_credentials(url: &str) -> String {
    if let Some((scheme, rest)) = url.split_once("://") {
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        return format!("{scheme}://{host}{path}");
    }
    // `user@host:path`, as ssh writes it; an `@` after the first `/` belongs to a path.
    let head = url.find('/').unwrap_or(url.len());
    match url[..head].rfind('@') {
        Some(at) => url[at + 1..].to_owned(),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn credentials_never_leave() {
        let cases = [
            ("https://github.com/o/r.git", "https://github.com/o/r.git"),
            ("https://me:pass@github.com/o/r", "https://github.com/o/r"),
            (
                "https://me:p@ss@github.com/o/r@v1",
                "https://github.com/o/r@v1",
            ),
            (
                "https://github.com/o/r?access=pass#x",
                "https://github.com/o/r",
            ),
            ("https://pass@github.com", "https://github.com"),
            ("ssh://git@github.com:22/o/r", "ssh://github.com:22/o/r"),
            ("git@github.com:o/r.git", "github.com:o/r.git"),
            ("me:pass@host:o/r", "host:o/r"),
            ("/srv/git@home/r", "/srv/git@home/r"),
            ("../r", "../r"),
        ];
        for (url, expected) in cases {
            assert_eq!(without_credentials(url), expected, "{url}");
        }
    }
}
