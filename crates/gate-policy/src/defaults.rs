//! The built-in policy: what holds where nobody wrote one.

use crate::bound;
use crate::catalogue::Catalogue;
use crate::error::Position;
use crate::policy::{CriterionPolicy, GatePolicy, Judge, Origin, Policy};
use crate::requirement::Requirement;
use crate::yaml::Value;
use std::collections::BTreeMap;

/// Gates that the built-in policy makes binding; its others are informational
/// (contract, section 6).
pub(crate) const MANDATORY: [&str; 2] = ["integrity", "security"];

/// The policy of a repository without one.
pub fn defaults(catalogue: &Catalogue) -> Policy {
    Policy {
        gates: default_gates(catalogue),
        default_gates: true,
        ..Policy::default()
    }
}

/// One gate per kind that has criteria with a default requirement.
pub(crate) fn default_gates(catalogue: &Catalogue) -> BTreeMap<String, GatePolicy> {
    let mut gates = BTreeMap::new();
    for (kind, spec) in &catalogue.kinds {
        let mut gate = GatePolicy::new(kind, kind, &Position::built_in());
        gate.default = true;
        for (id, criterion) in &spec.criteria {
            let Some(text) = &criterion.default else {
                continue;
            };
            let (requirement, judge, hint) = match bound::read(&Value::built_in(text), criterion) {
                Ok(requirement) if spec.built && criterion.built => {
                    (requirement, Judge::Built, None)
                }
                Ok(requirement) => (requirement, Judge::NotBuilt, None),
                // A catalogue that contradicts itself cannot pass.
                Err(wrong) => (
                    Requirement::of_text(text),
                    Judge::NoJudge,
                    wrong.first().map(|error| error.message.clone()),
                ),
            };
            gate.criteria.push(CriterionPolicy {
                id: id.clone(),
                sub_gate: None,
                requirement,
                floor: None,
                judge,
                hint,
                origin: Origin::Default,
                position: Position::built_in(),
            });
        }
        if !gate.criteria.is_empty() {
            gates.insert(kind.clone(), gate);
        }
    }
    gates
}
