//! Which commits a history is made of.

use gix::ObjectId;

use crate::Repo;
use crate::commits::{self, Line};
use crate::error::{RepoError, reason};
use crate::history::Gap;
use crate::objects::Objects;

/// Which commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Commits<'a> {
    /// All that the head reaches; none before the first commit.
    OfHead,
    /// All that any reference reaches (branches, remote branches, tags, the newest stash, notes), and the head.
    OfAllRefs,
    /// All that these revisions reach (see [`Repo::rev`]).
    Of(&'a [&'a str]),
    /// All that `head` reaches and `base` does not: `git rev-list base..head`. Where the times of commits are wrong by
    /// more than some 60 commits there may be more of them, never fewer.
    Between {
        /// A revision; what its tree holds counts as known.
        base: &'a str,
        /// A revision.
        head: &'a str,
    },
}

impl Repo {
    /// The commits, oldest first.
    pub(crate) fn line(
        &self,
        git: &gix::Repository,
        objects: &mut Objects<'_>,
        commits: &Commits<'_>,
    ) -> Result<Line, RepoError> {
        let (mut tips, mut hidden, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        if let (Commits::OfHead | Commits::OfAllRefs, Some(head)) = (commits, &self.head) {
            tips.extend(ObjectId::from_hex(head.commit.as_bytes()));
        }
        match commits {
            Commits::OfHead => {}
            Commits::OfAllRefs => all_refs(git, &mut tips, &mut gaps)?,
            Commits::Of(revisions) => {
                for revision in *revisions {
                    tips.push(self.commit(git, revision)?);
                }
            }
            Commits::Between { base, head } => {
                hidden.push(self.commit(git, base)?);
                tips.push(self.commit(git, head)?);
            }
        }
        let shallow: Vec<ObjectId> = git
            .shallow_commits()
            .map_err(|e| RepoError::Object {
                what: "the list of commits where a shallow clone ends".to_owned(),
                reason: reason(&e),
            })?
            .map(|commits| commits.iter().copied().collect())
            .unwrap_or_default();
        let mut line = commits::walk(objects, &tips, &hidden, &shallow)?;
        line.gaps.extend(gaps);
        Ok(line)
    }
}

fn all_refs(
    git: &gix::Repository,
    tips: &mut Vec<ObjectId>,
    gaps: &mut Vec<Gap>,
) -> Result<(), RepoError> {
    let damaged = |e: gix::Error| RepoError::Object {
        what: "the references".to_owned(),
        reason: reason(&e),
    };
    let references = git.references().map_err(damaged)?;
    for reference in references.all().map_err(damaged)? {
        let reference = reference.map_err(damaged)?;
        // A symbolic one names another of them.
        let Some(id) = reference.try_id() else {
            continue;
        };
        let found = git.try_find_object(id.detach()).map_err(damaged)?;
        match found.map(gix::Object::peel_tags_to_end).transpose() {
            Ok(Some(object)) if object.kind == gix::objs::Kind::Commit => tips.push(object.id),
            Ok(Some(_)) => gaps.push(Gap::NoCommit {
                reference: reference.name().as_bstr().to_string(),
            }),
            Ok(None) => gaps.push(Gap::MissingCommit {
                commit: id.to_string(),
            }),
            Err(e) => return Err(damaged(e)),
        }
    }
    Ok(())
}
