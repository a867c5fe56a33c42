//! A verdict's criteria: what each asks for here, and which the policy asks
//! for and the verdict leaves out.

use crate::explain::way_of;
use crate::fold::Instance;
use crate::weighing::{POLICY_CRITERION, Weighed, Weighing};
use gate_verdict::{Code, CriterionResult, GateOutcome, Reason, Status, Verdict, fold_statuses};

impl Weighing<'_> {
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
            let reason = Reason {
                gate: gate.clone(),
                criterion: Some(criterion.id.clone()),
                code: criterion.code.unwrap_or(Code::Unknown),
                text: why(criterion),
            };
            let op = criterion
                .required
                .as_ref()
                .and_then(|one| one.op.as_deref());
            self.reasons.push(Weighed {
                scope: scope.clone(),
                observed: criterion.observed.clone(),
                higher_is_better: op.is_some_and(|op| op.starts_with('>')),
                next_step: way_of(criterion),
                ..Weighed::new(criterion.status, enforcement, reason)
            });
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
}

/// The reason of a criterion with what was observed and what is required.
fn why(criterion: &CriterionResult) -> String {
    let reason = criterion.reason.as_deref().unwrap_or("no reason was given");
    match (&criterion.observed, &criterion.required) {
        (Some(observed), Some(required)) => {
            format!(
                "{reason}: observed {}, required {}",
                observed.text, required.text
            )
        }
        _ => reason.to_owned(),
    }
}
