//! What every verb needs before it judges: the repository, the base, the
//! policy in force and the environment.

use crate::base::{self, Base};
use crate::inputs::Place;
use crate::judgement::Missing;
use crate::policy_files::{self, InForce, PolicyFailure};
use crate::session::{Failure, Session};
use crate::subject;
use gate_github::runner::EventKind;
use gate_policy::{Check, Checkout, Selected};
use gate_repo::{FileChange, Repo};
use gate_verdict::{Code, Subject};
use std::cell::OnceCell;

/// The ground a run stands on.
#[derive(Debug)]
pub struct Prepared {
    /// Why there is no repository, where there is none.
    pub repo: Result<Repo, String>,
    pub base: Base,
    pub in_force: InForce,
    changes: OnceCell<Result<Vec<FileChange>, Missing>>,
    pub(crate) compared: OnceCell<Result<Vec<FileChange>, Missing>>,
}

impl Prepared {
    pub fn open(session: &Session, check: Check<'_>) -> Result<Self, Failure> {
        let repo = gate_repo::open(&session.root).map_err(|error| error.to_string());
        if let Ok(repo) = &repo
            && let Ok(below) = session.out.strip_prefix(&session.root)
            && repo.directory_exists(&below.to_string_lossy().replace('\\', "/"))
        {
            return Err(Failure::Flags(format!(
                "--out {}: tracked files lie there and would be overwritten; name a folder of its own",
                session.out.display()
            )));
        }
        let base = match &repo {
            Ok(repo) => base::find(repo, session.flags.base.as_deref(), session.actions()),
            Err(_) => Base::None {
                reason: String::from("there is no repository"),
                begins: false,
            },
        };
        let catalogue = crate::catalogue::catalogue();
        // GitHub names files from the top of the repository.
        let prefix = repo.as_ref().map(Repo::prefix).unwrap_or_default();
        let in_force = policy_files::load(
            &session.root,
            &session.flags.config,
            catalogue,
            check,
            repo.as_ref().ok(),
            &base,
            &|revision, path| session.file_at(revision, &format!("{prefix}{path}")),
        )?;
        Ok(Self {
            repo,
            base,
            in_force,
            changes: OnceCell::new(),
            compared: OnceCell::new(),
        })
    }

    /// What the work tree changes against the base, computed once.
    pub fn changes(&self) -> Result<&[FileChange], Missing> {
        let changes = self.changes.get_or_init(|| {
            let unreadable = |reason, next| Missing::new(Code::BaseUnreadable, reason, next);
            let Some(commit) = self.base.commit() else {
                return Err(self.base.gap().unwrap_or_else(|| {
                    let reason = String::from("there is no base to compare with");
                    unreadable(reason, "give one with --base")
                }));
            };
            let history = "check out with enough history (fetch-depth: 0)";
            let repo = self.repo.as_ref();
            let repo = repo.map_err(|reason| unreadable(reason.clone(), history))?;
            repo.diff(commit).map_err(|error| {
                let reason = format!("the change against {commit} cannot be read: {error}");
                unreadable(reason, history)
            })
        });
        changes.as_deref().map_err(Clone::clone)
    }

    /// The environment in force (contract, section 7).
    pub fn select(&self, session: &Session) -> Result<Selected<'_>, Failure> {
        let (git_ref, default) = (self.git_ref(session), self.default_branch(session));
        let checkout = checkout(git_ref.as_deref(), default.as_deref());
        self.in_force
            .policy
            .select(session.flags.environment.as_deref(), checkout)
            .map_err(|error| Failure::Flags(error.to_string()))
    }

    /// What is judged. `dirty`: whether the work tree differs from the commit.
    pub fn subject(&self, session: &Session, dirty: bool) -> Subject {
        let actions = session.actions().map(|(actions, _)| actions);
        subject::of(self.repo.as_ref().ok(), &self.base, actions, dirty)
    }

    /// Where the repository is hosted.
    pub fn place(&self, session: &Session) -> Place {
        Place {
            server: session.actions().map_or_else(
                || String::from("https://github.com"),
                |(actions, _)| actions.server_url.trim_end_matches('/').to_owned(),
            ),
            default_branch: self.default_branch(session),
        }
    }

    /// Whether tracked files differ from the commit, without reading more of
    /// them than their stat leaves open.
    pub fn dirty(&self) -> bool {
        let Ok(repo) = &self.repo else { return false };
        let scan = repo.scan(&|_| false, &|_, _| (), 0);
        scan.is_ok_and(|scan| !scan.dirty.is_empty()) || !repo.index_matches_head()
    }

    /// The ref that the run is for: the runner's, else the branch of the head.
    pub fn git_ref(&self, session: &Session) -> Option<String> {
        let told = session
            .actions()
            .and_then(|(actions, _)| actions.ref_name.clone());
        told.or_else(|| {
            let head = self.repo.as_ref().ok().and_then(Repo::head)?;
            Some(format!("refs/heads/{}", head.branch.as_deref()?))
        })
    }

    /// The branch that is pushed to, or that a change goes into.
    pub fn branch(&self, session: &Session) -> Option<String> {
        match session.event_kind() {
            Some(EventKind::PullRequest { base_ref, .. }) => Some(base_ref.clone()),
            // The queue's own branch says nothing of where the change goes.
            Some(EventKind::MergeGroup { base_ref, .. }) => base_ref.clone(),
            _ => {
                let git_ref = self.git_ref(session)?;
                git_ref.strip_prefix("refs/heads/").map(str::to_owned)
            }
        }
    }

    /// The default branch, from the event, else from the checkout.
    pub fn default_branch(&self, session: &Session) -> Option<String> {
        let event = session
            .actions()
            .and_then(|(_, event)| event.as_ref().ok()?.default_branch.clone());
        event.or_else(|| self.repo.as_ref().ok().and_then(Repo::default_branch))
    }
}

/// What of a ref decides the environment's name.
fn checkout<'a>(git_ref: Option<&'a str>, default: Option<&str>) -> Checkout<'a> {
    let branch = git_ref.and_then(|name| name.strip_prefix("refs/heads/"));
    Checkout {
        branch,
        tag: git_ref.and_then(|name| name.strip_prefix("refs/tags/")),
        default_branch: branch.is_some() && branch == default,
    }
}

/// The environment's name; `None` where the policy has none in force.
pub fn environment(selected: &Selected<'_>) -> Option<String> {
    match selected {
        Selected::Named(environment) => Some(environment.name.clone()),
        Selected::Everything { .. } => None,
    }
}

impl From<PolicyFailure> for Failure {
    fn from(failure: PolicyFailure) -> Self {
        Self::Policy(failure.to_string())
    }
}
