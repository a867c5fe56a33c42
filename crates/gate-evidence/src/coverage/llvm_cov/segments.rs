//! Lines from segments, as llvm-cov makes them for its listing and its lcov export.

use super::super::draft::FileDraft;
use super::super::json_values::Budget;
use crate::error::ReportError;

/// Where the count changes, up to the next segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) count: u64,
    pub(super) has_count: bool,
    pub(super) is_entry: bool,
    pub(super) is_gap: bool,
}

impl Segment {
    fn starts_region(&self) -> bool {
        !self.is_gap && self.has_count && self.is_entry
    }
}

/// Adds the lines that the segments of one file cover.
pub(super) fn spread(
    mut segments: Vec<Segment>,
    file: &mut FileDraft,
    budget: &mut Budget,
) -> Result<u64, ReportError> {
    let place = |segment: &Segment| (segment.line, segment.column);
    if !segments.is_sorted_by_key(place) {
        segments.sort_by_key(place);
    }
    let mut lines = 0;
    let mut wrapping: Option<Segment> = None;
    let mut rest = segments.as_slice();
    while let Some(first) = rest.first() {
        let line = first.line;
        let here = rest.iter().take_while(|segment| segment.line == line);
        let (here, after) = rest.split_at(here.count());
        rest = after;
        if let Some(hits) = hits(here, wrapping.as_ref()) {
            file.add_line(line, hits);
            lines += 1;
        }
        wrapping = here.last().copied();
        // lines without a segment are those of the one before; behind the last one comes nothing
        let (Some(wrapping), Some(next)) = (&wrapping, rest.first()) else {
            break;
        };
        if wrapping.has_count {
            let between = u64::from(next.line - line - 1);
            budget.spend(between)?;
            lines += between;
            for line in line + 1..next.line {
                file.add_line(line, wrapping.count);
            }
        }
    }
    Ok(lines)
}

/// The hits of a line with these segments; `None` where none of its code is measured.
fn hits(here: &[Segment], wrapping: Option<&Segment>) -> Option<u64> {
    let skipped = here
        .first()
        .is_some_and(|first| !first.has_count && first.is_entry);
    let starts = here.iter().filter(|segment| segment.starts_region());
    let wrapped = wrapping.is_some_and(|segment| segment.has_count);
    let entered = here
        .iter()
        .any(|segment| segment.is_entry && segment.has_count);
    let measured = !skipped && (wrapped || starts.clone().next().is_some()) || entered;
    let outer = wrapping.map_or(0, |segment| segment.count);
    measured.then(|| starts.map(|segment| segment.count).fold(outer, u64::max))
}
