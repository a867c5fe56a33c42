//! What people have accepted: a finding, or the outcome of a gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exemption {
    pub fingerprint: String,
    pub who: String,
    pub why: String,
    pub approved_by: Vec<String>,
    pub expires: Option<String>,
    pub scope: Option<String>,
}

/// An accepted gate outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// The file's name for it, or the number of the comment that asked for it;
    /// `null` in documents of the first days.
    #[serde(default)]
    pub id: Option<String>,
    pub gate: String,
    /// `null`: whatever of the gate is covered.
    pub criterion: Option<String>,
    /// Who asked for it.
    pub who: String,
    pub why: String,
    #[serde(default)]
    pub ticket: Option<String>,
    pub approved_by: Vec<String>,
    /// UTC in whole seconds (RFC 3339); at this second it is over.
    pub expires: String,
    /// The gate's scope it is for; `null`: all.
    pub scope: Option<String>,
    /// The environment it is for; `null`: all that allow overrides.
    #[serde(default)]
    pub environment: Option<String>,
    /// What was observed when it was granted; anything worse is not covered.
    #[serde(default)]
    pub observed: Option<String>,
    pub covers_error: bool,
    #[serde(default)]
    pub emergency: bool,
    #[serde(default)]
    pub state: OverrideState,
    /// What it lifted, or why it lifts nothing, in one sentence.
    #[serde(default)]
    pub note: Option<String>,
}

/// What became of an override in one decision.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OverrideState {
    /// It lifted something.
    #[default]
    Used,
    /// It holds and there was nothing for it to lift.
    Unused,
    /// It does not hold here and now; the note says why.
    Void,
}
