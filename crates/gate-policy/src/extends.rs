//! Environments written in several places, and `extends`: lists unite, the
//! stricter entry wins.

use crate::environment::{Draft, Environment};
use crate::error::{Notice, NoticeCode, PolicyError, Position};
use crate::latitude::Latitude;
use crate::load::Gathered;
use crate::nearest::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// Longer chains than any team has; a bound, so that hostile input costs little.
const MAX_CHAIN: usize = 32;

/// The most environments in one policy.
const MAX_ENVIRONMENTS: usize = 200;

/// The most gates that one environment lists, its parents' among them.
const MAX_LISTED: usize = 1_000;

/// Unites what several places say and follows `extends`.
pub(crate) fn resolve(gathered: &mut Gathered) -> BTreeMap<String, Environment> {
    let mut by_name: BTreeMap<String, Vec<Draft>> = BTreeMap::new();
    let drafts = std::mem::take(&mut gathered.environments);
    if let Some(beyond) = drafts.get(MAX_ENVIRONMENTS) {
        let message = format!("found more than {MAX_ENVIRONMENTS} environments");
        let error = PolicyError::new(&beyond.position, message).hint("remove some");
        gathered.errors.push(error);
        return BTreeMap::new();
    }
    for draft in drafts {
        let same_name = by_name.entry(draft.name.clone()).or_default();
        if same_name.iter().any(|known| known.value.same(&draft.value)) {
            continue;
        }
        if let Some(first) = same_name.first() {
            let text = format!(
                "environment `{}` is defined differently at {} and {}: the lists unite, the stricter entry holds",
                draft.name, first.position, draft.position
            );
            gathered.notices.push(
                Notice::new(NoticeCode::KeyTwice, &draft.position, text).environment(&draft.name),
            );
        }
        same_name.push(draft);
    }
    let mut environments = BTreeMap::new();
    for name in by_name.keys() {
        let chain = chain(name, &by_name, gathered);
        if let Some(environment) = unite(name, &chain, gathered) {
            environments.insert(name.clone(), environment);
        }
    }
    environments
}

/// The drafts that count for an environment, its own first. Wrong `extends` are
/// reported where they stand, once.
fn chain<'a>(
    name: &str,
    by_name: &'a BTreeMap<String, Vec<Draft>>,
    gathered: &mut Gathered,
) -> Vec<&'a Draft> {
    let mut chain = Vec::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(name.to_owned(), vec![name.to_owned()])];
    while let Some((current, trail)) = waiting.pop() {
        if !seen.insert(current.clone()) {
            continue;
        }
        for draft in by_name.get(&current).into_iter().flatten() {
            chain.push(draft);
            let Some((parent, position)) = &draft.extends else {
                continue;
            };
            let mut longer = trail.clone();
            longer.push(parent.clone());
            let error = if !by_name.contains_key(parent) {
                let message =
                    format!("environment `{current}` extends `{parent}`, which is not defined");
                PolicyError::new(position, message)
                    .maybe_hint(did_you_mean(parent, by_name.keys().map(String::as_str)))
            } else if trail.contains(parent) {
                // Told once: at the first environment of the circle, by name.
                if parent != name || trail.iter().min() != Some(parent) {
                    continue;
                }
                let message = format!(
                    "environment `{current}` extends itself: {}",
                    longer.join(" extends ")
                );
                PolicyError::new(position, message).hint("remove one `extends` of the circle")
            } else if trail.len() >= MAX_CHAIN {
                let message = format!("found a chain of more than {MAX_CHAIN} environments");
                PolicyError::new(position, message).hint("extend fewer environments")
            } else {
                waiting.push((parent.clone(), longer));
                continue;
            };
            // Every environment that reaches a wrong `extends` finds it.
            if !gathered
                .errors
                .iter()
                .any(|known| known.position == error.position)
            {
                gathered.errors.push(error);
            }
        }
    }
    chain
}

fn unite(name: &str, chain: &[&Draft], gathered: &mut Gathered) -> Option<Environment> {
    let own = *chain.first()?;
    let mut environment = Environment {
        name: name.to_owned(),
        mandatory: Vec::new(),
        advisory: Vec::new(),
        bypass_allowed: bypass_allowed(name, chain, gathered),
        latitude: latitude(name, chain),
        settings: BTreeMap::new(),
        position: own.position.clone(),
    };
    let mut mandatory = BTreeSet::new();
    let mut advisory = BTreeSet::new();
    for draft in chain {
        for (gate, _) in &draft.mandatory {
            if mandatory.insert(gate) {
                environment.mandatory.push(gate.clone());
            }
        }
        for (key, value) in &draft.settings {
            environment
                .settings
                .entry(key.clone())
                .or_insert_with(|| value.clone());
        }
    }
    for draft in chain {
        for (gate, position) in &draft.advisory {
            if !mandatory.contains(gate) {
                if advisory.insert(gate) {
                    environment.advisory.push(gate.clone());
                }
            } else if draft.name == name {
                let notice = stricter_entry(name, gate, position, chain);
                gathered.notices.push(notice);
            }
        }
    }
    if mandatory.len() + advisory.len() > MAX_LISTED {
        let message = format!("found more than {MAX_LISTED} gates in environment `{name}`");
        let error = PolicyError::new(&own.position, message).hint("list fewer gates");
        gathered.errors.push(error);
        return None;
    }
    Some(environment)
}

/// The own word before the parents'; by which refs it is chosen is never inherited.
fn latitude(name: &str, chain: &[&Draft]) -> Latitude {
    let mut latitude = Latitude::default();
    for draft in chain {
        latitude = latitude.over(&draft.latitude);
        if draft.name == name {
            latitude
                .branches
                .extend(draft.latitude.branches.iter().cloned());
            latitude.tags.extend(draft.latitude.tags.iter().cloned());
        }
    }
    latitude
}

fn stricter_entry(name: &str, gate: &str, position: &Position, chain: &[&Draft]) -> Notice {
    let mandatory = chain
        .iter()
        .flat_map(|draft| &draft.mandatory)
        .find(|(key, _)| key == gate);
    let place = mandatory
        .map(|(_, place)| place.to_string())
        .unwrap_or_default();
    let text = format!(
        "environment `{name}` lists `{gate}` as advisory here and as mandatory at {place}: mandatory holds"
    );
    Notice::new(NoticeCode::StricterEntry, position, text)
        .environment(name)
        .gate(gate)
}

fn bypass_allowed(name: &str, chain: &[&Draft], gathered: &mut Gathered) -> bool {
    let written = || {
        chain
            .iter()
            .filter_map(|draft| draft.bypass_allowed.map(|flag| (draft, flag)))
    };
    let denied = written().find(|(_, flag)| !flag);
    let allowed = written().find(|(draft, flag)| *flag && draft.name == name);
    if let (Some((denier, _)), Some((allower, _))) = (denied, allowed) {
        let text = format!(
            "environment `{name}` writes `bypass_allowed: true`, and `false` stands at {}: false holds",
            denier.position
        );
        gathered.notices.push(
            Notice::new(NoticeCode::StricterEntry, &allower.position, text).environment(name),
        );
    }
    denied.is_none() && written().next().is_some()
}
