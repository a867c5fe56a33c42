//! Joining runs: what is united, what is told, what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use gate_sarif::merge::{Dedup, Merger, Options, Refusal, group};
use serde_json::{Value, json};

/// The united run with its results, and what was told.
fn merged(runs: &[Value]) -> (Value, Vec<String>) {
    let texts: Vec<String> = runs.iter().map(Value::to_string).collect();
    let headers: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut merger = Merger::new(&headers, &Options::default()).unwrap();
    let mut results = Vec::new();
    for (run, reindex) in runs.iter().zip(&mut merger.reindex) {
        for result in run["results"].as_array().into_iter().flatten() {
            results.push(reindex.result(&result.to_string()).unwrap().into_owned());
        }
    }
    let text = format!("{}{}{}", merger.before, results.join(","), merger.after);
    let notices = merger
        .notices
        .iter()
        .map(|one| one.message.clone())
        .collect();
    (serde_json::from_str(&text).unwrap(), notices)
}

fn refusal(runs: &[Value]) -> Refusal {
    let texts: Vec<String> = runs.iter().map(Value::to_string).collect();
    let headers: Vec<&str> = texts.iter().map(String::as_str).collect();
    Merger::new(&headers, &Options::default()).unwrap_err()
}

fn run(mut more: Value) -> Value {
    if more.get("tool").is_none() {
        more["tool"] = json!({"driver": {"name": "scan"}});
    }
    more
}

fn rules(rules: Value) -> Value {
    json!({"driver": {"name": "scan", "rules": rules}})
}

#[test]
fn rules_are_one_per_id_and_results_follow() {
    let (run, notices) = merged(&[
        run(
            json!({"tool": rules(json!([{"id": "A"}, {"id": "B"}])), "results": [{"ruleIndex": 1}]}),
        ),
        run(json!({"tool": rules(json!([{"id": "B"}, {"id": "C"}])),
            "results": [{"ruleIndex": 0}, {"ruleId": "C", "ruleIndex": 1}, {"ruleId": "B"}]})),
    ]);
    assert_eq!(
        run["tool"]["driver"]["rules"],
        json!([{"id": "A"}, {"id": "B"}, {"id": "C"}])
    );
    assert_eq!(
        run["results"],
        json!([{"ruleIndex": 1}, {"ruleIndex": 1}, {"ruleId": "C", "ruleIndex": 2}, {"ruleId": "B"}])
    );
    assert_eq!(notices, Vec::<String>::new());
}

#[test]
fn a_rule_that_says_more_lends_its_texts() {
    let (run, _) = merged(&[
        run(json!({"tool": rules(json!([{"id": "A"}])), "results": []})),
        run(json!({"tool": rules(json!([{"id": "A", "name": "n", "helpUri": "h"}]))})),
        run(json!({"tool": rules(json!([{"id": "A", "name": "n", "help": {"text": "t"}}]))})),
    ]);
    let all = json!([{"id": "A", "name": "n", "helpUri": "h", "help": {"text": "t"}}]);
    assert_eq!(run["tool"]["driver"]["rules"], all);
}

#[test]
fn a_rule_of_another_severity_stays_apart_and_its_results_say_so() {
    let high = json!({"id": "A", "properties": {"security-severity": "9.1"}});
    let (run, notices) = merged(&[
        run(json!({"tool": rules(json!([{"id": "A"}])),
            "results": [{"ruleId": "A"}, {"ruleId": "A/1"}]})),
        run(
            json!({"tool": rules(json!([high])), "results": [{"ruleId": "A"}, {"rule": {"id": "A"}}]}),
        ),
    ]);
    assert_eq!(run["tool"]["driver"]["rules"], json!([{"id": "A"}, high]));
    assert_eq!(
        run["results"],
        json!([
            {"ruleId": "A", "ruleIndex": 0},
            {"ruleId": "A/1", "ruleIndex": 0},
            {"ruleId": "A", "ruleIndex": 1},
            {"rule": {"id": "A"}, "ruleIndex": 1}
        ])
    );
    assert!(notices[0].contains("both are kept: A"), "{notices:?}");
}

#[test]
fn artifacts_are_one_per_location_and_parent() {
    let one = |uri: &str| json!({"location": {"uri": uri}});
    let at = |index: usize| json!({"locations": [{"physicalLocation": {"artifactLocation": {"index": index}}}]});
    let (run, _) = merged(&[
        run(
            json!({"artifacts": [one("a"), {"location": {"uri": "x.zip"}, "hashes": {"sha": "1"}},
            {"location": {"uri": "in"}, "parentIndex": 1, "roles": ["added"]}], "results": [at(0)]}),
        ),
        run(
            json!({"artifacts": [{"location": {"uri": "in"}, "parentIndex": 1},
            {"location": {"uri": "x.zip"}, "hashes": {"sha": "2"}},
            {"location": {"uri": "a", "index": 2}, "length": 5}], "results": [at(0), at(1), at(2)]}),
        ),
        run(
            json!({"artifacts": [{"location": {"uri": "x.zip"}, "hashes": {"sha": "1"}},
            {"location": {"uri": "in"}, "parentIndex": 0, "roles": ["modified"]}], "results": [at(1)]}),
        ),
    ]);
    assert_eq!(
        run["artifacts"],
        json!([
            {"location": {"uri": "a"}, "length": 5},
            {"location": {"uri": "x.zip"}, "hashes": {"sha": "1"}},
            {"location": {"uri": "in"}, "parentIndex": 1, "roles": ["added", "modified"]},
            {"location": {"uri": "in"}, "parentIndex": 4},
            {"location": {"uri": "x.zip"}, "hashes": {"sha": "2"}},
        ])
    );
    assert_eq!(run["results"], json!([at(0), at(3), at(4), at(0), at(2)]));
}

#[test]
fn an_index_that_points_at_nothing_hits_no_entry_of_another_run() {
    let at = |index: Value| json!({"analysisTarget": {"index": index}});
    let odd = [json!(-1), json!("0"), json!(null), json!(0.5), json!(1e300)];
    let mut results: Vec<_> = odd.iter().cloned().map(at).collect();
    results.push(at(json!(1)));
    let (run, _) = merged(&[
        run(json!({"artifacts": [{"location": {"uri": "a"}}], "results": results})),
        run(
            json!({"artifacts": [{"location": {"uri": "b"}}], "results": [at(json!(0.0)), at(json!(7))]}),
        ),
    ]);
    let mut expected = results;
    expected[5] = at(json!(2));
    expected.extend([at(json!(1)), at(json!(8))]);
    assert_eq!(run["results"], json!(expected));
}

#[test]
fn a_base_that_means_something_else_gets_a_name_of_its_own() {
    let bases =
        |root: &str| json!({"ROOT": {"uri": root}, "SRC": {"uri": "src/", "uriBaseId": "ROOT"}});
    let result = json!({"analysisTarget": {"uri": "a", "uriBaseId": "SRC"}});
    let one = |root: &str| run(json!({"originalUriBaseIds": bases(root), "results": [result]}));
    let (run, notices) = merged(&[
        one("file:///1/"),
        one("file:///2/"),
        one("file:///2/"),
        one("file:///1/"),
    ]);
    assert_eq!(
        run["originalUriBaseIds"],
        json!({
            "ROOT": {"uri": "file:///1/"}, "SRC": {"uri": "src/", "uriBaseId": "ROOT"},
            "ROOT_2": {"uri": "file:///2/"}, "SRC_2": {"uri": "src/", "uriBaseId": "ROOT_2"}
        })
    );
    let used: Vec<_> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["analysisTarget"]["uriBaseId"].as_str().unwrap())
        .collect();
    assert_eq!(used, ["SRC", "SRC_2", "SRC_2", "SRC"]);
    assert_eq!(notices.len(), 2);
    assert!(notices[0].contains("`ROOT` is now `ROOT_2`"), "{notices:?}");
}

#[test]
fn what_would_change_the_meaning_of_results_is_refused() {
    let differs = |first: Value, other: Value| refusal(&[run(first), run(other)]).to_string();
    assert!(
        differs(
            json!({"columnKind": "utf16CodeUnits"}),
            json!({"columnKind": "unicodeCodePoints"})
        )
        .contains("`columnKind`")
    );
    assert!(differs(json!({}), json!({"language": "de"})).contains("`language`"));
    assert!(differs(json!({"newlineSequences": ["\n"]}), json!({})).contains("`newlineSequences`"));
    let external =
        json!({"externalPropertyFileReferences": {"artifacts": [{"location": {"uri": "x"}}]}});
    assert!(differs(json!({}), external).contains("`artifacts`"));
    let strings = |text: &str| json!({"tool": {"driver": {"name": "scan", "globalMessageStrings": {"a": {"text": text}}}}});
    assert!(differs(strings("1"), strings("2")).contains("globalMessageStrings.a"));
    let tool =
        |name: &str, version: &str| json!({"tool": {"driver": {"name": name, "version": version}}});
    assert!(differs(tool("a", "1"), tool("b", "1")).contains("name"));
    assert!(differs(tool("a", "1"), tool("a", "2")).contains("version"));
}

#[test]
fn nothing_else_is_lost() {
    let (run, notices) = merged(&[
        run(json!({"properties": {"a": 1, "b": 1}, "x-own": 1, "redactionTokens": ["[r]"]})),
        run(
            json!({"properties": {"b": 2, "c": 2}, "x-own": 2, "x-other": 3, "redactionTokens": ["[r]", "[s]"],
            "conversion": {"tool": {"driver": {"name": "conv"}}}, "invocations": [{"executionSuccessful": false}]}),
        ),
        run(
            json!({"properties": {"d": 3}, "results": [{"provenance": {"invocationIndex": 0}}],
            "invocations": [{"executionSuccessful": true}],
            "conversion": {"tool": {"driver": {"name": "conv"}}, "invocation": {"executionSuccessful": false}}}),
        ),
    ]);
    assert_eq!(run["properties"], json!({"a": 1, "b": 1, "c": 2, "d": 3}));
    assert_eq!((&run["x-own"], &run["x-other"]), (&json!(1), &json!(3)));
    assert_eq!(run["redactionTokens"], json!(["[r]", "[s]"]));
    assert_eq!(
        run["conversion"]["invocation"]["executionSuccessful"],
        json!(false)
    );
    assert_eq!(
        run["invocations"],
        json!([{"executionSuccessful": false}, {"executionSuccessful": true}])
    );
    assert_eq!(run["results"][0]["provenance"]["invocationIndex"], json!(1));
    assert_eq!(notices.len(), 2, "{notices:?}");
}

#[test]
fn runs_are_grouped_by_tool_and_category() {
    let one = |name: &str, version: Option<&str>, id: &str| {
        json!({"tool": {"driver": {"name": name, "version": version}}, "automationDetails": {"id": id}}).to_string()
    };
    let runs = [
        one("a", Some("1"), "x/1"),
        one("b", None, "x/"),
        one("a", None, "x/2"),
        one("a", Some("1"), "y/"),
        one("b", Some("1"), "x/"),
        one("b", Some("2"), "x/"),
    ];
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    let shape = |any| {
        group(&runs, any)
            .unwrap()
            .into_iter()
            .map(|one| one.runs)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shape(false),
        [vec![0, 2], vec![1], vec![3], vec![4], vec![5]]
    );
    assert_eq!(shape(true), [vec![0, 2], vec![1, 4, 5], vec![3]]);
}

#[test]
fn equal_results_are_counted() {
    let mut dedup = Dedup::default();
    assert!(dedup.is_new(r#"{"guid": "1", "a": [1, 2]}"#));
    assert!(!dedup.is_new(r#"{"a":[1,2],"guid":"2"}"#));
    assert!(dedup.is_new(r#"{"a":[1,2.0]}"#));
    assert_eq!(dedup.dropped, 1);
}

#[test]
fn rules_of_extensions_follow_their_extension() {
    let extension = |rules: Value| json!({"driver": {"name": "scan"}, "extensions": [{"name": "E", "rules": rules}]});
    let result = json!({"rule": {"toolComponent": {"index": 0}}, "ruleIndex": 0});
    let (run, _) = merged(&[
        run(json!({"tool": {"driver": {"name": "scan"}}})),
        run(json!({"tool": extension(json!([{"id": "A"}, {"id": "A"}])), "results": [result]})),
        run(json!({"tool": extension(json!([{"id": "B"}, {"id": "A"}])), "results": [result]})),
    ]);
    assert_eq!(
        run["tool"]["extensions"],
        json!([{"name": "E", "rules": [{"id": "A"}, {"id": "A"}, {"id": "B"}]}])
    );
    assert_eq!(
        run["results"][1],
        json!({"rule": {"toolComponent": {"index": 0}}, "ruleIndex": 2})
    );
}
