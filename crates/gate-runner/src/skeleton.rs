//! A verdict before anything is judged: what is the same in every one of a run.

use crate::out;
use crate::policy_files::InForce;
use crate::prepare;
use crate::session::Session;
use gate_policy::{GatePolicy, Position, Selected};
use gate_verdict::{Decision, Run, Status, Subject, Tool, Verdict, VerdictKind};

/// What is the same in every verdict of a session.
pub(crate) struct Skeleton<'a> {
    pub(crate) session: &'a Session,
    pub(crate) in_force: &'a InForce,
    pub(crate) selected: &'a Selected<'a>,
}

impl Skeleton<'_> {
    pub(crate) fn verdict(&self, policy: &GatePolicy) -> Verdict {
        let mut verdict = provisional(self.session, &policy.key);
        verdict.gate_kind.clone_from(&policy.kind);
        verdict.environment = prepare::environment(self.selected);
        verdict.policy = self.in_force.reference.clone();
        verdict.notices = self.in_force.notices(self.selected, Some(&policy.key));
        verdict
    }
}

/// A verdict that says nothing yet.
pub(crate) fn provisional(session: &Session, gate: &str) -> Verdict {
    Verdict {
        schema_version: gate_verdict::SCHEMA_VERSION,
        kind: VerdictKind::Gate,
        gate: gate.to_owned(),
        gate_kind: gate.to_owned(),
        scope: session.flags.scope.clone(),
        shard: session.flags.shard,
        status: Status::Error,
        decision: Decision::Block,
        subject: Subject::default(),
        environment: session.flags.environment.clone(),
        policy: gate_verdict::PolicyRef::default(),
        as_of: session.as_of.to_string(),
        criteria: Vec::new(),
        findings: Vec::new(),
        findings_total: 0,
        truncated: false,
        graph: None,
        evidence: Vec::new(),
        metrics: std::collections::BTreeMap::new(),
        exemptions: Vec::new(),
        overrides: Vec::new(),
        notices: Vec::new(),
        tool: tool(),
        digest: String::new(),
        run: Run::default(),
    }
}

/// What wrote the verdict. The same for every binary, because the same gate
/// gives the same verdict in all of them.
pub fn tool() -> Tool {
    Tool {
        name: String::from("gatewright"),
        version: String::from(env!("CARGO_PKG_VERSION")),
    }
}

/// The policy of a gate that no file configures.
pub(crate) fn asks_nothing(key: &str, kind: &str) -> GatePolicy {
    GatePolicy::new(key, kind, &Position::built_in())
}

/// Removes what an earlier run of the same instance left.
pub(crate) fn remove_own(session: &Session, key: &str) -> std::io::Result<()> {
    let flags = &session.flags;
    let stem = gate_verdict::file_stem(key, flags.scope.as_deref(), flags.shard);
    let names = out::GATE_ENDINGS.map(|ending| format!("{stem}{ending}"));
    out::remove_old(&session.out, names)
}
