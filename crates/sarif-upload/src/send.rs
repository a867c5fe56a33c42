//! The conversation with GitHub: files are sent and waited for, then comes what can be done besides.

use crate::UploadFlags;
use crate::destination::{Destination, Held, Surroundings};
use crate::diagnosis::problem;
use crate::dismissals::dismiss;
use crate::ladder::{Rungs, Shown};
use crate::limits::Problem;
use crate::line::{Line, with};
use crate::log::{Loaded, Log};
use crate::orphans::{self, Orphan};
use crate::receipt::{FileReceipt, State};
use crate::suppressed::Suppressed;
use crate::volatile::volatile;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gate_github::api::{Client, Sleeper, UploadSarif};
use gate_runner::Session;
use std::collections::BTreeSet;
use std::time::Duration;

/// One request, body included: 10 MB over a slow line.
const REQUEST: Duration = Duration::from_mins(2);
/// Longest sum of waits within one request after the upload: what is shown besides is not worth holding a job for.
const AFTERWARDS: Duration = Duration::from_mins(1);

/// What became of everything.
pub(crate) struct Sent {
    /// In order.
    pub(crate) files: Vec<FileReceipt>,
    pub(crate) shown: Shown,
    pub(crate) notices: Vec<String>,
    pub(crate) orphans: Option<Vec<Orphan>>,
}

/// Why there is no client.
pub(crate) struct Unconnected {
    state: State,
    held: Held,
}

/// The way to GitHub, or why there is none.
pub(crate) fn client(
    flags: &UploadFlags,
    surroundings: &Surroundings,
    sleeper: Sleeper,
) -> Result<Client, Unconnected> {
    let none = |state, reason: &str, next_step: &str| Unconnected {
        state,
        held: Held {
            problem: Problem::new(reason, next_step),
            bars_check: Some("there is no way to GitHub's API"),
        },
    };
    if flags.offline {
        return Err(none(
            State::Degraded,
            "not uploaded: --offline contacts no host",
            "run it without --offline to upload",
        ));
    }
    let client = Client::new(&surroundings.api_url, surroundings.token.clone(), REQUEST);
    let client = client.map_err(|error| {
        let Problem { reason, next_step } = problem(&error, surroundings);
        none(State::Refused, &reason, &next_step)
    })?;
    if surroundings.token.is_none() {
        return Err(none(
            State::Degraded,
            "there is no token to ask GitHub with",
            "set GITHUB_TOKEN, with `security-events: write` under the job's `permissions:`",
        ));
    }
    Ok(client.with_sleeper(sleeper))
}

/// Sends and waits, then shows what did not get through elsewhere.
pub(crate) fn send(
    session: &Session,
    flags: &UploadFlags,
    surroundings: &Surroundings,
    to: &Destination,
    loaded: &Loaded,
    client: Result<Client, Unconnected>,
) -> Sent {
    let logs = loaded.logs.as_slice();
    let all = |state: State, held: &Held| -> Vec<FileReceipt> {
        let of = |log: &Log| FileReceipt {
            bars_check: held.bars_check,
            ..with(log.receipt(state), &held.problem)
        };
        logs.iter().map(of).collect()
    };
    let unasked = |problem: &Problem| Held {
        problem: problem.clone(),
        bars_check: None,
    };
    let (client, mut files) = match (client, &to.repository, &to.held) {
        (Err(none), ..) => (None, all(none.state, &none.held)),
        (Ok(client), Err(problem), _) => (Some(client), all(State::Degraded, &unasked(problem))),
        (Ok(client), Ok(_), Some(held)) => (Some(client), all(State::Degraded, held)),
        (Ok(client), Ok((owner, name)), None) => match (&to.commit, &to.git_ref) {
            (Ok(commit), Ok(git_ref)) => {
                let line = Line {
                    client,
                    owner,
                    name,
                    surroundings,
                };
                let receipts = line.upload_all(logs, |log, gzip| UploadSarif {
                    commit_sha: commit.clone(),
                    git_ref: git_ref.clone(),
                    sarif_base64: STANDARD.encode(gzip),
                    checkout_uri: Some(to.checkout_uri.clone()),
                    started_at: Some(session.as_of.to_string()),
                    tool_name: log.tool().map(str::to_owned),
                });
                let (client, receipts) = line.wait_for(receipts, flags.wait);
                (Some(client), receipts)
            }
            (Err(problem), _) | (_, Err(problem)) => {
                (Some(client), all(State::Refused, &unasked(problem)))
            }
        },
    };
    let client = client.map(|client| client.with_budget(AFTERWARDS));
    let rungs = Rungs {
        session,
        flags,
        surroundings,
        to,
        client: client.as_ref(),
    };
    let shown = rungs.descend(logs, &mut files);
    let mut notices = volatile_categories(logs);
    let mut orphans = None;
    if let Some(client) = &client {
        if loaded.suppressed == Suppressed::Dismiss {
            notices.extend(dismiss(client, to, surroundings, logs, &files));
        } else if flags.suppressed == Suppressed::Dismiss {
            notices.push(String::from(
                "--suppressed dismiss: what the scan suppressed is left out here; alerts are dismissed by runs of the default branch only, because a dismissal holds for every branch",
            ));
        }
        if flags.orphans {
            match find_orphans(client, to, surroundings, logs) {
                Ok(found) => orphans = Some(found),
                Err(notice) => notices.push(notice),
            }
        }
    }
    Sent {
        files,
        shown,
        notices,
        orphans,
    }
}

fn volatile_categories(logs: &[Log]) -> Vec<String> {
    let runs = logs
        .iter()
        .flat_map(|log| log.runs.iter().map(move |run| (log, run)));
    let found: BTreeSet<_> = runs
        .filter_map(|(log, run)| {
            let what = volatile(&run.category)?;
            Some(format!(
                "{}: the category `{}` holds {what}: if it is another one on every run, its alerts are never closed;                  choose one that stays with --category",
                log.shown, run.category
            ))
        })
        .collect();
    found.into_iter().collect()
}

/// The categories of the default branch that nothing feeds; the error is a notice.
fn find_orphans(
    client: &Client,
    to: &Destination,
    surroundings: &Surroundings,
    logs: &[Log],
) -> Result<Vec<Orphan>, String> {
    let (Some(branch), Ok((owner, name))) = (&surroundings.default_branch, &to.repository) else {
        return Err(String::from(
            "--orphans: the default branch is not known: the event does not name it",
        ));
    };
    let git_ref = format!("refs/heads/{branch}");
    let listed = client
        .analyses(owner, name, &git_ref, orphans::PAGES)
        .map_err(|error| {
            let Problem { reason, next_step } = problem(&error, surroundings);
            format!("--orphans: {reason}; next step: {next_step}")
        })?;
    let fed: BTreeSet<_> = logs
        .iter()
        .flat_map(|log| &log.runs)
        .map(|run| {
            let category = run.category.trim_end_matches('/').to_owned();
            (run.tool.clone(), category)
        })
        .collect();
    Ok(orphans::orphans(
        &format!("{owner}/{name}"),
        &fed,
        &listed.items,
    ))
}
