//! Where everything stands, in whole pixels.

use super::layers::{Layers, layers};
use super::route::{self, Line};
use super::rows::rows;

/// The size of a node's box.
pub(super) const BOX: (i32, i32) = (208, 44);
/// From one column to the next. The room between two is for the lines.
pub(super) const COLUMN: i32 = 276;
/// From one row to the next. Three lines fit between two boxes.
pub(super) const ROW: i32 = 65;
/// Around the whole, wide enough for the line of a box to itself.
const MARGIN: (i32, i32) = (10, 22);
/// Between a connected part and the one below it.
const APART: i32 = 36;
/// Columns that are filled before a part moves below another: what a page is wide.
const COLUMNS: usize = 4;

/// A drawing: the corner of each box and the line of each edge, by their number.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) size: (i32, i32),
    /// Left upper corners.
    pub(super) corners: Vec<(i32, i32)>,
    pub(super) lines: Vec<Line>,
}

/// Lays out a graph whose edges join nodes `0..nodes`.
pub(super) fn layout(nodes: usize, edges: &[(usize, usize)]) -> Layout {
    let layers = layers(nodes, edges);
    let rows = rows(&layers);
    let mut lanes = route::lanes(&layers, &rows);
    let mut corners: Vec<(i32, i32)> = (layers.of.iter().zip(&rows))
        .map(|(layer, row)| (pixels(*layer, COLUMN), row * ROW))
        .collect();
    let size = pack(&layers, &mut corners, &mut lanes);
    let lines = route::lines(&layers, edges, &corners, &lanes);
    Layout {
        size,
        corners,
        lines,
    }
}

/// Moves each connected part to a place of its own: the first with the least
/// above it. Returns the size of the whole.
fn pack(layers: &Layers, corners: &mut [(i32, i32)], lanes: &mut [Option<i32>]) -> (i32, i32) {
    let widths: Vec<usize> = layers
        .parts
        .iter()
        .map(|part| {
            part.iter()
                .map(|node| layers.of[*node] + 1)
                .max()
                .unwrap_or(1)
        })
        .collect();
    let columns = widths.iter().copied().fold(COLUMNS, usize::max);
    // How far down each column is taken.
    let mut taken = vec![MARGIN.1; columns];
    for (part, &width) in layers.parts.iter().zip(&widths) {
        let own = |at: usize| layers.links[at].is_some_and(|(left, _)| part.contains(&left));
        let own_lanes: Vec<usize> = (0..lanes.len()).filter(|at| own(*at)).collect();
        let ys = own_lanes.iter().filter_map(|at| lanes[*at]);
        let top = ys.clone().min().map_or(0, |y| y.min(0));
        let bottom = part
            .iter()
            .map(|node| corners[*node].1 + BOX.1)
            .chain(ys)
            .max()
            .unwrap_or(0);
        let (y, column) = (0..=columns - width)
            .filter_map(|at| Some((*taken.get(at..at + width)?.iter().max()?, at)))
            .min()
            .unwrap_or((0, 0));
        for node in part {
            let corner = &mut corners[*node];
            *corner = (
                corner.0 + pixels(column, COLUMN) + MARGIN.0,
                corner.1 + y - top,
            );
        }
        for at in own_lanes {
            lanes[at] = lanes[at].map(|lane| lane + y - top);
        }
        for below in taken.iter_mut().skip(column).take(width) {
            *below = y - top + bottom + APART;
        }
    }
    let right = corners.iter().map(|(x, _)| x + BOX.0).max().unwrap_or(0);
    let bottom = taken.into_iter().max().unwrap_or(0) - APART;
    (right + MARGIN.0, bottom + MARGIN.0)
}

/// `count` times `each`; counts here are small.
pub(super) fn pixels(count: usize, each: i32) -> i32 {
    i32::try_from(count)
        .unwrap_or(i32::MAX / 1024)
        .saturating_mul(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edges(nodes: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
        proptest::collection::vec((0..nodes, 0..nodes), 0..60)
    }

    proptest! {
        #[test]
        fn boxes_stand_apart_and_within(edges in edges(24)) {
            let found = layout(24, &edges);
            for (at, &(x, y)) in found.corners.iter().enumerate() {
                prop_assert!(x >= MARGIN.0 && y >= MARGIN.1);
                prop_assert!(x + BOX.0 <= found.size.0 && y + BOX.1 <= found.size.1);
                for &(other_x, other_y) in &found.corners[at + 1..] {
                    let apart_across = (x - other_x).abs() >= COLUMN;
                    let apart_down = (y - other_y).abs() >= ROW;
                    prop_assert!(apart_across || apart_down, "({x}, {y}), ({other_x}, {other_y})");
                }
            }
        }

        #[test]
        fn lines_cross_no_box(edges in edges(16)) {
            let found = layout(16, &edges);
            prop_assert_eq!(found.lines.len(), edges.len());
            for (x0, x1, y) in found.lines.iter().filter_map(|line| line.lane) {
                prop_assert!(x0 < x1 && y > 0 && y < found.size.1);
                for &(x, top) in &found.corners {
                    let beside = x + BOX.0 <= x0 || x >= x1;
                    let above_or_below = y < top || y > top + BOX.1;
                    prop_assert!(beside || above_or_below, "{x0}..{x1} at {y}, box ({x}, {top})");
                }
            }
        }
    }

    #[test]
    fn the_largest_graph_is_laid_out() {
        let chain: Vec<_> = (0..79)
            .map(|at| (at, at + 1))
            .chain((0..81).map(|at| (at % 40, 79)))
            .collect();
        let found = layout(80, &chain);
        assert_eq!(found.size.0, 80 * COLUMN - (COLUMN - BOX.0) + 2 * MARGIN.0);
        assert!(found.size.1 < 2_000, "{:?}", found.size);
        let star: Vec<_> = (1..80).map(|at| (0, at)).collect();
        assert!(layout(80, &star).size.1 < 80 * ROW);
        assert_eq!(layout(0, &[]).lines.len(), 0);
    }
}
