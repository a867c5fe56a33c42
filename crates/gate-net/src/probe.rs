//! One link, from the first request to its outcome.

use crate::address::Exceptions;
use crate::client::Client;
use crate::hosts::Hosts;
use crate::outcome::Outcome;
use crate::retry_after::retry_after;
use crate::way::{Next, Rules, Way};
use reqwest::Url;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// What all links share.
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) hosts: Hosts,
    pub(crate) exceptions: Arc<Exceptions>,
    pub(crate) begun: Instant,
    pub(crate) deadline: Instant,
    pub(crate) max_redirects: usize,
    pub(crate) retries: u32,
    pub(crate) backoff: Duration,
    /// At `begun`, in seconds since 1970.
    pub(crate) now: i64,
}

pub(crate) async fn probe(shared: &Shared, resource: Url) -> Outcome {
    let rules = Rules {
        max_redirects: shared.max_redirects,
        retries: shared.retries,
        backoff: shared.backoff,
        exceptions: &shared.exceptions,
    };
    let mut way = Way::new(resource);
    // Each turn spends a redirect, a retry, or the one change from `HEAD` to `GET` between two redirects.
    loop {
        let host = host(&way.url).to_owned();
        let permit = match shared.hosts.enter(&host).await {
            Ok(permit) => permit,
            Err(turned) => return way.unknown(None, &turned.to_string()),
        };
        let heard = shared.client.ask(way.method, &way.url).await;
        let now = shared.seconds();
        // A rate limit is the host's, so it holds for its other links too.
        if let Ok(answer) = &heard
            && answer.status == 429
        {
            let asked = answer.retry_after.as_deref();
            let asked = asked.and_then(|value| retry_after(value, now));
            shared.hosts.hold(&host, asked.unwrap_or(shared.backoff));
        }
        drop(permit);
        match way.after(&heard, &rules, now) {
            Next::Done(outcome) => return outcome,
            Next::Ask => {}
            Next::Wait(wait, otherwise) => {
                let until = Instant::now().checked_add(wait);
                match until.filter(|until| *until < shared.deadline) {
                    Some(until) => sleep_until(until).await,
                    None => return otherwise,
                }
            }
        }
    }
}

impl Shared {
    fn seconds(&self) -> i64 {
        let passed = i64::try_from(self.begun.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.now.saturating_add(passed)
    }
}

/// Whom to be polite to.
pub(crate) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}
