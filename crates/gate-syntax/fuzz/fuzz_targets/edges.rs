//! Whatever a Markdown file holds, reading it gives positions inside of it.
#![no_main]

use gate_syntax::{Options, TagRule, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let tags = [Some("component"), None].map(|attribute| TagRule {
        tag: "include".into(),
        attribute: attribute.map(Into::into),
        any: true,
    });
    for all in [false, true] {
        let options = Options {
            imports: all,
            code_paths: all,
            names: all,
            tags: if all { &tags } else { &[] },
            front_matter: all,
            balance: all,
            lint: all,
            ..Options::default()
        };
        let markdown = parse(bytes, options);
        let lines = markdown.lines.max(1);
        assert!(markdown.headings().all(|heading| (1..=lines).contains(&heading.line)));
        for edge in markdown.edges() {
            assert!((1..=lines).contains(&edge.line));
            assert!(edge.column >= 1 && edge.end_column >= edge.column);
            let _ = edge.target();
        }
        for problem in &markdown.problems {
            assert!((1..=lines).contains(&problem.line) && problem.column >= 1);
        }
    }
});
