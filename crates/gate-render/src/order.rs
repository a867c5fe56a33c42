//! Worst first: the one order of criteria and findings in every format.

use gate_verdict::{
    Cap, CriterionResult, Decision, Enforcement, Finding, Outcome, Status, Verdict, contribution,
};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Whether a finding counts today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// New, or without a baseline to compare with.
    Counts,
    /// In the baseline: counted, accepted there.
    Known,
    /// Accepted by an exemption.
    Exempt,
    /// In the baseline and no longer here.
    Gone,
}

impl State {
    /// The word shown beside a finding that does not simply count.
    pub(crate) const fn word(self) -> Option<&'static str> {
        match self {
            Self::Counts => None,
            Self::Known => Some("known"),
            Self::Exempt => Some("exempt"),
            Self::Gone => Some("gone"),
        }
    }
}

/// Criteria by what they ask for, then by status, then by name.
pub(crate) fn criteria(verdict: &Verdict) -> Vec<&CriterionResult> {
    let mut sorted: Vec<_> = verdict.criteria.iter().collect();
    sorted.sort_by_key(|c| {
        (
            Reverse(asks(c.status, c.enforcement)),
            rank(c.status),
            &c.id,
            &c.sub_gate,
        )
    });
    sorted
}

/// Findings with their state: those that count first, then by level, place,
/// rule and message.
pub(crate) fn findings(verdict: &Verdict) -> Vec<(State, &Finding)> {
    let exempt: BTreeSet<&str> = verdict
        .exemptions
        .iter()
        .map(|exemption| exemption.fingerprint.as_str())
        .collect();
    let mut sorted: Vec<_> = verdict
        .findings
        .iter()
        .map(|finding| (state(finding, &exempt), finding))
        .collect();
    sorted.sort_by(|a, b| weight(a).cmp(&weight(b)));
    sorted
}

fn weight<'a>((state, finding): &(State, &'a Finding)) -> impl Ord + use<'a> {
    (
        *state,
        Reverse(finding.level),
        &finding.location,
        &finding.rule,
        &finding.message,
    )
}

/// The findings of several verdicts in one order, each with its verdict.
pub(crate) fn all_findings(verdicts: &[Verdict]) -> Vec<(&Verdict, State, &Finding)> {
    let mut all: Vec<_> = verdicts
        .iter()
        .flat_map(|verdict| {
            findings(verdict)
                .into_iter()
                .map(move |(state, finding)| (verdict, state, finding))
        })
        .collect();
    // Stable: within one weight the verdicts keep their order.
    all.sort_by_key(|(_, state, finding)| (*state, Reverse(finding.level)));
    all
}

/// What a status asks for by itself, as the contract weighs it.
pub(crate) fn asks(status: Status, enforcement: Enforcement) -> Decision {
    let outcome = Outcome {
        status,
        enforcement,
        lift: None,
    };
    contribution(outcome, Cap::default())
}

/// Statuses as a reader wants them: what needs doing first.
pub(crate) const fn rank(status: Status) -> u8 {
    match status {
        Status::Fail => 0,
        Status::Error => 1,
        Status::Warn => 2,
        Status::Pass => 3,
        Status::Skip => 4,
    }
}

fn state(finding: &Finding, exempt: &BTreeSet<&str>) -> State {
    if finding.baseline_state.as_deref() == Some("absent") {
        State::Gone
    } else if exempt.contains(finding.fingerprint.as_str()) {
        State::Exempt
    } else if finding.baseline_state.as_deref() == Some("unchanged") {
        State::Known
    } else {
        State::Counts
    }
}
