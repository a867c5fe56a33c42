//! A verdict before anything is judged: what is the same in every one of a run.

use crate::policy_files::InForce;
use crate::prepare;
use crate::session::Session;
use gate_policy::{GatePolicy, Selected};
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
    GatePolicy {
        key: key.to_owned(),
        kind: kind.to_owned(),
        criteria: Vec::new(),
        floor: None,
        floors: Vec::new(),
        paths: Vec::new(),
        exclude: Vec::new(),
        reports: Vec::new(),
        settings: std::collections::BTreeMap::new(),
        sub_gates: Vec::new(),
        default: false,
        position: gate_policy::Position::built_in(),
    }
}
