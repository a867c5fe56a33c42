//! The positive control: planted outcomes that have to block, or no decision of this build is to be believed.

use crate::weighing::Weighing;
use gate_policy::{GatePolicy, Happening, Policy, Position, Selected};
use gate_runner::Failure;
use gate_verdict::{
    Cap, Code, CriterionResult, Decision, Enforcement, PolicyRef, Reason, Run, SCHEMA_VERSION,
    Status, Subject, Tool, Verdict, VerdictKind,
};
use std::collections::BTreeMap;

const PLANTED: &str = "planted";

impl Weighing<'_> {
    /// Adds a mandatory error where a planted case is not folded as it has to be.
    pub(crate) fn control(&mut self) -> Result<(), Failure> {
        let Some(text) = missed(folded) else {
            return Ok(());
        };
        let reason = Reason {
            gate: String::from("quality-gate"),
            criterion: None,
            code: Code::PositiveControlMissed,
            text: text.clone(),
        };
        self.weigh(Status::Error, Enforcement::Mandatory, reason);
        // Who does not block on what is planted may not block on this either.
        match self.decision(Cap::default()) {
            Decision::Block => Ok(()),
            _ => Err(Failure::Engine(text)),
        }
    }
}

/// What the first planted case came to that did not come to what it had to.
fn missed(folded: impl Fn(Option<Status>) -> Decision) -> Option<String> {
    let cases = [
        (Some(Status::Fail), Decision::Block),
        (Some(Status::Error), Decision::Block),
        (None, Decision::Block),
        (Some(Status::Pass), Decision::Allow),
    ];
    cases.into_iter().find_map(|(status, expected)| {
        let found = folded(status);
        let what = status.map_or_else(|| String::from("without a verdict"), |one| format!("with `{one}`"));
        (found != expected).then(|| {
            format!(
                "a planted mandatory gate {what} was folded to `{found}`, expected `{expected}`: do not trust this build"
            )
        })
    })
}

/// A mandatory gate that left a verdict of this status, or none, as every other is folded.
fn folded(status: Option<Status>) -> Decision {
    let gate = GatePolicy::new(PLANTED, "custom", &Position::built_in());
    let policy = Policy {
        gates: BTreeMap::from([(PLANTED.to_owned(), gate)]),
        ..Policy::default()
    };
    let selected = Selected::Everything { notice: None };
    let mut weighing = Weighing::new(&policy, &selected);
    if let Some(status) = status {
        let instance = (PLANTED.to_owned(), None, None);
        weighing.verdict(&instance, &verdict(status));
    }
    weighing.missing_gates(Happening::default());
    weighing.decision(Cap::default())
}

fn verdict(status: Status) -> Verdict {
    let criterion = CriterionResult {
        id: PLANTED.to_owned(),
        sub_gate: None,
        status,
        enforcement: Enforcement::Mandatory,
        observed: None,
        required: None,
        margin: None,
        sample: None,
        code: None,
        reason: None,
        next_step: None,
        findings: 0,
        evidence: Vec::new(),
    };
    Verdict {
        schema_version: SCHEMA_VERSION,
        kind: VerdictKind::Gate,
        gate: PLANTED.to_owned(),
        gate_kind: String::from("custom"),
        scope: None,
        shard: None,
        status,
        decision: Decision::Block,
        subject: Subject::default(),
        environment: None,
        policy: PolicyRef::default(),
        as_of: String::new(),
        criteria: vec![criterion],
        findings: Vec::new(),
        findings_total: 0,
        truncated: false,
        graph: None,
        evidence: Vec::new(),
        metrics: BTreeMap::new(),
        exemptions: Vec::new(),
        overrides: Vec::new(),
        notices: Vec::new(),
        tool: Tool {
            name: String::new(),
            version: String::new(),
        },
        digest: String::new(),
        run: Run::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_failures_and_gaps_block() {
        assert_eq!(missed(folded), None);
    }

    #[test]
    fn a_fold_that_always_says_the_same_is_seen() {
        for always in [
            Decision::Allow,
            Decision::AllowWithOverride,
            Decision::RequireApproval,
            Decision::Block,
        ] {
            assert!(missed(|_| always).is_some(), "{always}");
        }
        let blind_to_gaps = |status: Option<Status>| match status {
            None => Decision::Allow,
            Some(_) => folded(status),
        };
        assert!(missed(blind_to_gaps).is_some_and(|text| text.contains("without a verdict")));
    }
}
