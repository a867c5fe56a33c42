//! Whatever stands between two `---` lines, its errors and keys have lines of the file.
#![no_main]

use gate_syntax::{Options, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|yaml: &[u8]| {
    let file = [b"---\n", yaml, b"\n---\n"].concat();
    let markdown = parse(&file, Options { front_matter: true, ..Options::default() });
    if let Some(matter) = markdown.front_matter {
        let lines = 1..=markdown.lines.max(1);
        assert!(matter.keys.iter().all(|(_, line)| lines.contains(line)));
        assert!(matter.error.is_none_or(|error| lines.contains(&error.line)));
    }
});
