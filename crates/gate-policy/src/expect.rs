//! Which gates have to leave a verdict.

use crate::policy::{FAILURE_ACTIONS, Policy};
use crate::select::Selected;
use gate_verdict::Enforcement;

/// A gate that has to leave a verdict; without one it is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub gate: String,
    pub enforcement: Enforcement,
    /// One clause, such as "listed by environment `staging`".
    pub why: String,
}

impl Policy {
    /// Gates that the environment lists or a floor binds; without environments
    /// everything under `gates:`, without a policy the built-in mandatory ones.
    /// Sorted by key.
    pub fn expected(&self, selected: &Selected<'_>) -> Vec<Expected> {
        let keys = match selected {
            Selected::Named(environment) => self.named_gates([*environment]),
            Selected::Everything { .. } => self.named_gates(self.environments.values()),
        };
        keys.into_iter()
            .filter_map(|gate| {
                let enforcement = self.gate_enforcement(selected, gate);
                (enforcement > Enforcement::Informational).then(|| Expected {
                    gate: gate.to_owned(),
                    enforcement,
                    why: self.why(selected, gate, enforcement),
                })
            })
            .collect()
    }

    fn why(&self, selected: &Selected<'_>, gate: &str, enforcement: Enforcement) -> String {
        let listed = self.entry(selected, gate) == enforcement;
        match selected {
            Selected::Named(environment) if listed => {
                format!(
                    "listed as {enforcement} by environment `{}`",
                    environment.name
                )
            }
            Selected::Everything { .. } if listed => {
                if self.gates.get(gate).is_some_and(|policy| policy.default) {
                    "mandatory by the built-in defaults".into()
                } else {
                    "configured, and without an environment everything configured is mandatory"
                        .into()
                }
            }
            _ => self.bound_by(gate, enforcement),
        }
    }

    fn bound_by(&self, gate: &str, enforcement: Enforcement) -> String {
        let Some(policy) = self.gates.get(gate) else {
            return "bound by its own words".into();
        };
        let written = policy
            .floors
            .iter()
            .find(|floor| floor.enforcement == enforcement);
        if let Some(floor) = written {
            let action = FAILURE_ACTIONS
                .iter()
                .find(|(_, meant)| *meant == enforcement)
                .map_or("", |(action, _)| action);
            let of = floor
                .sub_gate
                .as_ref()
                .map(|name| format!(" of `{name}`"))
                .unwrap_or_default();
            return format!("bound by failure_action: {action}{of} ({})", floor.position);
        }
        let criterion = policy
            .criteria
            .iter()
            .find(|one| one.floor == Some(enforcement));
        match criterion {
            Some(one) => format!("bound by `{}: {enforcement}` ({})", one.id, one.position),
            None => "bound by its own words".into(),
        }
    }
}
