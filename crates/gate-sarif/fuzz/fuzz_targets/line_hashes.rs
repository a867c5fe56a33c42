//! Hashes of lines are those of the plain definition, whatever the bytes are.
#![no_main]

use gate_sarif::fingerprint::line_hashes;
use libfuzzer_sys::fuzz_target;

#[path = "../../src/fingerprint/plain.rs"]
mod plain;

fuzz_target!(|source: &[u8]| {
    let plain = plain::plain_line_hashes(source);
    let wanted: Vec<u32> = (0..).take(plain.len() + 2).collect();
    let found: Vec<String> = line_hashes(source, &wanted)
        .iter()
        .map(|(_, hash)| hash.to_string())
        .collect();
    assert_eq!(found, plain);
});
