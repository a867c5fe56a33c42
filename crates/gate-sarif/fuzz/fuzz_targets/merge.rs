//! Whatever two runs and a result hold: a plan that is made is JSON, a run on its own stays as it
//! is, and only references of a result change. The parts of the input are set apart by `\0`.
#![no_main]

use gate_sarif::merge::{Dedup, Merger, Options, group};
use gate_sarif::rebase::{self, Rebase};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

fuzz_target!(|text: &str| {
    let mut parts = text.splitn(3, '\0');
    let (first, other) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let result = parts.next().unwrap_or("{}");
    let _ = group(&[first, other], false);
    let options = Options {
        id: None,
        any_version: true,
    };
    if let Ok(alone) = Merger::new(&[first], &options) {
        assert!(is_json(&alone.header()));
        assert!(alone.results || alone.header() == first.trim());
    }
    let Ok(mut merger) = Merger::new(&[first, other], &options) else {
        return;
    };
    assert!(is_json(&merger.header()), "{}", merger.header());
    Merger::new(&[&merger.header()], &options).expect("what was united is a run");
    for reindex in &mut merger.reindex {
        if let Ok(new) = reindex.result(result) {
            assert!(!is_json(result) || is_json(&new));
            Dedup::default().is_new(&new);
        }
    }
    let options = rebase::Options {
        root: Some("/r".into()),
        replace: vec![("C:\\a".into(), String::new()), (String::new(), "b/".into())],
    };
    if let Ok(mut rebase) = Rebase::new(first, &options) {
        for text in [first, result] {
            let new = if text == first { rebase.header(text) } else { rebase.result(text) };
            assert!(!is_json(text) || new.is_err() || new.is_ok_and(|new| is_json(&new)));
        }
    }
});
