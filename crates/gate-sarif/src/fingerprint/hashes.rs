//! `primaryLocationLineHash` of the lines of a source.

use std::fmt;

use super::units::Units;

/// The fingerprint of a line: its hash, and how many lines had it up to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineHash {
    hash: u64,
    count: u32,
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.hash, self.count)
    }
}

/// The fingerprints of the wanted lines that the source has, by line, as GitHub's upload action makes them.
///
/// Lines are counted from 1. Takes time for the source up to the last wanted line and eight bytes of memory for each line
/// of it, whatever the source holds.
pub fn line_hashes(source: &[u8], wanted: &[u32]) -> Vec<(u32, LineHash)> {
    let most = wanted.iter().copied().max().unwrap_or_default();
    let hashes = hashes(source, usize::try_from(most).unwrap_or(usize::MAX));
    counted(&hashes, wanted)
}

/// The hashes of the first lines.
fn hashes(source: &[u8], most: usize) -> Vec<u64> {
    let mut hashes = Vec::new();
    if most > 0 {
        Units::new().hashes(source, |hash| {
            hashes.push(hash);
            hashes.len() < most
        });
    }
    hashes
}

/// Counts only hashes that a wanted line has. A sorted list in place of a table: who writes the source chooses the hashes.
fn counted(hashes: &[u64], wanted: &[u32]) -> Vec<(u32, LineHash)> {
    const FILTER: usize = 4096;
    let of_line = |line: u32| hashes.get(usize::try_from(line).ok()?.checked_sub(1)?);
    let mut wanted: Vec<u32> = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut counts: Vec<(u64, u32)> = wanted
        .iter()
        .filter_map(|&line| Some((*of_line(line)?, 0)))
        .collect();
    counts.sort_unstable();
    counts.dedup();
    // Spares most lines the search in the list.
    let bit = |hash: u64| (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52) as usize % FILTER;
    let mut filter = [false; FILTER];
    for &(hash, _) in &counts {
        filter[bit(hash)] = true;
    }
    let mut next = wanted.into_iter().skip_while(|&line| line == 0).peekable();
    let mut found = Vec::with_capacity(counts.len());
    for (line, &hash) in (1..).zip(hashes) {
        if !filter[bit(hash)] {
            continue;
        }
        let Ok(at) = counts.binary_search_by_key(&hash, |&(hash, _)| hash) else {
            continue;
        };
        counts[at].1 += 1;
        if next.next_if_eq(&line).is_some() {
            let count = counts[at].1;
            found.push((line, LineHash { hash, count }));
        }
    }
    found
}
