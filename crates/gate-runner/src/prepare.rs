//! What every verb needs before it judges: the repository, the base, the
//! policy in force and the environment.

use crate::base::{self, Base};
use crate::inputs::Place;
use crate::policy_files::{self, InForce, PolicyFailure};
use crate::session::{Failure, Session};
use crate::subject;
use gate_policy::{Check, Checkout, Selected};
use gate_repo::Repo;
use gate_verdict::Subject;

/// The ground a run stands on.
#[derive(Debug)]
pub struct Prepared {
    /// Why there is no repository, where there is none.
    pub repo: Result<Repo, String>,
    pub base: Base,
    pub in_force: InForce,
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
        })
    }

    /// The environment in force (contract, section 7).
    pub fn select(&self, session: &Session) -> Result<Selected<'_>, Failure> {
        self.in_force
            .policy
            .select(session.flags.environment.as_deref(), self.checkout(session))
            .map_err(|error| Failure::Flags(error.to_string()))
    }

    /// What is judged. `dirty`: whether the work tree differs from the commit.
    pub fn subject(&self, session: &Session, dirty: bool) -> Subject {
        let actions = session.actions().map(|(actions, _)| actions);
        subject::of(self.repo.as_ref().ok(), &self.base, actions, dirty)
    }

    /// Where the repository is hosted.
    pub fn place(&self, session: &Session) -> Place {
        let event = session
            .actions()
            .and_then(|(_, event)| event.as_ref().ok()?.default_branch.clone());
        let repo = self.repo.as_ref().ok();
        Place {
            server: session.actions().map_or_else(
                || String::from("https://github.com"),
                |(actions, _)| actions.server_url.trim_end_matches('/').to_owned(),
            ),
            default_branch: event.or_else(|| repo.and_then(Repo::default_branch)),
        }
    }

    /// Whether tracked files differ from the commit, without reading more of
    /// them than their stat leaves open.
    pub fn dirty(&self) -> bool {
        let Ok(repo) = &self.repo else { return false };
        let scan = repo.scan(&|_| false, &|_, _| (), 0);
        scan.is_ok_and(|scan| !scan.dirty.is_empty()) || !repo.index_matches_head()
    }

    /// What of the checkout decides the environment's name.
    fn checkout(&self, session: &Session) -> Checkout {
        let repo = self.repo.as_ref().ok();
        let git_ref = session
            .actions()
            .and_then(|(actions, _)| actions.ref_name.as_deref());
        let branch = match git_ref {
            Some(name) if name.starts_with("refs/tags/") => {
                return Checkout {
                    default_branch: false,
                    tag: true,
                    detached: false,
                };
            }
            Some(name) => name.strip_prefix("refs/heads/").map(str::to_owned),
            None => repo
                .and_then(Repo::head)
                .and_then(|head| head.branch.clone()),
        };
        let default = session
            .actions()
            .and_then(|(_, event)| event.as_ref().ok()?.default_branch.clone())
            .or_else(|| repo.and_then(Repo::default_branch));
        Checkout {
            default_branch: branch.is_some() && branch == default,
            tag: false,
            detached: branch.is_none(),
        }
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
