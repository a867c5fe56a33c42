//! What becomes of SARIF files before they are sent: merged, split, mended, fingerprinted.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and read what was written"
)]

mod common;

use flate2::read::GzDecoder;
use gate_runner::Session;
use sarif_upload::{
    PrepareFlags, Receipt, Repair, State, Suppressed, Surroundings, UploadFlags, upload,
};
use serde_json::{Value, json};
use std::fs;
use std::io::Read as _;
use tempfile::TempDir;

/// The receipt of an upload without network, and the prepared logs in its order.
fn prepared(
    folder: &TempDir,
    category: Option<&str>,
    prepare: PrepareFlags,
) -> (Receipt, Vec<Value>) {
    with(folder, category, prepare, Suppressed::Drop)
}

fn with(
    folder: &TempDir,
    category: Option<&str>,
    prepare: PrepareFlags,
    suppressed: Suppressed,
) -> (Receipt, Vec<Value>) {
    uploaded(&flags(folder, category, prepare, suppressed))
}

fn flags(
    folder: &TempDir,
    category: Option<&str>,
    prepare: PrepareFlags,
    suppressed: Suppressed,
) -> UploadFlags {
    UploadFlags {
        files: vec![String::from("*.sarif")],
        category: category.map(str::to_owned),
        prepare,
        suppressed,
        commit: Some("a".repeat(40)),
        git_ref: Some(String::from("refs/heads/main")),
        wait: 0,
        offline: true,
        ..common::flags(folder.path())
    }
}

fn uploaded(flags: &UploadFlags) -> (Receipt, Vec<Value>) {
    let surroundings = Surroundings {
        api_url: String::from("http://127.0.0.1:9"),
        repository: Some(String::from("octo/gate")),
        ..Surroundings::default()
    };
    let session = Session::open(flags.common()).unwrap();
    let receipt = upload(&session, flags, &surroundings, Box::new(|_| {})).unwrap();
    let read = |path: &String| {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(path).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let logs = receipt
        .files
        .iter()
        .filter_map(|file| file.prepared.as_ref())
        .map(read)
        .collect();
    (receipt, logs)
}

fn result(rule: &str, line: u32) -> Value {
    json!({
        "ruleId": rule, "ruleIndex": 0, "message": {"text": "m"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.c"}, "region": {"startLine": line}}}],
    })
}

fn run(tool: &str, rule: &str, results: &[Value]) -> Value {
    let words = json!({"text": "words"});
    let rule =
        json!({"id": rule, "shortDescription": words, "fullDescription": words, "help": words});
    json!({"tool": {"driver": {"name": tool, "rules": [rule]}}, "results": results})
}

fn log(runs: &[Value]) -> Value {
    json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs})
}

fn folder(files: &[(&str, Value)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/a.c"), "x\nx\nx\n").unwrap();
    for (name, log) in files {
        fs::write(folder.path().join(name), log.to_string()).unwrap();
    }
    folder
}

#[test]
fn runs_of_one_tool_and_category_become_one_with_their_rules() {
    let folder = folder(&[
        (
            "a.sarif",
            log(&[
                run("demo", "A", &[result("A", 1)]),
                run("demo", "B", &[result("B", 2)]),
            ]),
        ),
        (
            "b.sarif",
            log(&[run("demo", "C", &[result("C", 3)]), run("other", "D", &[])]),
        ),
    ]);
    let (receipt, logs) = prepared(&folder, Some("all"), PrepareFlags::default());
    assert_eq!(receipt.status, State::Degraded, "{receipt:?}");
    let paths: Vec<&str> = receipt
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(paths, ["a.sarif, b.sarif", "b.sarif"]);
    let merged = &logs[0]["runs"][0];
    assert_eq!(logs[0]["runs"].as_array().unwrap().len(), 1);
    let rules = merged["tool"]["driver"]["rules"].as_array().unwrap();
    let results = merged["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (3, 3));
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert_eq!(merged["automationDetails"]["id"], "all/");
    assert!(
        receipt
            .notices
            .iter()
            .any(|notice| notice.contains("3 runs of demo")),
        "{receipt:?}"
    );
}

#[test]
fn versions_of_one_tool_are_named_and_nothing_is_written() {
    let mut other = run("demo", "A", &[]);
    other["tool"]["driver"]["version"] = json!("2");
    let mut one = run("demo", "A", &[]);
    one["tool"]["driver"]["version"] = json!("1");
    let folder = folder(&[("a.sarif", log(&[one])), ("b.sarif", log(&[other]))]);
    let (receipt, _) = prepared(&folder, Some("all"), PrepareFlags::default());
    assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
    let reason = receipt.files[0].reason.as_deref().unwrap();
    assert!(
        reason.contains("a.sarif and b.sarif") && reason.contains("`version`"),
        "{reason}"
    );
}

#[test]
fn more_results_than_github_takes_become_several_files_that_stay_the_same() {
    let results: Vec<Value> = (1..=25_001).map(|line| result("A", line)).collect();
    let folder = folder(&[("big.sarif", log(&[run("demo", "A", &results)]))]);
    let (receipt, logs) = prepared(&folder, None, PrepareFlags::default());
    let categories: Vec<&str> = receipt
        .files
        .iter()
        .filter_map(|file| file.category.as_deref())
        .collect();
    assert_eq!(categories, ["big-part-1", "big-part-2"]);
    let lines = |log: &Value| -> Vec<u64> {
        let results = log["runs"][0]["results"].as_array().unwrap().iter();
        results
            .map(|one| {
                one["locations"][0]["physicalLocation"]["region"]["startLine"]
                    .as_u64()
                    .unwrap()
            })
            .collect()
    };
    let all: Vec<Vec<u64>> = logs.iter().map(lines).collect();
    let mut together = all.concat();
    together.sort_unstable();
    assert_eq!(together, (1..=25_001).collect::<Vec<_>>());
    assert!(
        all.iter().all(|part| part.len() > 10_000),
        "the parts are alike"
    );
    // One result less, and every other one stays where it was.
    let mut fewer = results;
    fewer.remove(7);
    fewer.push(result("A", 30_000));
    fs::write(
        folder.path().join("big.sarif"),
        log(&[run("demo", "A", &fewer)]).to_string(),
    )
    .unwrap();
    let (_, again) = prepared(&folder, None, PrepareFlags::default());
    for (before, after) in all.iter().zip(again.iter().map(lines)) {
        let kept: Vec<u64> = before.iter().copied().filter(|line| *line != 8).collect();
        assert_eq!(
            after
                .into_iter()
                .filter(|line| *line != 30_000)
                .collect::<Vec<_>>(),
            kept
        );
    }
    let refused = PrepareFlags {
        no_split: true,
        ..PrepareFlags::default()
    };
    let (receipt, _) = prepared(&folder, None, refused);
    assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
}

#[test]
fn where_a_run_may_not_be_split_the_mildest_results_go_and_are_counted() {
    let results: Vec<Value> = (1..=25_010)
        .map(|line| {
            let mut one = result("A", line);
            one["level"] = json!(if line % 100 == 0 { "note" } else { "error" });
            one
        })
        .collect();
    let folder = folder(&[("big.sarif", log(&[run("demo", "A", &results)]))]);
    let cut = PrepareFlags {
        no_split: true,
        repair: Repair::Cut,
        ..PrepareFlags::default()
    };
    let (receipt, logs) = prepared(&folder, None, cut);
    assert_eq!(receipt.status, State::Degraded, "{receipt:?}");
    let kept = logs[0]["runs"][0]["results"].as_array().unwrap();
    let notes = kept.iter().filter(|one| one["level"] == "note").count();
    assert_eq!((kept.len(), notes), (25_000, 240));
    assert!(
        receipt
            .notices
            .iter()
            .any(|notice| notice.contains("the 10 mildest of 25010")),
        "{receipt:?}"
    );
}

#[test]
fn twenty_one_runs_become_two_files() {
    let runs = |count: usize| {
        let runs: Vec<Value> = (0..count)
            .map(|tool| run(&format!("tool {tool}"), "A", &[]))
            .collect();
        let folder = folder(&[("a.sarif", log(&runs))]);
        let (_, logs) = prepared(&folder, None, PrepareFlags::default());
        logs.iter()
            .map(|log| log["runs"].as_array().unwrap().len())
            .collect::<Vec<_>>()
    };
    assert_eq!(runs(20), [20]);
    assert_eq!(runs(21), [20, 1]);
}

#[test]
fn more_bytes_than_github_takes_become_several_files() {
    // Text that cannot be compressed to less than half: hexadecimal digits of a generator.
    let mut state = 1_u64;
    let mut noise = |length: usize| -> String {
        (0..length)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                char::from_digit(u32::try_from(state >> 60).unwrap(), 16).unwrap()
            })
            .collect()
    };
    let results: Vec<Value> = (1..=100)
        .map(|line| {
            let mut one = result("A", line);
            one["message"]["text"] = Value::from(noise(220_000));
            one
        })
        .collect();
    let folder = folder(&[("a.sarif", log(&[run("demo", "A", &results)]))]);
    let (receipt, logs) = prepared(&folder, None, PrepareFlags::default());
    assert_eq!(receipt.files.len(), 2, "{receipt:?}");
    let total: usize = logs
        .iter()
        .map(|log| log["runs"][0]["results"].as_array().unwrap().len())
        .sum();
    assert_eq!(total, 100);
    for file in &receipt.files {
        assert!(fs::metadata(file.prepared.as_ref().unwrap()).unwrap().len() <= 10_000_000);
    }
    assert!(
        receipt
            .notices
            .iter()
            .any(|notice| notice.contains("split into 2"))
    );
    assert_eq!(
        fs::read_dir(folder.path().join("out/sarif-upload.prepared"))
            .unwrap()
            .count(),
        2
    );
}

#[test]
fn fingerprints_are_those_of_the_lines_and_foreign_ones_stay() {
    let mut own = result("A", 2);
    own["partialFingerprints"] = json!({"primaryLocationLineHash": "mine:1", "other": "x"});
    let results = [result("A", 1), own, result("A", 3), result("A", 99)];
    let folder = folder(&[("a.sarif", log(&[run("demo", "A", &results)]))]);
    let (receipt, logs) = prepared(&folder, None, PrepareFlags::default());
    let hashes: Vec<&Value> = (0..4)
        .map(|at| &logs[0]["runs"][0]["results"][at]["partialFingerprints"]["primaryLocationLineHash"])
        .collect();
    // Measured from GitHub's own action for a source of three lines `x`.
    assert_eq!(
        hashes,
        [
            &json!("4c74ab87820424b1:1"),
            &json!("mine:1"),
            &json!("828973aa50c68d6d:1"),
            &Value::Null
        ]
    );
    let notices = receipt.notices.join("\n");
    assert!(
        notices.contains("found 1 results whose")
            && notices.contains("1 with a line that the file does not have"),
        "{notices}"
    );
}

#[test]
fn repairs_are_asked_for_applied_and_told() {
    let mut bad = result("A", 1);
    bad["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = json!("src\\a b.c");
    bad["n"] = json!(1.5);
    let folder = folder(&[("a.sarif", log(&[run("demo", "A", &[result("A", 1), bad])]))]);
    let (receipt, _) = prepared(&folder, None, PrepareFlags::default());
    assert_eq!((receipt.status, receipt.exit_code), (State::Refused, 2));
    let file = &receipt.files[0];
    let reason = file.reason.as_deref().unwrap();
    assert!(
        reason.starts_with(
            "/runs/0/results/1/locations/0/physicalLocation/artifactLocation/uri (line 1, column "
        ),
        "{reason}"
    );
    assert!(file.next_step.as_deref().unwrap().contains("--repair safe"));
    let safe = PrepareFlags {
        repair: Repair::Safe,
        ..PrepareFlags::default()
    };
    let (receipt, logs) = prepared(&folder, None, safe);
    assert_eq!(receipt.status, State::Degraded);
    let mended = &logs[0]["runs"][0]["results"][1];
    assert_eq!(
        mended["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "src/a%20b.c"
    );
    assert_eq!(mended["n"], 1.5);
    let check = &receipt.files[0].checks[0];
    assert_eq!(
        (check.check, check.mended, check.count),
        ("uri_spelling", 1, 0)
    );
    assert!(check.places[0].mended && receipt.notices[0].contains("1 repair(s)"));
}

#[test]
fn what_the_tool_takes_back_is_left_out_unless_it_is_wanted() {
    let mut suppressed = result("A", 1);
    suppressed["suppressions"] = json!([{"kind": "inSource", "justification": "known"}]);
    let mut passed = result("A", 2);
    passed["kind"] = json!("pass");
    let mut review = result("A", 3);
    review["kind"] = json!("review");
    let folder = folder(&[(
        "a.sarif",
        log(&[run("demo", "A", &[suppressed, passed, review])]),
    )]);
    let count = |suppressed| {
        let (receipt, logs) = with(&folder, None, PrepareFlags::default(), suppressed);
        (
            logs[0]["runs"][0]["results"].as_array().unwrap().len(),
            receipt.notices.join("\n"),
        )
    };
    let (kept, notices) = count(Suppressed::Drop);
    assert!(kept == 1 && notices.contains("2 result(s)"), "{notices}");
    assert_eq!(count(Suppressed::Keep).0, 3);
}

#[test]
fn a_partial_scan_has_a_category_of_its_own() {
    let folder = folder(&[("a.sarif", log(&[run("demo", "A", &[])]))]);
    let of = |category| {
        let mut flags = flags(
            &folder,
            Some(category),
            PrepareFlags::default(),
            Suppressed::Drop,
        );
        flags.scan_scope = sarif_upload::ScanScope::Partial;
        uploaded(&flags).0
    };
    let refused = of("scan");
    assert_eq!((refused.status, refused.exit_code), (State::Refused, 2));
    assert!(
        refused.files[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("`scan`"),
        "{refused:?}"
    );
    assert_eq!(of("scan-partial").status, State::Degraded);
}
