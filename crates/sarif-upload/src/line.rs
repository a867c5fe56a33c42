//! The conversation about files: each is sent, then all are waited for.

use crate::advice::{advice, failed};
use crate::destination::{Held, Surroundings};
use crate::diagnosis::{bars_check, problem};
use crate::limits::Problem;
use crate::log::Log;
use crate::receipt::{FileReceipt, State};
use crate::words::plain;
use gate_github::Token;
use gate_github::api::{ApiError, ApiErrorKind, Client, Processing, UploadSarif};
use std::time::Duration;

/// First pause before the state is asked for; it doubles up to the last. GitHub's upload action asks after 5, 15, 35,
/// 75 and 155 seconds.
const FIRST_PAUSE: u64 = 5;
const LAST_PAUSE: u64 = 80;

/// A client and the repository it speaks of.
pub(crate) struct Line<'a> {
    pub(crate) client: Client,
    pub(crate) owner: &'a str,
    pub(crate) name: &'a str,
    pub(crate) surroundings: &'a Surroundings,
}

impl Line<'_> {
    /// Sends file after file. What stands in the way of one for another reason than its content stands in the way of
    /// all, so the rest is not tried.
    pub(crate) fn upload_all(
        &self,
        logs: &[Log],
        request: impl Fn(&Log, &[u8]) -> UploadSarif,
    ) -> Vec<FileReceipt> {
        let mut receipts = Vec::new();
        let mut in_the_way: Option<Held> = None;
        for log in logs {
            if let Some(held) = &in_the_way {
                receipts.push(held_back(log, held));
                continue;
            }
            let gzip = match log.gzip() {
                Ok(gzip) => gzip,
                Err(problem) => {
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
                        let held = Held {
                            bars_check: bars_check(&error, self.surroundings),
                            problem,
                        };
                        let receipt = held_back(log, &held);
                        in_the_way = Some(held);
                        receipt
                    }
                }
            };
            receipts.push(receipt);
        }
        receipts
    }

    /// Asks for the state of every accepted file until it is known or `seconds` of pauses are over.
    pub(crate) fn wait_for(
        self,
        mut receipts: Vec<FileReceipt>,
        seconds: u64,
    ) -> (Client, Vec<FileReceipt>) {
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
        (line.client, receipts)
    }

    fn ask(&self, receipt: &mut FileReceipt) {
        let Some(id) = receipt.id.clone() else { return };
        match self.client.sarif_status(self.owner, self.name, &id) {
            Ok(status) => match status.state {
                Processing::Pending => {}
                Processing::Complete => {
                    receipt.state = State::Processed;
                    receipt.analyses_url = status.analyses_url.map(|url| self.foreign(&url));
                    receipt.errors = self.errors(&status.errors);
                    if !receipt.errors.is_empty() {
                        let said = receipt.errors.join("; ");
                        receipt.next_step = Some(advice(&said).to_owned());
                        receipt.reason = Some(format!("processed, but GitHub says: {said}"));
                    }
                }
                Processing::Failed => {
                    receipt.state = State::Failed;
                    receipt.analyses_url = status.analyses_url.map(|url| self.foreign(&url));
                    receipt.errors = self.errors(&status.errors);
                    let said = failed(&receipt.errors, receipt.analyses_url.as_deref());
                    receipt.next_step = Some(advice(&receipt.errors.join("; ")).to_owned());
                    receipt.reason = Some(said);
                }
            },
            Err(error) => {
                let Problem { reason, next_step } = problem(&error, self.surroundings);
                receipt.reason = Some(format!("taken by GitHub, but {reason}"));
                receipt.next_step = Some(next_step);
            }
        }
    }

    fn errors(&self, errors: &[String]) -> Vec<String> {
        let known = errors.iter().take(20);
        known.map(|error| self.foreign(error)).collect()
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

fn held_back(log: &Log, held: &Held) -> FileReceipt {
    FileReceipt {
        bars_check: held.bars_check,
        ..with(log.receipt(State::Degraded), &held.problem)
    }
}

pub(crate) fn with(receipt: FileReceipt, problem: &Problem) -> FileReceipt {
    FileReceipt {
        reason: Some(problem.reason.clone()),
        next_step: Some(problem.next_step.clone()),
        ..receipt
    }
}
