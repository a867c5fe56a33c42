//! The decision as a document.

use crate::approvals::Asked;
use crate::explain;
use crate::fold::Folded;
use crate::overrides::Overrides;
use crate::weighing::Weighing;
use gate_policy::Environment;
use gate_runner::{Failure, Prepared, Session};
use gate_verdict::{
    Cap, DecisionDoc, DecisionKind, Enforcement, SCHEMA_VERSION, Status, Subject, Verdict,
    fold_statuses,
};

/// What people have a say in, and what to tell of it.
pub(crate) struct Told {
    pub(crate) overrides: Overrides,
    pub(crate) asked: Asked,
    pub(crate) notices: Vec<String>,
}

/// The document over everything weighed.
pub(crate) fn document(
    session: &Session,
    prepared: &Prepared,
    (weighing, environment, cap): (Weighing<'_>, Option<&Environment>, Cap),
    told: Told,
    subject: Subject,
    verdicts: Vec<Verdict>,
) -> Result<Folded, Failure> {
    let (policy, selected) = (weighing.policy, weighing.selected);
    let decision = weighing.decision(cap);
    let mandatory_error = weighing.reasons.iter().any(|weighed| {
        weighed.status == Status::Error && weighed.enforcement == Enforcement::Mandatory
    });
    let binding: Vec<Status> = weighing
        .gates
        .iter()
        .filter(|gate| gate.enforcement > Enforcement::Informational)
        .map(|gate| gate.status)
        .collect();
    let all = weighing.gates.iter().map(|gate| gate.status);
    let status = if binding.is_empty() {
        fold_statuses(all)
    } else {
        fold_statuses(binding)
    };
    let mut notices = prepared.in_force.notices(selected, None);
    notices.extend(weighing.unconfigured());
    notices.extend(weighing.left_out.iter().cloned());
    notices.extend(told.notices);
    notices.extend(told.asked.notices);
    let (overrides, about) = told.overrides.told();
    notices.extend(about);
    let approvals = told.asked.approvals;
    let mut document = DecisionDoc {
        schema_version: SCHEMA_VERSION,
        kind: DecisionKind::Decision,
        status,
        decision,
        subject,
        environment: gate_runner::environment(selected),
        policy: prepared.in_force.reference.clone(),
        as_of: session.as_of.to_string(),
        chain: explain::chain(
            decision,
            &weighing.reasons,
            &overrides,
            &verdicts,
            (policy, selected),
            cap,
        ),
        way: explain::way(
            &weighing.reasons,
            decision,
            approvals.as_ref(),
            environment,
            cap,
        ),
        gates: weighing.gates,
        reasons: weighing
            .reasons
            .into_iter()
            .map(|weighed| weighed.reason)
            .collect(),
        overrides,
        approvals,
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
