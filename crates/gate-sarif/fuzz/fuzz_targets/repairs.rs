//! Whatever a run and a result hold: checking ends, and what is mended is JSON that is wrong in fewer places.
#![no_main]

use gate_sarif::check::{Options, Repairs, mend, mend_result, of_run};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fuzz_target!(|text: &str| {
    let (header, result) = text.split_once('\0').unwrap_or(("{}", text));
    let is_json = |text: &str| serde_json::from_str::<&RawValue>(text).is_ok();
    if !is_json(header) || !is_json(result) {
        return;
    }
    let mended = mend(header, Repairs::Cut, |text| of_run(text, Some(0)).1);
    assert!(is_json(&mended.text), "{}", mended.text);
    let (run, _) = of_run(&mended.text, Some(0));
    let options = Options {
        root: Some(String::from("/work")),
        stand_in: Some(String::from("README.md")),
    };
    let mended = mend_result(result, &run, &run.rules(), &options, Repairs::Cut);
    assert!(is_json(&mended.text), "{}", mended.text);
    let again = mend_result(&mended.text, &run, &run.rules(), &options, Repairs::Cut);
    assert!(again.left.len() <= mended.left.len() + mended.done.len());
});
