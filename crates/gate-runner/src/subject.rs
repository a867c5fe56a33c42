//! What is judged: repository, commit, tree, ref, base, and whether the work
//! tree differs from the commit.

use crate::base::Base;
use gate_github::runner::Actions;
use gate_repo::Repo;
use gate_verdict::Subject;

pub(crate) fn of(
    repo: Option<&Repo>,
    base: &Base,
    actions: Option<&Actions>,
    dirty: bool,
) -> Subject {
    let head = repo.and_then(Repo::head);
    let branch = head.and_then(|head| head.branch.clone());
    Subject {
        repository: actions
            .and_then(|actions| actions.repository.clone())
            .or_else(|| repo.and_then(Repo::remote_url).as_deref().and_then(slug)),
        commit: head.map(|head| head.commit.clone()),
        tree: head.map(|head| head.tree.clone()),
        git_ref: actions
            .and_then(|actions| actions.ref_name.clone())
            .or_else(|| branch.map(|branch| format!("refs/heads/{branch}"))),
        base: base.commit().map(str::to_owned),
        dirty,
        artifacts: Vec::new(),
    }
}

/// `owner/name` from a remote URL: the last two parts of its path.
fn slug(url: &str) -> Option<String> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        // scp form: host:owner/name
        None => url.split_once(':')?.1,
    };
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (rest, name) = path.rsplit_once('/')?;
    let owner = rest.rsplit('/').next()?;
    (!owner.is_empty() && !name.is_empty()).then(|| format!("{owner}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_come_from_every_form_of_remote() {
        for url in [
            "https://github.com/octo/gate.git",
            "https://github.com/octo/gate/",
            "git@github.com:octo/gate.git",
            "ssh://git@ghe.example:2222/octo/gate",
        ] {
            assert_eq!(slug(url).as_deref(), Some("octo/gate"), "{url}");
        }
        for url in ["/srv/git/gate", "file:///gate", "gate"] {
            assert_eq!(slug(url), None, "{url}");
        }
    }
}
