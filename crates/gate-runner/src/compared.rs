//! The lines of the change where the checkout is too shallow to hold the base:
//! as GitHub compares the two commits.

use crate::base::Base;
use crate::judgement::Missing;
use crate::prepare::Prepared;
use crate::session::Session;
use gate_github::is_commit;
use gate_repo::{FileChange, Repo, read_unified};
use gate_verdict::Code;

impl Prepared {
    /// Which files and lines the change touches: [`Prepared::changes`], or what GitHub says of it where the base is not in
    /// this checkout. What the base held is not known then. Asked once.
    pub fn changed_lines(&self, session: &Session) -> Result<&[FileChange], Missing> {
        let own = match self.changes() {
            Err(missing) => missing,
            changes => return changes,
        };
        let (Base::Unreadable { revision, .. }, Ok(repo)) = (&self.base, &self.repo) else {
            return Err(own);
        };
        // A branch's name may mean something else there than here.
        let Some(base) = revision.as_deref().filter(|name| is_commit(name)) else {
            return Err(own);
        };
        let compared = self
            .compared
            .get_or_init(|| compare(session, repo, base).map_err(|why| and(own, &why)));
        compared.as_deref().map_err(Clone::clone)
    }
}

fn compare(session: &Session, repo: &Repo, base: &str) -> Result<Vec<FileChange>, String> {
    if session.actions().is_none() {
        return Err(String::new());
    }
    let head = repo.head().ok_or("the repository has no commits yet")?;
    let github = session.github("contents: read")?;
    let diff = github
        .client
        .diff(&github.owner, &github.name, base, &head.commit)
        .map_err(|error| format!("GitHub was asked for the change: {}", error.explanation()))?;
    let changes = read_unified(&diff, &repo.prefix()).map_err(|error| {
        format!("GitHub was asked for the change, and said something else: {error}")
    })?;
    // GitHub knows the commit, and reports were made from the work tree.
    let scan = repo.scan(&|_| false, &|_, _| (), 0);
    let dirty = scan.map_err(|error| error.to_string())?.dirty;
    match changes.iter().find(|change| dirty.contains(&change.path)) {
        Some(change) => Err(format!(
            "GitHub was asked for the change, but {} is another file here than in the commit",
            change.path
        )),
        None => Ok(changes),
    }
}

fn and(missing: Missing, why: &str) -> Missing {
    if why.is_empty() {
        return missing;
    }
    Missing::new(
        Code::BaseUnreadable,
        format!("{why}; {}", missing.reason),
        missing.next_step,
    )
}
