//! Where a run stands: which commit and pull request it speaks of, and whether
//! it may speak at all.

use gate_github::runner::{Actions, Event, EventKind};
use gate_runner::Session;
use gate_verdict::DecisionDoc;

#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// The commit that people see: on pull requests the head, not the test merge.
    pub(super) commit: Option<String>,
    pub(super) pull: Option<u64>,
    /// The run's number and attempt.
    pub(super) run: Option<(u64, u64)>,
    pub(super) run_url: Option<String>,
    /// The token can only read, and there are no secrets.
    pub(super) read_only: bool,
    /// What fails here fails for everybody: the default branch, or a push for an environment by name.
    pub(super) lasting: bool,
}

/// Events whose reference is what was judged.
const OF_A_BRANCH: [&str; 4] = [
    "push",
    "schedule",
    "workflow_dispatch",
    "repository_dispatch",
];

impl Place {
    pub(super) fn of(session: &Session, document: &DecisionDoc) -> Self {
        let Some((actions, event)) = session.actions() else {
            return Self::default();
        };
        let event = event.as_ref().ok();
        let judged = document.subject.commit.clone();
        let here = judged.or_else(|| actions.sha.clone());
        let kind = event.map(|event| &event.kind);
        let (commit, pull, fork) = match kind {
            Some(EventKind::PullRequest {
                number,
                head_sha,
                fork,
                ..
            }) => (Some(head_sha.clone()), Some(*number), *fork),
            Some(EventKind::MergeGroup { head_sha, .. }) => (Some(head_sha.clone()), None, false),
            _ => (here, None, false),
        };
        Self {
            commit,
            pull,
            run: actions
                .run_id
                .map(|run| (run, actions.run_attempt.unwrap_or(1))),
            run_url: actions.run_url.clone(),
            // The token of `pull_request_target` is the base's own.
            read_only: fork && actions.event_name != "pull_request_target",
            lasting: lasting(session, actions, event),
        }
    }

    /// Why nothing is published at all.
    pub(super) fn barred(&self, session: &Session) -> Option<&'static str> {
        if session.flags.offline {
            return Some("--offline forbids contacting any host");
        }
        self.read_only.then_some(
            "this is a pull request from a fork, whose token can only read and whose run has no secrets; its comment \
             is kept as comment.md in the out folder, and a `workflow_run` workflow can publish it (docs/guide/publishing.md)",
        )
    }
}

fn lasting(session: &Session, actions: &Actions, event: Option<&Event>) -> bool {
    if !OF_A_BRANCH.contains(&actions.event_name.as_str()) {
        return false;
    }
    let default = event
        .and_then(|event| event.default_branch.as_deref())
        .map(|name| format!("refs/heads/{name}"));
    let is_default = default.is_some() && actions.ref_name == default;
    is_default || (actions.event_name == "push" && session.flags.environment.is_some())
}
