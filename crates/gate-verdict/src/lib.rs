//! The contract every other part stands on: verdict and decision v1, the
//! statuses and how they fold, exit codes, exact numbers, and the digest.
//!
//! What this crate promises:
//! - **Pure.** No environment, file, network or clock; `serde`, `schemars` and
//!   the two crates the digest needs (`serde_json`, `sha2`) are all it imports.
//! - **Stable.** A verdict written by any released version parses for ever;
//!   samples live in `samples/v1`. Absent is `null`, never omitted, so that a
//!   reader can tell "we looked and there was none" from "an older writer".
//! - **Exact.** Nothing here is a float. Numbers that measure are decimal
//!   strings ([`Decimal`]) and ratios are compared as integers.

mod accepted;
mod canonical;
mod code;
mod decimal;
mod decision;
mod fold;
mod graph;
mod past;
mod status;
mod verdict;

pub use accepted::{Exemption, Override, OverrideState};
pub use canonical::{DigestError, canonical_json, digest_of, sha256_hex};
pub use code::Code;
pub use decimal::{Decimal, DecimalError, Ratio};
pub use decision::{Approval, Approvals, DecisionDoc, DecisionKind, GateOutcome, Reason, Step};
pub use fold::{Cap, Lift, Outcome, contribution, decide, fold_statuses, lifts};
pub use graph::{
    EdgeState, Graph, GraphEdge, GraphNode, MAX_GRAPH_EDGES, MAX_GRAPH_NODES, NodeState,
};
pub use past::{MAX_PAST, Past, is_past, past, past_name};
pub use status::{Decision, Enforcement, FailOn, Level, Status};
pub use verdict::{
    CriterionResult, EvidenceRef, Finding, Location, Observed, PolicyRef, Required, Run, Shard,
    Subject, Tool, Verdict, VerdictKind, file_stem,
};

/// The `schema_version` this crate writes.
pub const SCHEMA_VERSION: u32 = 1;

/// At least this many findings are kept before a verdict is `truncated`
/// (contract, section 5); `findings_total` always counts all of them.
pub const MAX_FINDINGS: usize = 1_000;

/// The JSON Schema of a verdict, as a value with sorted keys.
pub fn verdict_schema() -> serde_json::Value {
    schema::<Verdict>()
}

/// The JSON Schema of a decision, as a value with sorted keys.
pub fn decision_schema() -> serde_json::Value {
    schema::<DecisionDoc>()
}

/// Members that documents of the first days lack, by where a schema requires them.
const LATER: [(&str, &[&str]); 2] = [
    ("/required", &["graph", "approvals", "chain", "way"]),
    (
        "/$defs/Override/required",
        &[
            "id",
            "ticket",
            "environment",
            "observed",
            "emergency",
            "state",
            "note",
        ],
    ),
];

/// As documents are written: every member is there, absent ones as `null`.
fn schema<T: schemars::JsonSchema>() -> serde_json::Value {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    // They came after the first documents, which stay valid without them.
    for (place, later) in LATER {
        if let Some(required) = schema.pointer_mut(place).and_then(|r| r.as_array_mut()) {
            required.retain(|member| !member.as_str().is_some_and(|name| later.contains(&name)));
        }
    }
    // Codes are open, unlike the other vocabularies: a document of a newer
    // version may hold one that this version does not know.
    if let Some(code) = schema.pointer_mut("/$defs/Code") {
        *code = serde_json::json!({
            "anyOf": [code.take(), {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}],
        });
    }
    schema
}
