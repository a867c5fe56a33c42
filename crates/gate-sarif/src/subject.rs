//! What a result is about: a number for it.

use crate::fingerprint::LINE_HASH_KEY;
use crate::model::{Run, SarifResult};
use crate::resolve::{Place, Rules};

/// A number that stays the same while a result is about the same thing: its rule, its file, and in it the line's hash
/// where one is known or the result has it, else the line.
pub fn subject(run: &Run, rules: &Rules<'_>, result: &SarifResult, hash: Option<&str>) -> u64 {
    let place = run.place(result);
    let line = place.as_ref().and_then(|(_, region)| region.start_line);
    let place = place.as_ref().map(|(place, _)| place);
    let id = rules.id_of(result);
    match result.partial_fingerprints.get(LINE_HASH_KEY) {
        Some(own) => number_of(id, place, own),
        None => number_of(id, place, hash.unwrap_or(&line_text(line))),
    }
}

pub(crate) fn line_text(line: Option<u32>) -> String {
    line.map_or_else(String::new, |line| line.to_string())
}

pub(crate) fn number_of(id: &str, place: Option<&Place>, line: &str) -> u64 {
    let path = place.map_or("", |place| match place {
        Place::Inside(path) | Place::Absolute(path) | Place::Elsewhere(path) => path,
    });
    // FNV-1a: stable over versions of this program, which the standard library's is not.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in [id, path, line] {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^ hash >> 32
}
