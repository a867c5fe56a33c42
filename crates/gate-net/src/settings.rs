use std::path::PathBuf;
use std::time::Duration;

/// How links are checked. [`Settings::new`] gives the defaults.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Requests at once to one host; 2. Zero counts as one.
    pub per_host: usize,
    /// From the start of one request to a host to the start of the next; 100 ms.
    pub pause: Duration,
    /// Links looked at at once; 16. Zero counts as one.
    pub in_flight: usize,
    /// For one request, from the name's resolution to the answer's headers; 20 s.
    pub timeout: Duration,
    /// For all links together; 5 minutes, at most a day. What is not answered by then is
    /// [`Outcome::Silent`](crate::Outcome::Silent).
    pub deadline: Duration,
    /// Further requests to one link after a fault that may pass (a rate limit, 5xx, a time-out, a broken
    /// connection); 2.
    pub retries: u32,
    /// Before the first retry; it doubles with each further one, up to 30 s; 1 s. A longer `Retry-After` wins.
    pub backoff: Duration,
    /// Redirects that are followed for one link; 10.
    pub max_redirects: usize,
    /// A JSON file that remembers what was alive; none. Its folder is made where it is missing. Let it be no file of
    /// the change that is judged, which could bring its own good news.
    pub cache: Option<PathBuf>,
    /// How long the cache is believed; a day.
    pub cache_ttl: Duration,
    /// Seconds since 1970, at the start: ages of cache entries and `Retry-After` dates are reckoned from it.
    pub now: i64,
    /// Names of hosts, and addresses, that may be contacted although they are private; none. A name stands for
    /// itself alone, not for what lies below it.
    pub private_hosts: Vec<String>,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Settings {
    /// The defaults, at `now` in seconds since 1970.
    pub fn new(now: i64) -> Self {
        Self {
            per_host: 2,
            pause: Duration::from_millis(100),
            in_flight: 16,
            timeout: Duration::from_secs(20),
            deadline: Duration::from_mins(5),
            retries: 2,
            backoff: Duration::from_secs(1),
            max_redirects: 10,
            cache: None,
            cache_ttl: Duration::from_hours(24),
            now,
            private_hosts: Vec::new(),
            user_agent: concat!(
                "gatewright/",
                env!("CARGO_PKG_VERSION"),
                " (link check; +",
                env!("CARGO_PKG_REPOSITORY"),
                ")"
            )
            .to_owned(),
        }
    }
}
