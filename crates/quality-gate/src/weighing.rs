//! What each gate, and each gate that is not there, asks for.

use crate::fold::{Folded, Instance};
use gate_policy::{Policy, Selected};
use gate_runner::{Failure, Prepared, Session, environment};
use gate_verdict::{
    Cap, Code, Decision, DecisionDoc, DecisionKind, Enforcement, GateOutcome, Outcome, Reason,
    SCHEMA_VERSION, Status, Subject, Verdict, contribution, fold_statuses,
};
use std::collections::BTreeSet;

/// A reason with its weight.
struct Weighed {
    contribution: Decision,
    enforcement: Enforcement,
    status: Status,
    reason: Reason,
}

/// The gates weighed so far and the reasons they gave.
pub(crate) struct Weighing<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) selected: &'a Selected<'a>,
    pub(crate) gates: Vec<GateOutcome>,
    reasons: Vec<Weighed>,
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

    /// Whether what the change does to the policy is weighed already, once and
    /// for all gates; what a gate alone has seen of it still counts.
    fn policy_weighed(&self, code: Option<Code>) -> bool {
        let known = self
            .reasons
            .iter()
            .any(|weighed| weighed.reason.criterion.as_deref() == Some(POLICY_CRITERION));
        known
            && matches!(
                code,
                Some(Code::PolicyLoosened | Code::BaseUnreadable | Code::BasePolicyInvalid)
            )
    }

    /// Criteria that the policy asks for and the verdict does not mention.
    fn left_out(&mut self, gate: &str, verdict: &Verdict) -> Vec<Status> {
        let Some(asked) = self.policy.gates.get(gate) else {
            return Vec::new();
        };
        let unfinished = verdict.criteria.iter().any(|c| c.id == "gate_completes");
        // A team's own gate is what its command says (contract, section 11).
        if unfinished || asked.kind == "custom" {
            return Vec::new();
        }
        let mut told: Vec<_> = verdict
            .criteria
            .iter()
            .map(|c| (c.id.as_str(), c.sub_gate.as_deref()))
            .collect();
        let mut missing = Vec::new();
        for criterion in &asked.criteria {
            let key = (criterion.id.as_str(), criterion.sub_gate.as_deref());
            match told.iter().position(|one| *one == key) {
                Some(at) => {
                    told.swap_remove(at);
                }
                None => missing.push(key),
            }
        }
        let statuses = vec![Status::Error; missing.len()];
        for (id, sub_gate) in missing {
            let enforcement = self
                .policy
                .criterion_enforcement(self.selected, gate, id, sub_gate);
            let reason = Reason {
                gate: gate.to_owned(),
                criterion: Some(id.to_owned()),
                code: Code::EvidenceInsufficient,
                text: format!(
                    "the policy asks for `{id}` and the verdict of `{gate}` does not mention it"
                ),
            };
            self.weigh(Status::Error, enforcement, reason);
        }
        statuses
    }

    pub(crate) fn verdict(&mut self, (gate, scope, shard): &Instance, verdict: &Verdict) {
        let gate_enforcement = self.policy.gate_enforcement(self.selected, gate);
        let mut statuses = Vec::new();
        for criterion in &verdict.criteria {
            statuses.push(criterion.status);
            let weighed = criterion.id == POLICY_CRITERION && self.policy_weighed(criterion.code);
            if weighed || matches!(criterion.status, Status::Pass | Status::Skip) {
                continue;
            }
            let enforcement = self.policy.criterion_enforcement(
                self.selected,
                gate,
                &criterion.id,
                criterion.sub_gate.as_deref(),
            );
            let text = criterion
                .reason
                .clone()
                .unwrap_or_else(|| String::from("no reason was given"));
            self.weigh(
                criterion.status,
                enforcement,
                Reason {
                    gate: gate.clone(),
                    criterion: Some(criterion.id.clone()),
                    code: criterion.code.unwrap_or(Code::Unknown),
                    text,
                },
            );
        }
        statuses.extend(self.left_out(gate, verdict));
        if statuses.is_empty() {
            self.weigh(
                Status::Error,
                gate_enforcement,
                Reason {
                    gate: gate.clone(),
                    criterion: None,
                    code: Code::EvidenceInsufficient,
                    text: format!("gate `{gate}` judged nothing: the policy asks nothing of it"),
                },
            );
        }
        self.gates.push(GateOutcome {
            gate: gate.clone(),
            scope: scope.clone(),
            shard: *shard,
            status: fold_statuses(statuses),
            enforcement: gate_enforcement,
            missing: false,
            verdict_digest: Some(verdict.digest.clone()),
        });
    }

    /// Gates that left a verdict and that no policy names: shown, not binding.
    fn unconfigured(&self) -> Vec<String> {
        let unknown: BTreeSet<&str> = self
            .gates
            .iter()
            .filter(|gate| gate.enforcement == Enforcement::Informational)
            .map(|gate| gate.gate.as_str())
            .filter(|gate| !self.policy.gates.contains_key(*gate))
            .collect();
        unknown
            .into_iter()
            .map(|gate| format!("gate `{gate}` left a verdict and no policy names it: it is shown and binds nothing; write it under `gates:` to make it count"))
            .collect()
    }

    pub(crate) fn finish(
        mut self,
        session: &Session,
        prepared: &Prepared,
        subject: Subject,
        verdicts: Vec<Verdict>,
    ) -> Result<Folded, Failure> {
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
        let nothing = self.gates.is_empty();
        if nothing {
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
        let decision = if nothing {
            Decision::Block
        } else {
            self.reasons
                .iter()
                .map(|weighed| weighed.contribution)
                .max()
                .unwrap_or(Decision::Allow)
        };
        let mandatory_error = nothing
            || self.reasons.iter().any(|weighed| {
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
const POLICY_CRITERION: &str = "policy_not_loosened";

/// Overrides are not read yet, so none may lift anything.
const CAP: Cap = Cap {
    bypass_allowed: false,
    as_of: 0,
};
