//! Which row a node stands in: near what it is joined to, in an order that
//! crosses few lines.

use super::layers::Layers;

/// Passes to and fro; more change little in graphs of this size.
const SWEEPS: usize = 10;
/// Means of rows are kept in parts of a row, as whole numbers.
const PARTS: i32 = 840;

/// The row of each node, from 0 in each connected part. No two nodes of one
/// part and layer share a row.
pub(super) fn rows(layers: &Layers) -> Vec<i32> {
    let nodes = layers.of.len();
    let mut left = vec![Vec::new(); nodes];
    let mut right = vec![Vec::new(); nodes];
    for &(from, to) in layers.links.iter().flatten() {
        right[from].push(to);
        left[to].push(from);
    }
    let mut rows = vec![0; nodes];
    for part in &layers.parts {
        let mut columns =
            vec![Vec::new(); part.iter().map(|n| layers.of[*n] + 1).max().unwrap_or(0)];
        for &node in part {
            columns[layers.of[node]].push(node);
        }
        for column in &columns {
            for (row, &node) in (0..).zip(column) {
                rows[node] = row;
            }
        }
        let links: Vec<(usize, usize)> = layers
            .links
            .iter()
            .flatten()
            .filter(|(from, _)| part.contains(from))
            .copied()
            .collect();
        let mut best = (cost(&links, layers, &rows), rows.clone());
        for sweep in 0..SWEEPS {
            if sweep % 2 == 0 {
                for column in &mut columns {
                    place(column, &left, &mut rows);
                }
            } else {
                for column in columns.iter_mut().rev() {
                    place(column, &right, &mut rows);
                }
            }
            let now = cost(&links, layers, &rows);
            if now < best.0 {
                best = (now, rows.clone());
            }
        }
        rows = best.1;
        let top = part.iter().map(|node| rows[*node]).min().unwrap_or(0);
        for &node in part {
            rows[node] -= top;
        }
    }
    rows
}

/// Orders a column by the mean row of each node's neighbours, and places each
/// as near to that as the others let it.
fn place(column: &mut [usize], neighbours: &[Vec<usize>], rows: &mut [i32]) {
    let wish = |node: usize, rows: &[i32]| {
        let near = &neighbours[node];
        let sum: i32 = near.iter().map(|other| rows[*other] * PARTS).sum();
        i32::try_from(near.len())
            .ok()
            .and_then(|count| sum.checked_div(count))
            .unwrap_or(rows[node] * PARTS)
    };
    column.sort_by_key(|node| (wish(*node, rows), rows[*node]));
    let wishes: Vec<i32> = column
        .iter()
        .map(|node| (wish(*node, rows) + PARTS / 2).div_euclid(PARTS))
        .collect();
    // Pushed down by those above, and pushed up by those below; the mean of
    // both keeps them apart and near.
    let mut low = wishes.clone();
    for at in 1..low.len() {
        low[at] = low[at].max(low[at - 1] + 1);
    }
    let mut high = wishes;
    for at in (1..high.len()).rev() {
        high[at - 1] = high[at - 1].min(high[at] - 1);
    }
    for ((node, low), high) in column.iter().zip(low).zip(high) {
        rows[*node] = (low + high).div_euclid(2);
    }
}

/// How many straight lines would cross, then how far they would climb.
fn cost(links: &[(usize, usize)], layers: &Layers, rows: &[i32]) -> (usize, i32) {
    let at = |node: usize| {
        let x = i64::try_from(layers.of[node]).unwrap_or(i64::MAX);
        (x, i64::from(rows[node]))
    };
    // Which side of the line from `a` to `b` a point is on.
    let side = |a: (i64, i64), b: (i64, i64), c: (i64, i64)| {
        ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).signum()
    };
    let mut crossings = 0;
    for (index, &(a, b)) in links.iter().enumerate() {
        for &(c, d) in &links[index + 1..] {
            let [a, b, c, d] = [a, b, c, d].map(at);
            let cross = side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
            crossings += usize::from(cross);
        }
    }
    let climb = links.iter().map(|&(a, b)| (rows[a] - rows[b]).abs()).sum();
    (crossings, climb)
}

#[cfg(test)]
mod tests {
    use super::super::layers::layers;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn crossed_lines_are_undone() {
        let layers = layers(6, &[(0, 5), (1, 4), (2, 3)]);
        assert_eq!(rows(&layers), [0; 6]);
        let layers = super::super::layers::layers(7, &[(6, 0), (6, 1), (0, 3), (1, 2)]);
        let rows = rows(&layers);
        assert_eq!(cost(&[(6, 0), (6, 1), (0, 3), (1, 2)], &layers, &rows).0, 0);
    }

    proptest! {
        #[test]
        fn no_two_nodes_stand_in_one_place(
            edges in proptest::collection::vec((0_usize..14, 0_usize..14), 0..50)
        ) {
            let layers = layers(14, &edges);
            let rows = rows(&layers);
            for part in &layers.parts {
                let places: BTreeSet<_> = part.iter().map(|n| (layers.of[*n], rows[*n])).collect();
                prop_assert_eq!(places.len(), part.len());
                prop_assert_eq!(part.iter().map(|n| rows[*n]).min(), Some(0));
            }
        }
    }
}
