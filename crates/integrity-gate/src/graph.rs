//! The module graph: who includes whom, and in circles.

use gate_syntax::Edge;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A circle of includes, from its alphabetically first module back to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// The modules in order; the last one includes the first.
    pub modules: Vec<String>,
    /// The include in the first module that starts the circle.
    pub line: u32,
    pub column: u32,
    pub written: String,
}

/// The shortest circle through the first module of every knot of modules that
/// include one another; a module that includes itself is one too.
pub(crate) fn cycles(includes: &BTreeMap<&str, Vec<(&str, &Edge)>>) -> Vec<Cycle> {
    let mut cycles = Vec::new();
    for knot in knots(includes) {
        let Some(first) = knot.iter().next().copied() else {
            continue;
        };
        let Some(modules) = shortest_circle(first, &knot, includes) else {
            continue;
        };
        let second = modules.get(1).copied().unwrap_or(first);
        let Some((_, edge)) = includes[first].iter().find(|(target, _)| *target == second) else {
            continue;
        };
        cycles.push(Cycle {
            modules: modules.into_iter().map(str::to_owned).collect(),
            line: edge.line,
            column: edge.column,
            written: edge.written.to_string(),
        });
    }
    cycles.sort_by(|a, b| a.modules.cmp(&b.modules));
    cycles
}

/// Strongly connected components with a circle in them (Tarjan's algorithm
/// with its own stack: a long chain must not overflow the thread's).
fn knots<'a>(includes: &BTreeMap<&'a str, Vec<(&'a str, &Edge)>>) -> Vec<BTreeSet<&'a str>> {
    let mut marks: BTreeMap<&str, Mark> = BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    let mut knots = Vec::new();
    for &start in includes.keys() {
        if marks.contains_key(start) {
            continue;
        }
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some(&mut (module, ref mut next)) = path.last_mut() {
            if *next == 0 {
                let order = marks.len();
                marks.insert(
                    module,
                    Mark {
                        order,
                        low: order,
                        open: true,
                    },
                );
                open.push(module);
            }
            let targets = includes.get(module).map_or(&[][..], Vec::as_slice);
            if let Some((target, _)) = targets.get(*next) {
                *next += 1;
                match marks.get(target).copied() {
                    None => path.push((target, 0)),
                    Some(seen) if seen.open => lower(&mut marks, module, seen.order),
                    Some(_) => {}
                }
                // A module without targets is entered once, with `next` 0.
                continue;
            }
            path.pop();
            let done = marks[module];
            if let Some((parent, _)) = path.last() {
                lower(&mut marks, parent, done.low);
            }
            if done.low == done.order {
                let mut knot = BTreeSet::new();
                while let Some(member) = open.pop() {
                    if let Some(mark) = marks.get_mut(member) {
                        mark.open = false;
                    }
                    knot.insert(member);
                    if member == module {
                        break;
                    }
                }
                let circles = knot.len() > 1 || targets.iter().any(|(target, _)| *target == module);
                if circles {
                    knots.push(knot);
                }
            }
        }
    }
    knots
}

/// Where a module stands in the search.
#[derive(Clone, Copy)]
struct Mark {
    order: usize,
    low: usize,
    open: bool,
}

fn lower<'a>(marks: &mut BTreeMap<&'a str, Mark>, module: &'a str, to: usize) {
    if let Some(mark) = marks.get_mut(module) {
        mark.low = mark.low.min(to);
    }
}

/// Breadth first from a module back to itself, inside its knot.
fn shortest_circle<'a>(
    first: &'a str,
    knot: &BTreeSet<&'a str>,
    includes: &BTreeMap<&'a str, Vec<(&'a str, &Edge)>>,
) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([first]);
    while let Some(module) = queue.pop_front() {
        for (target, _) in includes.get(module).map_or(&[][..], Vec::as_slice) {
            if *target == first {
                let mut circle = vec![module];
                while let Some(&before) = circle.last().and_then(|last| came_from.get(last)) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if knot.contains(target) && !came_from.contains_key(target) {
                came_from.insert(target, module);
                queue.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_syntax::{EdgeKind, Target};

    fn found(pairs: &[(&'static str, &'static str)]) -> Vec<Vec<String>> {
        let edge = Edge {
            kind: EdgeKind::Include,
            written: "x".into(),
            target: Target::Empty,
            line: 1,
            column: 1,
            end_column: 2,
        };
        let mut includes: BTreeMap<&str, Vec<(&str, &Edge)>> = BTreeMap::new();
        for (from, to) in pairs {
            includes.entry(from).or_default().push((to, &edge));
        }
        cycles(&includes)
            .into_iter()
            .map(|cycle| cycle.modules)
            .collect()
    }

    #[test]
    fn circles_are_found_with_their_shortest_way() {
        assert_eq!(found(&[("a", "b"), ("b", "c")]), Vec::<Vec<String>>::new());
        assert_eq!(found(&[("a", "a")]), [["a"]]);
        assert_eq!(
            found(&[("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")]),
            [["a", "b"]]
        );
        assert_eq!(
            found(&[
                ("x", "y"),
                ("y", "x"),
                ("m", "n"),
                ("n", "o"),
                ("o", "m"),
                ("n", "p")
            ]),
            [vec!["m", "n", "o"], vec!["x", "y"]]
        );
    }

    #[test]
    fn a_long_chain_is_no_problem() {
        let names: Vec<&'static str> = (0..50_000)
            .map(|i| &*Box::leak(format!("m{i:05}").into_boxed_str()))
            .collect();
        let mut pairs: Vec<_> = names.windows(2).map(|pair| (pair[0], pair[1])).collect();
        assert_eq!(found(&pairs).len(), 0);
        pairs.push((names[49_999], names[0]));
        assert_eq!(found(&pairs)[0].len(), 50_000);
    }
}
