//! The way from a link to its outcome, one answer at a time. Pure.

use crate::address::Exceptions;
use crate::classify::{Method, Reading, doubtful, reading, words};
use crate::client::Answer;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::retry_after::retry_after;
use crate::target;
use reqwest::Url;
use std::collections::BTreeSet;
use std::time::Duration;

/// The longest wait between two tries that nobody asked for.
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// What is asked next, and what led there.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) method: Method,
    /// Without a fragment.
    pub(crate) url: Url,
    /// Where the permanent redirects that come first have led; with a fragment where the server named one.
    moved: Option<Url>,
    /// No temporary redirect yet.
    permanent: bool,
    seen: BTreeSet<String>,
    retried: u32,
}

/// How far to go.
#[derive(Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) max_redirects: usize,
    pub(crate) retries: u32,
    pub(crate) backoff: Duration,
    pub(crate) exceptions: &'a Exceptions,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Done(Outcome),
    Ask,
    /// Ask again after a while; where there is no time for it, that is the outcome.
    Wait(Duration, Outcome),
}

impl Way {
    pub(crate) fn new(resource: Url) -> Self {
        Self {
            method: Method::Head,
            seen: BTreeSet::from([resource.to_string()]),
            url: resource,
            moved: None,
            permanent: true,
            retried: 0,
        }
    }

    /// Goes on by what was heard. `now` is in seconds since 1970.
    pub(crate) fn after(
        &mut self,
        heard: &Result<Answer, Failure>,
        rules: &Rules<'_>,
        now: i64,
    ) -> Next {
        match heard {
            Ok(answer) => self.after_answer(answer, rules, now),
            Err(failure) => self.after_failure(*failure, rules),
        }
    }

    fn after_answer(&mut self, answer: &Answer, rules: &Rules<'_>, now: i64) -> Next {
        let status = answer.status;
        if self.method == Method::Head && doubtful(status) {
            self.method = Method::Get;
            return Next::Ask;
        }
        match reading(status) {
            Reading::Alive => Next::Done(Outcome::Alive {
                status,
                redirected_to: self.moved.take().map(String::from),
            }),
            Reading::Redirect { permanent } => self.redirect(answer, permanent, rules),
            Reading::Dead => Next::Done(Outcome::dead(status, self.told(&words(status)))),
            Reading::Closed | Reading::Odd => Next::Done(self.unknown(status, &words(status))),
            Reading::Passing => {
                let asked = answer.retry_after.as_deref();
                let asked = asked.and_then(|value| retry_after(value, now));
                let unknown = self.unknown(status, &words(status));
                self.again(asked, unknown, rules)
            }
        }
    }

    fn redirect(&mut self, answer: &Answer, permanent: bool, rules: &Rules<'_>) -> Next {
        let status = answer.status;
        let done = |way: &Self, reason: &str| Next::Done(way.unknown(status, reason));
        let Some(location) = answer.location.as_deref() else {
            return done(self, &format!("answered {status} and says not where to"));
        };
        let url = match target::follow(&self.url, location, rules.exceptions) {
            Ok(url) => url,
            Err(refusal) => {
                return done(self, &format!("its redirect was not followed: {refusal}"));
            }
        };
        // The first one seen is the link itself.
        if self.seen.len() > rules.max_redirects {
            let reason = format!("redirects more than {} times", rules.max_redirects);
            return done(self, &reason);
        }
        let resource = target::resource(&url);
        if !self.seen.insert(resource.to_string()) {
            // With a cookie, which is never sent, it might have gone on.
            return done(self, "redirects in a circle");
        }
        self.permanent &= permanent;
        if self.permanent {
            self.moved = Some(url);
        }
        self.url = resource;
        self.method = Method::Head;
        Next::Ask
    }

    fn after_failure(&mut self, failure: Failure, rules: &Rules<'_>) -> Next {
        let reason = failure.words();
        match failure {
            Failure::NoSuchName | Failure::Certificate(_) => {
                Next::Done(Outcome::dead(None, self.told(&reason)))
            }
            Failure::PrivateAddress | Failure::Tls => Next::Done(self.unknown(None, &reason)),
            // Some servers drop the connection where they know no `HEAD`.
            Failure::Broken(_) if self.method == Method::Head => {
                self.method = Method::Get;
                Next::Ask
            }
            Failure::Broken(_)
            | Failure::Connect(_)
            | Failure::Timeout
            | Failure::NameNotResolved => {
                let silent = Outcome::silent(self.told(&reason));
                self.again(None, silent, rules)
            }
        }
    }

    /// Another try, by `GET`: it may have been the `HEAD`.
    fn again(&mut self, asked: Option<Duration>, otherwise: Outcome, rules: &Rules<'_>) -> Next {
        if self.retried >= rules.retries {
            return Next::Done(otherwise);
        }
        let doubled = 1_u32.checked_shl(self.retried).unwrap_or(u32::MAX);
        let backoff = rules.backoff.saturating_mul(doubled).min(MAX_BACKOFF);
        self.retried += 1;
        self.method = Method::Get;
        Next::Wait(asked.unwrap_or_default().max(backoff), otherwise)
    }

    pub(crate) fn unknown(&self, status: impl Into<Option<u16>>, reason: &str) -> Outcome {
        Outcome::unknown(status, self.told(reason))
    }

    /// A reason, and where it was met if that is not the link itself. Of the other URL no more is told than the
    /// host: a server may put a secret into the rest.
    fn told(&self, reason: &str) -> String {
        if self.seen.len() == 1 {
            return reason.to_owned();
        }
        let host = self.url.host_str().unwrap_or_default();
        format!("after a redirect to `{host}`: {reason}")
    }
}

#[cfg(test)]
mod tests;
