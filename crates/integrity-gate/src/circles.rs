//! Modules that load one another in a circle.

use crate::arc::To;
use crate::graph;
use crate::issue::Issue;
use crate::modules::Modules;
use crate::world::World;

/// One finding a circle, where its first module stands that is not left out.
pub(crate) fn circles(
    world: &World<'_>,
    modules: &Modules<'_>,
    loads: &graph::Arcs,
    issues: &mut Vec<Issue>,
) {
    for graph::Circle {
        way: mut circle,
        steps,
    } in graph::circles(loads)
    {
        let selected = |at: &usize| world.pages[*at].selected;
        let Some(start) = circle.iter().position(selected) else {
            continue;
        };
        circle.rotate_left(start);
        let first = circle[0];
        let page = &world.pages[first];
        if !page.judged {
            continue;
        }
        let second = circle.get(1).copied().unwrap_or(first);
        // Arcs come page by page.
        let arcs = &modules.arcs[modules.arcs.partition_point(|arc| arc.from < first)..];
        let arc = arcs
            .iter()
            .take_while(|arc| arc.from == first)
            .find(|arc| arc.loads && arc.to == To::Page(second));
        let mut way: Vec<&str> = circle.iter().map(|at| world.pages[*at].path).collect();
        let key = way.join("\0");
        way.push(page.path);
        let message = if circle.len() == 1 {
            format!("`{}` loads itself", page.path)
        } else {
            format!(
                "modules load one another in a circle: {}",
                shorten(&way).join(" → ")
            )
        };
        let mut issue =
            Issue::of_file("circular_dependency", page.path, &key, message).weighing(steps);
        if let Some(arc) = arc {
            let width = u32::try_from(arc.written.chars().count()).unwrap_or_default();
            issue = issue.at(arc.line, arc.column, Some(arc.column.saturating_add(width)));
        }
        issues.push(issue);
    }
}

/// A way that a person can read: its first and last members.
fn shorten<'w>(way: &[&'w str]) -> Vec<&'w str> {
    const SHOWN: usize = 12;
    if way.len() <= SHOWN {
        return way.to_vec();
    }
    let mut short = way[..SHOWN / 2].to_vec();
    short.push("…");
    short.extend(&way[way.len() - SHOWN / 2..]);
    short
}
