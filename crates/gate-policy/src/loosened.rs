//! Every difference by which the head's policy is not provably as strict as
//! the base's.

use crate::defaults::MANDATORY;
use crate::enforce::own_floor;
use crate::environment::Environment;
use crate::govern::bound_without;
use crate::latitude::Latitude;
use crate::meet::same_settings;
use crate::policy::{CriterionPolicy, GatePolicy, Policy};
use crate::requirement::{Bound, Op};
use crate::strictness::as_strict;
use crate::when;
use gate_verdict::Enforcement;
use std::collections::BTreeSet;

/// A difference by which the head's policy is not provably as strict.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loosening {
    /// The gate it concerns, by key; `None` where it concerns environments.
    pub gate: Option<String>,
    /// One sentence that stands alone.
    pub text: String,
}

/// Every difference, sorted.
pub(crate) fn differences(base: &Policy, head: &Policy) -> Vec<Loosening> {
    let mut all = Vec::new();
    for gate in base.gates.values() {
        let mut found = Vec::new();
        match head.gates.get(&gate.key) {
            Some(now) if !now.default && weighs_nothing(base, gate) => {}
            Some(now) => gates(gate, now, &mut found),
            None if weighs_nothing(base, gate) => {}
            None => found.push(format!("gate `{}` is removed", gate.key)),
        }
        all.extend(found.into_iter().map(|text| Loosening {
            gate: Some(gate.key.clone()),
            text,
        }));
    }
    let mut found = Vec::new();
    for environment in base.environments.values() {
        match head.environments.get(&environment.name) {
            Some(now) => environments(environment, now, &mut found),
            None => found.push(format!("environment `{}` is removed", environment.name)),
        }
    }
    for environment in head.environments.values() {
        if !base.environments.contains_key(&environment.name) {
            new_environment(environment, base, &mut found);
        }
    }
    all.extend(found.into_iter().map(|text| Loosening { gate: None, text }));
    all.sort();
    all.dedup();
    all
}

/// A built-in gate that no decision hangs on.
fn weighs_nothing(base: &Policy, gate: &GatePolicy) -> bool {
    let listed = |environment: &Environment| environment.entry(&gate.key).is_some();
    gate.default
        && !MANDATORY.contains(&gate.key.as_str())
        && !base.environments.values().any(listed)
}

fn gates(base: &GatePolicy, head: &GatePolicy, found: &mut Vec<String>) {
    let key = &base.key;
    if base.kind != head.kind {
        found.push(format!(
            "gate `{key}` was of kind `{}` and is of kind `{}`",
            base.kind, head.kind
        ));
    }
    if head.default && !base.default {
        found.push(format!(
            "gate `{key}` is no longer configured: only the built-in defaults are left"
        ));
    }
    for criterion in &base.criteria {
        criteria(criterion, base, head, found);
    }
    if head.strictest_floor() < base.strictest_floor() {
        let was = base.strictest_floor().unwrap_or(Enforcement::Informational);
        found.push(format!(
            "gate `{key}` was bound by its own words as {was} and is so no longer"
        ));
    }
    scope(base, head, found);
    whom(base, head, found);
    if !same_settings(base, head) {
        let names: BTreeSet<&String> = base.settings.keys().chain(head.settings.keys()).collect();
        let changed: Vec<_> = names
            .into_iter()
            .filter(|name| !is_commentary(name))
            .filter(
                |name| match (base.settings.get(*name), head.settings.get(*name)) {
                    (Some(a), Some(b)) => !a.same(b),
                    _ => true,
                },
            )
            .map(|name| format!("`{name}`"))
            .collect();
        if !changed.is_empty() {
            found.push(format!(
                "gate `{key}` has other settings: {}",
                changed.join(", ")
            ));
        }
    }
}

/// Text for people: nothing hangs on it.
fn is_commentary(setting: &str) -> bool {
    let last = setting.rsplit('.').next().unwrap_or(setting);
    matches!(last, "description" | "implementation")
}

fn criteria(base: &CriterionPolicy, of: &GatePolicy, head: &GatePolicy, found: &mut Vec<String>) {
    let named = || head.criteria.iter().filter(|now| now.id == base.id);
    let was = |criterion: &CriterionPolicy| criterion.requirement.text.clone();
    let name = match &base.sub_gate {
        Some(sub_gate) => format!("criterion `{}` of `{}` ({sub_gate})", base.id, of.key),
        None => format!("criterion `{}` of `{}`", base.id, of.key),
    };
    if named().next().is_none() {
        found.push(format!("{name} is removed (was: {})", was(base)));
        return;
    }
    let strict: Vec<_> = named()
        .filter(|now| as_strict(&now.requirement, &base.requirement))
        .collect();
    if strict.is_empty() {
        let now: Vec<_> = named().map(was).collect();
        found.push(format!(
            "{name} was `{}` and is `{}`",
            was(base),
            now.join("`, `")
        ));
        return;
    }
    let floor = own_floor(of, base);
    let kept = strict.iter().map(|now| own_floor(head, now)).max();
    if kept < Some(floor) {
        found.push(format!(
            "{name} was {floor} by the gate's own words and is so no longer"
        ));
    }
}

/// When the gate applies, and who has to leave a verdict of it.
fn whom(base: &GatePolicy, head: &GatePolicy, found: &mut Vec<String>) {
    let key = &base.key;
    if !when::as_wide(&base.when, &head.when) {
        found.push(format!("gate `{key}` applies less often (`when`)"));
    }
    for scope in base.scopes.iter().filter(|one| !head.scopes.contains(one)) {
        found.push(format!("gate `{key}` no longer expects scope `{scope}`"));
    }
    if let Some(was) = base.shards
        && head.shards.is_none_or(|is| is < was)
    {
        found.push(format!("gate `{key}` expects fewer shards than {was}"));
    }
}

fn scope(base: &GatePolicy, head: &GatePolicy, found: &mut Vec<String>) {
    if scope_as_strict(base, head) {
        return;
    }
    let mut differs = |what: &str, was: &[String], is: &[String]| {
        if !same_set(was, is) {
            found.push(format!(
                "gate `{}` has other {what}: was [{}], is [{}]",
                base.key,
                was.join(", "),
                is.join(", ")
            ));
        }
    };
    differs("paths", &base.paths, &head.paths);
    differs("exclusions", &base.exclude, &head.exclude);
    differs("reports", &base.reports, &head.reports);
}

/// Whether the head looks at provably no less than the base. Looking at more
/// is stricter for counts only: a share of more may be a better share.
pub(crate) fn scope_as_strict(base: &GatePolicy, head: &GatePolicy) -> bool {
    let unchanged = same_set(&base.paths, &head.paths)
        && same_set(&base.exclude, &head.exclude)
        && same_set(&base.reports, &head.reports);
    let wider_paths =
        head.paths.is_empty() || (!base.paths.is_empty() && contains(&head.paths, &base.paths));
    let wider = wider_paths
        && contains(&base.exclude, &head.exclude)
        && same_set(&base.reports, &head.reports);
    unchanged || (wider && only_counts(base) && only_counts(head))
}

fn only_counts(gate: &GatePolicy) -> bool {
    gate.criteria
        .iter()
        .flat_map(|criterion| [&criterion.requirement.fail, &criterion.requirement.warn])
        .flatten()
        .all(|bound| match bound {
            Bound::NoViolations | Bound::NonePresent | Bound::Declared => true,
            Bound::Compare { op, unit, .. } => {
                *unit == crate::unit::Unit::COUNT && matches!(op, Op::Lt | Op::Le)
            }
            Bound::Band { .. } => false,
        })
}

fn contains(all: &[String], some: &[String]) -> bool {
    some.iter().all(|one| all.contains(one))
}

fn same_set(one: &[String], other: &[String]) -> bool {
    contains(one, other) && contains(other, one)
}

fn environments(base: &Environment, head: &Environment, found: &mut Vec<String>) {
    let name = &base.name;
    for gate in base.mandatory.iter().chain(&base.advisory) {
        let (was, is) = (base.entry(gate), head.entry(gate));
        if let Some(was) = was.filter(|_| is < was) {
            let is = is.unwrap_or(Enforcement::Informational);
            found.push(format!(
                "environment `{name}` lists `{gate}` as {is}, was {was}"
            ));
        }
    }
    if head.bypass_allowed && !base.bypass_allowed {
        found.push(format!(
            "environment `{name}` allows overrides (`bypass_allowed: true`)"
        ));
    }
    found.extend(Latitude::loosened(&base.latitude, &head.latitude, name));
}

/// Under a name that it lacks, the base would make everything mandatory.
fn new_environment(environment: &Environment, base: &Policy, found: &mut Vec<String>) {
    let name = &environment.name;
    let less: Vec<_> = bound_without(base)
        .into_iter()
        .filter(|gate| environment.entry(gate) != Some(Enforcement::Mandatory))
        .map(|gate| format!("`{gate}`"))
        .collect();
    if !less.is_empty() {
        found.push(format!(
            "environment `{name}` is new and does not make mandatory what is so without it: {}",
            less.join(", ")
        ));
    }
    if environment.bypass_allowed {
        found.push(format!(
            "environment `{name}` is new and allows overrides (`bypass_allowed: true`)"
        ));
    }
    let latitude = &environment.latitude;
    if !latitude.branches.is_empty() || !latitude.tags.is_empty() {
        found.push(format!(
            "environment `{name}` is new and takes over branches or tags"
        ));
    }
}
