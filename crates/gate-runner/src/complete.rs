//! From what a gate judged to its status and decision (contract, section 9).

use crate::erased::Judged;
use crate::judgement::{Missing, counted};
use crate::policy_files::InForce;
use crate::result::unjudged;
use gate_policy::{GatePolicy, Selected};
use gate_repo::Repo;
use gate_verdict::{
    Cap, Code, CriterionResult, Enforcement, Outcome, Status, Verdict, decide, fold_statuses,
};

/// A gate alone knows of no overrides and no approvals: `quality-gate` does.
pub(crate) const NO_OVERRIDES: Cap = Cap {
    bypass_allowed: false,
    emergency_allowed: false,
    approved: false,
    as_of: 0,
};

/// Files in conflict are in no state that could be judged.
pub(crate) fn conflict(repo: &Repo) -> Option<Missing> {
    let first = repo.conflicts().first()?;
    Some(Missing::new(
        Code::EvidenceInsufficient,
        format!(
            "{} in conflict, such as {first}",
            counted(repo.conflicts().len(), "tracked file")
        ),
        "finish the merge (git status names the files), then run it again",
    ))
}

/// Every criterion of an instance, unjudged for one reason.
pub(crate) fn nothing_seen(
    policy: &GatePolicy,
    in_force: &InForce,
    selected: &Selected<'_>,
    missing: &Missing,
) -> Judged {
    let criteria = policy
        .criteria
        .iter()
        .map(|asked| {
            let enforcement = in_force.policy.criterion_enforcement(
                selected,
                &policy.key,
                &asked.id,
                asked.sub_gate.as_deref(),
            );
            unjudged(asked, enforcement, missing)
        })
        .collect();
    Judged {
        criteria,
        findings: Vec::new(),
        findings_total: 0,
        evidence: Vec::new(),
        metrics: std::collections::BTreeMap::new(),
        exemptions: Vec::new(),
        notices: Vec::new(),
        graph: None,
        files: Vec::new(),
        keep: None,
    }
}

/// Status and decision of one gate instance (contract, section 9); given back
/// are the files that belong beside the verdict, by name.
pub(crate) fn complete(
    verdict: &mut Verdict,
    judged: Judged,
    policy: &GatePolicy,
    in_force: &InForce,
    selected: &Selected<'_>,
) -> Vec<(String, Vec<u8>)> {
    verdict.criteria = judged.criteria;
    verdict.criteria.extend(policy_criterion(policy, in_force));
    verdict.findings = judged.findings;
    verdict.findings_total = judged.findings_total;
    verdict.evidence = judged.evidence;
    verdict.metrics = judged.metrics;
    verdict.exemptions = judged.exemptions;
    verdict.notices.extend(judged.notices);
    verdict.graph = judged.graph;
    if policy.criteria.is_empty() {
        verdict.notices.push(format!(
            "the policy asks nothing of `{}`: write criteria under gates.{}.criteria",
            policy.key, policy.key
        ));
    }
    verdict.status = fold_statuses(verdict.criteria.iter().map(|criterion| criterion.status));
    let mut outcomes: Vec<Outcome> = verdict
        .criteria
        .iter()
        .map(|criterion| Outcome {
            status: criterion.status,
            enforcement: criterion.enforcement,
            lift: None,
        })
        .collect();
    if policy.criteria.is_empty() {
        let enforcement = in_force.policy.gate_enforcement(selected, &policy.key);
        outcomes.push(Outcome {
            status: Status::Error,
            enforcement,
            lift: None,
        });
        verdict.status = fold_statuses([verdict.status, Status::Error]);
    }
    verdict.decision = decide(outcomes, NO_OVERRIDES);
    let stem = verdict.file_stem();
    let files = judged.files.into_iter();
    files
        .map(|file| (format!("{stem}{}", file.ending), file.bytes))
        .collect()
}

/// A change that loosens what this gate is judged by, or whose base cannot be
/// read, needs an approval whatever else the gate says.
fn policy_criterion(policy: &GatePolicy, in_force: &InForce) -> Option<CriterionResult> {
    let loosened: Vec<_> = in_force
        .loosened
        .iter()
        .filter(|loosening| {
            loosening
                .gate
                .as_deref()
                .is_none_or(|gate| gate == policy.key)
        })
        .map(|loosening| loosening.text.as_str())
        .collect();
    let mut enforcement = Enforcement::Advisory;
    let (status, code, reason, next_step) = if !loosened.is_empty() {
        (
            Status::Fail,
            Code::PolicyLoosened,
            format!(
                "the change loosens the policy it is judged by: {}",
                loosened.join("; ")
            ),
            "have the change to the policy approved, or take it back",
        )
    } else if let Some(doubt) = &in_force.doubt {
        enforcement = doubt.enforcement;
        (
            Status::Error,
            doubt.code,
            doubt.text.clone(),
            "check out the base too (fetch-depth: 0), or mend the base's policy",
        )
    } else {
        return None;
    };
    Some(CriterionResult {
        id: String::from("policy_not_loosened"),
        sub_gate: None,
        status,
        enforcement,
        observed: None,
        required: None,
        margin: None,
        sample: None,
        code: Some(code),
        reason: Some(reason),
        next_step: Some(next_step.to_owned()),
        findings: 0,
        evidence: Vec::new(),
    })
}
