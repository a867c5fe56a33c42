//! Which deleted file became which new one.
//!
//! Facts from git's documentation (`git diff --find-renames`, `gitdiffcore`): a pair is a rename when at least half of
//! the larger file's content is in both; equal content goes first, then files that kept their name, then the most
//! similar pairs. Content is compared in pieces: lines, or 64 bytes of a longer line.

use std::collections::{BTreeMap, BTreeSet};

use gix::ObjectId;

/// Similarity is measured in sixty-thousandths, as git does it.
const MAX_SCORE: u64 = 60_000;
/// Half of the content.
const MIN_SCORE: u64 = MAX_SCORE / 2;
/// A file that kept its name is believed from three quarters on.
const MIN_SCORE_SAME_NAME: u64 = MAX_SCORE * 3 / 4;
/// Pieces compared at most in one search: beyond it files count as added, which asks more of a change, never less.
const MAX_WORK: usize = 50_000_000;
/// Longest piece in bytes.
const PIECE: usize = 64;

/// A file that was deleted or added.
pub(crate) struct Candidate {
    pub(crate) path: Vec<u8>,
    /// The name of the content, where known.
    pub(crate) oid: Option<ObjectId>,
    /// Regular files are compared; links only when equal.
    pub(crate) regular: bool,
}

/// The content of a file in pieces: how many bytes of each, sorted by piece.
pub(crate) struct Pieces {
    size: u64,
    counts: Vec<(u64, u64)>,
}

/// Which of `deleted` each of `added` comes from, by index. `pieces(is_added, i)` reads a file when needed; `None` cannot be compared.
pub(crate) fn find<E>(
    deleted: &[Candidate],
    added: &[Candidate],
    mut pieces: impl FnMut(bool, usize) -> Result<Option<Pieces>, E>,
) -> Result<BTreeMap<usize, usize>, E> {
    let mut from = BTreeMap::new();
    let mut taken = BTreeSet::new();
    equal_content(deleted, added, &mut from, &mut taken);
    let open = |from: &BTreeMap<usize, usize>, taken: &BTreeSet<usize>| {
        let sources: Vec<usize> = (0..deleted.len())
            .filter(|d| deleted[*d].regular && !taken.contains(d))
            .collect();
        let targets: Vec<usize> = (0..added.len())
            .filter(|a| added[*a].regular && !from.contains_key(a))
            .collect();
        (sources, targets)
    };
    let (sources, targets) = open(&from, &taken);
    if sources.is_empty()
        || targets.is_empty()
        || sources.len().saturating_mul(targets.len()) > 1_000_000
    {
        return Ok(from);
    }
    let mut old: BTreeMap<usize, Option<Pieces>> = BTreeMap::new();
    let mut new: BTreeMap<usize, Option<Pieces>> = BTreeMap::new();
    for d in sources {
        old.insert(d, pieces(false, d)?);
    }
    for a in targets {
        new.insert(a, pieces(true, a)?);
    }
    let mut work = 0_usize;
    let mut score = |d: usize, a: usize, least: u64| match (old.get(&d), new.get(&a)) {
        (Some(Some(old)), Some(Some(new))) => {
            let score = similarity(old, new, least, &mut work);
            if work > MAX_WORK { 0 } else { score }
        }
        _ => 0,
    };

    let (sources, targets) = open(&from, &taken);
    let (by_old, by_new) = (by_name(deleted, &sources), by_name(added, &targets));
    for (name, olds) in &by_old {
        if let (&[d], Some(&[a])) = (olds.as_slice(), by_new.get(name).map(Vec::as_slice))
            && score(d, a, MIN_SCORE_SAME_NAME) >= MIN_SCORE_SAME_NAME
        {
            from.insert(a, d);
            taken.insert(d);
        }
    }

    let (sources, targets) = open(&from, &taken);
    let mut pairs = Vec::new();
    for &a in &targets {
        for &d in &sources {
            let score = score(d, a, MIN_SCORE);
            if score >= MIN_SCORE {
                let same_name = name_of(&deleted[d].path) == name_of(&added[a].path);
                pairs.push((std::cmp::Reverse((score, same_name)), a, d));
            }
        }
    }
    pairs.sort_unstable();
    for (_, a, d) in pairs {
        if !from.contains_key(&a) && taken.insert(d) {
            from.insert(a, d);
        }
    }
    Ok(from)
}

fn equal_content(
    deleted: &[Candidate],
    added: &[Candidate],
    from: &mut BTreeMap<usize, usize>,
    taken: &mut BTreeSet<usize>,
) {
    let mut sources: BTreeMap<(ObjectId, bool), Vec<usize>> = BTreeMap::new();
    for (d, file) in deleted.iter().enumerate() {
        if let Some(oid) = file.oid {
            sources.entry((oid, file.regular)).or_default().push(d);
        }
    }
    for (a, file) in added.iter().enumerate() {
        let Some(oid) = file.oid else { continue };
        let Some(olds) = sources.get_mut(&(oid, file.regular)) else {
            continue;
        };
        let same = olds
            .iter()
            .position(|d| name_of(&deleted[*d].path) == name_of(&file.path));
        if !olds.is_empty() {
            let d = olds.remove(same.unwrap_or(0));
            from.insert(a, d);
            taken.insert(d);
        }
    }
}

fn by_name<'a>(files: &'a [Candidate], of: &[usize]) -> BTreeMap<&'a [u8], Vec<usize>> {
    let mut names: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for i in of {
        names.entry(name_of(&files[*i].path)).or_default().push(*i);
    }
    names
}

fn name_of(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

impl Pieces {
    /// Cut `bytes`; in text the CR of CRLF does not count.
    pub(crate) fn of(bytes: &[u8], text: bool) -> Self {
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let window = &rest[..rest.len().min(PIECE)];
            let end = window
                .iter()
                .position(|b| *b == b'\n')
                .map_or(window.len(), |i| i + 1);
            let (piece, tail) = rest.split_at(end);
            rest = tail;
            let hash = hash(piece, text);
            *counts.entry(hash.0).or_default() += hash.1;
        }
        Self {
            size: bytes.len() as u64,
            counts: counts.into_iter().collect(),
        }
    }
}

/// FNV-1a over the piece, and how many bytes counted.
fn hash(piece: &[u8], text: bool) -> (u64, u64) {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut count = 0;
    let crlf = text && piece.ends_with(b"\r\n");
    for (i, b) in piece.iter().enumerate() {
        if !(crlf && i + 2 == piece.len()) {
            hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
            count += 1;
        }
    }
    (hash, count)
}

/// How much of the larger file is in both, out of [`MAX_SCORE`]; 0 where sizes alone rule out `least`.
fn similarity(old: &Pieces, new: &Pieces, least: u64, work: &mut usize) -> u64 {
    let (larger, smaller) = (old.size.max(new.size), old.size.min(new.size));
    if larger * (MAX_SCORE - least) < (larger - smaller) * MAX_SCORE || smaller == 0 {
        return 0;
    }
    *work = work.saturating_add(old.counts.len() + new.counts.len());
    if *work > MAX_WORK {
        return 0;
    }
    let (mut a, mut b, mut common) = (
        old.counts.iter().peekable(),
        new.counts.iter().peekable(),
        0,
    );
    while let (Some((x, n)), Some((y, m))) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => drop(a.next()),
            std::cmp::Ordering::Greater => drop(b.next()),
            std::cmp::Ordering::Equal => {
                common += n.min(m);
                a.next();
                b.next();
            }
        }
    }
    common * MAX_SCORE / larger
}

#[cfg(test)]
mod tests {
    use super::{MAX_SCORE, MIN_SCORE, Pieces, similarity};

    fn score(a: &[u8], b: &[u8]) -> u64 {
        similarity(
            &Pieces::of(a, true),
            &Pieces::of(b, true),
            MIN_SCORE,
            &mut 0,
        )
    }

    #[test]
    fn half_is_enough_and_less_is_not() {
        assert_eq!(score(b"a\nb\n", b"a\nb\n"), MAX_SCORE);
        assert_eq!(score(b"a\nb\n", b"b\na\n"), MAX_SCORE);
        assert_eq!(score(b"a\nb\n", b"a\nc\n"), MIN_SCORE);
        assert!(score(b"a\nb\nc\n", b"a\nd\ne\n") < MIN_SCORE);
        assert_eq!(score(b"a\n", b"a\nb\nc\n"), 0, "sizes rule it out");
        assert_eq!(score(b"", b""), 0);
        assert!(score(b"aaaa\r\nbbbb\r\n", b"aaaa\nbbbb\n") > MIN_SCORE);
    }
}
