//! What a criterion says: a measurement with its reason, or why there is none.

use gate_policy::Measured;
use gate_verdict::{Code, Finding};

/// Evidence that is not there: why, and what to do about it. Judged it becomes
/// `error`, or `skip` where the absence was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub code: Code,
    pub reason: String,
    pub next_step: String,
}

impl Missing {
    pub fn new(code: Code, reason: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
            next_step: next_step.into(),
        }
    }
}

/// What a criterion says about the facts. Status follows from the requirement,
/// so no criterion compares numbers by itself.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// `None`: there is nothing that could fall short, so it holds.
    pub measured: Result<Option<Measured>, Missing>,
    /// How many things were looked at.
    pub sample: Option<u64>,
    /// One sentence with the number in it.
    pub reason: String,
    /// What to do where the requirement is not met.
    pub next_step: String,
    pub findings: Vec<Finding>,
    /// Findings counted but not kept.
    pub findings_left_out: u64,
    /// Paths of the evidence it rests on.
    pub evidence: Vec<String>,
}

impl Judgement {
    pub fn measured(measured: Measured, reason: impl Into<String>) -> Self {
        Self {
            measured: Ok(Some(measured)),
            sample: None,
            reason: reason.into(),
            next_step: String::new(),
            findings: Vec::new(),
            findings_left_out: 0,
            evidence: Vec::new(),
        }
    }

    /// All evidence was read and there is nothing in it that could fall short.
    pub fn vacuous(reason: impl Into<String>) -> Self {
        Self {
            measured: Ok(None),
            sample: Some(0),
            reason: reason.into(),
            next_step: String::new(),
            findings: Vec::new(),
            findings_left_out: 0,
            evidence: Vec::new(),
        }
    }

    pub fn missing(missing: Missing) -> Self {
        Self {
            reason: missing.reason.clone(),
            next_step: missing.next_step.clone(),
            measured: Err(missing),
            sample: None,
            findings: Vec::new(),
            findings_left_out: 0,
            evidence: Vec::new(),
        }
    }

    pub fn next_step(mut self, next_step: impl Into<String>) -> Self {
        self.next_step = next_step.into();
        self
    }

    pub fn sample(mut self, sample: u64) -> Self {
        self.sample = Some(sample);
        self
    }

    pub fn findings(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }

    pub fn evidence(mut self, evidence: Vec<String>) -> Self {
        self.evidence = evidence;
        self
    }
}

/// `1 file`, `2 files`, `2 branches`: a count with its noun.
pub fn counted(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = match count {
        1 => "",
        _ if ["ch", "s", "x"].iter().any(|end| noun.ends_with(end)) => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}
