use super::classify::classify;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::retry::{self, Sleeper};
use super::transport::{Answer, Call, Transport};
use crate::Token;
use serde::de::DeserializeOwned;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longest answer to a read: a page of 100 of the longest comments, escaped.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// A connection to GitHub's REST API. Calls block until they are answered, refused or given up.
pub struct Client {
    transport: Transport,
    token: Option<Token>,
    /// Longest sum of waits within one call.
    budget: Duration,
    sleeper: Sleeper,
    clock: fn() -> u64,
}

impl Client {
    /// `api_url`: `GITHUB_API_URL` (`https://api.github.com`, `https://HOST/api/v3`); plain `http` only to this
    /// machine, since the token would travel in the open. `timeout` bounds one request, body included; waiting
    /// between attempts is bounded by [`Client::with_budget`].
    pub fn new(api_url: &str, token: Option<Token>, timeout: Duration) -> Result<Self, ApiError> {
        let transport = Transport::new(api_url, token.as_ref(), timeout)
            .map_err(|what| ApiError::new(Operation::Connect, ApiErrorKind::Invalid { what }))?;
        Ok(Self {
            transport,
            token,
            budget: Duration::from_mins(5),
            sleeper: Box::new(std::thread::sleep),
            clock: unix_seconds,
        })
    }

    /// Longest sum of waits within one call; 5 minutes unless set. A longer wait that GitHub asks for is not
    /// begun but reported.
    pub fn with_budget(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    /// What waits instead of the thread's own sleep: for tests, and to stop early on a signal.
    pub fn with_sleeper(self, sleeper: Sleeper) -> Self {
        Self { sleeper, ..self }
    }

    /// Seconds since 1970 by another clock than the system's, which `x-ratelimit-reset` is compared with.
    pub fn with_clock(self, clock: fn() -> u64) -> Self {
        Self { clock, ..self }
    }

    /// Waits through the same sleeper as the retries: for callers that poll.
    pub fn wait(&self, time: Duration) {
        (self.sleeper)(time);
    }

    /// Sends `call` until it is answered with success, or refused for good, or the budget is spent.
    pub(super) fn perform(
        &self,
        operation: Operation,
        call: &Call<'_>,
    ) -> Result<Answer, ApiError> {
        if self.token.is_none() {
            return Err(ApiError::new(operation, ApiErrorKind::NoToken));
        }
        let mut waited = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = self.transport.exchange(call);
            let failure = match outcome {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer),
                Ok(answer) => classify(operation, &answer, self.token.as_ref()),
                Err(broken) => broken.into_error(operation, self.token.as_ref()),
            };
            let failure = ApiError {
                attempts,
                ..failure
            };
            let Some(wait) = retry::wait_after(&failure, attempts, (self.clock)()) else {
                return Err(failure);
            };
            // Saturating: the wait is a number of the server's choice.
            let total = waited.saturating_add(wait);
            if total > self.budget {
                return Err(ApiError {
                    wait_refused: Some((wait.as_secs(), self.budget.as_secs())),
                    ..failure
                });
            }
            waited = total;
            (self.sleeper)(wait);
        }
    }

    /// Reads one JSON answer; `otherwise` says what it is not.
    pub(super) fn get<T: DeserializeOwned>(
        &self,
        operation: Operation,
        path: String,
        otherwise: &str,
    ) -> Result<T, ApiError> {
        let call = Call::get(path, MAX_ANSWER);
        let answer = self.perform(operation, &call)?;
        self.parsed(operation, &answer, otherwise)
    }

    /// What an answer says, as JSON.
    pub(super) fn parsed<T: DeserializeOwned>(
        &self,
        operation: Operation,
        answer: &Answer,
        otherwise: &str,
    ) -> Result<T, ApiError> {
        serde_json::from_slice(&answer.body)
            .map_err(|_| self.unexpected(operation, answer, otherwise))
    }

    /// An answer that GitHub's reference does not describe.
    pub(super) fn unexpected(&self, operation: Operation, answer: &Answer, what: &str) -> ApiError {
        let kind = ApiErrorKind::Unexpected {
            what: what.to_owned(),
        };
        ApiError {
            kind,
            ..classify(operation, answer, self.token.as_ref())
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("token", &self.token)
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

fn unix_seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
