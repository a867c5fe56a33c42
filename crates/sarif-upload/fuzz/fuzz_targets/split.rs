//! Whatever results a log holds: it is refused, or every result is in one of the files as it was, in its order, equal ones
//! are in one file, and no file has more than GitHub takes. While it is fuzzed, that is a few.
//!
//! The input is a file; or, where it has a `\0`, what a run has beside its results, and behind each `\0` a result, which
//! are taken in turn, with a number for each `#`.
#![no_main]

use gate_sarif::check::MAX_RESULTS;
use gate_sarif::stream::{Piece, elements, outline, text_of, walk};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::process::ExitCode;

const RESULTS: usize = 40;

fn log(text: &str) -> String {
    let Some((run, results)) = text.split_once('\0') else {
        return text.to_owned();
    };
    let results: Vec<&str> = results.split('\0').collect();
    let numbered = (0..RESULTS).map(|at| results[at % results.len()].replace('#', &at.to_string()));
    let results = numbered.collect::<Vec<_>>().join(",");
    format!(r#"{{"version":"2.1.0","runs":[{{{run}"results":[{results}]}}]}}"#)
}

/// The results of each run.
fn results(text: &str) -> Option<Vec<Vec<String>>> {
    let mut runs: Vec<Vec<String>> = Vec::new();
    walk(text.as_bytes(), |piece| -> Result<(), ()> {
        match piece {
            Piece::Run(..) => runs.push(Vec::new()),
            Piece::Result(one) => runs.last_mut().expect("a run").push(one.text.to_owned()),
            _ => {}
        }
        Ok(())
    })
    .ok()
    .map(|()| runs)
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Its stretches hold what the walk found.
fn assert_stretches(text: &str, runs: &[Vec<String>]) {
    let outline = outline(text.as_bytes()).expect("a log");
    for (run, walked) in outline.runs.iter().zip(runs) {
        let within = run.stretches.iter().flat_map(|stretch| {
            let (start, end) = (stretch.start.offset as usize, stretch.end as usize);
            elements(&text[start..end]).map(|one| one.expect("a result").text)
        });
        assert!(within.eq(walked.iter()));
    }
}

fuzz_target!(|text: &str| {
    let folder = std::env::temp_dir().join(format!("split-{}", std::process::id()));
    let (file, out) = (folder.join("log.sarif"), folder.join("out"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&out).expect("a folder");
    let log = log(text);
    fs::write(&file, &log).expect("written");
    let arguments = ["sarif-upload", "split", "log.sarif", "--output-dir"].map(Into::into);
    let root = ["--root".into(), folder.clone().into_os_string()];
    let arguments = arguments.into_iter().chain([out.clone().into_os_string()]).chain(root);
    if sarif_upload::main_with(arguments.collect()) != ExitCode::SUCCESS {
        return;
    }
    let mut read = String::new();
    text_of(log.as_bytes()).expect("text").read_to_string(&mut read).expect("text");
    let runs = results(&read).expect("a log was split");
    assert_stretches(&read, &runs);
    let mut rest: HashMap<&str, (usize, Option<usize>)> = HashMap::new();
    let order: Vec<&String> = runs.iter().flatten().collect();
    for result in &order {
        rest.entry(result).or_default().0 += 1;
    }
    for (number, entry) in fs::read_dir(&out).expect("a folder").enumerate() {
        let written = fs::read_to_string(entry.expect("a file").path()).expect("text");
        assert!(is_json(&written) || !is_json(&read), "{written}");
        let mut left = order.iter();
        for run in results(&written).expect("a log") {
            assert!(run.len() as u64 <= MAX_RESULTS);
            for result in &run {
                assert!(left.any(|one| *one == result), "the order: {result}");
                let (count, file) = rest.get_mut(result.as_str()).expect("a result of the log");
                *count = count.checked_sub(1).expect("each once");
                assert!(runs.len() > 1 || file.is_none_or(|file| file == number), "{result}");
                *file = Some(number);
            }
        }
    }
    assert!(rest.values().all(|(count, _)| *count == 0), "each is written");
});
