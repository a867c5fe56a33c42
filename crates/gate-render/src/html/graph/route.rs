//! Lines between the boxes. One that passes columns runs straight through them
//! on a lane of its own that no box stands on.

use super::layers::Layers;
use super::layout::{BOX, COLUMN, ROW, pixels};

/// From one lane to the next.
const LANE: i32 = 5;
/// From one line's end at a box to the next, where there is room.
const PORT: i32 = 9;
/// How much of a box's side lines may end at.
const PORTS: i32 = 30;
/// From one mark to the next where lines run beside each other.
const MARK: i32 = 20;
/// Lines of boxes to themselves that stand beside each other on one box.
const LOOPS: i32 = 4;

/// The line of an edge.
#[derive(Debug)]
pub(super) struct Line {
    /// The data of an SVG path, from source to target.
    pub(super) path: String,
    /// Where a mark on the line goes.
    pub(super) middle: (i32, i32),
    /// Its straight part between `x0` and `x1` at `y`, where it passes columns.
    #[cfg_attr(not(test), expect(dead_code, reason = "laws are stated about it"))]
    pub(super) lane: Option<(i32, i32, i32)>,
}

/// For each edge that passes columns the height of its lane, relative to its
/// connected part: as near to the way between its ends as is free.
pub(super) fn lanes(layers: &Layers, rows: &[i32]) -> Vec<Option<i32>> {
    let mut lanes = vec![None; layers.links.len()];
    for part in &layers.parts {
        let mut long: Vec<(usize, usize, usize, usize)> = layers
            .links
            .iter()
            .enumerate()
            .filter_map(|(edge, link)| {
                let (left, right) = (*link)?;
                let (from, to) = (layers.of[left] + 1, layers.of[right]);
                (from < to && part.contains(&left)).then_some((to - from, edge, from, to))
            })
            .collect();
        long.sort_unstable();
        let bottom = part.iter().map(|node| rows[*node]).max().unwrap_or(0);
        let mut taken: Vec<(usize, usize, i32)> = Vec::new();
        for (_, edge, from, to) in long {
            let is_free = |y: i32| {
                let on_box = part.iter().any(|node| {
                    let top = rows[*node] * ROW;
                    (from..to).contains(&layers.of[*node])
                        && y > top - LANE
                        && y < top + BOX.1 + LANE
                });
                let on_lane = taken.iter().any(|&(other_from, other_to, other)| {
                    other == y && other_from < to && from < other_to
                });
                !on_box && !on_lane
            };
            let Some((left, right)) = layers.links[edge] else {
                continue;
            };
            let wish = i32::midpoint(rows[left] * ROW, rows[right] * ROW + BOX.1) / LANE * LANE;
            // Below all boxes and the lanes there, one is free at the latest.
            let down = i32::try_from(taken.len()).unwrap_or(0) + 2;
            let y = (0..=(bottom + 1) * ROW / LANE + down)
                .flat_map(|step: i32| [wish + step * LANE, wish - step * LANE])
                .find(|y| is_free(*y));
            taken.extend(y.map(|y| (from, to, y)));
            lanes[edge] = y;
        }
    }
    lanes
}

/// The lines, once everything has its place.
pub(super) fn lines(
    layers: &Layers,
    edges: &[(usize, usize)],
    corners: &[(i32, i32)],
    lanes: &[Option<i32>],
) -> Vec<Line> {
    let ports = ports(layers, corners, lanes);
    let mut loops = vec![0; corners.len()];
    (edges.iter().zip(&layers.links).zip(ports).zip(lanes))
        .map(|(((&(from, _), link), (y0, y1)), lane)| match link {
            None => {
                let count = &mut loops[from];
                *count += 1;
                to_itself(corners[from], (*count - 1) % LOOPS)
            }
            Some((left, right)) => {
                let start = (corners[*left].0 + BOX.0, y0);
                let end = (corners[*right].0, y1);
                let columns = layers.of[*right] - layers.of[*left] - 1;
                let lane = lane.map(|y| {
                    let x0 = corners[*left].0 + COLUMN;
                    (x0, x0 + pixels(columns, COLUMN) - (COLUMN - BOX.0), y)
                });
                between(start, end, lane, from == *left)
            }
        })
        .collect()
}

fn between(
    start: (i32, i32),
    end: (i32, i32),
    lane: Option<(i32, i32, i32)>,
    is_forward: bool,
) -> Line {
    // Corners of the way; each bend is a curve that leaves and arrives level.
    let (first, last) = if is_forward {
        (start, end)
    } else {
        (end, start)
    };
    let curve = |(x0, y0): (i32, i32), (x1, y1): (i32, i32)| {
        let x = i32::midpoint(x0, x1);
        format!("C{x} {y0} {x} {y1} {x1} {y1}")
    };
    let (path, middle) = match lane {
        None => {
            let middle = (i32::midpoint(start.0, end.0), i32::midpoint(start.1, end.1));
            (curve(first, last), middle)
        }
        Some((x0, x1, y)) => {
            let (on, off) = if is_forward { (x0, x1) } else { (x1, x0) };
            let path = format!("{}H{off}{}", curve(first, (on, y)), curve((off, y), last));
            // Marks on lanes beside each other would cover each other.
            let aside = (y / LANE).rem_euclid(3) * MARK - MARK;
            (path, (i32::midpoint(x0, x1) + aside, y))
        }
    };
    Line {
        path: format!("M{} {}{path}", first.0, first.1),
        middle,
        lane,
    }
}

/// Out of the top of a box and back into it.
fn to_itself((x, y): (i32, i32), beside: i32) -> Line {
    let x = x + BOX.0 - 48 - beside * 40;
    Line {
        path: format!("M{x} {y}c0 -20 30 -20 30 0"),
        middle: (x + 15, y - 15),
        lane: None,
    }
}

/// At which heights each edge's line ends, left and right: those of one side of
/// a box in the order in which they go up or down.
fn ports(layers: &Layers, corners: &[(i32, i32)], lanes: &[Option<i32>]) -> Vec<(i32, i32)> {
    let mut ports = vec![(0, 0); layers.links.len()];
    for (node, &(_, top)) in corners.iter().enumerate() {
        for is_start in [true, false] {
            let mut ends: Vec<(i32, usize)> = layers
                .links
                .iter()
                .enumerate()
                .filter_map(|(edge, link)| {
                    let (left, right) = (*link)?;
                    let (here, there) = if is_start {
                        (left, right)
                    } else {
                        (right, left)
                    };
                    let aim = lanes[edge].unwrap_or(corners[there].1 + BOX.1 / 2);
                    (here == node).then_some((aim, edge))
                })
                .collect();
            ends.sort_unstable();
            let gaps = i32::try_from(ends.len())
                .unwrap_or(i32::MAX)
                .saturating_sub(1);
            let room = gaps.saturating_mul(PORT).min(PORTS);
            for (at, (_, edge)) in (0..).zip(ends) {
                let down = (at * room).checked_div(gaps).unwrap_or(0);
                let y = top + (BOX.1 - room) / 2 + down;
                if is_start {
                    ports[edge].0 = y;
                } else {
                    ports[edge].1 = y;
                }
            }
        }
    }
    ports
}
