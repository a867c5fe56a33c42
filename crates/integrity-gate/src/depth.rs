//! Chains of references that are deeper than a requirement allows.

use crate::arc::{Arc, To};
use crate::evaluate::Counts;
use crate::graph;
use crate::issue::Issue;
use crate::roster::skill_of;
use crate::tree::last;
use crate::world::World;
use std::fmt::Write as _;

/// Whether a reference leads on inside the skill that it stands in: not out of
/// it, and not back to its `SKILL.md`.
pub(crate) fn inside_skill(world: &World<'_>, arc: &Arc<'_>) -> bool {
    let To::Page(to) = arc.to else { return false };
    let (from, to) = (world.pages[arc.from].path, world.pages[to].path);
    last(to) != "SKILL.md" && skill_of(&world.tree, from) == skill_of(&world.tree, to)
}

/// Chains that are deeper than a requirement allows, from every judged module
/// that nothing deeper leads to.
pub(crate) fn chains(
    world: &World<'_>,
    deep: &graph::Arcs,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) {
    let depths = graph::depths(deep);
    let mut has_parent = vec![false; deep.len()];
    for (from, targets) in deep.iter().enumerate() {
        for &to in targets.iter().filter(|to| **to != from) {
            has_parent[to] |= depths[from].arcs > depths[to].arcs;
        }
    }
    for (at, page) in world.pages.iter().enumerate() {
        let depth = depths[at].arcs as u64;
        if !page.judged || has_parent[at] || depth == 0 {
            continue;
        }
        counts.chains += 1;
        if world.config.allows_depth(depth) {
            counts.depth = counts.depth.max(depth);
            continue;
        }
        let message = format!(
            "a chain of {} starts here: {}",
            gate_runner::counted(depth, "reference"),
            way(world, &depths, at)
        );
        let issue = Issue::of_file("deep_reference", page.path, "", message);
        issues.push(issue.weighing(depth));
    }
}

/// The beginning of a chain, as long as a person reads it.
fn way(world: &World<'_>, depths: &[graph::Depth], start: usize) -> String {
    const SHOWN: usize = 12;
    let mut way = world.pages[start].path.to_owned();
    let mut at = start;
    for _ in 1..SHOWN {
        let Some((from, next)) = depths[at].next else {
            return way;
        };
        if from != at {
            // Modules of a circle lead to one another.
            let _ = write!(way, " ⇄ {}", world.pages[from].path);
        }
        let _ = write!(way, " → {}", world.pages[next].path);
        at = next;
    }
    match depths[at].arcs {
        0 => way,
        more => format!("{way} → and {more} more"),
    }
}
