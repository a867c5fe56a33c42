//! Problems are tags of the text, in order; what is wholly masked has none.
#![no_main]

use gate_syntax::{code_masks, unbalanced};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let masks = code_masks(text);
    assert!(masks.is_sorted_by_key(|mask| mask.start));
    for masks in [masks, vec![]] {
        let (found, _) = unbalanced(text, &masks);
        assert!(found.is_sorted_by_key(|problem| problem.span.start));
        for problem in found {
            let tag = &text[problem.span];
            assert!(tag.starts_with('<') && tag.ends_with('>') && tag.contains(&*problem.name));
        }
    }
    assert!(unbalanced(text, &[0..text.len()]).0.is_empty());
});
