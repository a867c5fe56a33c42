//! The second stage for forks: a `workflow_run` workflow makes the comment that
//! the fork's own run may not make.
//!
//! Only GitHub's event says for which commit, and only its API for which pull
//! request. What the artifact says is a stranger's word: it is read as
//! documents, rendered anew with every escape, and shown as what it is. It
//! becomes a comment and never a check run or a status, which others wait for.

#![allow(
    clippy::disallowed_methods,
    reason = "reading what the first stage left is what this module is for"
)]

use super::desk::Desk;
use super::place::Place;
use super::{Channel, PublishFlags, comment};
use crate::fold::Folded;
use crate::load::load;
use gate_github::runner::WorkflowRun;
use gate_runner::{Failure, Session, publish as told};
use gate_verdict::{DecisionDoc, digest_of};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// A decision names gates and reasons and holds no finding.
const MAX_DECISION: u64 = 16 * 1024 * 1024;

const PREFACE: &str =
    "> Told by this pull request's own run. It comes from a fork, and nobody has checked it.\n\n";

/// Publishes what another run left in `from`. The exit code is 0 unless there is nothing to publish from.
pub(crate) fn publish_from(
    session: &Session,
    flags: &PublishFlags,
    from: &Path,
) -> Result<u8, Failure> {
    let run = run(session)?;
    let folded = read(session, from)?;
    let mut unpublished = Vec::new();
    let others: Vec<Channel> = flags
        .publish
        .iter()
        .copied()
        .filter(|channel| *channel != Channel::Comment)
        .collect();
    if !others.is_empty() {
        unpublished.push(format!(
            "{} not published: what a fork says of itself becomes a comment and nothing else",
            super::names(&others)
        ));
    }
    if flags.publish.contains(&Channel::Comment) || flags.publish.is_empty() {
        unpublished.extend(say(session, run, &folded).err());
    }
    told::unpublished(session, &unpublished);
    Ok(0)
}

/// The run that the event names.
fn run(session: &Session) -> Result<&WorkflowRun, Failure> {
    let event = session.actions().and_then(|(_, event)| event.as_ref().ok());
    let run = event.and_then(|event| event.workflow_run.as_ref());
    run.filter(|run| run.event.starts_with("pull_request"))
        .ok_or_else(|| {
            Failure::Flags(String::from(
                "--publish-from: expected the event `workflow_run` of a pull request's run, which alone says whose commit it was",
            ))
        })
}

fn say(session: &Session, run: &WorkflowRun, folded: &Folded) -> Result<(), String> {
    let mut place = Place {
        commit: Some(run.head_sha.clone()),
        run: run.id.map(|id| (id, run.attempt.unwrap_or(1))),
        run_url: run_url(session, run),
        ..Place::default()
    };
    if let Some(why) = place.barred(session) {
        return Err(format!("comment not published: {why}"));
    }
    let number = if let Some(number) = run.pulls.first() {
        Some(*number)
    } else {
        let desk = Desk::open(session, folded, &place)?;
        desk.client
            .pull_of_run(desk.owner, desk.repo, run)
            .map_err(|error| format!("comment: {error}"))?
    };
    place.pull = Some(number.ok_or_else(|| {
        format!(
            "comment not published: {} is the head of no open pull request any more; a newer commit's own run publishes",
            run.head_sha
        )
    })?);
    let desk = Desk {
        preface: PREFACE,
        ..Desk::open(session, folded, &place)?
    };
    comment::comment(&desk)
        .map(drop)
        .map_err(|trouble| format!("comment: {}", trouble.text))
}

fn run_url(session: &Session, run: &WorkflowRun) -> Option<String> {
    let (actions, _) = session.actions()?;
    let repository = actions.repository.as_deref()?;
    Some(format!(
        "{}/{repository}/actions/runs/{}",
        actions.server_url, run.id?
    ))
}

/// The decision and the verdicts that it names, whole by their own digests.
fn read(session: &Session, from: &Path) -> Result<Folded, Failure> {
    let path = session.root.join(from).join("decision.json");
    let wrong = |what: String| {
        Failure::Flags(format!(
            "{}: {what}; expected the decision that `quality-gate` wrote in the first stage",
            path.display()
        ))
    };
    let size = std::fs::metadata(&path)
        .map_err(|error| wrong(error.to_string()))?
        .len();
    if size > MAX_DECISION {
        return Err(wrong(format!(
            "found {size} bytes, expected at most {MAX_DECISION}"
        )));
    }
    let bytes = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| wrong(format!("not JSON: {error}")))?;
    let digest = digest_of(&value).map_err(|error| wrong(error.to_string()))?;
    if value.get("digest").and_then(Value::as_str) != Some(digest.as_str()) {
        return Err(wrong(String::from("its digest is not that of its content")));
    }
    let document: DecisionDoc =
        serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
    let named: BTreeSet<&String> = document
        .gates
        .iter()
        .filter_map(|gate| gate.verdict_digest.as_ref())
        .collect();
    let mut verdicts = load(session, &[from.to_string_lossy().into_owned()])?.verdicts;
    verdicts.retain(|verdict| named.contains(&verdict.digest));
    Ok(Folded {
        document,
        verdicts,
        mandatory_error: false,
    })
}
