//! Deltas of packs: the instructions that make one object of another (gitformat-pack, "Deltified representation").

/// The sizes of base and result, and where the instructions start.
pub(crate) fn sizes(delta: &[u8]) -> Option<(u64, u64, usize)> {
    let mut at = 0;
    let base = size(delta, &mut at)?;
    let result = size(delta, &mut at)?;
    Some((base, result, at))
}

/// Replace `out` by what `delta` makes of `base`. `None`: the delta is damaged, or made for another base.
pub(crate) fn apply(base: &[u8], delta: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (from, to, mut at) = sizes(delta)?;
    if from != base.len() as u64 {
        return None;
    }
    let to = usize::try_from(to).ok()?;
    out.clear();
    // Grows as it is filled where the result claims to be far larger than what it is made of.
    out.reserve(to.min((base.len() + delta.len()).saturating_mul(2)));
    while let Some(&instruction) = delta.get(at) {
        at += 1;
        let piece = if instruction & 0x80 == 0 {
            let literal = delta.get(at..at + usize::from(instruction))?;
            at += literal.len();
            // Zero is reserved.
            (!literal.is_empty()).then_some(literal)?
        } else {
            let start = number(delta, &mut at, instruction & 0x0f, 4)?;
            let len = number(delta, &mut at, (instruction >> 4) & 0x07, 3)?;
            let len = if len == 0 { 0x10000 } else { len };
            base.get(start..start.checked_add(len)?)?
        };
        if piece.len() > to - out.len() {
            return None;
        }
        out.extend_from_slice(piece);
    }
    (out.len() == to).then_some(())
}

/// A little-endian number of which only the bytes named in `present` are written.
fn number(delta: &[u8], at: &mut usize, present: u8, bytes: u8) -> Option<usize> {
    let mut number = 0;
    for i in 0..bytes {
        if present & (1 << i) != 0 {
            number |= usize::from(*delta.get(*at)?) << (8 * i);
            *at += 1;
        }
    }
    Some(number)
}

fn size(delta: &[u8], at: &mut usize) -> Option<u64> {
    let mut size = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *delta.get(*at)?;
        *at += 1;
        size |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(size);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn copies_and_literals() {
        let mut out = vec![9];
        // "hello" + "lo wor" + "ld", of base "hello world".
        let delta = [11, 13, 0x91, 0, 5, 0x91, 3, 6, 2, b'l', b'd'];
        assert_eq!(apply(b"hello world", &delta, &mut out), Some(()));
        assert_eq!(out, b"hellolo world");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut out = Vec::new();
        for bad in [
            &[][..],
            &[2],
            &[3, 1, 0x90, 1],
            &[2, 1, 0],
            &[2, 1, 0x90, 3],
            &[2, 1, 0x91, 2, 1],
            &[2, 3, 0x90, 2],
            &[2, 1, 0x90, 2],
            &[2, 1, 0x90],
            &[2, 2, 2, b'a'],
            &[0x80; 20],
            &[2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, b'a'],
        ] {
            assert_eq!(apply(b"ab", bad, &mut out), None, "{bad:?}");
        }
    }
}
