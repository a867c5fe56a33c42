//! The module graph by index: circles, depth, what is reached, what is loaded.
//! Everything is iterative: a chain of ten thousand modules must not overflow
//! a stack.

use std::collections::{BTreeSet, VecDeque};

/// For every module, whom it leads to; ascending, without duplicates.
pub(crate) type Arcs = [Vec<usize>];

/// Knots above this many modules are searched from their first module only.
const MAX_KNOT: usize = 200;

/// A circle of modules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Circle {
    /// Begins with its smallest module; the last one leads to the first.
    pub(crate) way: Vec<usize>,
    /// Arcs inside its knot, each of which is part of some circle.
    pub(crate) steps: u64,
}

/// The shortest circle of every knot of modules that lead to one another, and
/// every module that leads to itself.
pub(crate) fn circles(arcs: &Arcs) -> Vec<Circle> {
    let mut circles: BTreeSet<Circle> = (0..arcs.len())
        .filter(|module| arcs[*module].contains(module))
        .map(|module| Circle {
            way: vec![module],
            steps: 1,
        })
        .collect();
    // Of one search, made once: there may be as many knots as modules.
    let mut came_from = vec![None; arcs.len()];
    for knot in knots(arcs).into_iter().filter(|knot| knot.len() > 1) {
        let inside: BTreeSet<usize> = knot.into_iter().collect();
        let tried = if inside.len() > MAX_KNOT {
            1
        } else {
            inside.len()
        };
        let shortest = inside
            .iter()
            .take(tried)
            .filter_map(|start| {
                let circle = circle_through(*start, &inside, arcs, &mut came_from);
                for module in &inside {
                    came_from[*module] = None;
                }
                circle
            })
            .min_by_key(|circle| (circle.len(), circle.clone()));
        let steps = || {
            let targets = inside.iter().map(|module| {
                let next = arcs[*module].iter().filter(|next| *next != module);
                next.filter(|next| inside.contains(next)).count() as u64
            });
            targets.sum()
        };
        circles.extend(shortest.map(|way| Circle {
            way,
            steps: steps(),
        }));
    }
    circles.into_iter().collect()
}

/// Breadth first from a module back to itself, inside its knot. `came_from` is
/// empty for the modules of the knot.
fn circle_through(
    start: usize,
    inside: &BTreeSet<usize>,
    arcs: &Arcs,
    came_from: &mut [Option<usize>],
) -> Option<Vec<usize>> {
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for &next in &arcs[module] {
            if next == start && module != start {
                let mut circle = vec![module];
                while let Some(before) = circle.last().and_then(|last| came_from[*last]) {
                    circle.push(before);
                }
                circle.reverse();
                let first = circle.iter().enumerate().min_by_key(|(_, module)| **module);
                let first = first.map_or(0, |(at, _)| at);
                circle.rotate_left(first);
                return Some(circle);
            }
            if next != start && inside.contains(&next) && came_from[next].is_none() {
                came_from[next] = Some(module);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Strongly connected components (Tarjan's algorithm with its own stack), each
/// after those it leads to.
fn knots(arcs: &Arcs) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; arcs.len()];
    let mut low = vec![NEW; arcs.len()];
    let mut is_open = vec![false; arcs.len()];
    let mut open = Vec::new();
    let mut knots = Vec::new();
    let mut count = 0;
    for start in 0..arcs.len() {
        if order[start] != NEW {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((module, next)) = path.last_mut() {
            let module = *module;
            if *next == 0 {
                (order[module], low[module]) = (count, count);
                count += 1;
                is_open[module] = true;
                open.push(module);
            }
            if let Some(&target) = arcs[module].get(*next) {
                *next += 1;
                if order[target] == NEW {
                    path.push((target, 0));
                } else if is_open[target] {
                    low[module] = low[module].min(order[target]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[module]);
            }
            if low[module] == order[module] {
                let mut knot = Vec::new();
                while let Some(member) = open.pop() {
                    is_open[member] = false;
                    knot.push(member);
                    if member == module {
                        break;
                    }
                }
                knots.push(knot);
            }
        }
    }
    knots
}

/// The longest chain of arcs from a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Depth {
    pub(crate) arcs: usize,
    /// The arc it goes on with; it begins at another module of the same knot
    /// where the module itself has none that long.
    pub(crate) next: Option<(usize, usize)>,
}

/// For every module, the longest chain from it; modules of one knot count as one.
pub(crate) fn depths(arcs: &Arcs) -> Vec<Depth> {
    let mut depths = vec![Depth::default(); arcs.len()];
    for knot in knots(arcs) {
        let inside: BTreeSet<usize> = knot.iter().copied().collect();
        let deepest = knot
            .iter()
            .flat_map(|module| arcs[*module].iter().map(move |next| (*module, *next)))
            .filter(|(_, next)| !inside.contains(next))
            .max_by_key(|(from, next)| (depths[*next].arcs, std::cmp::Reverse((*next, *from))));
        if let Some((from, next)) = deepest {
            let deepest = Depth {
                arcs: depths[next].arcs + 1,
                next: Some((from, next)),
            };
            for module in knot {
                depths[module] = deepest;
            }
        }
    }
    depths
}

/// Everything reached from some modules, themselves included.
pub(crate) fn reached(arcs: &Arcs, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut reached = vec![false; arcs.len()];
    let mut queue: Vec<usize> = from.into_iter().collect();
    while let Some(module) = queue.pop() {
        if !std::mem::replace(&mut reached[module], true) {
            queue.extend(arcs[module].iter().filter(|next| !reached[**next]));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arcs(count: usize, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
        let mut arcs = vec![Vec::new(); count];
        for (from, to) in pairs {
            arcs[*from].push(*to);
        }
        arcs
    }

    #[test]
    fn circles_are_found_with_their_shortest_way() {
        let found = |count, pairs: &[_]| -> Vec<Vec<usize>> {
            let circles = circles(&arcs(count, pairs)).into_iter();
            circles.map(|circle| circle.way).collect()
        };
        assert_eq!(found(3, &[(0, 1), (1, 2)]), Vec::<Vec<usize>>::new());
        assert_eq!(found(1, &[(0, 0)]), [[0]]);
        assert_eq!(found(3, &[(0, 1), (1, 0), (1, 2), (2, 0)]), [[0, 1]]);
        assert_eq!(found(2, &[(0, 1), (1, 0), (1, 1)]), [vec![0, 1], vec![1]]);
        assert_eq!(
            found(5, &[(0, 1), (1, 2), (2, 0), (1, 3), (3, 4), (4, 3)]),
            [vec![0, 1, 2], vec![3, 4]]
        );
        // The short way does not pass the first module.
        assert_eq!(
            found(4, &[(0, 1), (1, 2), (2, 3), (3, 0), (2, 1)]),
            [[1, 2]]
        );
    }

    #[test]
    fn a_further_way_inside_a_knot_weighs() {
        let steps = |pairs: &[_]| circles(&arcs(3, pairs))[0].steps;
        assert_eq!(steps(&[(0, 1), (1, 0), (1, 2)]), 2);
        assert_eq!(steps(&[(0, 1), (1, 0), (1, 2), (2, 0)]), 4);
    }

    #[test]
    fn as_many_knots_as_modules_take_no_time_of_their_product() {
        let count = 200_000;
        let arcs: Vec<Vec<usize>> = (0..count).map(|at| vec![at ^ 1]).collect();
        assert_eq!(circles(&arcs).len(), count / 2);
    }

    #[test]
    fn depth_is_the_longest_chain_and_a_knot_is_one_step() {
        let found = depths(&arcs(5, &[(0, 1), (1, 2), (0, 3), (2, 1), (2, 4)]));
        assert_eq!(
            found.iter().map(|depth| depth.arcs).collect::<Vec<_>>(),
            [2, 1, 1, 0, 0]
        );
        assert_eq!(found[0].next, Some((0, 1)));
        // The chain of the knot goes on at the member that has the arc.
        assert_eq!(found[1].next, Some((2, 4)));
    }

    #[test]
    fn reach_follows_arcs() {
        let arcs = arcs(4, &[(0, 1), (1, 0), (2, 3)]);
        assert_eq!(reached(&arcs, [0]), [true, true, false, false]);
        assert_eq!(reached(&arcs, []), [false; 4]);
    }

    #[test]
    fn a_long_chain_is_no_problem() {
        let count = 50_000;
        let mut arcs: Vec<Vec<usize>> = (1..=count).map(|next| vec![next]).collect();
        arcs.push(Vec::new());
        assert_eq!(circles(&arcs).len(), 0);
        assert_eq!(depths(&arcs)[0].arcs, count);
        assert!(reached(&arcs, [0]).iter().all(|reached| *reached));
        arcs[count].push(0);
        assert_eq!(circles(&arcs)[0].way.len(), count + 1);
    }
}
