//! Files that the change under judgement cannot have written: from the base
//! that governs, else from the tip of the default branch.

use crate::base::Base;
use crate::prepare::Prepared;
use crate::session::Session;
use gate_repo::Repo;

impl Prepared {
    /// A file and the revision it was read from; `None`: there is no such file.
    /// `ask`: by the contents API where the checkout does not hold the revision.
    ///
    /// # Errors
    /// Why nobody can tell, in words.
    pub fn trusted_file(
        &self,
        session: &Session,
        path: &str,
        ask: bool,
    ) -> Result<Option<(Vec<u8>, String)>, String> {
        let repo = self.repo.as_ref().map_err(Clone::clone)?;
        let local = |revision: &str| {
            repo.blob_at(revision, path)
                .map(|found| found.map(|bytes| (bytes, revision.to_owned())))
                .map_err(|error| error.to_string())
        };
        let remote = |revision: &str, otherwise: &str| {
            if !ask {
                return Err(otherwise.to_owned());
            }
            let path = format!("{}{path}", repo.prefix());
            let found = session.file_at(revision, &path).map_err(|why| {
                if why.is_empty() {
                    otherwise.to_owned()
                } else {
                    format!("{otherwise}; {why}")
                }
            })?;
            Ok(found.map(|bytes| (bytes, revision.to_owned())))
        };
        match &self.base {
            Base::Known {
                governs: Some(revision),
                ..
            } => local(revision),
            Base::Unreadable {
                explicit: true,
                revision,
                reason,
            } => match revision {
                Some(revision) => remote(revision, reason),
                None => Err(reason.clone()),
            },
            Base::Known { .. } | Base::None { .. } | Base::Unreadable { .. } => {
                let Some(default) = self.default_branch(session) else {
                    return Err(String::from("the default branch is not known"));
                };
                match tip(repo, &default) {
                    Some(revision) => local(&revision),
                    None => remote(
                        &default,
                        &format!("the default branch `{default}` is not in this checkout"),
                    ),
                }
            }
        }
    }
}

/// The commit that a branch is at: as the remote had it last, else here.
fn tip(repo: &Repo, branch: &str) -> Option<String> {
    let names = ["refs/remotes/origin", "refs/heads"];
    names.into_iter().find_map(|place| {
        let revision = repo.rev(&format!("{place}/{branch}")).ok()?;
        Some(revision.commit)
    })
}
