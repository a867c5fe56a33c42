//! Blocks meet: one gate per key, sub-gates where several blocks share it, and
//! what a reader should be told about the whole.

use crate::catalogue::Catalogue;
use crate::defaults::default_gates;
use crate::error::{Notice, NoticeCode};
use crate::extends;
use crate::load::Gathered;
use crate::meet::meet;
use crate::nearest::nearest;
use crate::policy::{GatePolicy, Policy};
use gate_verdict::Enforcement;
use std::collections::{BTreeMap, BTreeSet};

/// One policy from everything read. Errors and notices stay in `gathered`
/// until the notices move over, in order of position.
pub(crate) fn assemble(gathered: &mut Gathered, catalogue: &Catalogue) -> Policy {
    let environments = extends::resolve(gathered);
    let gates = meet(gathered);
    let mut policy = Policy {
        gates,
        environments,
        default_gates: !gathered.gates_section,
        ..Policy::default()
    };
    if policy.default_gates {
        keep_defaults(&mut policy.gates, catalogue);
    }
    for gate in policy
        .gates
        .values()
        .filter(|gate| gate.criteria.is_empty())
    {
        let text = format!(
            "gate `{}` asks for nothing that can be judged, so it can never pass",
            gate.key
        );
        gathered
            .notices
            .push(Notice::new(NoticeCode::NoCriteria, &gate.position, text).gate(&gate.key));
    }
    gathered.notices.extend(undefined_gates(&policy));
    gathered.notices.extend(loosened_floors(&policy));
    policy.notices = std::mem::take(&mut gathered.notices);
    // Stable: notices about one place stay in the order they came up.
    policy.notices.sort_by(|a, b| a.position.cmp(&b.position));
    policy
}

/// A file without a `gates:` section keeps the defaults: beside its source
/// blocks, and below them where they do not ask for the same criterion.
fn keep_defaults(gates: &mut BTreeMap<String, GatePolicy>, catalogue: &Catalogue) {
    for (key, default) in default_gates(catalogue) {
        match gates.get_mut(&key) {
            None => {
                gates.insert(key, default);
            }
            Some(gate) => {
                let asked: BTreeSet<_> = gate.criteria.iter().map(|c| c.id.clone()).collect();
                let missing = default
                    .criteria
                    .into_iter()
                    .filter(|c| !asked.contains(&c.id));
                gate.criteria.extend(missing);
            }
        }
    }
}

fn undefined_gates(policy: &Policy) -> Vec<Notice> {
    let mut notices = Vec::new();
    for environment in policy.environments.values() {
        for gate in environment.mandatory.iter().chain(&environment.advisory) {
            if policy.gates.contains_key(gate) {
                continue;
            }
            // Looking for near names costs time; the first ones are what is read.
            let near = (notices.len() < 20)
                .then(|| nearest(gate, policy.gates.keys().map(String::as_str)))
                .flatten();
            let text = format!(
                "environment `{}` lists `{gate}`, which no policy file defines: it counts as missing until it leaves a verdict{}",
                environment.name,
                near.map(|near| format!("; did you mean `{near}`?"))
                    .unwrap_or_default()
            );
            notices.push(
                Notice::new(NoticeCode::UndefinedGate, &environment.position, text)
                    .gate(gate)
                    .environment(&environment.name),
            );
        }
    }
    notices
}

/// Where an environment's list asks for less than a `failure_action`.
fn loosened_floors(policy: &Policy) -> Vec<Notice> {
    let mut notices = Vec::new();
    for environment in policy.environments.values() {
        let mut unlisted = Vec::new();
        for gate in policy.gates.values() {
            let asked = environment.entry(&gate.key);
            let Some(floor) = gate
                .strictest_floor()
                .filter(|floor| *floor > asked.unwrap_or(Enforcement::Informational))
            else {
                continue;
            };
            let Some(asked) = asked else {
                unlisted.push(format!("`{}` ({floor})", gate.key));
                continue;
            };
            let text = format!(
                "environment `{}` lists `{}` as {asked}, and its own failure_action at {} asks for {floor}: {floor} holds there",
                environment.name,
                gate.key,
                place_of_floor(gate, floor)
            );
            notices.push(
                Notice::new(NoticeCode::LoosenedFloor, &environment.position, text)
                    .gate(&gate.key)
                    .environment(&environment.name),
            );
        }
        if !unlisted.is_empty() {
            let text = format!(
                "environment `{}` does not list gates that bind by their own failure_action: {}",
                environment.name,
                unlisted.join(", ")
            );
            notices.push(
                Notice::new(NoticeCode::LoosenedFloor, &environment.position, text)
                    .environment(&environment.name),
            );
        }
    }
    notices
}

fn place_of_floor(gate: &GatePolicy, floor: Enforcement) -> String {
    let written = gate.floors.iter().find(|one| one.enforcement == floor);
    let criterion = gate.criteria.iter().find(|one| one.floor == Some(floor));
    written
        .map(|one| &one.position)
        .or(criterion.map(|one| &one.position))
        .unwrap_or(&gate.position)
        .to_string()
}
