//! Paths in the head of a diff.

/// The path of `a/PATH b/PATH`, where both are the same one.
pub(super) fn same(both: &[u8]) -> Option<Vec<u8>> {
    if both.starts_with(b"\"") {
        let half = both.len() / 2;
        let (old, new) = (both.get(..half)?, both.get(half + 1..)?);
        let (old, new) = (unquoted(old), unquoted(new));
        let (old, new) = (old.strip_prefix(b"a/")?, new.strip_prefix(b"b/")?);
        return (old == new).then(|| old.to_vec());
    }
    let half = both.len().checked_sub(1)? / 2;
    let old = both.get(..half)?.strip_prefix(b"a/")?;
    let new = both.get(half..)?.strip_prefix(b" b/")?;
    (old == new).then(|| old.to_vec())
}

/// A path as it is, from the way git quotes unusual ones.
pub(super) fn unquoted(path: &[u8]) -> Vec<u8> {
    let inner = path
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    let Some(inner) = inner else {
        return path.to_vec();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'a') => out.push(7),
            Some(b'b') => out.push(8),
            Some(b't') => out.push(b'\t'),
            Some(b'n') => out.push(b'\n'),
            Some(b'v') => out.push(11),
            Some(b'f') => out.push(12),
            Some(b'r') => out.push(b'\r'),
            Some(digit @ b'0'..=b'3') => {
                let mut value = digit - b'0';
                for _ in 0..2 {
                    if let Some(digit) = bytes.next_if(|byte| (b'0'..=b'7').contains(byte)) {
                        value = (value << 3) | (digit - b'0');
                    }
                }
                out.push(value);
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
