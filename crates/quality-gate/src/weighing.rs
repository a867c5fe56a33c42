//! What each gate, and each gate that is not there, asks for.

use crate::fold::Folded;
use gate_policy::{Policy, Selected};
use gate_runner::{Failure, Prepared, Session, environment};
use gate_verdict::{
    Cap, Code, Decision, DecisionDoc, DecisionKind, Enforcement, GateOutcome, Outcome, Reason,
    SCHEMA_VERSION, Status, Subject, Verdict, contribution, fold_statuses,
};

/// A reason with its weight.
pub(crate) struct Weighed {
    contribution: Decision,
    enforcement: Enforcement,
    status: Status,
    pub(crate) reason: Reason,
}

/// The gates weighed so far and the reasons they gave.
pub(crate) struct Weighing<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) selected: &'a Selected<'a>,
    pub(crate) gates: Vec<GateOutcome>,
    pub(crate) reasons: Vec<Weighed>,
}

impl<'a> Weighing<'a> {
    pub(crate) const fn new(policy: &'a Policy, selected: &'a Selected<'a>) -> Self {
        Self {
            policy,
            selected,
            gates: Vec::new(),
            reasons: Vec::new(),
        }
    }

    pub(crate) fn weigh(&mut self, status: Status, enforcement: Enforcement, reason: Reason) {
        let outcome = Outcome {
            status,
            enforcement,
            lift: None,
        };
        self.reasons.push(Weighed {
            contribution: contribution(outcome, CAP),
            enforcement,
            status,
            reason,
        });
    }

    /// What a change to the policy itself asks for.
    pub(crate) fn policy_itself(&mut self, prepared: &Prepared) {
        for loosening in &prepared.in_force.loosened {
            let gate = loosening
                .gate
                .clone()
                .unwrap_or_else(|| String::from("policy"));
            let text = format!("the change loosens the policy: {}", loosening.text);
            self.weigh(
                Status::Fail,
                Enforcement::Advisory,
                Reason {
                    gate,
                    criterion: Some(String::from(POLICY_CRITERION)),
                    code: Code::PolicyLoosened,
                    text,
                },
            );
        }
        if let Some(doubt) = &prepared.in_force.doubt {
            self.weigh(
                Status::Error,
                doubt.enforcement,
                Reason {
                    gate: String::from("policy"),
                    criterion: Some(String::from(POLICY_CRITERION)),
                    code: doubt.code,
                    text: doubt.text.clone(),
                },
            );
        }
    }

    pub(crate) fn finish(
        mut self,
        session: &Session,
        prepared: &Prepared,
        subject: Subject,
        verdicts: Vec<Verdict>,
    ) -> Result<Folded, Failure> {
        if self.gates.is_empty() {
            self.weigh(
                Status::Error,
                Enforcement::Mandatory,
                Reason {
                    gate: String::from("policy"),
                    criterion: None,
                    code: Code::EvidenceInsufficient,
                    text: String::from(
                        "no gate is expected and none left a verdict, so nothing was judged",
                    ),
                },
            );
        }
        self.reasons.sort_by(|a, b| {
            let weight = |w: &Weighed| (w.contribution, w.enforcement, w.status);
            weight(b).cmp(&weight(a)).then_with(|| {
                (&a.reason.gate, &a.reason.criterion, &a.reason.text).cmp(&(
                    &b.reason.gate,
                    &b.reason.criterion,
                    &b.reason.text,
                ))
            })
        });
        let decision = self
            .reasons
            .iter()
            .map(|weighed| weighed.contribution)
            .max()
            .unwrap_or(Decision::Allow);
        let mandatory_error = self.reasons.iter().any(|weighed| {
            weighed.status == Status::Error && weighed.enforcement == Enforcement::Mandatory
        });
        let binding: Vec<Status> = self
            .gates
            .iter()
            .filter(|gate| gate.enforcement > Enforcement::Informational)
            .map(|gate| gate.status)
            .collect();
        let all = self.gates.iter().map(|gate| gate.status);
        let status = if binding.is_empty() {
            fold_statuses(all)
        } else {
            fold_statuses(binding)
        };
        let mut notices = prepared.in_force.notices(self.selected, None);
        notices.extend(self.unconfigured());
        let mut document = DecisionDoc {
            schema_version: SCHEMA_VERSION,
            kind: DecisionKind::Decision,
            status,
            decision,
            subject,
            environment: environment(self.selected),
            policy: prepared.in_force.reference.clone(),
            as_of: session.as_of.to_string(),
            gates: self.gates,
            reasons: self
                .reasons
                .into_iter()
                .map(|weighed| weighed.reason)
                .collect(),
            overrides: Vec::new(),
            approvals: None,
            chain: Vec::new(),
            way: Vec::new(),
            notices,
            tool: gate_runner::tool(),
            digest: String::new(),
            run: session.run(),
        };
        document
            .seal()
            .map_err(|error| Failure::Engine(error.to_string()))?;
        Ok(Folded {
            document,
            verdicts,
            mandatory_error,
        })
    }
}

/// The criterion by which a gate says that the change loosens its policy.
pub(crate) const POLICY_CRITERION: &str = "policy_not_loosened";

/// Overrides are not read yet, so none may lift anything.
const CAP: Cap = Cap {
    bypass_allowed: false,
    emergency_allowed: false,
    approved: false,
    as_of: 0,
};
