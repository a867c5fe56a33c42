//! The second stage for forks: a `workflow_run` workflow uploads what the first stage kept. Only GitHub's event says for
//! which commit and pull request; what the artifact says is only ever held against it.

use crate::UploadFlags;
use crate::destination::{Destination, Held, Surroundings};
use crate::diagnosis::{bars_check, problem};
use crate::limits::Problem;
use crate::line::with;
use crate::log::{Log, held_back};
use crate::receipt::{FileReceipt, State};
use crate::words::plain;
use gate_github::api::Client;
use gate_github::runner::WorkflowRun;
use serde::Deserialize;

/// What the event says: a commit and its reference, which may have to be asked for.
pub(crate) struct FromEvent {
    pub(crate) commit: Result<String, Problem>,
    /// `Ok(None)`: GitHub has to say which pull request it is.
    pub(crate) git_ref: Result<Option<String>, Problem>,
}

/// `None`: this is no second stage, or commit and reference are given.
pub(crate) fn from_event(flags: &UploadFlags, surroundings: &Surroundings) -> Option<FromEvent> {
    if surroundings.event != "workflow_run" {
        return None;
    }
    let wrong = |problem: Problem| FromEvent {
        commit: Err(problem.clone()),
        git_ref: Err(problem),
    };
    match (&flags.commit, &flags.git_ref, &surroundings.workflow_run) {
        (Some(_), Some(_), _) => None,
        (None, None, Some(run)) => Some(FromEvent {
            commit: Ok(run.head_sha.clone()),
            git_ref: git_ref(run, surroundings.repository.as_deref()),
        }),
        (None, None, None) => Some(wrong(Problem::new(
            "the payload of the event `workflow_run` names no commit",
            "give --commit and --ref, from the event and never from an artifact",
        ))),
        _ => Some(wrong(Problem::new(
            "on `workflow_run` one of --commit and --ref alone says nothing: the other would come from another commit",
            "give both, or none: then both come from the event",
        ))),
    }
}

fn git_ref(run: &WorkflowRun, repository: Option<&str>) -> Result<Option<String>, Problem> {
    let own = run.head_repo.is_some() && run.head_repo.as_deref() == repository;
    if run.event.starts_with("pull_request") {
        return Ok(run.pulls.first().map(|number| head_of(*number)));
    }
    match &run.head_branch {
        Some(branch) if own => Ok(Some(format!("refs/heads/{branch}"))),
        _ => Err(Problem::new(
            plain(&format!(
                "the run that started this one (event `{}`) belongs to no branch of this repository",
                run.event
            )),
            "give --commit and --ref, from the event and never from an artifact",
        )),
    }
}

fn head_of(number: u64) -> String {
    format!("refs/pull/{number}/head")
}

/// Asks GitHub which pull request the event's commit is the head of, where the event does not say: it never does for
/// those of forks. `client` is `None` where no host is contacted.
pub(crate) fn look_up(to: &mut Destination, client: Option<&Client>, surroundings: &Surroundings) {
    let (true, Some(run), Ok((owner, name))) =
        (to.look_up, &surroundings.workflow_run, &to.repository)
    else {
        return;
    };
    let Some(client) = client else { return };
    match client.pull_of_run(owner, name, run) {
        Ok(Some(number)) => to.git_ref = Ok(head_of(number)),
        Ok(None) => {
            to.held = Some(Held {
                problem: Problem::new(
                    format!(
                        "not sent: {} is the head of no open pull request any more",
                        run.head_sha
                    ),
                    "nothing: the pull request was closed, or has newer commits whose own run uploads",
                ),
                bars_check: None,
            });
        }
        Err(error) => {
            to.held = Some(Held {
                problem: problem(&error, surroundings),
                bars_check: bars_check(&error, surroundings),
            });
        }
    }
}

/// Refuses files that say they are of another commit than the event's: an artifact comes from the fork.
pub(crate) fn verify(logs: Vec<Log>, commit: &str) -> Result<Vec<Log>, Vec<FileReceipt>> {
    let claim = |log: &Log| match other_claim(log, commit) {
        Ok(None) => None,
        Ok(Some(claim)) => Some(Problem::new(
            plain(&format!(
                "it says that it is of commit {claim} (`versionControlProvenance`), and the event is for {commit}"
            )),
            "in the first workflow check out and scan `github.event.pull_request.head.sha`",
        )),
        Err(problem) => Some(problem),
    };
    let claims: Vec<Option<Problem>> = logs.iter().map(claim).collect();
    if claims.iter().all(Option::is_none) {
        return Ok(logs);
    }
    let refused = |(log, claim): (&Log, Option<Problem>)| {
        with(
            log.receipt(State::Refused),
            &claim.unwrap_or_else(held_back),
        )
    };
    Err(logs.iter().zip(claims).map(refused).collect())
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ClaimsOfRun {
    version_control_provenance: Option<Vec<Revision>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Revision {
    revision_id: Option<String>,
}

/// The first revision that a file names and that is not `commit`. A short one has to be how `commit` begins.
fn other_claim(log: &Log, commit: &str) -> Result<Option<String>, Problem> {
    for run in log.outline()?.runs {
        let claims: ClaimsOfRun = serde_json::from_str(&run.hollow.text).map_err(|error| {
            Problem::new(
                plain(&format!("which commit it is of cannot be read: {error}")),
                "make the scanner write `versionControlProvenance` as SARIF 2.1.0 has it",
            )
        })?;
        let revisions = claims.version_control_provenance.into_iter().flatten();
        let other = revisions
            .filter_map(|revision| revision.revision_id)
            .find(|revision| {
                revision.len() < 7 || !commit.starts_with(&revision.to_ascii_lowercase())
            });
        if other.is_some() {
            return Ok(other);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(event: &str, head_repo: &str, pulls: Vec<u64>) -> WorkflowRun {
        WorkflowRun {
            id: Some(1),
            attempt: Some(1),
            head_sha: "a".repeat(40),
            head_branch: Some(String::from("topic")),
            head_repo: Some(head_repo.to_owned()),
            event: event.to_owned(),
            pulls,
        }
    }

    #[test]
    fn the_reference_is_the_events() {
        let of = |run: &WorkflowRun| git_ref(run, Some("octo/gate")).map_err(|it| it.reason);
        let pull = run("pull_request", "octo/gate", vec![7]);
        assert_eq!(of(&pull), Ok(Some(String::from("refs/pull/7/head"))));
        assert_eq!(of(&run("pull_request", "eve/gate", vec![])), Ok(None));
        assert_eq!(
            of(&run("push", "octo/gate", vec![7])),
            Ok(Some(String::from("refs/heads/topic")))
        );
        assert!(of(&run("push", "eve/gate", vec![])).is_err());
    }

    #[test]
    fn a_file_may_name_the_commit_and_no_other() {
        let commit = "abcdef0123456789abcdef0123456789abcdef01";
        let claim = |text: &str| {
            let mut log = crate::log::log("a", &[("t", "c")]);
            let _folder = crate::log::write(&mut log, text);
            other_claim(&log, commit)
        };
        let of = |revision: &str| {
            claim(&format!(
                r#"{{"version":"2.1.0","runs":[{{}},{{"versionControlProvenance":[{{"revisionId":{revision}}}]}}]}}"#
            ))
        };
        for same in [&format!("\"{commit}\""), "\"ABCDEF0\"", "null"] {
            assert_eq!(of(same), Ok(None), "{same}");
        }
        for other in ["\"0000000\"", "\"\"", "\"a\"", "\"main-branch\""] {
            assert!(of(other).is_ok_and(|claim| claim.is_some()), "{other}");
        }
        assert_eq!(
            claim(r#"{"version":"2.1.0","runs":[{"versionControlProvenance":null}]}"#),
            Ok(None)
        );
        // What it claims has to be known.
        for unknown in [
            r#"{"version":"2.1.0","runs":[{"versionControlProvenance":7}]}"#,
            "{",
            "",
        ] {
            assert!(claim(unknown).is_err(), "{unknown}");
        }
    }
}
