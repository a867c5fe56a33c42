//! What is read as a chain is one: written again it is the same bytes, and everything that is asked of it is answered.
#![no_main]

use gate_ledger::{Start, Text, Window, bypass_budget, chained, last, read, stats};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let name = "ledger.jsonl";
    let Ok(records) = read(&[Text { name, bytes }], Start::Beginning) else {
        return;
    };
    let mut head = None;
    let mut again = String::new();
    for record in &records {
        let (line, next) = chained(head.as_ref(), record.body()).expect("it was read");
        assert_eq!(next, record.head);
        again.push_str(&line);
        head = Some(next);
    }
    assert_eq!(again.as_bytes(), bytes);
    let counted = stats(&records, Window::default());
    assert!(counted.total.decisions <= counted.records);
    let _ = last(&records, None, None, None);
    for record in &records {
        let (overrides, decisions) = bypass_budget(&records, None, record.at, 30);
        assert!(overrides <= decisions);
    }
});
