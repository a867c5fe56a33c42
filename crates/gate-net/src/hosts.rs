//! Politeness: how many requests a host gets at once, how soon after one another, and when it wants to be left alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// A host that asks for a further pause after so many is asked nothing more.
const MAX_HOLDS: u32 = 3;

pub(crate) struct Hosts {
    per_host: usize,
    pause: Duration,
    deadline: Instant,
    gates: Mutex<BTreeMap<String, Arc<Gate>>>,
}

/// Why no request may be made to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Turned {
    #[error("not checked: there is no time left for its host")]
    NoTime,
    #[error("not checked: its host asked for a pause too often")]
    GivenUp,
}

struct Gate {
    slots: Arc<Semaphore>,
    times: Mutex<Times>,
}

struct Times {
    /// The next request starts no earlier.
    next: Instant,
    /// The host has asked for a pause until then.
    held_until: Instant,
    holds: u32,
}

impl Hosts {
    /// Nothing starts at `deadline` or after it.
    pub(crate) fn new(per_host: usize, pause: Duration, deadline: Instant) -> Self {
        Self {
            per_host: per_host.clamp(1, Semaphore::MAX_PERMITS),
            pause,
            deadline,
            gates: Mutex::default(),
        }
    }

    /// Waits for its turn; the request is over when the permit is dropped.
    pub(crate) async fn enter(&self, host: &str) -> Result<OwnedSemaphorePermit, Turned> {
        let gate = self.gate(host);
        let slots = Arc::clone(&gate.slots);
        let permit = slots.acquire_owned().await.map_err(|_| Turned::NoTime)?;
        loop {
            let start = {
                let mut times = lock(&gate.times);
                if times.holds > MAX_HOLDS {
                    return Err(Turned::GivenUp);
                }
                let start = Instant::now().max(times.next).max(times.held_until);
                if start >= self.deadline {
                    return Err(Turned::NoTime);
                }
                times.next = start.checked_add(self.pause).unwrap_or(self.deadline);
                start
            };
            sleep_until(start).await;
            // Another request may have been told to wait in the meantime.
            if lock(&gate.times).held_until <= start {
                return Ok(permit);
            }
        }
    }

    /// The host asks for a pause. Pauses that begin within one another count once.
    pub(crate) fn hold(&self, host: &str, wait: Duration) {
        let gate = self.gate(host);
        let mut times = lock(&gate.times);
        let now = Instant::now();
        let until = now
            .checked_add(wait)
            .map_or(self.deadline, |until| until.min(self.deadline));
        if times.held_until <= now {
            times.holds += 1;
        }
        times.held_until = times.held_until.max(until);
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut gates = lock(&self.gates);
        if let Some(gate) = gates.get(host) {
            return Arc::clone(gate);
        }
        let now = Instant::now();
        let gate = Arc::new(Gate {
            slots: Arc::new(Semaphore::new(self.per_host)),
            times: Mutex::new(Times {
                next: now,
                held_until: now,
                holds: 0,
            }),
        });
        gates.insert(host.to_owned(), Arc::clone(&gate));
        gate
    }
}

/// What is guarded here is whole after each assignment, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(test)
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn requests_to_one_host_keep_their_distance() {
        run(async {
            let pause = Duration::from_millis(30);
            let begun = Instant::now();
            let hosts = Hosts::new(8, pause, begun + 60 * SECOND);
            for _ in 0..4 {
                drop(hosts.enter("a").await.unwrap());
            }
            assert!(begun.elapsed() >= 3 * pause);
        });
    }

    #[test]
    fn slots_are_per_host() {
        run(async {
            let hosts = Hosts::new(0, Duration::ZERO, Instant::now() + 60 * SECOND);
            let first = hosts.enter("a").await.unwrap();
            let other = hosts.enter("b").await;
            assert!(other.is_ok());
            let second = tokio::time::timeout(Duration::from_millis(20), hosts.enter("a")).await;
            assert!(second.is_err(), "the only slot is taken");
            drop(first);
            assert!(hosts.enter("a").await.is_ok());
        });
    }

    #[test]
    fn a_pause_is_kept_and_one_too_long_is_not_begun() {
        run(async {
            let begun = Instant::now();
            let hosts = Hosts::new(1, Duration::ZERO, begun + 60 * SECOND);
            hosts.hold("a", Duration::from_millis(50));
            drop(hosts.enter("a").await.unwrap());
            assert!(begun.elapsed() >= Duration::from_millis(50));
            hosts.hold("a", Duration::from_secs(u64::MAX));
            assert_eq!(hosts.enter("a").await.err(), Some(Turned::NoTime));
        });
    }

    #[test]
    fn a_host_that_always_wants_a_pause_is_left_alone() {
        run(async {
            let hosts = Hosts::new(1, Duration::ZERO, Instant::now() + 60 * SECOND);
            for _ in 0..MAX_HOLDS {
                hosts.hold("a", Duration::ZERO);
            }
            assert!(hosts.enter("a").await.is_ok());
            hosts.hold("a", Duration::ZERO);
            assert_eq!(hosts.enter("a").await.err(), Some(Turned::GivenUp));
        });
    }
}
