//! Blocks that meet under one key: one gate, its blocks as sub-gates.

use crate::error::{Notice, NoticeCode, PolicyError};
use crate::load::{Block, Gathered};
use crate::policy::GatePolicy;
use crate::when;
use std::collections::BTreeMap;

/// More gates, and more blocks of one gate, than any policy has; bounds, so
/// that hostile input costs little.
const MAX_GATES: usize = 1_000;
const MAX_BLOCKS: usize = 100;

/// One gate per key from all blocks read.
pub(crate) fn meet(gathered: &mut Gathered) -> BTreeMap<String, GatePolicy> {
    let mut by_key: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    for block in std::mem::take(&mut gathered.blocks) {
        let position = block.gate.position.clone();
        let met = by_key.entry(block.gate.key.clone()).or_default();
        let too_many = if met.len() >= MAX_BLOCKS {
            Some(format!(
                "found more than {MAX_BLOCKS} definitions of one gate"
            ))
        } else {
            join(block, met, gathered);
            (by_key.len() > MAX_GATES).then(|| format!("found more than {MAX_GATES} gates"))
        };
        if let Some(message) = too_many {
            gathered
                .errors
                .push(PolicyError::new(&position, message).hint("remove some"));
            break;
        }
    }
    by_key
        .into_iter()
        .filter_map(|(key, blocks)| unite(&key, blocks).map(|gate| (key, gate)))
        .collect()
}

/// Adds a block to those already met under its key: nothing if it is the same
/// again, under a name of its own if it differs.
fn join(mut block: Block, met: &mut Vec<Block>, gathered: &mut Gathered) {
    let written = block.name.clone();
    let twins = || met.iter().filter(|known| known.written() == written);
    if twins().any(|known| known.native == block.native && known.value.same(&block.value)) {
        return;
    }
    if let Some(error) = met.iter().find_map(|known| cannot_meet(known, &block)) {
        gathered.errors.push(error);
        return;
    }
    if let Some(first) = twins().next() {
        let text = format!(
            "gate `{written}` is defined differently at {} and {}: both hold, as sub-gates",
            first.gate.position, block.gate.position
        );
        gathered.notices.push(
            Notice::new(NoticeCode::KeyTwice, &block.gate.position, text).gate(&block.gate.key),
        );
        block.number = twins().count() + 1;
        block.name = format!("{written}-{}", block.number);
    }
    met.push(block);
}

/// Two native gates can share a key only if they look at the same things.
fn cannot_meet(first: &Block, second: &Block) -> Option<PolicyError> {
    let (one, two) = (&first.gate, &second.gate);
    let message = if one.kind != two.kind {
        format!(
            "gate `{}` is of kind `{}` at {} and of kind `{}` here",
            one.key, one.kind, one.position, two.kind
        )
    } else if first.native
        && second.native
        && (one.paths != two.paths
            || one.scopes != two.scopes
            || one.shards != two.shards
            || !when::as_wide(&one.when, &two.when)
            || !when::as_wide(&two.when, &one.when)
            || one.exclude != two.exclude
            || one.reports != two.reports
            || !same_settings(one, two))
    {
        format!(
            "gate `{}` is defined at {} with another `when`, other paths, reports, scopes or settings",
            one.key, one.position
        )
    } else {
        return None;
    };
    let hint = format!("give this one a name of its own and `kind: {}`", one.kind);
    Some(PolicyError::new(&two.position, message).hint(hint))
}

pub(crate) fn same_settings(one: &GatePolicy, two: &GatePolicy) -> bool {
    one.settings.len() == two.settings.len()
        && one
            .settings
            .iter()
            .zip(&two.settings)
            .all(|((a, x), (b, y))| a == b && x.same(y))
}

/// One gate of the blocks under one key.
fn unite(key: &str, mut blocks: Vec<Block>) -> Option<GatePolicy> {
    // The native block, if there is one, says what the gate looks at.
    blocks.sort_by_key(|block| !block.native);
    let alone = blocks.len() == 1;
    let mut parts = blocks.into_iter().map(|block| part(key, block, alone));
    let mut gate = parts.next()?;
    for mut next in parts {
        if next.when.is_empty() {
            // A block without conditions is judged always.
            gate.when.clear();
        }
        gate.criteria.append(&mut next.criteria);
        gate.floors.append(&mut next.floors);
        for (name, value) in next.settings {
            gate.settings.entry(name).or_insert(value);
        }
    }
    gate.name_sub_gates();
    Some(gate)
}

/// A block as a part of its gate. Its name leads the names of its sub-gates
/// unless it is the gate's own.
fn part(key: &str, block: Block, alone: bool) -> GatePolicy {
    let Block {
        name,
        native,
        mut gate,
        ..
    } = block;
    let prefix = (name != key && !(native && alone)).then_some(name.as_str());
    let within = |sub_gate: Option<String>| match (prefix, sub_gate) {
        (None, path) => path,
        (Some(block), None) => Some(block.to_owned()),
        (Some(block), Some(path)) => Some(format!("{block}.{path}")),
    };
    for criterion in &mut gate.criteria {
        criterion.sub_gate = within(criterion.sub_gate.take());
        if !alone {
            // What was the block's own floor binds this block only.
            criterion.floor = criterion.floor.max(gate.floor);
        }
    }
    for floor in &mut gate.floors {
        floor.sub_gate = within(floor.sub_gate.take());
    }
    if !alone {
        gate.floor = None;
    }
    if !native {
        // The dot keeps them apart from a kind's own keys, which are checked.
        gate.settings = std::mem::take(&mut gate.settings)
            .into_iter()
            .map(|(path, value)| (format!("{name}.{path}"), value))
            .collect();
    }
    gate
}
