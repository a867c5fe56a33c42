//! Decision v1: the one answer for an environment, folded from verdicts.

use crate::accepted::Override;
use crate::canonical::{DigestError, digest_of};
use crate::code::Code;
use crate::status::{Decision, Enforcement, Status};
use crate::verdict::{PolicyRef, Run, Shard, Subject, Tool};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The decision for one subject in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionDoc {
    pub schema_version: u32,
    pub kind: DecisionKind,
    /// The fold of the binding gates' statuses.
    pub status: Status,
    pub decision: Decision,
    pub subject: Subject,
    pub environment: Option<String>,
    pub policy: PolicyRef,
    /// UTC in whole seconds (RFC 3339).
    pub as_of: String,
    pub gates: Vec<GateOutcome>,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Every override that names a gate of this decision, also those that lift nothing.
    pub overrides: Vec<Override>,
    /// Who approved; `null` where the environment resolves nothing by approvals.
    #[serde(default)]
    pub approvals: Option<Approvals>,
    /// The shortest way from the decision down to what decided it, one sentence each.
    #[serde(default)]
    pub chain: Vec<String>,
    /// The nearest way to `allow`, one step each; empty where it is reached.
    #[serde(default)]
    pub way: Vec<Step>,
    pub notices: Vec<String>,
    pub tool: Tool,
    pub digest: String,
    pub run: Run,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Decision,
}

/// One gate's part in the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GateOutcome {
    pub gate: String,
    pub scope: Option<String>,
    pub shard: Option<Shard>,
    /// `error` where the gate is missing.
    pub status: Status,
    pub enforcement: Enforcement,
    pub missing: bool,
    pub verdict_digest: Option<String>,
}

/// One reason for the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    pub gate: String,
    pub criterion: Option<String>,
    pub code: Code,
    pub text: String,
}

/// The approvals that `require_approval` waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approvals {
    /// Distinct people.
    pub required: u32,
    /// Sorted by name.
    pub given: Vec<Approval>,
}

/// One person's word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    pub who: String,
    /// `review` or `environment`.
    pub source: String,
    /// Whether it counts here.
    pub counts: bool,
    /// Why it does not.
    pub note: Option<String>,
}

/// One step of the nearest way to `allow`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub gate: String,
    pub criterion: Option<String>,
    pub text: String,
}

impl Approvals {
    /// How many people count.
    pub fn counted(&self) -> u32 {
        let counted = self.given.iter().filter(|one| one.counts).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    pub fn satisfied(&self) -> bool {
        self.counted() >= self.required
    }
}

impl DecisionDoc {
    /// Sorts the gates and sets the digest. The order of `reasons` is by
    /// weight and is the caller's.
    pub fn seal(&mut self) -> Result<(), DigestError> {
        self.gates
            .sort_by(|a, b| (&a.gate, &a.scope, a.shard).cmp(&(&b.gate, &b.scope, b.shard)));
        self.overrides.sort_by(|a, b| {
            (a.state, &a.gate, &a.criterion, &a.id).cmp(&(b.state, &b.gate, &b.criterion, &b.id))
        });
        self.digest = String::new();
        let document = serde_json::to_value(&*self)
            .map_err(|error| DigestError::Serialise(error.to_string()))?;
        self.digest = digest_of(&document)?;
        Ok(())
    }
}
