//! Whatever the bytes: no panic, places in the file, and messages that cannot act where they are shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use security_gate::malicious::scan;

fuzz_target!(|input: &[u8]| {
    let split = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let path = String::from_utf8_lossy(&input[..split]);
    let mut found = Vec::new();
    scan(&path, &input[split..], &mut found);
    for hit in found {
        assert!(hit.line >= 1 && hit.column >= 1 && hit.end_column >= hit.column);
        assert!(hit.message.is_ascii() && !hit.message.contains('\n'));
    }
});
