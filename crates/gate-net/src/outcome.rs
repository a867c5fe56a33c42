use std::collections::BTreeMap;

/// What became of one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It leads somewhere: the last answer was 2xx.
    Alive {
        status: u16,
        /// Where the link should point instead: the end of the permanent redirects (301, 308) that come first, with
        /// the link's own fragment where the server names none. `None` without them.
        redirected_to: Option<String>,
    },
    /// It leads nowhere, for anybody.
    Dead {
        /// Of the last answer; `None` where there was none.
        status: Option<u16>,
        /// A fragment of a sentence, such as `answered 404`.
        reason: String,
    },
    /// It could not be found out, or was not looked at.
    Unknown {
        /// Of the last answer; `None` where there was none.
        status: Option<u16>,
        /// A fragment of a sentence, such as `answered 403: refuses automated checks`.
        reason: String,
    },
    /// Nobody answered at all, or nobody was asked before the time was up.
    Silent {
        /// A fragment of a sentence, such as `no answer in time`.
        reason: String,
    },
}

/// What [`check`](crate::check) found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// One for every URL asked for, as it was written.
    pub outcomes: BTreeMap<String, Outcome>,
    /// Links that were alive by the cache; nothing was requested for them.
    pub from_cache: usize,
    /// What the user should know and what changes no outcome, such as a damaged cache.
    pub notices: Vec<String>,
}

/// Nothing could be checked at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    #[error("the HTTP client could not be built: {what}")]
    Client { what: String },
    #[error("the user agent is not a header value: expected visible ASCII")]
    UserAgent,
}

impl Outcome {
    pub(crate) fn dead(status: impl Into<Option<u16>>, reason: impl Into<String>) -> Self {
        Self::Dead {
            status: status.into(),
            reason: reason.into(),
        }
    }

    pub(crate) fn silent(reason: impl Into<String>) -> Self {
        Self::Silent {
            reason: reason.into(),
        }
    }

    pub(crate) fn unknown(status: impl Into<Option<u16>>, reason: impl Into<String>) -> Self {
        Self::Unknown {
            status: status.into(),
            reason: reason.into(),
        }
    }
}
