//! A gate with its types erased, and how a judgement becomes a result: the one
//! place where a measurement meets its requirement.

use crate::gate::{Criterion, Gate, Part};
use crate::inputs::Inputs;
use crate::judgement::{Judgement, Missing};
use gate_policy::{
    Bound, CriterionPolicy, CriterionSpec, Dimension, KindSpec, Origin, SettingSpec,
};
use gate_repo::{FileView, TrackedFile};
use gate_verdict::{
    Code, CriterionResult, Decimal, Enforcement, EvidenceRef, Exemption, Finding, Observed,
    Required, Status,
};
use std::any::Any;
use std::collections::BTreeMap;

/// A gate with its types erased, so that one flow runs any number of them.
pub trait AnyGate: Sync {
    fn kind(&self) -> &'static str;
    /// The gate's part of the catalogue.
    fn spec(&self) -> KindSpec;
    fn wants(&self, file: &TrackedFile) -> bool;
    fn read(&self, file: &TrackedFile, view: &FileView<'_>) -> AnyPart;
    fn judge(&self, inputs: &Inputs<'_>, parts: &[Part<'_, AnyPart>]) -> Judged;
}

/// What one file gave to one gate.
pub type AnyPart = Box<dyn Any + Send>;

/// Everything one gate instance says.
#[derive(Debug)]
pub struct Judged {
    pub criteria: Vec<CriterionResult>,
    pub findings: Vec<Finding>,
    pub findings_total: u64,
    pub evidence: Vec<EvidenceRef>,
    pub metrics: BTreeMap<String, String>,
    pub exemptions: Vec<Exemption>,
    pub notices: Vec<String>,
}

impl<G: Gate> AnyGate for G {
    fn kind(&self) -> &'static str {
        Gate::kind(self)
    }

    fn spec(&self) -> KindSpec {
        let criteria = self.criteria().iter().map(|criterion| {
            let spec = CriterionSpec {
                summary: criterion.summary.to_owned(),
                measure: criterion.measure.clone(),
                built: criterion.judge.is_some(),
                on_change: criterion.on_change,
                default: criterion.default.map(str::to_owned),
                per: Vec::new(),
            };
            (criterion.id.to_owned(), spec)
        });
        let settings = self.settings().iter().map(|setting| {
            let spec = SettingSpec {
                summary: setting.summary.to_owned(),
                shape: setting.shape.clone(),
            };
            (setting.name.to_owned(), spec)
        });
        KindSpec {
            summary: self.summary().to_owned(),
            built: true,
            criteria: criteria.collect(),
            settings: settings.collect(),
        }
    }

    fn wants(&self, file: &TrackedFile) -> bool {
        Gate::wants(self, file)
    }

    fn read(&self, file: &TrackedFile, view: &FileView<'_>) -> AnyPart {
        Box::new(Gate::read(self, file, view))
    }

    fn judge(&self, inputs: &Inputs<'_>, parts: &[Part<'_, AnyPart>]) -> Judged {
        let typed: Vec<Part<'_, G::Part>> = parts
            .iter()
            .filter_map(|part| {
                Some(Part {
                    file: part.file,
                    part: part.part.downcast_ref()?,
                })
            })
            .collect();
        let collected = self.collect(inputs, &typed);
        let mut judged = Judged {
            criteria: Vec::new(),
            findings: Vec::new(),
            findings_total: 0,
            evidence: collected.evidence,
            metrics: collected.metrics,
            exemptions: collected.exemptions,
            notices: collected.notices,
        };
        for asked in &inputs.gate.criteria {
            let enforcement = inputs.enforcement(asked);
            let known = self
                .criteria()
                .iter()
                .find(|criterion| criterion.id == asked.id);
            let (result, findings, left_out) = match known {
                Some(Criterion {
                    judge: Some(judge),
                    on_change,
                    ..
                }) => match on_change
                    .then(|| inputs.base.gap())
                    .flatten()
                    .or_else(|| partial(inputs, asked))
                {
                    Some(gap) => (unjudged(asked, enforcement, &gap), Vec::new(), 0),
                    None => finish(
                        asked,
                        enforcement,
                        judge(&collected.facts, &asked.requirement),
                    ),
                },
                _ => (
                    unjudged(asked, enforcement, &not_judged(asked)),
                    Vec::new(),
                    0,
                ),
            };
            judged.findings_total += left_out;
            judged.criteria.push(result);
            judged.findings.extend(findings);
        }
        // Two criteria may see the same problem; it is one finding.
        let key = |f: &Finding| (f.rule.clone(), f.location.clone(), f.fingerprint.clone());
        judged.findings.sort_by_key(key);
        judged.findings.dedup_by_key(|f| key(f));
        judged.findings_total += judged.findings.len() as u64;
        judged
    }
}

/// A shard sees its part only: that nothing is wrong can be said part by part,
/// that at most so many things are wrong cannot.
fn partial(inputs: &Inputs<'_>, asked: &CriterionPolicy) -> Option<Missing> {
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
fn not_judged(asked: &CriterionPolicy) -> Missing {
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

fn finish(
    asked: &CriterionPolicy,
    enforcement: Enforcement,
    judgement: Judgement,
) -> (CriterionResult, Vec<Finding>, u64) {
    let measured = match &judgement.measured {
        Ok(measured) => measured,
        Err(missing) => {
            return (
                unjudged(asked, enforcement, missing),
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
