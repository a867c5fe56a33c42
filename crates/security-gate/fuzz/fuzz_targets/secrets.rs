//! Whatever the bytes: no panic, places in the file, and no value in what is said of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use security_gate::secrets::{MAX_HITS, scan};

fuzz_target!(|input: &[u8]| {
    let split = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let path = String::from_utf8_lossy(&input[..split]);
    let mut found = Vec::new();
    let file = scan(&path, &input[split..], &mut found);
    assert!(found.len() <= MAX_HITS && file.hits == found.len());
    for hit in found {
        assert!(hit.line >= 1 && hit.column >= 1 && hit.end_column >= hit.column);
        assert!(hit.prefix.len() <= 4 && hit.number >= 1);
    }
});
