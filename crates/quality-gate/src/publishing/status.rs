//! One commit status per environment.

use super::desk::{Desk, Trouble};
use gate_github::api::{CommitStatus, MAX_STATUS_CONTEXT, MAX_STATUS_DESCRIPTION, StatusState};
use gate_runner::voice;
use gate_verdict::Decision;

pub(super) fn status(desk: &Desk<'_>) -> Result<(), Trouble> {
    let commit = commit(desk)?;
    let status = CommitStatus {
        state: match desk.document.decision {
            Decision::Allow | Decision::AllowWithOverride => StatusState::Success,
            Decision::RequireApproval => StatusState::Pending,
            Decision::Block => StatusState::Failure,
        },
        context: voice::plain(&format!("gatewright/{}", label(desk)), MAX_STATUS_CONTEXT),
        description: voice::headline(desk.document, desk.verdicts, MAX_STATUS_DESCRIPTION),
        target_url: desk.run_url().map(str::to_owned),
    };
    desk.client
        .set_status(desk.owner, desk.repo, commit, &status)?;
    Ok(())
}

/// What the decision is about, as people call it.
pub(super) fn label(desk: &Desk<'_>) -> String {
    let environment = desk.document.environment.as_deref().unwrap_or("default");
    match &desk.session.flags.gate {
        Some(gate) => format!("{environment}/{gate}"),
        None => environment.to_owned(),
    }
}

pub(super) fn commit<'a>(desk: &'a Desk<'_>) -> Result<&'a str, Trouble> {
    desk.place.commit.as_deref().ok_or_else(|| {
        Trouble::new("there is no commit to show it at; run it in a checkout of the repository")
    })
}
