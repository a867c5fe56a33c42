//! What a result is about, told by what was read of it to be checked.

use super::wire::{self, Number};
use crate::fingerprint::LINE_HASH_KEY;
use crate::model::Run;
use crate::subject::{line_text, number_of};

/// As [`crate::subject`] without a hash; `None` where the result does not name its rule, or writes numbers in another way.
pub(super) fn subject_of(result: &wire::Result<'_>, run: &Run) -> Option<u64> {
    let id = result.rule_id.as_deref()?;
    let of_line = result.partial_fingerprints.as_ref();
    let of_line = of_line.and_then(|texts| texts.get(LINE_HASH_KEY)?.as_deref());
    let location = result.locations.as_deref().unwrap_or_default().first();
    let physical = location.and_then(|location| location.physical_location.as_ref());
    let mut place = None;
    let mut line = None;
    if let Some(physical) = physical
        && let Some(artifact) = &physical.artifact_location
    {
        let (uri, base) = (artifact.uri.as_deref(), artifact.uri_base_id.as_deref());
        let region = physical.region.as_ref();
        let number = region.map_or(Number::Absent, |region| region.start_line);
        if [artifact.index, number].contains(&Number::Other) {
            return None;
        }
        place = run.place_of(uri, base, whole(artifact.index));
        line = whole(number);
    }
    let line = line.filter(|line| *line > 0 && place.is_some());
    Some(match of_line {
        Some(of_line) => number_of(id, place.as_ref(), of_line),
        None => number_of(id, place.as_ref(), &line_text(line)),
    })
}

/// The number as everybody else reads it.
fn whole(number: Number) -> Option<u32> {
    match number {
        Number::Whole(number) => u32::try_from(number).ok(),
        Number::Absent | Number::Other => None,
    }
}
