//! What a decision comes from, matched up once for every format: the verdict
//! of each gate, the reasons with their next steps, and the way to green.
//! Strings are raw: the format escapes them.

use crate::{order, words};
use gate_verdict::{
    Decision, DecisionDoc, Enforcement, GateOutcome, Override, OverrideState, Status, Verdict,
    file_stem,
};
use std::cmp::Reverse;

/// As many reasons as any format shows.
pub(crate) const MAX_REASONS: usize = 100;

/// One reason and what to do about it.
#[derive(Debug)]
pub(crate) struct Why<'a> {
    pub(crate) gate: &'a str,
    pub(crate) criterion: Option<&'a str>,
    pub(crate) text: String,
    pub(crate) next: Option<String>,
}

/// One gate that has to change for a decision that allows.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) gate: String,
    pub(crate) todo: String,
}

/// The reasons in their order, at most [`MAX_REASONS`].
pub(crate) fn whys<'a>(decision: &'a DecisionDoc, verdicts: &[Verdict]) -> Vec<Why<'a>> {
    decision
        .reasons
        .iter()
        .take(MAX_REASONS)
        .map(|reason| {
            let said = verdicts
                .iter()
                .filter(|verdict| verdict.gate == reason.gate)
                .flat_map(|verdict| &verdict.criteria)
                .filter(|criterion| reason.criterion.as_deref() == Some(criterion.id.as_str()))
                .filter(|criterion| order::rank(criterion.status) < order::rank(Status::Pass))
                .find_map(|criterion| criterion.next_step.as_deref());
            let text = if reason.text.trim().is_empty() {
                reason.code.as_str().replace('_', " ")
            } else {
                reason.text.clone()
            };
            Why {
                gate: &reason.gate,
                criterion: reason.criterion.as_deref(),
                text,
                next: words::next_step(said, Some(reason.code)),
            }
        })
        .collect()
}

/// One thing that is not met, as everybody who is told of it needs it.
#[derive(Debug)]
pub(crate) struct Unmet {
    /// The gate, and the criterion where there is one.
    pub(crate) about: String,
    pub(crate) gate: String,
    pub(crate) criterion: Option<String>,
    /// What was found; the reason where nothing was measured.
    pub(crate) observed: String,
    pub(crate) required: Option<String>,
    pub(crate) next: Option<String>,
}

impl Unmet {
    /// All of it on one line.
    pub(crate) fn sentence(&self) -> String {
        let required = self
            .required
            .as_ref()
            .map(|required| format!(", required {required}"))
            .unwrap_or_default();
        let next = self
            .next
            .as_ref()
            .map(|next| format!(". Next: {next}"))
            .unwrap_or_default();
        format!("{}{required}{next}", self.observed)
    }
}

/// The reasons in their order with what was measured, at most [`MAX_REASONS`].
pub(crate) fn unmet(decision: &DecisionDoc, verdicts: &[Verdict]) -> Vec<Unmet> {
    whys(decision, verdicts)
        .into_iter()
        .map(|why| {
            let measured = verdicts
                .iter()
                .filter(|verdict| verdict.gate == why.gate)
                .flat_map(|verdict| &verdict.criteria)
                .filter(|criterion| Some(criterion.id.as_str()) == why.criterion)
                .find(|criterion| order::rank(criterion.status) < order::rank(Status::Pass));
            Unmet {
                about: about(&why),
                gate: why.gate.to_owned(),
                criterion: why.criterion.map(str::to_owned),
                observed: match measured {
                    Some(criterion) if criterion.observed.is_some() => words::observed(criterion),
                    _ => why.text,
                },
                required: measured
                    .filter(|criterion| criterion.required.is_some())
                    .map(words::required),
                next: why.next,
            }
        })
        .collect()
}

/// The gates, those that ask for most first.
pub(crate) fn gates(decision: &DecisionDoc) -> Vec<&GateOutcome> {
    let mut sorted: Vec<_> = decision.gates.iter().collect();
    sorted.sort_by_key(|gate| {
        (
            Reverse(order::asks(gate.status, gate.enforcement)),
            order::rank(gate.status),
            &gate.gate,
            &gate.scope,
            gate.shard,
        )
    });
    sorted
}

/// The verdict behind a gate's outcome.
pub(crate) fn verdict_of<'a>(gate: &GateOutcome, verdicts: &'a [Verdict]) -> Option<&'a Verdict> {
    let same = |verdict: &&Verdict| {
        (&verdict.gate, &verdict.scope, verdict.shard) == (&gate.gate, &gate.scope, gate.shard)
    };
    let bound = |verdict: &&Verdict| Some(&verdict.digest) == gate.verdict_digest.as_ref();
    verdicts
        .iter()
        .filter(same)
        .find(bound)
        .or_else(|| verdicts.iter().find(same))
}

/// The name of a gate instance, the stem of its files.
pub(crate) fn stem(gate: &GateOutcome) -> String {
    file_stem(&gate.gate, gate.scope.as_deref(), gate.shard)
}

/// What a person should know about a gate beside its status.
pub(crate) fn note(gate: &GateOutcome, decision: &DecisionDoc, verdicts: &[Verdict]) -> String {
    let mut parts = Vec::new();
    if gate.missing {
        parts.push(String::from("no verdict"));
    } else if let Some(verdict) = verdict_of(gate, verdicts) {
        let unmet = verdict
            .criteria
            .iter()
            .filter(|c| matches!(c.status, Status::Fail | Status::Error))
            .count();
        if unmet > 0 {
            parts.push(format!(
                "{unmet} of {} not passed",
                words::counted(verdict.criteria.len() as u64, "criterion", "criteria")
            ));
        }
    }
    let lifts = |one: &Override| one.gate == gate.gate && one.state == OverrideState::Used;
    if decision.overrides.iter().any(lifts) {
        parts.push(String::from("override"));
    }
    parts.join(", ")
}

/// The decision in one sentence of numbers.
pub(crate) fn sentence(decision: &DecisionDoc) -> String {
    let all = decision.gates.len() as u64;
    if all == 0 {
        return String::from("No gate was judged, and nothing judged is never a pass.");
    }
    let with = |status: Status| {
        decision
            .gates
            .iter()
            .filter(|gate| gate.status == status)
            .count() as u64
    };
    let missing = decision.gates.iter().filter(|gate| gate.missing).count() as u64;
    let parts: Vec<String> = [
        (with(Status::Fail), "failed"),
        (
            with(Status::Error).saturating_sub(missing),
            "could not be judged",
        ),
        (missing, "left no verdict"),
        (with(Status::Warn), "passed with a warning"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", words::count(number)))
    .collect();
    if parts.is_empty() {
        format!("{}, none failed.", words::counted(all, "gate", "gates"))
    } else {
        format!(
            "Of {}: {}.",
            words::counted(all, "gate", "gates"),
            parts.join(", ")
        )
    }
}

/// What stands over the reasons: beside an `allow` they are no reasons for it.
pub(crate) fn whys_heading(decision: &DecisionDoc) -> (&'static str, &'static str) {
    if decision.decision == Decision::Allow {
        ("Not passed", "binding nothing here")
    } else {
        ("Why", "the weightiest first")
    }
}

/// What to do to get to green; empty where the decision allows.
pub(crate) fn to_green(decision: &DecisionDoc, verdicts: &[Verdict]) -> Vec<Step> {
    if decision.decision.allows() {
        return Vec::new();
    }
    if !decision.way.is_empty() {
        let told = decision.way.iter().map(|step| Step {
            gate: match &step.criterion {
                Some(criterion) => format!("{} / {criterion}", step.gate),
                None => step.gate.clone(),
            },
            todo: step.text.clone(),
        });
        return told.collect();
    }
    gates(decision)
        .into_iter()
        .filter(|gate| order::asks(gate.status, gate.enforcement) > Decision::Allow)
        .map(|gate| Step {
            gate: stem(gate),
            todo: todo(gate, verdicts),
        })
        .collect()
}

fn todo(gate: &GateOutcome, verdicts: &[Verdict]) -> String {
    let approval = if gate.enforcement == Enforcement::Advisory {
        ", or have it approved"
    } else {
        ""
    };
    let what = match verdict_of(gate, verdicts) {
        _ if gate.missing => {
            format!(
                "run it on this commit and policy before the decision, so that {}.verdict.json is there",
                stem(gate)
            )
        }
        None => String::from("make it pass"),
        Some(verdict) => {
            let names: Vec<String> = order::criteria(verdict)
                .into_iter()
                .filter(|c| order::asks(c.status, c.enforcement) > Decision::Allow)
                .map(words::criterion_name)
                .collect();
            let verb = if gate.status == Status::Error {
                "give what it takes to judge"
            } else {
                "meet"
            };
            match names.len() {
                0 => String::from("make it pass"),
                1..=4 => format!("{verb} {}", names.join(", ")),
                more => format!(
                    "{verb} {} and {} more criteria",
                    names[..4].join(", "),
                    more - 4
                ),
            }
        }
    };
    what + approval
}

/// What a reason is about: the gate, and the criterion where there is one.
pub(crate) fn about(why: &Why<'_>) -> String {
    match why.criterion {
        Some(criterion) => format!("{} / {criterion}", why.gate),
        None => why.gate.to_owned(),
    }
}

/// The chain of reasons below the decision's own word.
pub(crate) fn because(decision: &DecisionDoc) -> &[String] {
    decision.chain.get(1..).unwrap_or_default()
}
