//! Problems have spans of the text, in order.
#![no_main]

use gate_syntax::markdown_problems;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (found, _) = markdown_problems(text);
    assert!(found.is_sorted_by_key(|problem| problem.span.start));
    for problem in found {
        assert!(!text[problem.span].is_empty());
    }
});
