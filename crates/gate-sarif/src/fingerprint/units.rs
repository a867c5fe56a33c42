//! A source as what is hashed of it: UTF-16 units without spaces and tabs, every line end one LF.

/// Units that go into the hash of a line, counted from its first that is no blank.
const WINDOW: usize = 100;
const BASE: u64 = 37;
/// What the hash of everything before a window counts for behind it.
const BEFORE_WINDOW: u64 = {
    let mut power: u64 = 1;
    let mut times = 0;
    while times < WINDOW {
        power = power.wrapping_mul(BASE);
        times += 1;
    }
    power
};
/// Bytes of the source that are taken at a time.
const PIECE: usize = 4096;
/// What one step of [`Units::skim`] looks at.
const STEP: usize = 8;

/// The units that may still be needed, and where in them lines start whose window is not full yet.
#[derive(Debug)]
pub(super) struct Units {
    buffer: Vec<u16>,
    filled: usize,
    /// The hash of the units before every fourth.
    sums: Vec<u64>,
    starts: Vec<usize>,
    after_cr: bool,
}

impl Units {
    pub(super) fn new() -> Self {
        // The tail of the piece before, a piece, the end of the file and room for a whole step.
        let room = WINDOW + PIECE + 1 + WINDOW + STEP;
        Self {
            buffer: vec![0; room],
            filled: 0,
            sums: Vec::with_capacity(room / 4 + 1),
            starts: vec![0],
            after_cr: false,
        }
    }

    /// Calls `line` with the hash of each line, in order, until it says that this is enough.
    pub(super) fn hashes(mut self, source: &[u8], mut line: impl FnMut(u64) -> bool) -> Option<()> {
        // As WHATWG and Node decode: one U+FFFD for each maximal part that is no UTF-8. A byte order mark is text.
        // Most sources are text as a whole, which is found out sooner.
        if let Ok(text) = std::str::from_utf8(source) {
            self.pieces(text, &mut line)?;
        } else {
            for chunk in source.utf8_chunks() {
                self.pieces(chunk.valid(), &mut line)?;
                if !chunk.invalid().is_empty() {
                    self.make_room(1, &mut line)?;
                    self.unit(0xfffd);
                }
            }
        }
        self.make_room(1 + WINDOW, &mut line)?;
        self.unit(0xffff);
        self.buffer[self.filled..][..WINDOW].fill(0);
        self.filled += WINDOW;
        self.release(&mut line)
    }

    fn pieces(&mut self, text: &str, line: &mut impl FnMut(u64) -> bool) -> Option<()> {
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
            self.make_room(piece.len(), line)?;
            self.text(piece);
            rest = after;
        }
        Some(())
    }

    /// Room for as many units and a step.
    fn make_room(&mut self, units: usize, line: &mut impl FnMut(u64) -> bool) -> Option<()> {
        if self.filled + units + STEP <= self.buffer.len() {
            return Some(());
        }
        self.release(line)
    }

    /// Gives away the lines whose window is full and keeps the units from the first other one on.
    fn release(&mut self, line: &mut impl FnMut(u64) -> bool) -> Option<()> {
        let units = &self.buffer[..self.filled];
        let (fours, _) = units.as_chunks::<4>();
        // What was before the units counts for nothing: it is taken away from both ends of a window.
        let mut sum = 0_u64;
        self.sums.clear();
        self.sums.push(sum);
        self.sums.extend(fours.iter().map(|four| {
            let four = four
                .iter()
                .fold(0, |four, unit| four * BASE + u64::from(*unit));
            sum = sum.wrapping_mul(BASE.pow(4)).wrapping_add(four);
            sum
        }));
        let before = |at: usize| {
            let rest = units.get(at / 4 * 4..at)?.iter();
            let next = |sum: u64, unit: &u16| sum.wrapping_mul(BASE).wrapping_add(u64::from(*unit));
            Some(rest.fold(*self.sums.get(at / 4)?, next))
        };
        let mut given = 0;
        for &start in &self.starts {
            let (Some(start), Some(end)) = (before(start), before(start + WINDOW)) else {
                break;
            };
            given += 1;
            if !line(end.wrapping_sub(start.wrapping_mul(BEFORE_WINDOW))) {
                return None;
            }
        }
        self.starts.drain(..given);
        let from = self.starts.first().copied().unwrap_or(self.filled);
        self.buffer.copy_within(from..self.filled, 0);
        self.filled -= from;
        self.starts.iter_mut().for_each(|start| *start -= from);
        Some(())
    }

    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if let Some(step) = bytes[at..].first_chunk() {
                let skimmed = self.skim(*step);
                at += skimmed;
                if skimmed > 0 {
                    self.after_cr = false;
                }
                if skimmed == STEP {
                    continue;
                }
            }
            let Some(character) = text[at..].chars().next() else {
                break;
            };
            at += character.len_utf8();
            for unit in character.encode_utf16(&mut [0; 2]) {
                self.unit(*unit);
            }
        }
    }

    /// Takes the bytes before the first that is no ASCII or a line end, and says how many these were.
    fn skim(&mut self, step: [u8; STEP]) -> usize {
        let word = u64::from_le_bytes(step);
        let (plain, mut kept) = plain(word);
        let Some(room) = self.buffer[self.filled..].first_chunk_mut::<STEP>() else {
            return 0;
        };
        // Without a branch: where blanks stand cannot be foretold.
        let mut at = 0;
        for byte in step {
            room[at % STEP] = u16::from(byte);
            at += (kept & 1) as usize;
            kept >>= 8;
        }
        self.filled += at;
        plain
    }

    fn unit(&mut self, unit: u16) {
        const TAB: u16 = 9;
        const LF: u16 = 10;
        const CR: u16 = 13;
        const SPACE: u16 = 32;
        // A blank between CR and LF makes two line ends of them, in GitHub's action as here.
        let after_cr = std::mem::replace(&mut self.after_cr, unit == CR);
        if unit == SPACE || unit == TAB || unit == LF && after_cr {
            return;
        }
        let ends_line = unit == LF || unit == CR;
        self.buffer[self.filled] = if ends_line { LF } else { unit };
        self.filled += 1;
        if ends_line {
            self.starts.push(self.filled);
        }
    }
}

/// How many bytes stand before the first that is no ASCII or a line end, and which of them are no blanks, one bit each.
fn plain(word: u64) -> (usize, u64) {
    const ONES: u64 = u64::MAX / 255;
    const LOWS: u64 = ONES * 127;
    // The highest bit of each byte that is not this one; of those that are no ASCII, nobody asks.
    let other_than = |byte: u8| ((word ^ (ONES * u64::from(byte))) & LOWS) + LOWS;
    let stops = !(other_than(b'\n') & other_than(b'\r') & !word) & !LOWS;
    let before = stops.trailing_zeros() / 8;
    let kept = other_than(b' ') & other_than(b'\t') & !LOWS;
    let within = u64::MAX.checked_shr(64 - before * 8).unwrap_or(0);
    (before as usize, (kept & within) >> 7)
}
