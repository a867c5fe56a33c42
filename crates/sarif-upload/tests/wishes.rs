//! What users of other uploaders asked for, each with the issue that asks loudest.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and read what was written"
)]

mod common;

use common::{COMMIT, Case, result, suppressed};
use gate_testkit::fake_github::{Fault, Route};
use sarif_upload::{Receipt, Repair, Rung, ScanScope, State};
use serde_json::{Value, json};

/// The one log that was taken.
fn taken(case: &Case) -> Value {
    let sarifs = case.fake.sarifs();
    assert_eq!(sarifs.len(), 1);
    sarifs[0].sarif.clone()
}

fn reason(receipt: &Receipt) -> &str {
    receipt.files[0].reason.as_deref().unwrap()
}

/// github/codeql-action#3051: a build tool writes a run for each project into one file.
#[test]
fn many_runs_of_one_tool_in_one_file_are_uploaded() {
    let case = Case::new();
    let run =
        |line| json!({"tool": {"driver": {"name": "msbuild"}}, "results": [result("error", line)]});
    let log = json!({"version": "2.1.0", "runs": [run(1), run(2), run(3)]});
    std::fs::create_dir_all(case.folder.path().join("out")).unwrap();
    std::fs::write(case.folder.path().join("out/a.sarif"), log.to_string()).unwrap();
    assert_eq!(case.run().status, State::Processed);
    let sent = taken(&case);
    assert_eq!(sent["runs"].as_array().unwrap().len(), 1);
    assert_eq!(sent["runs"][0]["results"].as_array().unwrap().len(), 3);
}

/// adorsys/status-list-server#534: the category is given before runs are compared, so it tells them apart.
#[test]
fn a_category_settles_what_would_clash() {
    let case = Case::new();
    case.log("api.sarif", &[result("error", 1)]);
    case.log("web.sarif", &[result("error", 1)]);
    let receipt = case.run();
    let categories: Vec<_> = receipt
        .files
        .iter()
        .map(|file| file.category.as_deref().unwrap())
        .collect();
    assert_eq!(
        (receipt.status, categories),
        (State::Processed, vec!["api", "web"])
    );
}

/// github/codeql-action#943: a private repository without code scanning does not fail the job.
#[test]
fn a_missing_feature_is_no_failure_and_findings_are_seen() {
    let case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::FeatureOff);
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, 0));
    assert_eq!(receipt.files[0].reached, Some(Rung::CheckRun));
}

/// github/codeql-action#2117: which permission is missing is said.
#[test]
fn a_missing_permission_is_named() {
    let case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    let receipt = case.run();
    let file = format!("{:?}", receipt.files[0]);
    assert!(file.contains("security-events: write"), "{file}");
}

/// github/codeql-action#754: an address such as `image:tag` is named before the whole file is refused, and mended.
#[test]
fn an_address_that_is_no_file_gets_one() {
    let mut case = Case::new();
    let mut image = result("error", 1);
    image["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = json!("alpine:3.19");
    case.log("a.sarif", &[image]);
    let receipt = case.run();
    assert_eq!(receipt.status, State::Refused);
    assert!(reason(&receipt).contains("`alpine:3.19`"), "{receipt:?}");
    assert_eq!(case.fake.requests(), []);
    case.flags.prepare.repair = Repair::Safe;
    case.flags.prepare.stand_in = Some(String::from("Dockerfile"));
    assert_eq!(case.run().status, State::Processed);
    let uri = &taken(&case)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        ["uri"];
    assert_eq!(uri, "Dockerfile");
}

/// gitleaks/gitleaks#1827: blanks and backslashes in addresses.
#[test]
fn addresses_are_encoded_when_asked() {
    let mut case = Case::new();
    let mut spelled = result("error", 1);
    spelled["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = json!("my dir\\a.c");
    case.log("a.sarif", &[spelled]);
    case.flags.prepare.repair = Repair::Safe;
    let receipt = case.run();
    assert_eq!(receipt.status, State::Processed);
    assert_eq!(
        receipt.files[0]
            .checks
            .iter()
            .find(|check| check.check == "uri_spelling")
            .unwrap()
            .mended,
        1
    );
}

/// github/codeql-action#1230 and community discussion 65477: what the tool suppressed or passed is no alert.
#[test]
fn suppressed_and_passed_results_are_no_alerts() {
    let case = Case::new();
    let mut passed = result("error", 2);
    passed["kind"] = json!("pass");
    case.log("a.sarif", &[suppressed(1), passed, result("error", 3)]);
    assert_eq!(case.run().status, State::Processed);
    assert_eq!(
        taken(&case)["runs"][0]["results"].as_array().unwrap().len(),
        1
    );
}

/// github/codeql-action#814: categories that nothing feeds any more are listed, and those that will be are flagged.
#[test]
fn a_category_that_changes_on_every_run_is_flagged() {
    let mut case = Case::new();
    case.log("a.sarif", &[]);
    case.flags.category = Some(format!("scan-{COMMIT}"));
    assert!(case.run().notices.join("\n").contains("a commit or digest"));
}

/// github/codeql-action#1572: results for a merge queue's branch are refused by GitHub, which deletes it.
#[test]
fn a_merge_queue_is_not_uploaded_to() {
    let mut case = Case::new();
    case.log("a.sarif", &[]);
    case.surroundings.git_ref = Some(String::from("refs/heads/gh-readonly-queue/main/pr-7-abc"));
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, 0));
    assert!(case.fake.sarifs().is_empty() && reason(&receipt).contains("merge queue"));
}

/// github/codeql-action#1245: limits of flows are known before the server says no, and what is too much is cut.
#[test]
fn flows_that_are_too_long_are_named_and_cut() {
    let mut case = Case::new();
    let mut deep = result("error", 1);
    let step = json!({"location": {"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": {"startLine": 1}}}});
    deep["codeFlows"] = json!([{"threadFlows": [{"locations": vec![step; 10_001]}]}]);
    case.log("a.sarif", &[deep]);
    let receipt = case.run();
    assert!(
        receipt.status == State::Refused && reason(&receipt).contains("10001 steps"),
        "{:?}",
        receipt.files[0].reason
    );
    case.flags.prepare.repair = Repair::Cut;
    assert_eq!(case.run().status, State::Processed);
}

/// github/codeql-action#4052: fingerprints of the tool's own are no flood of warnings.
#[test]
fn foreign_fingerprints_are_one_line() {
    let case = Case::new();
    std::fs::create_dir_all(case.folder.path().join("src")).unwrap();
    std::fs::write(case.folder.path().join("src/a.rs"), "one\ntwo\n").unwrap();
    let results: Vec<Value> = (1..=2)
        .map(|line| {
            let mut own = result("error", line);
            own["partialFingerprints"] = json!({"primaryLocationLineHash": format!("own:{line}")});
            own
        })
        .collect();
    case.log("a.sarif", &results);
    let notices = case.run().notices;
    let about: Vec<_> = notices
        .iter()
        .filter(|notice| notice.contains("primaryLocationLineHash"))
        .collect();
    assert_eq!(about.len(), 1, "{notices:?}");
}

/// github/codeql-action#3156: a pattern that finds nothing is never taken for nothing to upload.
#[test]
fn nothing_found_is_no_success() {
    let mut case = Case::new();
    case.flags.files = vec![String::from("reports/*.sarif")];
    assert_eq!(case.run().exit_code, 2);
}

/// promptfoo/promptfoo#9211: a scan of the change alone does not close the alerts of all other files.
#[test]
fn a_partial_scan_does_not_close_what_it_did_not_look_for() {
    let mut case = Case::new();
    case.log("a.sarif", &[]);
    case.flags.scan_scope = ScanScope::Partial;
    assert_eq!(case.run().exit_code, 2);
    assert_eq!(case.fake.requests(), []);
}
