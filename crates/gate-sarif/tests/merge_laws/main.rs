//! Laws of the merge over made-up runs: whatever a result points at, it points at the same
//! afterwards.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod expanded;
mod made;

use std::collections::BTreeSet;

use gate_sarif::merge::{Merger, Options};
use proptest::prelude::*;
use serde_json::Value;

use expanded::{DEPTH, expanded, lost};
use made::run;

fn merged(runs: &[Value]) -> Value {
    let texts: Vec<String> = runs.iter().map(Value::to_string).collect();
    let headers: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut merger = Merger::new(&headers, &Options::default()).unwrap();
    let mut results = Vec::new();
    for (run, reindex) in runs.iter().zip(&mut merger.reindex) {
        for result in run["results"].as_array().unwrap() {
            let raw = result.to_string();
            results.push(reindex.result(&raw).unwrap().into_owned());
        }
    }
    let text = format!("{}{}{}", merger.before, results.join(","), merger.after);
    serde_json::from_str(&text).unwrap()
}

/// Runs without results, for a failure.
fn shown(runs: &[Value], whole: &Value) -> String {
    let all = runs.iter().chain([whole]).cloned();
    let shown = all.map(|mut run| {
        run["results"] = Value::Null;
        run.to_string()
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn results(run: &Value) -> Vec<Value> {
    let all = run["results"].as_array().unwrap();
    all.iter()
        .map(|one| expanded(run, one, "results", DEPTH))
        .collect()
}

/// Every entry of every table with what it points at, each once.
fn content(run: &Value) -> BTreeSet<String> {
    let tables = [
        "artifacts",
        "logicalLocations",
        "addresses",
        "webRequests",
        "threadFlowLocations",
        "graphs",
        "invocations",
        "taxonomies",
    ];
    let mut out = BTreeSet::new();
    let mut add = |name: &str, table: &Value| {
        for one in table.as_array().into_iter().flatten() {
            out.insert(format!("{name} {}", expanded(run, one, name, DEPTH - 1)));
        }
    };
    for name in tables {
        if name != "taxonomies" {
            add(name, &run[name]);
        }
    }
    add("rules", &run["tool"]["driver"]["rules"]);
    for component in run["tool"]["extensions"]
        .as_array()
        .into_iter()
        .chain(run["taxonomies"].as_array())
        .flatten()
    {
        add(component["name"].as_str().unwrap(), &component["rules"]);
        add(component["name"].as_str().unwrap(), &component["taxa"]);
    }
    out
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..500)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 3_000,
        ..ProptestConfig::with_cases(100)
    })]

    #[test]
    fn what_results_point_at_stays(dice in prop::collection::vec(bytes(), 1..4)) {
        let runs: Vec<_> = dice.iter().map(|dice| run(dice, true)).collect();
        let whole = merged(&runs);
        let before = runs.iter().flat_map(results);
        let raw = runs.iter().flat_map(|run| run["results"].as_array().unwrap());
        let raw = raw.zip(whole["results"].as_array().unwrap());
        for ((before, after), raw) in before.zip(results(&whole)).zip(raw) {
            let shown = || format!("{}\n{}{}", shown(&runs, &whole), raw.0, raw.1);
            prop_assert_eq!(lost(&before, &after), None, "{}", shown());
        }
    }

    #[test]
    fn one_run_stays_as_it_is(dice in bytes()) {
        let run = run(&dice, true);
        prop_assert_eq!(merged(std::slice::from_ref(&run)), run);
    }

    #[test]
    fn a_run_with_itself_adds_nothing(dice in bytes()) {
        let run = run(&dice, true);
        let after = merged(&[run.clone(), run.clone()]);
        for key in run.as_object().unwrap().keys().filter(|key| *key != "results") {
            prop_assert_eq!(&after[key], &run[key], "{}", key);
        }
    }

    #[test]
    fn the_order_of_merging_does_not_matter(a in bytes(), b in bytes(), c in bytes()) {
        let [a, b, c] = [a, b, c].map(|dice| run(&dice, false));
        let left = merged(&[merged(&[a.clone(), b.clone()]), c.clone()]);
        let right = merged(&[a.clone(), merged(&[b.clone(), c.clone()])]);
        let whole = merged(&[a.clone(), b.clone(), c.clone()]);
        prop_assert_eq!(content(&left), content(&whole));
        prop_assert_eq!(content(&right), content(&whole));
        for other in [&left, &right] {
            for (other, whole) in results(other).iter().zip(results(&whole)) {
                prop_assert_eq!(lost(&whole, other), None, "{}", shown(&[a.clone(), b.clone(), c.clone()], &left));
            }
        }
    }
}
