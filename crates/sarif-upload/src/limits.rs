//! Why a file stays here.

use gate_sarif::SarifError;

/// Bytes of gzip that GitHub takes. Source: GitHub's page "SARIF support for code scanning" and its table of limits.
pub(crate) const MAX_GZIP: u64 = 10_000_000;

/// Why a file stays here, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) reason: String,
    pub(crate) next_step: String,
}

impl Problem {
    pub(crate) fn new(reason: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            next_step: next_step.into(),
        }
    }
}

impl From<SarifError> for Problem {
    fn from(error: SarifError) -> Self {
        Self::new(error.to_string(), error.kind.next_step())
    }
}
