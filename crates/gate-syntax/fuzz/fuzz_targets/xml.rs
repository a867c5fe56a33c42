//! A well-formed file has one root: it is neither twice the same file nor a part of it.
#![no_main]

use gate_syntax::xml_problem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match xml_problem(bytes) {
        Some(error) => assert!(error.line >= 1 && error.column >= 1 && !error.message.is_empty()),
        None => assert!(xml_problem(&bytes.repeat(2)).is_some()),
    }
});
