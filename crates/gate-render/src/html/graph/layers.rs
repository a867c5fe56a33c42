//! Which column a node stands in: behind everything that refers to it, where
//! cycles do not forbid that.

/// A graph by number: edges join nodes `0..nodes`.
#[derive(Debug)]
pub(super) struct Layers {
    /// The column of each node, from 0 in each connected part.
    pub(super) of: Vec<usize>,
    /// For each edge its ends from left to right; `None` for one from a node to
    /// itself.
    pub(super) links: Vec<Option<(usize, usize)>>,
    /// The connected parts, each with its nodes from left to right.
    pub(super) parts: Vec<Vec<usize>>,
}

/// Longest-path layering. Cycles are opened where a depth-first search, from
/// what nothing refers to and then by number, comes back to where it is.
pub(super) fn layers(nodes: usize, edges: &[(usize, usize)]) -> Layers {
    let (order, links) = opened(nodes, edges);
    let mut out = vec![Vec::new(); nodes];
    let mut has_left = vec![false; nodes];
    for &(left, right) in links.iter().flatten() {
        out[left].push(right);
        has_left[right] = true;
    }
    let mut of = vec![0; nodes];
    for &node in &order {
        for &right in &out[node] {
            of[right] = of[right].max(of[node] + 1);
        }
    }
    // What nothing refers to moves beside what it refers to first.
    for &node in order.iter().rev().filter(|node| !has_left[**node]) {
        if let Some(first) = out[node].iter().map(|right| of[*right]).min() {
            of[node] = first - 1;
        }
    }
    let parts = parts(&order, links.iter().flatten());
    Layers { of, links, parts }
}

/// The nodes in an order in which every link runs from earlier to later, and
/// the links: each edge turned to run that way.
fn opened(nodes: usize, edges: &[(usize, usize)]) -> (Vec<usize>, Vec<Option<(usize, usize)>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        OnTheWay,
        Done,
    }
    let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); nodes];
    let mut is_named = vec![false; nodes];
    for (at, &(from, to)) in edges.iter().enumerate() {
        if from != to {
            out[from].push((to, at));
            is_named[to] = true;
        }
    }
    let mut links: Vec<_> = edges
        .iter()
        .map(|&(from, to)| (from != to).then_some((from, to)))
        .collect();
    let (roots, rest): (Vec<usize>, Vec<usize>) = (0..nodes).partition(|node| !is_named[*node]);
    let mut seen = vec![Seen::Not; nodes];
    let mut order = Vec::with_capacity(nodes);
    for start in roots.into_iter().chain(rest) {
        if seen[start] != Seen::Not {
            continue;
        }
        seen[start] = Seen::OnTheWay;
        let mut way = vec![(start, 0)];
        while let Some((node, next)) = way.last_mut() {
            let Some(&(to, edge)) = out[*node].get(*next) else {
                seen[*node] = Seen::Done;
                order.push(*node);
                way.pop();
                continue;
            };
            *next += 1;
            match seen[to] {
                Seen::Not => {
                    seen[to] = Seen::OnTheWay;
                    way.push((to, 0));
                }
                Seen::OnTheWay => links[edge] = Some((to, *node)),
                Seen::Done => {}
            }
        }
    }
    order.reverse();
    (order, links)
}

/// The connected parts, the largest first, then by their first node's number.
fn parts<'a>(order: &[usize], links: impl Iterator<Item = &'a (usize, usize)>) -> Vec<Vec<usize>> {
    let mut part_of: Vec<usize> = (0..order.len()).collect();
    for &(left, right) in links {
        let (one, other) = (part_of[left], part_of[right]);
        let (low, high) = (one.min(other), one.max(other));
        for part in &mut part_of {
            if *part == high {
                *part = low;
            }
        }
    }
    let mut parts = vec![Vec::new(); order.len()];
    for &node in order {
        parts[part_of[node]].push(node);
    }
    parts.retain(|part| !part.is_empty());
    // Stable: parts stand by their lowest number already.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cycle_is_opened_where_it_is_entered() {
        // 3 -> 0 -> 1 -> 2 -> 0, 2 -> 2, and 4 on its own.
        let found = layers(5, &[(3, 0), (0, 1), (1, 2), (2, 0), (2, 2)]);
        assert_eq!(found.of, [1, 2, 3, 0, 0]);
        assert_eq!(found.links[3], Some((0, 2)));
        assert_eq!(found.links[4], None);
        assert_eq!(found.parts, [vec![3, 0, 1, 2], vec![4]]);
    }

    #[test]
    fn a_late_start_stands_beside_what_it_names() {
        let found = layers(4, &[(0, 1), (1, 2), (3, 2)]);
        assert_eq!(found.of, [0, 1, 2, 1]);
    }

    proptest! {
        #[test]
        fn every_link_runs_from_left_to_right(
            edges in proptest::collection::vec((0_usize..12, 0_usize..12), 0..40)
        ) {
            let found = layers(12, &edges);
            for (link, &(from, to)) in found.links.iter().zip(&edges) {
                match link {
                    None => prop_assert_eq!(from, to),
                    Some((left, right)) => {
                        prop_assert!(found.of[*left] < found.of[*right]);
                        prop_assert!((*left, *right) == (from, to) || (*left, *right) == (to, from));
                    }
                }
            }
            let mut all: Vec<usize> = found.parts.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..12).collect::<Vec<_>>());
        }
    }
}
