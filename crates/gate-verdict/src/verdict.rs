//! Verdict v1: the outcome of one gate instance for one subject. Its own wire
//! types, so that no internal change can move the contract.

use crate::accepted::{Exemption, Override};
use crate::canonical::{DigestError, digest_of};
use crate::code::Code;
use crate::graph::Graph;
use crate::status::{Decision, Enforcement, Level, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The outcome of one gate instance for one subject.
///
/// Every member is always written; what is absent is `null`. Arrays are sorted
/// as [`Verdict::seal`] sorts them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    pub schema_version: u32,
    pub kind: VerdictKind,
    /// The key under `gates:`.
    pub gate: String,
    /// `integrity`, `security`, `coverage`, `performance`, or a team's own.
    pub gate_kind: String,
    pub scope: Option<String>,
    pub shard: Option<Shard>,
    pub status: Status,
    /// What this gate alone asks for; `quality-gate` decides over all of them.
    pub decision: Decision,
    pub subject: Subject,
    pub environment: Option<String>,
    pub policy: PolicyRef,
    /// The time the evidence is judged at, UTC in whole seconds (RFC 3339).
    pub as_of: String,
    pub criteria: Vec<CriterionResult>,
    /// At most [`crate::MAX_FINDINGS`] or more, the weightiest first kept.
    pub findings: Vec<Finding>,
    /// All findings, also those not held here.
    pub findings_total: u64,
    pub truncated: bool,
    /// What refers to what around what is broken; `null` where the gate looks at
    /// no references or nothing is broken, absent in documents of the first days.
    #[serde(default)]
    pub graph: Option<Graph>,
    pub evidence: Vec<EvidenceRef>,
    /// Named measurements as decimal strings, for charts and later steps.
    pub metrics: BTreeMap<String, String>,
    pub exemptions: Vec<Exemption>,
    pub overrides: Vec<Override>,
    /// What a reader should be told about the policy or the run; no outcome hangs on it.
    pub notices: Vec<String>,
    pub tool: Tool,
    /// sha256 of the canonical JSON without `run` and `digest`, 64 hex digits.
    pub digest: String,
    pub run: Run,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    Gate,
}

/// Shard `index` of `total`, counted from 1.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Shard {
    pub index: u32,
    pub total: u32,
}

/// What was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// `owner/name`, from the runner or the `origin` remote.
    pub repository: Option<String>,
    /// Full commit id of the checkout; `null` before the first commit.
    pub commit: Option<String>,
    pub tree: Option<String>,
    /// The full ref, e.g. `refs/heads/main`.
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// Full commit id of the base the change is compared with.
    pub base: Option<String>,
    /// Whether tracked files differ from the commit.
    pub dirty: bool,
    /// sha256 of artifacts the verdict also speaks for, 64 hex digits each.
    pub artifacts: Vec<String>,
}

/// The policy the verdict was reached under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRef {
    pub path: Option<String>,
    /// sha256 over the policy's files; `null` under built-in defaults.
    pub sha256: Option<String>,
    /// The commit it was read from; `null` when read from the work tree.
    pub revision: Option<String>,
    /// Whether built-in defaults were in force, in whole or in part.
    pub defaults: bool,
}

/// One requirement and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionResult {
    pub id: String,
    /// The block of the policy that asks for it, where a gate has several.
    pub sub_gate: Option<String>,
    pub status: Status,
    pub enforcement: Enforcement,
    pub observed: Option<Observed>,
    pub required: Option<Required>,
    /// How far observed is from required, as a decimal string in required's
    /// unit; negative where it is not met.
    pub margin: Option<String>,
    /// How many things were looked at.
    pub sample: Option<u64>,
    pub code: Option<Code>,
    /// Why, in one sentence with the number in it.
    pub reason: Option<String>,
    /// What to do now.
    pub next_step: Option<String>,
    /// How many findings belong to this criterion.
    pub findings: u64,
    /// Paths of the evidence it was judged on.
    pub evidence: Vec<String>,
}

/// What was measured. `value` is a decimal string; percentages also carry the
/// whole numbers they come from, and those are what was compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Observed {
    pub value: Option<String>,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    pub unit: Option<String>,
    pub text: String,
}

/// What the policy asks for; `text` is what it wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Required {
    /// `<`, `<=`, `==`, `>=` or `>`.
    pub op: Option<String>,
    pub value: Option<String>,
    pub unit: Option<String>,
    pub text: String,
}

/// One located problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub rule: String,
    /// The criterion it counts against.
    pub criterion: String,
    pub level: Level,
    pub message: String,
    pub location: Option<Location>,
    /// Stable under line moves, 64 hex digits.
    pub fingerprint: String,
    /// `new`, `unchanged` or `absent` against a baseline; `null` without one.
    pub baseline_state: Option<String>,
    /// The change that mends it, where that is certain.
    pub fix: Option<String>,
}

/// Where. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Location {
    /// Relative to the root, with `/`.
    pub path: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub end_line: Option<u32>,
    pub end_column: Option<u32>,
}

/// A piece of evidence and how much of it was used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceRef {
    /// `coverage`, `findings`, `repository`, `command`, ...
    pub kind: String,
    pub format: Option<String>,
    pub path: Option<String>,
    pub sha256: Option<String>,
    pub tool: Option<String>,
    /// Records read.
    pub records: u64,
    /// Records that could not be read.
    pub skipped: u64,
    /// Records left out because the policy says so.
    pub excluded: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// What differs from run to run. Not part of the digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    pub started_at: Option<String>,
    pub duration_ms: Option<u64>,
    /// Link to the workflow run.
    pub url: Option<String>,
}

impl Verdict {
    /// Sorts every array, caps the findings and the graph, and sets the digest. Call it last.
    pub fn seal(&mut self) -> Result<(), DigestError> {
        self.criteria
            .sort_by(|a, b| (&a.id, &a.sub_gate).cmp(&(&b.id, &b.sub_gate)));
        for criterion in &mut self.criteria {
            criterion.evidence.sort();
            criterion.evidence.dedup();
        }
        // Weightiest first, then by place: what a cut loses is the least.
        self.findings.sort_by(|a, b| {
            (b.level, &a.location, &a.rule, &a.fingerprint, &a.message).cmp(&(
                a.level,
                &b.location,
                &b.rule,
                &b.fingerprint,
                &b.message,
            ))
        });
        self.findings_total = self.findings_total.max(self.findings.len() as u64);
        if self.findings.len() > crate::MAX_FINDINGS {
            self.findings.truncate(crate::MAX_FINDINGS);
        }
        self.truncated = self.findings_total > self.findings.len() as u64;
        self.graph = self.graph.take().map(Graph::cut);
        self.evidence.sort();
        self.subject.artifacts.sort();
        self.exemptions
            .sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
        self.overrides
            .sort_by(|a, b| (&a.gate, &a.criterion, &a.who).cmp(&(&b.gate, &b.criterion, &b.who)));
        self.digest = String::new();
        let document = serde_json::to_value(&*self)
            .map_err(|error| DigestError::Serialise(error.to_string()))?;
        self.digest = digest_of(&document)?;
        Ok(())
    }

    /// Whether a mandatory criterion could not be judged (`--fail-on error`).
    pub fn mandatory_error(&self) -> bool {
        self.criteria
            .iter()
            .any(|c| c.status == Status::Error && c.enforcement == Enforcement::Mandatory)
    }

    /// The file stem in `--out`: `<gate>[.<scope>][.<i>-of-<n>]`.
    pub fn file_stem(&self) -> String {
        file_stem(&self.gate, self.scope.as_deref(), self.shard)
    }
}

/// `<gate>[.<scope>][.<i>-of-<n>]`, the stem of a gate's files in `--out`.
pub fn file_stem(gate: &str, scope: Option<&str>, shard: Option<Shard>) -> String {
    let mut stem = gate.to_owned();
    if let Some(scope) = scope {
        stem.push('.');
        stem.push_str(scope);
    }
    if let Some(Shard { index, total }) = shard {
        let _ = write!(stem, ".{index}-of-{total}");
    }
    stem
}
