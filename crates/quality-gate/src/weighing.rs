//! What each gate, and each gate that is not there, asks for.

use gate_policy::{Policy, Selected};
use gate_runner::Prepared;
use gate_verdict::{
    Cap, Code, Decision, Enforcement, GateOutcome, Lift, Observed, Outcome, Reason, Status,
    contribution,
};

/// One thing that was asked for and what it came to, with why.
#[derive(Debug)]
pub(crate) struct Weighed {
    pub(crate) enforcement: Enforcement,
    pub(crate) status: Status,
    pub(crate) reason: Reason,
    pub(crate) scope: Option<String>,
    /// What was measured, where something was.
    pub(crate) observed: Option<Observed>,
    pub(crate) higher_is_better: bool,
    /// What to do about it.
    pub(crate) next_step: Option<String>,
    pub(crate) lift: Option<Lift>,
}

/// The gates weighed so far and the reasons they gave.
pub(crate) struct Weighing<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) selected: &'a Selected<'a>,
    pub(crate) gates: Vec<GateOutcome>,
    pub(crate) reasons: Vec<Weighed>,
    /// Gates that do not apply, with why.
    pub(crate) left_out: Vec<String>,
}

impl Weighed {
    /// A reason that no measurement stands behind.
    pub(crate) fn new(status: Status, enforcement: Enforcement, reason: Reason) -> Self {
        Self {
            enforcement,
            status,
            reason,
            scope: None,
            observed: None,
            higher_is_better: false,
            next_step: None,
            lift: None,
        }
    }

    /// What it asks for by itself.
    pub(crate) fn contribution(&self, cap: Cap) -> Decision {
        let outcome = Outcome {
            status: self.status,
            enforcement: self.enforcement,
            lift: self.lift,
        };
        contribution(outcome, cap)
    }
}

impl<'a> Weighing<'a> {
    pub(crate) const fn new(policy: &'a Policy, selected: &'a Selected<'a>) -> Self {
        Self {
            policy,
            selected,
            gates: Vec::new(),
            reasons: Vec::new(),
            left_out: Vec::new(),
        }
    }

    pub(crate) fn weigh(&mut self, status: Status, enforcement: Enforcement, reason: Reason) {
        self.reasons.push(Weighed::new(status, enforcement, reason));
    }

    /// The strictest of what everything asks for.
    pub(crate) fn decision(&self, cap: Cap) -> Decision {
        let asked = self.reasons.iter().map(|one| one.contribution(cap));
        asked.max().unwrap_or(Decision::Allow)
    }

    /// The weightiest first.
    pub(crate) fn sort(&mut self, cap: Cap) {
        self.reasons.sort_by(|a, b| {
            let weight = |one: &Weighed| (one.contribution(cap), one.enforcement, one.status);
            weight(b).cmp(&weight(a)).then_with(|| {
                let place = |one: &Weighed| {
                    let Reason {
                        gate,
                        criterion,
                        text,
                        ..
                    } = &one.reason;
                    (gate.clone(), criterion.clone(), text.clone())
                };
                place(a).cmp(&place(b))
            })
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

    /// Nothing expected and nothing judged is never allowed.
    pub(crate) fn nothing_at_all(&mut self) {
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
    }
}

/// The criterion by which a gate says that the change loosens its policy.
pub(crate) const POLICY_CRITERION: &str = "policy_not_loosened";
