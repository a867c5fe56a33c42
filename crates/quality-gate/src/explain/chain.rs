//! The shortest chain of reasons: decision, gate, criterion, evidence.

use crate::weighing::Weighed;
use gate_policy::{Policy, Selected};
use gate_verdict::{
    Cap, CriterionResult, Decision, Enforcement, Level, Override, OverrideState, Verdict,
};

/// From the decision down to what decided it, one sentence each. `reasons`: the
/// weightiest first.
pub(crate) fn chain(
    decision: Decision,
    reasons: &[Weighed],
    overrides: &[Override],
    verdicts: &[Verdict],
    (policy, selected): (&Policy, &Selected<'_>),
    cap: Cap,
) -> Vec<String> {
    let place = selected.name().map_or_else(
        || String::from("without an environment"),
        |name| format!("for environment `{name}`"),
    );
    let mut chain = vec![format!("{} {place}", said(decision))];
    let first = reasons
        .iter()
        .find(|one| one.contribution(cap) == decision && decision > Decision::Allow);
    let Some(first) = first else {
        let approved = reasons.iter().any(|one| {
            one.contribution(Cap {
                approved: false,
                ..cap
            }) == Decision::RequireApproval
        });
        chain.push(if approved {
            String::from("what needed an approval has it, and nothing else that binds failed")
        } else {
            String::from("every gate that binds here was judged, and none failed")
        });
        return chain;
    };
    let gate = &first.reason.gate;
    match &first.reason.criterion {
        Some(criterion) => {
            chain.push(format!(
                "gate `{gate}` is {}{}",
                first.enforcement,
                because(policy, selected, gate, first.enforcement)
            ));
            chain.push(format!(
                "`{criterion}` {}: {}",
                first.status_word(),
                first.reason.text
            ));
        }
        // What is wrong with a gate as a whole says why it binds.
        None => chain.push(first.reason.text.clone()),
    }
    if decision == Decision::AllowWithOverride {
        let used = overrides
            .iter()
            .find(|one| one.state == OverrideState::Used && one.gate == *gate);
        chain.extend(used.map(|one| {
            let id = one.id.as_deref().unwrap_or("without a name");
            format!(
                "override `{id}`, asked for by {} and approved by {}, lifts it until {}",
                one.who,
                one.approved_by.join(", "),
                one.expires
            )
        }));
    } else {
        chain.extend(evidence(first, verdicts));
    }
    chain
}

impl Weighed {
    fn status_word(&self) -> &'static str {
        match self.status {
            gate_verdict::Status::Fail => "failed",
            gate_verdict::Status::Error => "could not be judged",
            _ => "was noted",
        }
    }
}

const fn said(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::AllowWithOverride => "allowed by an override",
        Decision::RequireApproval => "waits for an approval",
        Decision::Block => "blocked",
    }
}

fn because(
    policy: &Policy,
    selected: &Selected<'_>,
    gate: &str,
    enforcement: Enforcement,
) -> String {
    let expected = policy.expected(selected);
    expected
        .iter()
        .find(|one| one.gate == gate && one.enforcement == enforcement)
        .map(|one| format!(": {}", one.why))
        .unwrap_or_default()
}

/// What the criterion was judged on: its first finding that counts, else its
/// first piece of evidence.
fn evidence(first: &Weighed, verdicts: &[Verdict]) -> Option<String> {
    let id = first.reason.criterion.as_deref()?;
    let verdict = verdicts.iter().find(|verdict| {
        gate_policy::alias(&verdict.gate) == first.reason.gate && verdict.scope == first.scope
    })?;
    let criterion: &CriterionResult = verdict.criteria.iter().find(|one| one.id == id)?;
    let counts = |state: Option<&str>| state.is_none_or(|state| state == "new");
    let finding = verdict.findings.iter().find(|one| {
        one.criterion == id && one.level >= Level::Warning && counts(one.baseline_state.as_deref())
    });
    if let Some(finding) = finding {
        let place = finding.location.as_ref().map(|at| match at.line {
            Some(line) => format!("{}:{line}: ", at.path),
            None => format!("{}: ", at.path),
        });
        let more = criterion.findings.saturating_sub(1);
        let more = match more {
            0 => String::new(),
            1 => String::from(" (and 1 more)"),
            more => format!(" (and {more} more)"),
        };
        return Some(format!(
            "{}{}{more}",
            place.unwrap_or_default(),
            finding.message
        ));
    }
    let path = criterion.evidence.first()?;
    Some(format!("judged on {path}"))
}
