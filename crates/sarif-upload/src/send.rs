//! The conversation with GitHub: each file is sent, then all are waited for.

use crate::UploadFlags;
use crate::destination::{Destination, Surroundings};
use crate::limits::Problem;
use crate::log::Log;
use crate::receipt::{FileReceipt, State};
use crate::words::plain;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gate_github::Token;
use gate_github::api::{ApiError, ApiErrorKind, Client, Processing, Sleeper, UploadSarif};
use gate_runner::Session;
use std::time::Duration;

/// One request, body included: 10 MB over a slow line.
const REQUEST: Duration = Duration::from_mins(2);
/// First pause before the state is asked for; it doubles up to the last. GitHub's upload action asks after 5, 15, 35,
/// 75 and 155 seconds.
const FIRST_PAUSE: u64 = 5;
const LAST_PAUSE: u64 = 80;

/// What GitHub says about a file it could not process, and what helps: the sentences that its upload action knows.
const ADVICE: [(&str, &str); 9] = [
    (
        "default setup",
        "switch code scanning's default setup off, or leave this upload out: GitHub takes one of both",
    ),
    (
        "logical alert",
        "close or delete old alerts; usual causes are rule ids and paths that change on every run",
    ),
    ("same category", "give each run a category of its own"),
    ("multiple runs", "give each run a category of its own"),
    (
        "artifact location",
        "make the scanner give each result a file (`artifactLocation.uri`)",
    ),
    (
        "security-severity",
        "write `security-severity` as a number from 0.0 to 10.0 in quotes",
    ),
    (
        "checkout",
        "write paths relative to the root of the repository",
    ),
    (
        "unsuccessful execution",
        "mend the scanner's run; GitHub refuses failed runs",
    ),
    (
        "uri",
        "write paths relative to the root of the repository, percent-encoded",
    ),
];

/// What became of each file, in order.
pub(crate) fn send(
    session: &Session,
    flags: &UploadFlags,
    surroundings: &Surroundings,
    to: &Destination,
    logs: &[Log],
    sleeper: Sleeper,
) -> Vec<FileReceipt> {
    let all = |state: State, problem: &Problem| -> Vec<FileReceipt> {
        logs.iter()
            .map(|log| with(log.receipt(state), problem))
            .collect()
    };
    if flags.offline {
        return all(
            State::Degraded,
            &Problem::new(
                "not uploaded: --offline contacts no host",
                "run it without --offline to upload",
            ),
        );
    }
    let client = match Client::new(&surroundings.api_url, surroundings.token.clone(), REQUEST) {
        Ok(client) => client.with_sleeper(sleeper),
        Err(error) => return all(State::Refused, &problem(&error, surroundings)),
    };
    let (owner, name) = match &to.repository {
        Ok(repository) => repository,
        Err(problem) => return all(State::Degraded, problem),
    };
    let (commit, git_ref) = match (&to.commit, &to.git_ref) {
        (Ok(commit), Ok(git_ref)) => (commit, git_ref),
        // Without a token nothing would be sent anyway, and that is the first thing to mend.
        _ if surroundings.token.is_none() => {
            return all(
                State::Degraded,
                &Problem::new("there is no token to ask GitHub with", "set GITHUB_TOKEN"),
            );
        }
        (Err(problem), _) | (_, Err(problem)) => return all(State::Refused, problem),
    };
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
    line.wait_for(receipts, flags.wait)
}

/// A client and the repository it speaks of.
struct Line<'a> {
    client: Client,
    owner: &'a str,
    name: &'a str,
    surroundings: &'a Surroundings,
}

impl Line<'_> {
    /// Sends file after file. What stands in the way of one for another reason than its content stands in the way of
    /// all, so the rest is not tried.
    fn upload_all(
        &self,
        logs: &[Log],
        request: impl Fn(&Log, &[u8]) -> UploadSarif,
    ) -> Vec<FileReceipt> {
        let mut receipts = Vec::new();
        let mut in_the_way: Option<Problem> = None;
        for log in logs {
            if let Some(problem) = &in_the_way {
                receipts.push(with(log.receipt(State::Degraded), problem));
                continue;
            }
            let gzip = match log.gzip() {
                Ok(gzip) => gzip,
                Err(error) => {
                    let problem = Problem::new(
                        format!("the prepared file cannot be read: {error}"),
                        "run it again, and let nothing else write to --out",
                    );
                    receipts.push(with(log.receipt(State::Refused), &problem));
                    continue;
                }
            };
            let request = request(log, &gzip);
            let receipt = match self.client.upload_sarif(self.owner, self.name, &request) {
                Ok(accepted) => FileReceipt {
                    id: Some(accepted.id),
                    url: accepted.url.map(|url| self.foreign(&url)),
                    ..log.receipt(State::Uploaded)
                },
                Err(error) => {
                    let problem = problem(&error, self.surroundings);
                    if about_content(&error) {
                        with(log.receipt(State::Refused), &problem)
                    } else {
                        in_the_way = Some(problem.clone());
                        with(log.receipt(State::Degraded), &problem)
                    }
                }
            };
            receipts.push(receipt);
        }
        receipts
    }

    /// Asks for the state of every accepted file until it is known or `seconds` of pauses are over.
    fn wait_for(self, mut receipts: Vec<FileReceipt>, seconds: u64) -> Vec<FileReceipt> {
        // An answer that asks for a longer pause than is left is not waited for either.
        let line = Line {
            client: self.client.with_budget(Duration::from_secs(seconds)),
            ..self
        };
        let mut left = seconds;
        let mut pause = FIRST_PAUSE;
        let pending =
            |receipt: &FileReceipt| receipt.state == State::Uploaded && receipt.reason.is_none();
        while left > 0 && receipts.iter().any(pending) {
            let now = pause.min(left);
            line.client.wait(Duration::from_secs(now));
            left -= now;
            pause = (pause * 2).min(LAST_PAUSE);
            for receipt in receipts.iter_mut().filter(|receipt| pending(receipt)) {
                line.ask(receipt);
            }
        }
        for receipt in receipts.iter_mut().filter(|receipt| pending(receipt)) {
            receipt.reason = Some(match seconds {
                0 => String::from(
                    "taken by GitHub; whether it was processed was not asked (--wait 0)",
                ),
                _ => format!("taken by GitHub, and still not processed after {seconds} s"),
            });
            receipt.next_step = Some(String::from(
                "look under the repository's Security tab later",
            ));
        }
        receipts
    }

    fn ask(&self, receipt: &mut FileReceipt) {
        let Some(id) = receipt.id.clone() else { return };
        match self.client.sarif_status(self.owner, self.name, &id) {
            Ok(status) => match status.state {
                Processing::Pending => {}
                Processing::Complete => {
                    receipt.state = State::Processed;
                    receipt.analyses_url = status.analyses_url.map(|url| self.foreign(&url));
                }
                Processing::Failed => {
                    receipt.state = State::Failed;
                    receipt.analyses_url = status.analyses_url.map(|url| self.foreign(&url));
                    receipt.errors = status
                        .errors
                        .iter()
                        .take(20)
                        .map(|error| self.foreign(error))
                        .collect();
                    let said = if receipt.errors.is_empty() {
                        String::from("no reason given")
                    } else {
                        receipt.errors.join("; ")
                    };
                    receipt.reason = Some(format!(
                        "GitHub could not process it, or only a part of it: {said}"
                    ));
                    receipt.next_step = Some(advice(&said).to_owned());
                }
            },
            Err(error) => {
                let Problem { reason, next_step } = problem(&error, self.surroundings);
                receipt.reason = Some(format!("taken by GitHub, but {reason}"));
                receipt.next_step = Some(next_step);
            }
        }
    }

    /// Words of the server's, safe to show.
    fn foreign(&self, text: &str) -> String {
        let text = self
            .surroundings
            .token
            .as_ref()
            .map_or_else(|| text.to_owned(), |token: &Token| token.scrub(text));
        plain(&text)
    }
}

/// Whether GitHub minds what is in the file or how it is addressed, not who sends it and when.
fn about_content(error: &ApiError) -> bool {
    matches!(
        error.kind,
        ApiErrorKind::Invalid { .. }
            | ApiErrorKind::BadRequest
            | ApiErrorKind::PayloadTooLarge
            | ApiErrorKind::ValidationFailed
    )
}

fn problem(error: &ApiError, surroundings: &Surroundings) -> Problem {
    let next_step = error.next_step();
    let whole = error.to_string();
    let reason = whole
        .strip_suffix(&format!("; next step: {next_step}"))
        .unwrap_or(&whole);
    let fork = if surroundings.fork && error.is_refusal() {
        "; this pull request comes from a fork, whose token can only read"
    } else {
        ""
    };
    Problem::new(plain(&format!("{reason}{fork}")), plain(&next_step))
}

fn advice(errors: &str) -> &'static str {
    let errors = errors.to_lowercase();
    let known = ADVICE.iter().find(|(mark, _)| errors.contains(mark));
    known.map_or(
        "correct what GitHub names and upload the file again",
        |(_, advice)| advice,
    )
}

fn with(receipt: FileReceipt, problem: &Problem) -> FileReceipt {
    FileReceipt {
        reason: Some(problem.reason.clone()),
        next_step: Some(problem.next_step.clone()),
        ..receipt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_errors_are_advised_on() {
        for (error, expected) in [
            (
                "CodeQL analyses from advanced configurations cannot be processed when the default setup is enabled",
                "default setup",
            ),
            (
                "locationFromSarifResult: expected artifact location",
                "artifactLocation",
            ),
            (
                "could not convert rules: invalid security-severity value, is not a number",
                "security-severity",
            ),
            (
                "expected artifact URI scheme \"http\" to match checkout URI scheme",
                "relative",
            ),
            ("something new", "correct what GitHub names"),
        ] {
            assert!(
                advice(error).contains(expected),
                "{error}: {}",
                advice(error)
            );
        }
    }
}
