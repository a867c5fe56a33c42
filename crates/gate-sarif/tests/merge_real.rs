//! Real logs joined with themselves and with hostile company.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::path::Path;

use gate_sarif::merge::{Merger, Options, Refusal, Reindex};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Log {
    runs: Vec<Box<RawValue>>,
}

fn results(run: &str) -> Vec<Box<RawValue>> {
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(run).unwrap();
    let results = fields
        .get("results")
        .map(|raw| serde_json::from_str(raw.get()));
    results.and_then(Result::ok).unwrap_or_default()
}

fn joined(merger: &mut Merger, runs: &[&str]) -> Value {
    let mut out = Vec::new();
    for (run, reindex) in runs.iter().zip(&mut merger.reindex) {
        for result in results(run) {
            out.push(reindex.result(result.get()).unwrap().into_owned());
        }
    }
    let text = format!("{}{}{}", merger.before, out.join(","), merger.after);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_real_run_with_itself_adds_nothing() {
    let Some(corpus) = std::env::var_os("GATEWRIGHT_CORPUS") else {
        eprintln!("SKIPPED: set GATEWRIGHT_CORPUS to the folder of real reports to run this test");
        return;
    };
    let mut count = 0;
    for folder in ["codeql-action", "ingestion-rules", "tools"] {
        let folder = Path::new(&corpus).join("sarif").join(folder);
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let text = text.trim_start_matches('\u{feff}');
            let Ok(log) = serde_json::from_str::<Log>(text) else {
                continue;
            };
            for run in &log.runs {
                count += usize::from(stays(run.get()));
            }
        }
    }
    assert!(count > 40, "only {count} runs");
}

fn stays(run: &str) -> bool {
    let options = Options::default();
    let Ok(mut once) = Merger::new(&[run], &options) else {
        return false;
    };
    let value: Value = serde_json::from_str(run).unwrap();
    assert_eq!(joined(&mut once, &[run]), value);
    let mut twice = match Merger::new(&[run, run], &options) {
        Ok(twice) => twice,
        Err(Refusal::External { .. }) => return true,
        Err(refusal) => panic!("{refusal}"),
    };
    let mut both = joined(&mut twice, &[run, run]);
    let all = both["results"].as_array_mut().map(std::mem::take);
    let single = value["results"].as_array().cloned();
    let own = single
        .clone()
        .map(|single| [single.clone(), single].concat());
    assert_eq!(all, own);
    both["results"] = value["results"].clone();
    if value.get("results").is_some() {
        assert_eq!(both, value);
    }
    true
}

fn one() -> Reindex {
    let run = |uri: &str| {
        format!(
            r#"{{"tool":{{"driver":{{"name":"a"}}}},"artifacts":[{{"location":{{"uri":"{uri}"}}}}],"results":[]}}"#
        )
    };
    let (first, other) = (run("a"), run("b"));
    Merger::new(&[&first, &other], &Options::default())
        .unwrap()
        .reindex
        .remove(1)
}

#[test]
fn a_hostile_result_is_refused_or_passed_through() {
    let deep = format!(
        r#"{{"graphs":{}{}}}"#,
        r#"[{"nodes":"#.repeat(400),
        "}]".repeat(400)
    );
    let children = format!(
        r#"{{"graphs":[{{"nodes":[{}{}]}}]}}"#,
        r#"{"children":["#.repeat(400),
        "]}".repeat(400)
    );
    let refused = [
        "",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[",
        "{\"a\" 1}",
        "{\"a\":\"",
        "{\"a\":\"\\",
        "{\"locations\":[{]}",
        r#"{"analysisTarget":{"index":0,"index":0}}"#,
        r#"{"ruleIndex":0,"ruleIndex":1}"#,
        &children,
        r#"{"analysisTarget":{"index":"#,
        r#"{"analysisTarget":{"index":,}}"#,
    ];
    for raw in refused {
        assert!(one().result(raw).is_err(), "{raw}");
    }
    let bag = format!(
        r#"{{"properties":{{"index":{}{}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let same = [
        "null",
        "{}",
        "7",
        r#"{"analysisTarget":"index"}"#,
        r#"{"analysisTarget":{"index":"0"}}"#,
        r#"{"analysisTarget":{"index":-1}}"#,
        r#"{"analysisTarget":{"index":-0}}"#,
        r#"{"analysisTarget":{"index":0.5}}"#,
        r#"{"analysisTarget":{"index":{"index":0}}}"#,
        r#"{"analysisTarget":{"index":1e999}}"#,
        r#"{"analysisTarget":{"index":99999999999999999999999999}}"#,
        r#"{"properties":{"analysisTarget":{"index":0}}}"#,
        r#"{"message":{"text":"\ud800 \"analysisTarget\":{\"index\":0}"}}"#,
        &bag,
        &deep,
    ];
    for raw in same {
        assert_eq!(one().result(raw).unwrap(), raw);
    }
    for (raw, expected) in [
        (
            r#"{"analysisTarget":{"index":0}}"#,
            r#"{"analysisTarget":{"index":1}}"#,
        ),
        (
            r#"{"analysisTarget" : [{"index" : 0e5 } ] }"#,
            r#"{"analysisTarget" : [{"index" : 1 } ] }"#,
        ),
        (
            r#"{"analysisTarg\u0065t":{"inde\u0078":0.0}}"#,
            r#"{"analysisTarg\u0065t":{"inde\u0078":1}}"#,
        ),
        (
            r#"{"analysisTarget":{"index":1e3}}"#,
            r#"{"analysisTarget":{"index":1001}}"#,
        ),
    ] {
        assert_eq!(one().result(raw).unwrap(), expected);
    }
}

#[test]
fn a_hostile_header_is_refused() {
    let driver = r#""tool":{"driver":{"name":"a"}}"#;
    for header in [
        "",
        "[]",
        "{",
        "{}",
        "null",
        r#"{"tool":{}}"#,
        r#"{"tool":{"driver":null}}"#,
        r#"{"tool":[]}"#,
        r#"{"tool":{"driver":{}},"results":42}"#,
        &format!("{{{driver},{driver}}}"),
        &format!(r#"{{{driver},"artifacts":{{}}}}"#),
        &format!(r#"{{{driver},"taxonomies":7}}"#),
        &format!("{{{driver}}}x"),
    ] {
        assert!(
            Merger::new(&[header, header], &Options::default()).is_err(),
            "{header}"
        );
        assert!(
            Merger::new(&[header], &Options::default()).is_err(),
            "{header}"
        );
    }
    let sloppy = format!(
        r#" {{{driver},"artifacts":[null,1,"a",[],{{}}],"results":null,"taxonomies":[null],"originalUriBaseIds":null,"invocations":null}} "#
    );
    let merger = Merger::new(&[&sloppy, &sloppy], &Options::default()).unwrap();
    assert_eq!(merger.header(), sloppy.trim());
    let chain: Vec<_> = (0..10_000)
        .map(|at| format!(r#"{{"parentIndex":{}}}"#, at + 1))
        .collect();
    let chain = format!(r#"{{{driver},"logicalLocations":[{}]}}"#, chain.join(","));
    let merger = Merger::new(&[&chain, &chain], &Options::default()).unwrap();
    assert!(merger.notices[0].message.contains("longer than 64"));
}
