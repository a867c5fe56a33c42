//! The verbs of the toolbox, as binaries.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start what they test"
)]

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn verb(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sarif-upload"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn result(rule: &str, uri: &str, line: u32) -> Value {
    json!({
        "ruleId": rule, "level": "error", "message": {"text": format!("{rule} found")},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}],
    })
}

fn log(tool: &str, results: &[Value]) -> String {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": tool, "rules": []}}, "results": results}],
    })
    .to_string()
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

#[test]
fn validate_names_place_and_repair_and_fails_only_for_what_is_refused() {
    let good = log("t", &[result("A", "a.c", 1)]);
    let bad = log("t", &[result("A", "a.c", 1), result("A", "a b.c", 0)]);
    let folder = folder(&[
        ("good.sarif", good),
        ("bad.sarif", bad),
        ("no.sarif", String::from("{}")),
    ]);
    let good = verb(folder.path(), &["validate", "good.sarif"]);
    assert_eq!(
        (good.status.code(), out(&good).as_str()),
        (Some(0), "good.sarif: clean (1 run(s), 1 result(s))\n")
    );
    let bad = verb(folder.path(), &["validate", "bad.sarif"]);
    let text = out(&bad);
    assert_eq!(bad.status.code(), Some(1), "{text}");
    for expected in [
        "GitHub would refuse it",
        "uri_spelling",
        "/runs/0/results/1/",
        "`a b.c`",
        "--repair safe",
        "startLine 0",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let mended = verb(
        folder.path(),
        &["validate", "bad.sarif", "--repair", "safe"],
    );
    assert_eq!(mended.status.code(), Some(0), "{}", out(&mended));
    let json = verb(
        folder.path(),
        &["validate", "bad.sarif", "--format", "json"],
    );
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["files"][0]["checks"][0]["weight"], "refused");
    assert!(
        !folder.path().join(".gatewright").exists(),
        "looking leaves nothing behind"
    );
    let no = verb(folder.path(), &["validate", "no.sarif"]);
    assert_eq!(no.status.code(), Some(2));
    assert!(out(&no).contains("no.sarif: ") && out(&no).contains("Next step"));
}

#[test]
fn merge_joins_runs_of_one_tool_over_files_and_keeps_the_others() {
    let two = |first: Value, second: Value| {
        let mut log: Value = serde_json::from_str(&log("t", &[first])).unwrap();
        let mut other = log["runs"][0].clone();
        other["tool"]["driver"]["name"] = json!("u");
        other["results"] = json!([second]);
        log["runs"].as_array_mut().unwrap().push(other);
        log.to_string()
    };
    let folder = folder(&[
        ("a.sarif", two(result("A", "a.c", 1), result("U", "u.c", 1))),
        ("b.sarif", two(result("B", "b.c", 2), result("V", "v.c", 2))),
    ]);
    let merged = verb(
        folder.path(),
        &["merge", "a.sarif", "b.sarif", "--output", "all.sarif"],
    );
    assert_eq!(merged.status.code(), Some(0), "{}", out(&merged));
    let all = read(folder.path(), "all.sarif");
    let of = |run: usize| -> Vec<&str> {
        let results = all["runs"][run]["results"].as_array().unwrap();
        results
            .iter()
            .map(|result| result["ruleId"].as_str().unwrap())
            .collect()
    };
    assert_eq!(
        (all["runs"].as_array().unwrap().len(), of(0), of(1)),
        (2, vec!["A", "B"], vec!["U", "V"])
    );
    assert!(
        all["runs"][0].get("automationDetails").is_none(),
        "nothing is added that nobody asked for"
    );
    let gzip = verb(
        folder.path(),
        &["merge", "a.sarif", "--output", "one.sarif.gz"],
    );
    assert!(
        gzip.status.success()
            && fs::read(folder.path().join("one.sarif.gz"))
                .unwrap()
                .starts_with(b"\x1f\x8b")
    );
    // One file comes out byte for byte.
    verb(
        folder.path(),
        &["merge", "a.sarif", "--output", "same.sarif"],
    );
    assert_eq!(
        fs::read(folder.path().join("same.sarif")).unwrap(),
        fs::read(folder.path().join("a.sarif")).unwrap()
    );
}

#[test]
fn split_rebase_and_filter_write_what_they_say() {
    let many: Vec<Value> = (1..=25_001)
        .map(|line| result("A", "/build/src/a.c", line))
        .collect();
    let folder = folder(&[("big.sarif", log("t", &many))]);
    let split = verb(
        folder.path(),
        &["split", "big.sarif", "--output-dir", "parts"],
    );
    assert_eq!(split.status.code(), Some(0), "{}", out(&split));
    let parts = ["parts/big.1.sarif", "parts/big.2.sarif"].map(|name| read(folder.path(), name));
    let count: usize = parts
        .iter()
        .map(|part| part["runs"][0]["results"].as_array().unwrap().len())
        .sum();
    assert_eq!(count, 25_001);
    assert_eq!(
        parts[1]["runs"][0]["automationDetails"]["id"],
        "big-part-2/"
    );

    let rebased = verb(
        folder.path(),
        &[
            "rebase",
            "big.sarif",
            "--source-root",
            "/build",
            "--output",
            "here.sarif",
        ],
    );
    assert_eq!(rebased.status.code(), Some(0), "{}", out(&rebased));
    let here = read(folder.path(), "here.sarif");
    let uri = &here["runs"][0]["results"][7]["locations"][0]["physicalLocation"]["artifactLocation"]
        ["uri"];
    assert_eq!(uri, "src/a.c");

    let mut mixed = vec![
        result("A", "src/a.c", 1),
        result("B", "src/b.c", 1),
        result("A", "test/a.c", 1),
    ];
    mixed[2]["level"] = json!("note");
    fs::write(folder.path().join("mixed.sarif"), log("t", &mixed)).unwrap();
    let kept = |arguments: &[&str]| {
        let all = [
            &["filter", "mixed.sarif", "--output", "some.sarif"],
            arguments,
        ]
        .concat();
        let filtered = verb(folder.path(), &all);
        assert_eq!(filtered.status.code(), Some(0), "{}", out(&filtered));
        read(folder.path(), "some.sarif")["runs"][0]["results"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(kept(&[]), 3);
    assert_eq!(kept(&["--severity", "high"]), 2);
    assert_eq!(kept(&["--rule", "A"]), 2);
    assert_eq!(kept(&["--rule", "A", "--not-path", "test/**"]), 1);
    let broken = verb(
        folder.path(),
        &[
            "filter",
            "mixed.sarif",
            "--output",
            "x.sarif",
            "--rule",
            "[a",
        ],
    );
    assert_eq!(broken.status.code(), Some(2));
}

#[test]
fn diff_and_view_show_what_is_new() {
    let folder = folder(&[
        (
            "old.sarif",
            log("t", &[result("A", "a.c", 1), result("B", "b.c", 5)]),
        ),
        (
            "new.sarif",
            log("t", &[result("A", "a.c", 9), result("C", "<c>.c", 5)]),
        ),
    ]);
    let same = verb(
        folder.path(),
        &["diff", "old.sarif", "--baseline", "old.sarif"],
    );
    assert_eq!(
        (same.status.code(), out(&same).as_str()),
        (Some(0), "0 new, 0 fixed, 2 unchanged\n")
    );
    let diff = verb(
        folder.path(),
        &["diff", "new.sarif", "--baseline", "old.sarif"],
    );
    assert_eq!(diff.status.code(), Some(1));
    assert!(
        out(&diff).starts_with("1 new, 1 fixed, 1 unchanged\n"),
        "{}",
        out(&diff)
    );
    assert!(
        out(&diff).contains("- high <c>.c:5 C: C found"),
        "{}",
        out(&diff)
    );
    let view = verb(folder.path(), &["view", "new.sarif"]);
    assert!(
        out(&view).starts_with("2 finding(s): 2 high\n"),
        "{}",
        out(&view)
    );
    let page = verb(folder.path(), &["view", "new.sarif", "--html", "page.html"]);
    assert!(page.status.success(), "{}", out(&page));
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert!(page.contains("&lt;c&gt;.c:5") && !page.contains("<c>"));
}

#[test]
fn a_scan_that_says_nothing_is_not_taken_for_nothing_new() {
    let silent = |run: Value| json!({"version": "2.1.0", "runs": [run]}).to_string();
    let tool = json!({"driver": {"name": "t", "rules": []}});
    let folder = folder(&[
        ("old.sarif", log("t", &[result("A", "a.c", 1)])),
        (
            "no-runs.sarif",
            json!({"version": "2.1.0", "runs": []}).to_string(),
        ),
        ("no-results.sarif", silent(json!({"tool": tool}))),
        (
            "failed.sarif",
            silent(
                json!({"tool": tool, "invocations": [{"executionSuccessful": false}], "results": []}),
            ),
        ),
        (
            "broken.sarif",
            silent(json!({"tool": tool, "results": [{"suppressions": "x"}]})),
        ),
    ]);
    for name in [
        "no-runs.sarif",
        "no-results.sarif",
        "failed.sarif",
        "broken.sarif",
    ] {
        for arguments in [
            &["diff", name, "--baseline", "old.sarif"][..],
            &["diff", "old.sarif", "--baseline", name],
            &["view", name],
        ] {
            let output = verb(folder.path(), arguments);
            assert_eq!(
                output.status.code(),
                Some(2),
                "{arguments:?}: {}",
                out(&output)
            );
            assert!(out(&output).contains(name), "{}", out(&output));
        }
    }
}
