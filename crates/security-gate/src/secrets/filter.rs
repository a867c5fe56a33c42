//! Which literals stand where: at every second place a hash of three bytes and the kind of the next, and a look only where some literal
//! has them. Several times as fast as an automaton over all literals: the hashes of a block are made in a few steps of many each, and most
//! places then cost one look into a table that stays in the cache.

use std::collections::{BTreeMap, BTreeSet};

/// Bytes whose hashes are made together.
const BLOCK: usize = 128;
/// A block, and what belongs to the gram of its last place.
const REACH: usize = BLOCK + 2;
/// Hashes that are looked up together: nearly always none of them is known.
const GROUP: usize = 4;
/// Places of the table: one a hash.
const PLACES: usize = 1 << 16;

/// The shortest run that a literal of two bytes begins: such a literal alone stands at too many places.
const RUN: usize = 58;

/// Four bytes; of the first and the last a literal may leave open what they are.
type Gram = [Option<u8>; 4];

/// A set of literals, made once.
pub(crate) struct Filter {
    /// Of a hash: the kinds of bytes that follow its three in some literal, a bit each.
    known: Box<[u8; PLACES]>,
    /// Of a known hash: its first place in `candidates`.
    first: Box<[u16; PLACES]>,
    /// In order of their hashes.
    candidates: Vec<Candidate>,
    /// Literals of two bytes by their first byte, each with its second: they begin a run of capitals and digits.
    short: BTreeMap<u8, Vec<(u8, usize)>>,
    literals: Vec<&'static [u8]>,
    /// The bit that tells cases apart, where the literals are in small letters and stand for words in any case: then it is set.
    case: u8,
}

/// A literal, and the gram of it that is looked for.
#[derive(Clone, Copy)]
struct Candidate {
    hash: u16,
    literal: usize,
    /// Where in the literal the second byte of the gram stands.
    second: usize,
    /// The gram, and which of its bits the literal fixes.
    gram: u32,
    mask: u32,
}

impl Filter {
    /// Finds the literals as they are written.
    pub(crate) fn of(literals: Vec<&'static [u8]>) -> Self {
        Self::new(literals, 0)
    }

    /// Finds the literals, which are in small letters, in any case (ASCII).
    pub(crate) fn folding(literals: Vec<&'static [u8]>) -> Self {
        Self::new(literals, b' ')
    }

    fn new(literals: Vec<&'static [u8]>, case: u8) -> Self {
        let mut known = table(0);
        let mut candidates = Vec::new();
        let mut short: BTreeMap<u8, Vec<(u8, usize)>> = BTreeMap::new();
        for (literal, text) in literals.iter().enumerate() {
            match **text {
                // Every place has those.
                [] | [_] => continue,
                [first, second] => {
                    short.entry(first).or_default().push((second, literal));
                    continue;
                }
                _ => {}
            }
            // It may begin at a place that is looked at, or behind one.
            for parity in [1, 0] {
                let (second, gram) = rarest(text, parity);
                let fixed = gram.map(|byte| byte.map_or(0, |byte| byte | case));
                let mask = gram.map(|byte| byte.map_or(0, |_| u8::MAX));
                for hash in hashes_of(gram, case) {
                    known[usize::from(hash)] |= gram[3].map_or(u8::MAX, |next| 1 << kind(next));
                    candidates.push(Candidate {
                        hash,
                        literal,
                        second,
                        gram: u32::from_le_bytes(fixed),
                        mask: u32::from_le_bytes(mask),
                    });
                }
            }
        }
        candidates.sort_by_key(|one| one.hash);
        let mut first = table(0);
        for (place, one) in candidates.iter().enumerate().rev() {
            first[usize::from(one.hash)] = u16::try_from(place).expect("they are fewer than that");
        }
        Self {
            known,
            first,
            candidates,
            short,
            literals,
            case,
        }
    }

    /// Calls `found` with every literal and where it begins, in no order; stops when that says so.
    pub(crate) fn search(&self, bytes: &[u8], mut found: impl FnMut(usize, usize) -> bool) {
        // What is too short for a block is filled up; what it is filled with is no part of any literal that stands.
        let mut last = [0; REACH];
        for at in (0..bytes.len()).step_by(BLOCK) {
            let rest = &bytes[at..];
            let block = if let Some(block) = rest.first_chunk() {
                block
            } else {
                last[..rest.len()].copy_from_slice(rest);
                &last
            };
            if !self.block(block, at, bytes, &mut found) {
                return;
            }
        }
        if !self.short.is_empty() {
            self.in_runs(bytes, &mut found);
        }
    }

    /// The literals of two bytes that begin a run: one that is long enough has a byte at every place that is looked at.
    fn in_runs(&self, bytes: &[u8], found: &mut impl FnMut(usize, usize) -> bool) {
        let is_of_run = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let mut done = 0;
        for at in (RUN - 1..bytes.len()).step_by(RUN) {
            if at < done || !is_of_run(&&bytes[at]) {
                continue;
            }
            let before = bytes[done..at].iter().rev();
            let start = at - before.take_while(is_of_run).count();
            done = at + bytes[at..].iter().take_while(is_of_run).count();
            // What is nearer to the end begins no run that is long enough.
            for begin in start..(done + 1).saturating_sub(RUN).max(start) {
                for (second, literal) in self.short.get(&bytes[begin]).into_iter().flatten() {
                    if bytes[begin + 1] == *second && !found(*literal, begin) {
                        return;
                    }
                }
            }
        }
    }

    /// The literals of which a gram stands in the block that begins at `start`.
    fn block(
        &self,
        block: &[u8; REACH],
        start: usize,
        bytes: &[u8],
        found: &mut impl FnMut(usize, usize) -> bool,
    ) -> bool {
        let pairs = block.as_chunks().0;
        let (first, next) = (&pairs[..BLOCK / 2], &pairs[1..]);
        let mut hashes = [0; BLOCK / 2];
        for ((hash, &first), &next) in hashes.iter_mut().zip(first).zip(next) {
            *hash = self::hash(first, next, self.case);
        }
        let groups = hashes.as_chunks::<GROUP>().0.iter();
        for (group, (hashes, next)) in groups.zip(next.as_chunks::<GROUP>().0).enumerate() {
            let known = |step: usize| {
                let [_, fourth] = next[step];
                self.known[usize::from(hashes[step])] >> kind(fourth)
            };
            if (0..GROUP).fold(0, |any, step| any | known(step)) & 1 == 0 {
                continue;
            }
            for step in (0..GROUP).filter(|&step| known(step) & 1 == 1) {
                let at = 2 * (group * GROUP + step);
                let gram = block[at..].first_chunk();
                let gram = gram.map_or(0, |gram| u32::from_le_bytes(*gram));
                if !self.look(bytes, start + at, hashes[step], gram, found) {
                    return false;
                }
            }
        }
        true
    }

    /// The literals whose gram stands at `at`. On its own, so that it takes no registers from the search.
    #[inline(never)]
    fn look(
        &self,
        bytes: &[u8],
        at: usize,
        hash: u16,
        gram: u32,
        found: &mut impl FnMut(usize, usize) -> bool,
    ) -> bool {
        let gram = gram | u32::from_le_bytes([self.case; 4]);
        let first = usize::from(self.first[usize::from(hash)]);
        let of_hash = self.candidates[first..].iter();
        let mut of_hash = of_hash.take_while(|one| one.hash == hash);
        of_hash.all(|one| {
            let begin = (at + 1)
                .checked_sub(one.second)
                .filter(|_| gram & one.mask == one.gram);
            begin.is_none_or(|begin| {
                !self.stands(bytes, begin, one.literal) || found(one.literal, begin)
            })
        })
    }

    fn stands(&self, bytes: &[u8], at: usize, literal: usize) -> bool {
        let literal = self.literals[literal];
        let Some(bytes) = bytes.get(at..at + literal.len()) else {
            return false;
        };
        bytes == literal || self.case != 0 && bytes.eq_ignore_ascii_case(literal)
    }
}

/// A table of a place for each hash.
#[expect(
    clippy::unnecessary_box_returns,
    reason = "it is too large for the stack"
)]
fn table<T: Copy + std::fmt::Debug>(of: T) -> Box<[T; PLACES]> {
    let table = vec![of; PLACES].into_boxed_slice();
    table.try_into().expect("it has that length")
}

/// The factors are of thousands that were tried: with them the fewest places of source code have the hash of a gram that they do not have.
const FACTORS: [u16; 2] = [0x84A3, 0xB32B];

/// Of the first three of four bytes; it has 16 bits, so that a processor makes many in one step.
const fn hash(first: [u8; 2], next: [u8; 2], case: u8) -> u16 {
    let case = u16::from_le_bytes([case; 2]);
    let (first, next) = (u16::from_le_bytes(first), u16::from_le_bytes(next) & 0xFF);
    let first = (first | case).wrapping_mul(FACTORS[0]);
    first.wrapping_add((next | case).wrapping_mul(FACTORS[1]))
}

/// The same for either case of a letter.
const fn kind(byte: u8) -> u8 {
    byte & 7
}

/// The hashes of all texts that have the gram.
fn hashes_of([first, second, third, _]: Gram, case: u8) -> BTreeSet<u16> {
    let firsts = first.map_or(u8::MIN..=u8::MAX, |first| first..=first);
    let [second, third] = [second, third].map(Option::unwrap_or_default);
    firsts
        .map(|first| hash([first, second], [third, 0], case))
        .collect()
}

/// What source code is full of: a gram of them is looked at for nothing.
const WORDS: [&[u8]; 12] = [
    b"struct",
    b"return",
    b"static",
    b"function",
    b"define",
    b"include",
    b"const",
    b"unsigned",
    b"import",
    b"string",
    b"print",
    b"config",
];

/// The gram that texts have least often, and where its second byte stands in the literal: at every second place from `parity`.
fn rarest(literal: &[u8], parity: usize) -> (usize, Gram) {
    let common = |byte| match byte {
        b'-' | b'=' | b' ' | b'*' | b'/' => 4,
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 3,
        b'_' | b'l' | b'd' | b'c' | b'u' | b'p' | b'm' | b'f' | b'h' | b'g' | b'b' => 2,
        _ => 1,
    };
    // What is open in front makes many hashes, what is open behind leaves one.
    let cost = |[first, second, third, fourth]: Gram| {
        let known = [second, third].map(|byte| byte.map_or(0, common));
        let of_word = [first, second, third].map(Option::unwrap_or_default);
        let is_of_word = |word: &&[u8]| word.windows(3).any(|three| three == of_word);
        let words = WORDS.iter().filter(|word| is_of_word(word)).count();
        let word = u32::from(words > 0) * 6;
        word + first.map_or(9, common) + known.iter().sum::<u32>() + fourth.map_or(4, common)
    };
    let seconds = (parity..literal.len() - 1).step_by(2);
    let grams = seconds.map(|second| {
        let byte = |at: usize| literal.get(at.checked_sub(1)?).copied();
        (second, [0, 1, 2, 3].map(|step| byte(second + step)))
    });
    let rarest = grams.min_by_key(|(_, gram)| cost(*gram));
    rarest.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LITERALS: [&[u8]; 9] = [
        b"://",
        b"token",
        b"TOKEN",
        b"-----BEGIN ",
        b"pass =",
        b"SU",
        b"kty",
        b"okta",
        b"ken",
    ];
    /// In small letters.
    const FOLDED: [&[u8]; 6] = [b"curl", b"&#x", b"kty", b"| sh", b"url ", b"<script"];

    fn found(filter: &Filter, bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        filter.search(bytes, |literal, at| {
            all.push((literal, at));
            true
        });
        all.sort_unstable();
        all
    }

    fn naive(literals: &[&[u8]], bytes: &[u8]) -> Vec<(usize, usize)> {
        let places = |(literal, text)| {
            (0..bytes.len())
                .filter(move |at| bytes[*at..].starts_with(text))
                .filter(move |at| text.len() > 2 || begins_run(&bytes[*at..]))
                .map(move |at| (literal, at))
        };
        literals
            .iter()
            .copied()
            .enumerate()
            .flat_map(places)
            .collect()
    }

    fn begins_run(bytes: &[u8]) -> bool {
        let run = bytes.get(..RUN).unwrap_or_default();
        let of_run = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        !run.is_empty() && run.iter().all(of_run)
    }

    #[test]
    fn a_folding_filter_finds_any_case() {
        let filter = Filter::folding(vec![b"curl", b"&#1", b"kty"]);
        let all = found(&filter, b"x CURL cUrl c`rl &#1 KTY=1");
        assert_eq!(all, [(0, 2), (0, 7), (1, 17), (2, 21)]);
    }

    /// Literals, and other bytes short and long, so that literals lie across what is looked at together.
    fn texts(literals: &[&[u8]]) -> impl Strategy<Value = Vec<u8>> {
        let literals: Vec<Vec<u8>> = literals.iter().map(|literal| literal.to_vec()).collect();
        let pieces = prop_oneof![
            proptest::sample::select(literals),
            proptest::collection::vec(any::<u8>(), 0..6),
            proptest::collection::vec(any::<u8>(), BLOCK - 8..BLOCK + 8),
            proptest::collection::vec(b'R'..=b'U', RUN - 4..RUN + 4),
        ];
        proptest::collection::vec(pieces, 0..20).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// Nothing is missed and nothing is made up, wherever it stands.
        #[test]
        fn finds_what_a_plain_search_finds(bytes in texts(&LITERALS)) {
            let filter = Filter::of(LITERALS.to_vec());
            prop_assert_eq!(found(&filter, &bytes), naive(&LITERALS, &bytes));
        }

        #[test]
        fn finds_in_any_case_what_a_plain_search_finds(bytes in texts(&FOLDED)) {
            let filter = Filter::folding(FOLDED.to_vec());
            let upper = bytes.to_ascii_uppercase();
            let lower = naive(&FOLDED, &bytes.to_ascii_lowercase());
            prop_assert_eq!(found(&filter, &bytes), lower.clone());
            prop_assert_eq!(found(&filter, &upper), lower);
        }
    }
}
