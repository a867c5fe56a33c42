//! One issue per environment while the default branch is blocked.
//!
//! The open issue is the memory: where there is none and the decision blocks,
//! one is opened; where its reasons change, it is told; where the decision
//! allows again, it is closed. One that was closed is never opened again.

use super::Before;
use super::desk::{Desk, Trouble, may_have_arrived};
use super::marker::{Marker, ROOM};
use gate_github::api::{ApiError, CloseReason, Issue, MAX_COMMENT, MAX_ISSUE_TITLE};
use gate_runner::voice;
use gate_verdict::Decision;
use std::collections::BTreeSet;
use std::time::Duration;

/// What our issues are listed by.
const LABEL: &str = "gatewright";
/// Pages of 100 open issues with the label.
const MAX_PAGES: usize = 10;
const MAX_ROUNDS: usize = 4;

/// Opens, updates or closes the issue; says what was decided when it was last written.
pub(super) fn issue(desk: &Desk<'_>, before: Before) -> Result<Option<Before>, Trouble> {
    if !desk.place.lasting {
        return Ok(None);
    }
    let marker = desk.marker(&reasons(desk));
    let body = format!(
        "{}\n{}",
        marker.line(),
        desk.text(MAX_COMMENT - ROOM, desk.run_url())
    );
    let mut opened = None;
    let mut doubt = None;
    for _ in 0..MAX_ROUNDS {
        let mut found = ours(desk)?.into_iter();
        let Some((first, theirs)) = found.next() else {
            // Somebody closed it while it was blocked: the edge was told.
            let told = before == Before::Was(Decision::Block);
            if desk.document.decision != Decision::Block || told {
                return Ok(Some(Before::First));
            }
            doubt = open(desk, &body)?.or(doubt);
            opened = Some(Before::First);
            continue;
        };
        for (second, _) in found {
            close(desk, second.number, CloseReason::NotPlanned)?;
        }
        let was = Some(Before::Was(Decision::Block));
        if opened.is_none() && !theirs.is_later_than(&marker) {
            follow(desk, &first, &theirs, &marker, &body)?;
        }
        return Ok(opened.or(was));
    }
    Err(doubt.map_or_else(
        || {
            Trouble::new(
                "the issue was opened and is not among the open ones; next step: look for it by hand",
            )
        },
        Trouble::from,
    ))
}

/// What happens to the issue that is open.
fn follow(
    desk: &Desk<'_>,
    issue: &Issue,
    theirs: &Marker,
    marker: &Marker,
    body: &str,
) -> Result<(), Trouble> {
    let (client, owner, repo) = (&desk.client, desk.owner, desk.repo);
    let text = match desk.document.decision {
        Decision::Allow | Decision::AllowWithOverride => {
            close(desk, issue.number, CloseReason::Completed)?;
            voice::recovery_markdown(desk.document, desk.run_url())
        }
        Decision::Block if theirs.digest != marker.digest => {
            // The marker first: a comment that fails is said, one that is made twice is noise.
            client.update_issue(owner, repo, issue.number, body)?;
            format!(
                "The reasons have changed.\n\n{}",
                desk.text(MAX_COMMENT - ROOM, desk.run_url())
            )
        }
        Decision::Block | Decision::RequireApproval => return Ok(()),
    };
    client.comment_issue(owner, repo, issue.number, &text)?;
    Ok(())
}

/// Gives what leaves it open whether there is an issue now.
fn open(desk: &Desk<'_>, body: &str) -> Result<Option<ApiError>, Trouble> {
    let title = voice::issue_title(desk.document, MAX_ISSUE_TITLE);
    let made = desk
        .client
        .create_issue(desk.owner, desk.repo, (&title, body), LABEL);
    let made = match made {
        Ok(made) => made,
        Err(error) if may_have_arrived(&error) => {
            desk.client.wait(Duration::from_secs(1));
            return Ok(Some(error));
        }
        Err(error) => return Err(error.into()),
    };
    if made.labels.iter().any(|label| label == LABEL) {
        return Ok(None);
    }
    // Without its label it would be opened again by every run.
    let labelled = desk
        .client
        .label_issue(desk.owner, desk.repo, made.number, LABEL);
    labelled.map(|()| None).map_err(|error| {
        let closed = close(desk, made.number, CloseReason::NotPlanned);
        let end = if closed.is_ok() {
            "it was closed again"
        } else {
            "close it by hand"
        };
        Trouble::new(format!(
            "issue #{} cannot be found again without its label `{LABEL}`, so {end}; {error}",
            made.number
        ))
    })
}

fn close(desk: &Desk<'_>, number: u64, reason: CloseReason) -> Result<(), Trouble> {
    desk.client
        .close_issue(desk.owner, desk.repo, number, reason)?;
    Ok(())
}

fn ours(desk: &Desk<'_>) -> Result<Vec<(Issue, Marker)>, Trouble> {
    let found = desk
        .client
        .open_issues(desk.owner, desk.repo, LABEL, MAX_PAGES)?
        .ok_or_else(|| {
            Trouble::new(format!(
                "more than {} open issues have the label `{LABEL}`, and whether ours is among them is not known",
                MAX_PAGES * 100
            ))
        })?;
    Ok(found
        .into_iter()
        .filter_map(|issue| {
            let marker = Marker::read(&issue.body, &desk.slot)?;
            desk.is_own(&issue.author).then_some((issue, marker))
        })
        .collect())
}

/// Why, without what changes from run to run: a figure that moves is no news.
fn reasons(desk: &Desk<'_>) -> String {
    let reasons: BTreeSet<String> = desk
        .document
        .reasons
        .iter()
        .map(|reason| {
            format!(
                "{} {} {}",
                reason.gate,
                reason.criterion.as_deref().unwrap_or("-"),
                reason.code.as_str()
            )
        })
        .collect();
    reasons.into_iter().collect::<Vec<_>>().join("\n")
}
