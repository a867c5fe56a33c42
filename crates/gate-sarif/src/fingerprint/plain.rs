//! The definition of the hash, written down plainly: what the fast one is held to. Shared with the fuzz target.

/// The fingerprint of every line.
pub(super) fn plain_line_hashes(source: &[u8]) -> Vec<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut starts = vec![0];
    let mut before = 0;
    for unit in String::from_utf8_lossy(source).encode_utf16() {
        match (before, unit) {
            (_, 9 | 32) | (13, 10) => {}
            (_, 10 | 13) => {
                units.push(10);
                starts.push(units.len());
            }
            _ => units.push(unit),
        }
        before = unit;
    }
    units.push(65535);
    units.extend([0; 100]);
    let mut hashes: Vec<u64> = Vec::new();
    let mut lines = Vec::new();
    for start in starts {
        let window = &units[start..start + 100];
        let hash = window.iter().fold(0, |hash: u64, &unit| {
            hash.wrapping_mul(37).wrapping_add(unit.into())
        });
        hashes.push(hash);
        let count = hashes.iter().filter(|&&other| other == hash).count();
        lines.push(format!("{hash:x}:{count}"));
    }
    lines
}
