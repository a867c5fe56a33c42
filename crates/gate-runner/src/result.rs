//! From a judgement to a criterion's result: the one place where a measurement
//! meets its requirement.

use crate::inputs::Inputs;
use crate::judgement::{Judgement, Missing};
use gate_policy::{Bound, CriterionPolicy, Dimension, Origin};
use gate_verdict::{
    Code, CriterionResult, Decimal, Enforcement, Finding, Observed, Required, Status,
};

/// A shard sees its part only: that nothing is wrong can be said part by part,
/// that at most so many things are wrong cannot.
pub(crate) fn partial(inputs: &Inputs<'_>, asked: &CriterionPolicy) -> Option<Missing> {
    let shard = inputs.shard?;
    let above_zero = |bound: &Bound| {
        matches!(bound, Bound::Compare { value, unit, .. }
            if unit.dimension() == Dimension::Count && *value > Decimal::ZERO)
    };
    let bounds = [&asked.requirement.fail, &asked.requirement.warn];
    bounds.into_iter().flatten().any(above_zero).then(|| {
        Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "shard {} of {} sees only its part, so `{}` cannot be judged in it",
                shard.index, shard.total, asked.requirement.text
            ),
            "judge this gate in one piece, or require none at all",
        )
    })
}

/// Why a criterion that is asked for has no judge.
pub(crate) fn not_judged(asked: &CriterionPolicy) -> Missing {
    match asked.judge {
        gate_policy::Judge::NoJudge => Missing::new(
            Code::NoJudge,
            format!("no gate judges `{}`", asked.id),
            asked.hint.clone().unwrap_or_else(|| {
                String::from("record its outcome with `gatewright record`, or take the line out of the policy")
            }),
        ),
        gate_policy::Judge::Built | gate_policy::Judge::NotBuilt => Missing::new(
            Code::NotBuilt,
            format!("`{}` is planned and no released build judges it yet", asked.id),
            "make it informational, or take it out until a release judges it",
        ),
    }
}

/// A criterion without a measurement: `error`, or `skip` where the absence is
/// declared (contract, section 8: criteria on change carry `when: has_base`).
pub(crate) fn unjudged(
    asked: &CriterionPolicy,
    enforcement: Enforcement,
    missing: &Missing,
) -> CriterionResult {
    CriterionResult {
        id: asked.id.clone(),
        sub_gate: asked.sub_gate.clone(),
        status: match missing.code {
            Code::NoBase | Code::NotApplicable => Status::Skip,
            _ => Status::Error,
        },
        enforcement,
        observed: None,
        required: Some(Required {
            text: asked.requirement.text.clone(),
            ..Required::default()
        }),
        margin: None,
        sample: None,
        code: Some(missing.code),
        reason: Some(reason_of(asked, &missing.reason)),
        next_step: Some(missing.next_step.clone()),
        findings: 0,
        evidence: Vec::new(),
    }
}

/// The reason, with whose policy asks where base and head ask differently.
fn reason_of(asked: &CriterionPolicy, reason: &str) -> String {
    match asked.origin {
        Origin::Base => format!("{reason} (asked by the base's policy)"),
        Origin::Head => format!("{reason} (asked by the change's policy)"),
        Origin::Policy | Origin::Default => reason.to_owned(),
    }
}

pub(crate) fn finish(
    asked: &CriterionPolicy,
    enforcement: Enforcement,
    judgement: Judgement,
) -> (CriterionResult, Vec<Finding>, u64) {
    let measured = match &judgement.measured {
        Ok(measured) => measured,
        Err(missing) => {
            let known = judgement.findings.len() as u64 + judgement.findings_left_out;
            return (
                CriterionResult {
                    findings: known,
                    ..unjudged(asked, enforcement, missing)
                },
                judgement.findings,
                judgement.findings_left_out,
            );
        }
    };
    let judged = match measured {
        Some(measured) => asked.requirement.judge(measured),
        None => gate_policy::Judged {
            status: Status::Pass,
            observed: Observed {
                text: judgement.reason.clone(),
                ..Observed::default()
            },
            required: Required {
                text: asked.requirement.text.clone(),
                ..Required::default()
            },
            margin: None,
        },
    };
    let (code, next_step) = match judged.status {
        Status::Pass | Status::Skip => (None, None),
        Status::Warn => (Some(Code::WarnLevelNotMet), Some(judgement.next_step)),
        Status::Fail => (Some(Code::RequirementNotMet), Some(judgement.next_step)),
        Status::Error => (Some(Code::EvidenceInsufficient), Some(judgement.next_step)),
    };
    let result = CriterionResult {
        id: asked.id.clone(),
        sub_gate: asked.sub_gate.clone(),
        status: judged.status,
        enforcement,
        observed: Some(judged.observed),
        required: Some(judged.required),
        margin: judged.margin,
        sample: judgement.sample,
        code,
        reason: Some(reason_of(asked, &judgement.reason)),
        next_step: next_step.filter(|step| !step.is_empty()),
        findings: judgement.findings.len() as u64 + judgement.findings_left_out,
        evidence: judgement.evidence,
    };
    (result, judgement.findings, judgement.findings_left_out)
}
