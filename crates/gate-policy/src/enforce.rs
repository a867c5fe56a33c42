//! How much a gate and a criterion weigh: the stricter of the environment's
//! list entry and the gate's own `failure_action`.

use crate::defaults::MANDATORY;
use crate::environment::Environment;
use crate::policy::{CriterionPolicy, GatePolicy, Policy};
use crate::select::Selected;
use gate_verdict::Enforcement;
use std::collections::BTreeSet;

impl Policy {
    /// What a gate as a whole weighs, e.g. when it is missing: its entry or the
    /// strictest floor of any part.
    pub fn gate_enforcement(&self, selected: &Selected<'_>, gate: &str) -> Enforcement {
        let floor = self.gates.get(gate).and_then(GatePolicy::strictest_floor);
        self.entry(selected, gate)
            .max(floor.unwrap_or(Enforcement::Informational))
    }

    /// What one criterion weighs: the gate's entry or the criterion's own
    /// floor. With several under one id the strictest; an unknown one weighs
    /// as much as its gate.
    pub fn criterion_enforcement(
        &self,
        selected: &Selected<'_>,
        gate: &str,
        criterion: &str,
        sub_gate: Option<&str>,
    ) -> Enforcement {
        let Some(policy) = self.gates.get(gate) else {
            return self.gate_enforcement(selected, gate);
        };
        let named = |one: &&CriterionPolicy| {
            one.id == criterion && (sub_gate.is_none() || one.sub_gate.as_deref() == sub_gate)
        };
        let entry = self.entry(selected, gate);
        policy
            .criteria
            .iter()
            .filter(named)
            .map(|one| entry.max(own_floor(policy, one)))
            .max()
            .unwrap_or_else(|| self.gate_enforcement(selected, gate))
    }

    /// What the environment asks for by itself.
    pub(crate) fn entry(&self, selected: &Selected<'_>, gate: &str) -> Enforcement {
        match selected {
            Selected::Named(environment) => environment
                .entry(gate)
                .unwrap_or(Enforcement::Informational),
            // What an environment names is configured, wherever its verdict comes from.
            Selected::Everything { .. } if self.listed(gate) => Enforcement::Mandatory,
            Selected::Everything { .. } => match self.gates.get(gate) {
                Some(policy) if policy.default && !MANDATORY.contains(&gate) => {
                    Enforcement::Informational
                }
                Some(_) => Enforcement::Mandatory,
                // Nobody configured it: a verdict that is there all the same is shown.
                None => Enforcement::Informational,
            },
        }
    }

    /// Whether any environment names the gate.
    fn listed(&self, gate: &str) -> bool {
        self.environments
            .values()
            .any(|environment| environment.entry(gate).is_some())
    }

    /// Every gate that is defined, or that one of `environments` names.
    pub(crate) fn named_gates<'a>(
        &'a self,
        environments: impl IntoIterator<Item = &'a Environment>,
    ) -> BTreeSet<&'a str> {
        let mut names: BTreeSet<&str> = self.gates.keys().map(String::as_str).collect();
        for environment in environments {
            names.extend(environment.mandatory.iter().map(String::as_str));
            names.extend(environment.advisory.iter().map(String::as_str));
        }
        names
    }
}

/// What a criterion is bound to by its gate's own words.
pub(crate) fn own_floor(gate: &GatePolicy, criterion: &CriterionPolicy) -> Enforcement {
    criterion
        .floor
        .max(gate.floor)
        .unwrap_or(Enforcement::Informational)
}
