//! Which revision a change is compared with (contract, section 8):
//! `--base`, then the event's base, then the push's `before`, then the merge
//! base with the default branch, which is a guess.

use crate::judgement::Missing;
use gate_github::runner::{Actions, Event, EventKind};
use gate_repo::Repo;
use gate_verdict::Code;

/// The base of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    Known {
        /// What the work tree is compared with: a full commit id.
        commit: String,
        /// Where policy, baselines and overrides are read from, where the base
        /// is explicit; `None` where it is only good enough to compare with.
        governs: Option<String>,
        how: How,
    },
    /// There is none by nature: the first commit, the push that makes the default branch, or a tag. `begins`: everything that leads to
    /// the head is new with it.
    None { reason: String, begins: bool },
    /// There should be one and it cannot be read. `explicit`: it was named by
    /// a flag or the event, so it would also have governed the policy;
    /// `revision` is that name, for asking GitHub instead.
    Unreadable {
        reason: String,
        explicit: bool,
        revision: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Flag,
    PullRequest,
    MergeGroup,
    Push,
    /// The merge base with the default branch.
    Guessed,
}

impl Base {
    pub fn commit(&self) -> Option<&str> {
        match self {
            Self::Known { commit, .. } => Some(commit),
            Self::None { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// The revision whose policy governs, where the base is explicit.
    pub fn governs(&self) -> Option<&str> {
        match self {
            Self::Known { governs, .. } => governs.as_deref(),
            Self::None { .. } | Self::Unreadable { .. } => None,
        }
    }

    /// Whether a base was named that decides what is accepted, be it readable
    /// or not: what the change itself says of that does not count then.
    pub fn should_govern(&self) -> bool {
        matches!(
            self,
            Self::Known {
                governs: Some(_),
                ..
            } | Self::Unreadable { explicit: true, .. }
        )
    }

    /// Why criteria on change have nothing to compare with; `None` where they have.
    pub fn gap(&self) -> Option<Missing> {
        match self {
            Self::Known { .. } => None,
            Self::None { reason, .. } => Some(Missing::new(
                Code::NoBase,
                format!("skipped: {reason}"),
                "nothing to do; on a change it compares with the base",
            )),
            Self::Unreadable { reason, .. } => Some(Missing::new(
                Code::BaseUnreadable,
                reason.clone(),
                "check out with enough history (actions/checkout with fetch-depth: 0), or name the base with --base",
            )),
        }
    }
}

/// Finds the base. `flag` is `--base`; `event` is the runner's, or why its
/// payload cannot be used.
pub(crate) fn find(
    repo: &Repo,
    flag: Option<&str>,
    actions: Option<(&Actions, &Result<Event, String>)>,
) -> Base {
    let Some(head) = repo.head() else {
        return match flag {
            Some(rev) => unreadable(
                format!("--base {rev}: the repository has no commits yet"),
                None,
            ),
            None => Base::None {
                reason: String::from("the repository has no commits yet"),
                begins: false,
            },
        };
    };
    if let Some(rev) = flag {
        return explicit(repo, &head.commit, rev, How::Flag);
    }
    if let Some((actions, event)) = actions {
        let event = match event {
            Ok(event) => event,
            Err(reason) => return unreadable(reason.clone(), None),
        };
        match &event.kind {
            EventKind::PullRequest {
                base_sha, head_sha, ..
            } => return pull_request(repo, head, base_sha, head_sha),
            EventKind::MergeGroup { base_sha, .. } => {
                return explicit(repo, &head.commit, base_sha, How::MergeGroup);
            }
            EventKind::Push {
                before: Some(before),
                forced,
                ..
            } => {
                return match repo.rev(before) {
                    Ok(revision) => Base::Known {
                        commit: revision.commit,
                        governs: None,
                        how: How::Push,
                    },
                    Err(error) => Base::Unreadable {
                        reason: format!("the push's `before` {before} cannot be read: {error}"),
                        explicit: false,
                        // GitHub compares from where histories part, which is not here where one was replaced.
                        revision: (!forced).then(|| before.clone()),
                    },
                };
            }
            EventKind::Push { before: None, .. } | EventKind::Other { .. } => {}
        }
        if actions
            .ref_name
            .as_deref()
            .is_some_and(|name| name.starts_with("refs/tags/"))
        {
            return Base::None {
                reason: String::from("a tag has no base"),
                begins: false,
            };
        }
        if matches!(event.kind, EventKind::Push { before: None, .. })
            && let (Some(name), Some(default)) = (&actions.ref_name, &event.default_branch)
            && name.strip_prefix("refs/heads/") == Some(default)
        {
            return Base::None {
                reason: format!("the push makes the default branch `{default}`"),
                begins: true,
            };
        }
    }
    let default = actions
        .and_then(|(_, event)| event.as_ref().ok()?.default_branch.clone())
        .or_else(|| repo.default_branch());
    guess(repo, &head.commit, head.parents.is_empty(), default)
}

fn unreadable(reason: String, revision: Option<&str>) -> Base {
    Base::Unreadable {
        reason,
        explicit: true,
        revision: revision.map(str::to_owned),
    }
}

/// On `pull_request` the checkout usually is GitHub's test merge of the base's
/// tip and the head: the difference to its first parent is exactly what the
/// change does. Any other merge commit is the change's own work.
fn pull_request(repo: &Repo, head: &gate_repo::Head, base_sha: &str, head_sha: &str) -> Base {
    if let [first, second] = head.parents.as_slice()
        && second == head_sha
    {
        return match repo.rev(first) {
            Ok(revision) => Base::Known {
                governs: Some(revision.commit.clone()),
                commit: revision.commit,
                how: How::PullRequest,
            },
            Err(error) => {
                let reason = format!(
                    "the first parent {first} of the checked-out merge commit cannot be read: {error}"
                );
                unreadable(reason, Some(first))
            }
        };
    }
    explicit(repo, &head.commit, base_sha, How::PullRequest)
}

fn explicit(repo: &Repo, head: &str, rev: &str, how: How) -> Base {
    let revision = match repo.rev(rev) {
        Ok(revision) => revision,
        Err(error) => {
            return unreadable(
                format!("the base `{rev}` cannot be read: {error}"),
                Some(rev),
            );
        }
    };
    match repo.merge_base(&revision.commit, head) {
        Ok(Some(commit)) => Base::Known {
            commit,
            governs: Some(revision.commit),
            how,
        },
        Ok(None) => {
            let reason =
                format!("the base `{rev}` and HEAD have no common ancestor in this checkout");
            unreadable(reason, Some(&revision.commit))
        }
        Err(error) => {
            let reason = format!("no merge base of `{rev}` and HEAD can be found: {error}");
            unreadable(reason, Some(&revision.commit))
        }
    }
}

/// The merge base with the default branch: good enough to compare with, not
/// to govern.
fn guess(repo: &Repo, head: &str, first_commit: bool, default: Option<String>) -> Base {
    if first_commit && !repo.shallow() {
        return Base::None {
            reason: String::from("the first commit has no base"),
            begins: true,
        };
    }
    let guessed = |reason: String| Base::Unreadable {
        reason,
        explicit: false,
        revision: None,
    };
    let Some(default) = default else {
        if repo.shallow() || repo.remote_url().is_some() {
            return guessed(String::from(
                "the default branch is not known in this checkout",
            ));
        }
        return Base::None {
            reason: String::from("no default branch is known to compare with"),
            begins: true,
        };
    };
    for name in [
        format!("refs/remotes/origin/{default}"),
        format!("refs/heads/{default}"),
    ] {
        let Ok(revision) = repo.rev(&name) else {
            continue;
        };
        return match repo.merge_base(&revision.commit, head) {
            Ok(Some(commit)) => Base::Known {
                commit,
                governs: None,
                how: How::Guessed,
            },
            Ok(None) => guessed(format!(
                "HEAD and `{name}` have no common ancestor in this checkout"
            )),
            Err(error) => guessed(format!(
                "no merge base of HEAD and `{name}` can be found: {error}"
            )),
        };
    }
    guessed(format!(
        "the default branch `{default}` is not in this checkout"
    ))
}
