//! What a record says: decisions and overrides. Texts of findings and reasons
//! are not among it; who wants them has the verdicts.

use crate::chain::Record;
use gate_verdict::{
    Decision, DecisionDoc, Enforcement, Override, OverrideState, Shard, Status, Tool, Verdict,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionEntry {
    /// UTC in whole seconds (RFC 3339): the decision's `as_of`.
    pub at: String,
    pub repository: Option<String>,
    pub commit: Option<String>,
    pub tree: Option<String>,
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    pub environment: Option<String>,
    pub decision: Decision,
    pub status: Status,
    /// The digest of `decision.json`.
    pub digest: String,
    pub policy_sha256: Option<String>,
    pub gates: Vec<GateEntry>,
    pub overrides: Vec<OverrideUse>,
    /// Link to the workflow run, with its attempt.
    pub run: Option<String>,
    pub duration_ms: Option<u64>,
    pub tool: Tool,
}

/// One gate's part in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateEntry {
    pub gate: String,
    pub scope: Option<String>,
    pub shard: Option<Shard>,
    pub status: Status,
    pub enforcement: Enforcement,
    pub duration_ms: Option<u64>,
}

/// An override that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideUse {
    pub id: Option<String>,
    pub gate: String,
    pub criterion: Option<String>,
    pub who: String,
    pub expires: String,
}

/// An override as it was used, with who stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideEntry {
    pub at: String,
    pub id: Option<String>,
    pub repository: Option<String>,
    pub commit: Option<String>,
    pub environment: Option<String>,
    pub gate: String,
    pub criterion: Option<String>,
    pub who: String,
    pub approved_by: Vec<String>,
    pub expires: String,
    pub scope: Option<String>,
    pub covers_error: bool,
    pub emergency: bool,
    /// The digest of the decision that rests on it.
    pub digest: String,
    pub run: Option<String>,
}

/// What this version understands of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Decision(Box<DecisionEntry>),
    Override(Box<OverrideEntry>),
    /// Of another kind, or with words that this version does not know.
    Other,
}

impl Record {
    pub fn entry(&self) -> Entry {
        let value = || Value::Object(self.members.clone());
        let entry = match self.kind.as_str() {
            "decision" => serde_json::from_value(value()).ok().map(Entry::Decision),
            "override" => serde_json::from_value(value()).ok().map(Entry::Override),
            _ => None,
        };
        entry.unwrap_or(Entry::Other)
    }

    /// Whether this is what `body` says: the same decision of the same attempt
    /// of a run is appended once, however often it is tried.
    pub fn repeats(&self, body: &Map<String, Value>) -> bool {
        let same = |name: &&str| self.members.get(*name) == body.get(*name);
        match self.kind.as_str() {
            "decision" => ["kind", "digest", "run"].iter().all(same),
            "override" => [
                "kind",
                "digest",
                "run",
                "id",
                "gate",
                "criterion",
                "who",
                "scope",
            ]
            .iter()
            .all(same),
            _ => self.body() == *body,
        }
    }
}

/// All records of a run: the decision's, and one for each override it rests on.
pub fn entries(
    document: &DecisionDoc,
    verdicts: &[Verdict],
) -> Result<Vec<Map<String, Value>>, serde_json::Error> {
    let mut bodies = vec![body("decision", &decision_entry(document, verdicts))?];
    for used in override_entries(document) {
        bodies.push(body("override", &used)?);
    }
    Ok(bodies)
}

fn body(kind: &str, entry: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    let mut members = match serde_json::to_value(entry)? {
        Value::Object(members) => members,
        other => Map::from_iter([(String::from("value"), other)]),
    };
    members.insert(String::from("kind"), kind.into());
    Ok(members)
}

/// The record of a decision; `verdicts` are those it was folded from.
pub fn decision_entry(document: &DecisionDoc, verdicts: &[Verdict]) -> DecisionEntry {
    let took = |digest: &Option<String>| {
        let digest = digest.as_deref()?;
        let verdict = verdicts.iter().find(|verdict| verdict.digest == digest)?;
        verdict.run.duration_ms
    };
    let subject = &document.subject;
    DecisionEntry {
        at: document.as_of.clone(),
        repository: subject.repository.clone(),
        commit: subject.commit.clone(),
        tree: subject.tree.clone(),
        git_ref: subject.git_ref.clone(),
        environment: document.environment.clone(),
        decision: document.decision,
        status: document.status,
        digest: document.digest.clone(),
        policy_sha256: document.policy.sha256.clone(),
        gates: document
            .gates
            .iter()
            .map(|gate| GateEntry {
                gate: gate.gate.clone(),
                scope: gate.scope.clone(),
                shard: gate.shard,
                status: gate.status,
                enforcement: gate.enforcement,
                duration_ms: took(&gate.verdict_digest),
            })
            .collect(),
        overrides: used(document)
            .map(|used| OverrideUse {
                id: used.id.clone(),
                gate: used.gate.clone(),
                criterion: used.criterion.clone(),
                who: used.who.clone(),
                expires: used.expires.clone(),
            })
            .collect(),
        run: document.run.url.clone(),
        duration_ms: document.run.duration_ms,
        tool: document.tool.clone(),
    }
}

/// A record for each override that a decision rests on.
pub fn override_entries(document: &DecisionDoc) -> Vec<OverrideEntry> {
    let of = |used: &Override| OverrideEntry {
        at: document.as_of.clone(),
        id: used.id.clone(),
        repository: document.subject.repository.clone(),
        commit: document.subject.commit.clone(),
        environment: document.environment.clone(),
        gate: used.gate.clone(),
        criterion: used.criterion.clone(),
        who: used.who.clone(),
        approved_by: used.approved_by.clone(),
        expires: used.expires.clone(),
        scope: used.scope.clone(),
        covers_error: used.covers_error,
        emergency: used.emergency,
        digest: document.digest.clone(),
        run: document.run.url.clone(),
    };
    used(document).map(of).collect()
}

/// Overrides that lifted something; a decision also lists those that did not.
fn used(document: &DecisionDoc) -> impl Iterator<Item = &Override> {
    let all = document.overrides.iter();
    all.filter(|one| one.state == OverrideState::Used)
}
