//! Whose policy holds: the base's and the head's, united so that the stricter
//! decision is reached.

use crate::environment::Environment;
use crate::latitude::Latitude;
use crate::loosened::{self, Loosening};
use crate::meet::same_settings;
use crate::policy::{CriterionPolicy, GatePolicy, Judge, Origin, Policy};
use crate::select::Selected;
use crate::when;
use gate_verdict::Enforcement;
use std::collections::{BTreeMap, BTreeSet};

/// The policy that a change is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governed {
    /// Both policies' criteria, the stricter enforcement of each gate. Where
    /// paths, reports or settings differ and the head's are not provably as
    /// strict, the base's are used.
    pub policy: Policy,
    /// Every difference by which the head is not provably as strict as the
    /// base, one sentence each, sorted. Not empty: at least `require_approval`.
    pub loosened: Vec<Loosening>,
}

#[cfg(test)]
impl Governed {
    pub(crate) fn texts(&self) -> Vec<String> {
        self.loosened.iter().map(|one| one.text.clone()).collect()
    }
}

/// Unites the policy of the base revision with that of the head.
pub fn govern(base: &Policy, head: &Policy) -> Governed {
    let keys: BTreeSet<&String> = base.gates.keys().chain(head.gates.keys()).collect();
    let gates = keys
        .into_iter()
        .filter_map(|key| {
            let gate = match (base.gates.get(key), head.gates.get(key)) {
                (Some(base), Some(head)) => unite_gates(base, head),
                (Some(one), None) => marked(one, Origin::Base),
                (None, Some(one)) => marked(one, Origin::Head),
                (None, None) => return None,
            };
            Some((key.clone(), gate))
        })
        .collect();
    let names: BTreeSet<&String> = base
        .environments
        .keys()
        .chain(head.environments.keys())
        .collect();
    let environments: BTreeMap<String, Environment> = names
        .into_iter()
        .filter_map(|name| Some((name.clone(), unite_environments(name, base, head)?)))
        .collect();
    let mut notices = head.notices.clone();
    notices.extend(
        base.notices
            .iter()
            .filter(|notice| !head.notices.iter().any(|known| known.text == notice.text))
            .cloned(),
    );
    Governed {
        policy: Policy {
            gates,
            environments,
            notices,
            default_gates: base.default_gates && head.default_gates,
            sources: unite_sources(base, head),
        },
        loosened: loosened::differences(base, head),
    }
}

/// The base's files, and the head's where they differ from them.
fn unite_sources(base: &Policy, head: &Policy) -> Vec<(String, String)> {
    let mut sources = base.sources.clone();
    for source in &head.sources {
        if !base.sources.contains(source) {
            sources.push((format!("{} (head)", source.0), source.1.clone()));
        }
    }
    sources.sort();
    sources
}

fn marked(gate: &GatePolicy, origin: Origin) -> GatePolicy {
    let mut gate = gate.clone();
    for criterion in &mut gate.criteria {
        criterion.origin = origin;
    }
    gate
}

fn unite_gates(base: &GatePolicy, head: &GatePolicy) -> GatePolicy {
    let mut gate = base.clone();
    gate.default = base.default && head.default;
    gate.criteria = unite_criteria(base, head);
    gate.floor = base.floor.max(head.floor);
    for floor in &head.floors {
        let known = gate
            .floors
            .iter()
            .any(|one| one.enforcement == floor.enforcement && one.sub_gate == floor.sub_gate);
        if !known {
            gate.floors.push(floor.clone());
        }
    }
    gate.name_sub_gates();
    gate.when = when::unite(&base.when, &head.when);
    let new = head.scopes.iter().filter(|one| !base.scopes.contains(one));
    gate.scopes.extend(new.cloned());
    // How the work is cut up is the head's; fewer shards are a loosening.
    gate.shards = head.shards.or(base.shards);
    if base.kind == head.kind && same_settings(base, head) && loosened::scope_as_strict(base, head)
    {
        gate.paths.clone_from(&head.paths);
        gate.exclude.clone_from(&head.exclude);
        gate.reports.clone_from(&head.reports);
    }
    gate
}

/// Equal criteria once, different ones both.
fn unite_criteria(base: &GatePolicy, head: &GatePolicy) -> Vec<CriterionPolicy> {
    let same = |a: &CriterionPolicy, b: &CriterionPolicy| {
        a.id == b.id
            && a.sub_gate == b.sub_gate
            && a.requirement == b.requirement
            && a.judge == b.judge
    };
    let mut united: Vec<CriterionPolicy> = Vec::new();
    for criterion in &base.criteria {
        let mut criterion = criterion.clone();
        match head
            .criteria
            .iter()
            .filter(|other| same(&criterion, other))
            .map(|other| (other.floor, other.origin))
            .max()
        {
            Some((floor, origin)) => {
                criterion.floor = criterion.floor.max(floor);
                if origin != criterion.origin {
                    criterion.origin = Origin::Policy;
                }
            }
            None => criterion.origin = Origin::Base,
        }
        united.push(criterion);
    }
    for criterion in &head.criteria {
        if base.criteria.iter().any(|other| same(criterion, other)) {
            continue;
        }
        let mut criterion = criterion.clone();
        criterion.origin = Origin::Head;
        if base.kind != head.kind {
            criterion.judge = Judge::NoJudge;
            criterion.hint = Some(format!(
                "the change turns gate `{}` from kind `{}` into `{}`",
                base.key, base.kind, head.kind
            ));
        }
        united.push(criterion);
    }
    united
}

/// Both sides' entries. A side that lacks the environment would make
/// everything it configures mandatory under that name.
fn unite_environments(name: &str, base: &Policy, head: &Policy) -> Option<Environment> {
    let sides = [base, head].map(|policy| (policy, policy.environments.get(name)));
    let named = sides.iter().find_map(|(_, environment)| *environment)?;
    let mut mandatory: Vec<String> = Vec::new();
    let mut advisory: Vec<String> = Vec::new();
    for (policy, environment) in &sides {
        match environment {
            Some(environment) => {
                mandatory.extend(environment.mandatory.iter().cloned());
                advisory.extend(environment.advisory.iter().cloned());
            }
            None => mandatory.extend(bound_without(policy)),
        }
    }
    let mut seen = BTreeSet::new();
    mandatory.retain(|gate| seen.insert(gate.clone()));
    advisory.retain(|gate| seen.insert(gate.clone()));
    Some(Environment {
        name: name.to_owned(),
        mandatory,
        advisory,
        bypass_allowed: sides
            .iter()
            .all(|(_, environment)| environment.is_some_and(|one| one.bypass_allowed)),
        latitude: match sides.map(|(_, environment)| environment) {
            [Some(base), Some(head)] => Latitude::meet(&base.latitude, &head.latitude),
            // Nobody has agreed to what one side alone leaves to people.
            _ => Latitude::default(),
        },
        settings: named.settings.clone(),
        position: named.position.clone(),
    })
}

/// Gates that are mandatory where no environment is in force.
pub(crate) fn bound_without(policy: &Policy) -> Vec<String> {
    let everything = Selected::Everything { notice: None };
    policy
        .named_gates(policy.environments.values())
        .into_iter()
        .filter(|gate| policy.entry(&everything, gate) == Enforcement::Mandatory)
        .map(str::to_owned)
        .collect()
}
