//! What a ledger says about its gates: how often they pass, how often they are
//! bypassed, how long they take.

use crate::chain::Record;
use crate::counting::{Durations, Measure, Outcome};
use crate::proportion::Target;
use crate::record::{DecisionEntry, Entry, GateEntry};
use gate_verdict::{Decision, Enforcement, Status};
use serde::Serialize;
use std::collections::BTreeMap;

/// More than nine in ten runs of a gate pass.
pub const PASS: Target = Target::Above(9_000);
/// Fewer than one in fifty decisions rest on an override.
pub const BYPASS: Target = Target::Below(200);

/// From `since` on and before `until`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    pub since: Option<jiff::Timestamp>,
    pub until: Option<jiff::Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stats {
    pub schema_version: u32,
    pub since: Option<String>,
    pub until: Option<String>,
    /// Records within the window, of any kind.
    pub records: u64,
    /// Those of kinds or with words that this version does not know.
    pub not_understood: u64,
    pub total: Group,
    pub environments: Vec<Group>,
    /// By gate over all environments, then by gate and environment.
    pub gates: Vec<GateStats>,
}

/// Decisions, in total or for one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// `null` in the total, and for decisions without one.
    pub environment: Option<String>,
    pub decisions: u64,
    pub allowed: u64,
    pub overridden: u64,
    pub approvals_required: u64,
    pub blocked: u64,
    pub bypass: Measure,
    /// Over the runs of all gates.
    pub gate_pass: Measure,
    pub duration: Durations,
}

/// The runs of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GateStats {
    pub gate: String,
    /// `null` over all environments.
    pub environment: Option<String>,
    /// Runs that were judged, or should have been: all but the skipped.
    pub runs: u64,
    pub failed: u64,
    /// Could not be judged, or left no verdict.
    pub errors: u64,
    pub skipped: u64,
    /// Failed or could not be judged where it is mandatory.
    pub blocks: u64,
    /// Decisions that rest on an override of this gate.
    pub overridden: u64,
    pub pass: Measure,
    pub duration: Durations,
}

impl Stats {
    /// Targets that what was observed does not meet, by what they are about.
    pub fn missed(&self) -> Vec<(String, &Measure)> {
        let name = |environment: &Option<String>| match environment {
            Some(environment) => format!(" in {environment}"),
            None => String::new(),
        };
        let groups = std::iter::once(&self.total).chain(&self.environments);
        let groups = groups.flat_map(|group| {
            let place = name(&group.environment);
            [
                (format!("gate pass rate{place}"), &group.gate_pass),
                (format!("bypass rate{place}"), &group.bypass),
            ]
        });
        let gates = self.gates.iter().map(|gate| {
            let place = name(&gate.environment);
            (format!("pass rate of {}{place}", gate.gate), &gate.pass)
        });
        groups
            .chain(gates)
            .filter(|(_, measure)| measure.outcome == Outcome::Missed)
            .collect()
    }
}

#[derive(Default)]
struct Counted {
    by_decision: [u64; 4],
    passed: u64,
    runs: u64,
    durations: Vec<u64>,
}

impl Counted {
    fn add(&mut self, entry: &DecisionEntry) {
        let place = Decision::ALL.iter().position(|one| *one == entry.decision);
        if let Some(count) = place.and_then(|place| self.by_decision.get_mut(place)) {
            *count += 1;
        }
        for gate in &entry.gates {
            self.passed += u64::from(passes(gate.status));
            self.runs += u64::from(gate.status != Status::Skip);
        }
        self.durations.extend(entry.duration_ms);
    }

    fn group(self, environment: Option<String>) -> Group {
        let [allowed, overridden, approvals_required, blocked] = self.by_decision;
        let decisions = self.by_decision.iter().sum();
        Group {
            environment,
            decisions,
            allowed,
            overridden,
            approvals_required,
            blocked,
            bypass: Measure::new(BYPASS, overridden, decisions),
            gate_pass: Measure::new(PASS, self.passed, self.runs),
            duration: Durations::of(self.durations),
        }
    }
}

#[derive(Default)]
struct CountedGate {
    by_status: [u64; 5],
    blocks: u64,
    overridden: u64,
    durations: Vec<u64>,
}

impl CountedGate {
    fn add(&mut self, gate: &GateEntry, overridden: bool) {
        let place = Status::ALL.iter().position(|one| *one == gate.status);
        if let Some(count) = place.and_then(|place| self.by_status.get_mut(place)) {
            *count += 1;
        }
        let stops = matches!(gate.status, Status::Fail | Status::Error)
            && gate.enforcement == Enforcement::Mandatory;
        self.blocks += u64::from(stops);
        self.overridden += u64::from(overridden);
        self.durations.extend(gate.duration_ms);
    }

    fn stats(self, gate: String, environment: Option<String>) -> GateStats {
        let [pass, skipped, warn, errors, failed] = self.by_status;
        let runs = pass + warn + errors + failed;
        GateStats {
            gate,
            environment,
            runs,
            failed,
            errors,
            skipped,
            blocks: self.blocks,
            overridden: self.overridden,
            pass: Measure::new(PASS, pass + warn, runs),
            duration: Durations::of(self.durations),
        }
    }
}

const fn passes(status: Status) -> bool {
    matches!(status, Status::Pass | Status::Warn)
}

/// Counts what lies within a window.
pub fn stats(records: &[Record], window: Window) -> Stats {
    let (mut all, mut not_understood) = (0, 0);
    let mut total = Counted::default();
    let mut environments: BTreeMap<Option<String>, Counted> = BTreeMap::new();
    let mut gates: BTreeMap<(String, Option<Option<String>>), CountedGate> = BTreeMap::new();
    for record in records {
        let inside = window.since.is_none_or(|since| record.at >= since)
            && window.until.is_none_or(|until| record.at < until);
        if !inside {
            continue;
        }
        all += 1;
        let entry = match record.entry() {
            Entry::Decision(entry) => entry,
            Entry::Override(_) => continue,
            Entry::Other => {
                not_understood += 1;
                continue;
            }
        };
        total.add(&entry);
        environments
            .entry(entry.environment.clone())
            .or_default()
            .add(&entry);
        for gate in &entry.gates {
            let overridden = entry.overrides.iter().any(|used| used.gate == gate.gate);
            for environment in [None, Some(entry.environment.clone())] {
                gates
                    .entry((gate.gate.clone(), environment))
                    .or_default()
                    .add(gate, overridden);
            }
        }
    }
    Stats {
        schema_version: 1,
        since: window.since.map(|time| time.to_string()),
        until: window.until.map(|time| time.to_string()),
        records: all,
        not_understood,
        total: total.group(None),
        environments: environments
            .into_iter()
            .filter(|(name, _)| name.is_some())
            .map(|(name, counted)| counted.group(name))
            .collect(),
        gates: gates
            .into_iter()
            .filter(|((_, environment), _)| *environment != Some(None))
            .map(|((gate, environment), counted)| counted.stats(gate, environment.flatten()))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
