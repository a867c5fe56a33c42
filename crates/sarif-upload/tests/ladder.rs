//! What becomes of findings that code scanning does not take, and of what GitHub ignores, against a fake GitHub.
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
use gate_testkit::fake_github::{Alert, Fault, Route, Setup};
use sarif_upload::{Fallback, Rung, State, Suppressed};
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_missing_permission_ends_in_a_check_run_with_the_worst_first() {
    let case = Case::new();
    let mut results: Vec<_> = (1..=120).map(|line| result("note", line)).collect();
    results.push(result("error", 500));
    results.push(result("warning", 400));
    case.log("scan.sarif", &results);
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    let receipt = case.run();
    assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, 0));
    let file = &receipt.files[0];
    assert_eq!(file.reached, Some(Rung::CheckRun));
    assert!(
        file.missed[0].reason.contains("`security-events: write`"),
        "{file:?}"
    );
    assert_eq!((file.missed.len(), file.annotations), (1, Some(122)));
    let [check] = case.fake.checks().try_into().unwrap();
    assert_eq!(
        file.check_url.as_deref(),
        Some(format!("{}/repos/octo/gate/check-runs/1", case.fake.url()).as_str())
    );
    assert_eq!(
        (
            check.name.as_str(),
            check.conclusion.as_deref(),
            check.head_sha.as_str()
        ),
        ("Findings: scan (demo)", Some("neutral"), COMMIT)
    );
    assert_eq!(
        check.title,
        "122 finding(s): 1 error(s), 1 warning(s), 120 notice(s)"
    );
    assert!(
        check.summary.contains("security-events"),
        "{}",
        check.summary
    );
    let messages: Vec<_> = check
        .annotations
        .iter()
        .take(3)
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    assert_eq!(messages, ["error at 500", "warning at 400", "note at 1"]);
    assert_eq!(check.annotations[0]["annotation_level"], "failure");
    assert_eq!(
        case.requests()[1..],
        [
            (String::from("POST check-runs"), 201),
            (String::from("PATCH check-runs/1"), 200),
            (String::from("PATCH check-runs/1"), 200),
        ]
    );
}

#[test]
fn the_prepared_file_stays_and_is_not_found_again() {
    let mut case = Case::new();
    case.log("scan.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::FeatureOff);
    let receipt = case.run();
    let path = receipt.files[0].prepared.clone().unwrap();
    let prepared: Value =
        serde_json::from_reader(flate2::read::GzDecoder::new(fs::File::open(&path).unwrap()))
            .unwrap();
    assert_eq!(prepared["runs"][0]["automationDetails"]["id"], "scan/");
    case.flags.files = vec![String::from("**/*.sarif")];
    assert_eq!(case.run().files.len(), 1);
    // Named itself it is a file like any other.
    case.flags.files = vec![path];
    assert_eq!(case.run().files[0].state, State::Processed);
}

#[test]
fn findings_beyond_the_room_and_without_a_file_are_listed_or_counted() {
    let case = Case::new();
    let mut results: Vec<_> = (1..=1_300).map(|line| result("warning", line)).collect();
    let mut away = result("error", 1);
    away["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = json!("/x/|<b>a");
    away["message"]["text"] = json!("@me ::error::x\n##[error]");
    results.push(away);
    case.log("scan.sarif", &results);
    case.fake.fail(Route::UploadSarif, Fault::NotFound);
    let file = case.run().files[0].clone();
    assert_eq!(
        (file.reached, file.annotations),
        (Some(Rung::CheckRun), Some(999))
    );
    let [check] = case.fake.checks().try_into().unwrap();
    let text = check.text.unwrap();
    assert!(
        text.contains("| error") || text.contains("| high | outside of the repository"),
        "{text}"
    );
    assert!(
        text.contains("301 more finding(s)"),
        "{}",
        &text[text.len() - 200..]
    );
    assert!(
        !text.contains("@me") && !text.contains("##[") && !text.contains("<b>"),
        "{text}"
    );
}

#[test]
fn a_token_without_checks_too_ends_below_with_both_permissions_named() {
    let case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.log("b.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    case.fake.fail(Route::CreateCheck, Fault::ReadOnlyToken);
    let receipt = case.run();
    for file in &receipt.files {
        let missed: Vec<_> = file.missed.iter().map(|it| it.rung).collect();
        assert_eq!(
            missed,
            [
                Rung::CodeScanning,
                Rung::CheckRun,
                Rung::Annotations,
                Rung::Summary
            ]
        );
        assert!(
            file.missed[1].reason.contains("`checks: write`"),
            "{file:?}"
        );
        assert!(
            file.missed[1]
                .next_step
                .as_deref()
                .unwrap()
                .contains("`checks: write`")
        );
        assert_eq!(file.reached, Some(Rung::File), "not in Actions");
    }
    assert_eq!(case.requests().len(), 2, "one refusal of each is enough");
}

#[test]
fn what_certainly_fails_is_not_asked() {
    let limited = Fault::RateLimited {
        status: 429,
        retry_after: Some(9_999),
        reset_at: None,
    };
    let denied = Fault::ReadOnlyToken;
    let dependabot = Some("dependabot[bot]");
    for (fault, fork, actor, missed, next_step) in [
        (
            denied.clone(),
            true,
            None,
            "fork's token",
            "fork-upload.yml",
        ),
        (denied, false, dependabot, "Dependabot", "dependabot/**"),
        (
            Fault::BadCredentials,
            false,
            None,
            "does not know the token",
            "renew",
        ),
        (Fault::Archived, false, None, "no check runs", "unarchive"),
        (limited, false, None, "does not answer", "later"),
    ] {
        let mut case = Case::new();
        case.log("a.sarif", &[result("error", 1)]);
        case.fake.fail(Route::UploadSarif, fault.clone());
        case.surroundings.fork = fork;
        case.surroundings.actor = actor.map(str::to_owned);
        let receipt = case.run();
        let file = &receipt.files[0];
        assert_eq!(
            (receipt.exit_code, case.requests().len()),
            (0, 1),
            "{fault:?}"
        );
        assert!(
            file.missed[1].reason.contains(missed),
            "{fault:?}: {file:?}"
        );
        assert!(
            file.next_step.as_deref().unwrap().contains(next_step),
            "{fault:?}: {file:?}"
        );
    }
}

#[test]
fn a_fork_under_pull_request_target_has_the_repositorys_own_token() {
    let mut case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    case.surroundings.fork = true;
    case.surroundings.event = String::from("pull_request_target");
    assert_eq!(case.run().files[0].reached, Some(Rung::CheckRun));
}

#[test]
fn dependabots_pull_requests_may_ask_for_more() {
    let mut case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    case.surroundings.actor = Some(String::from("dependabot[bot]"));
    case.surroundings.event = String::from("pull_request");
    let file = case.run().files[0].clone();
    assert!(
        file.next_step
            .as_deref()
            .unwrap()
            .contains("`security-events: write`"),
        "{file:?}"
    );
    assert_eq!(
        file.reached,
        Some(Rung::CheckRun),
        "it may have `checks: write`"
    );
}

#[test]
fn a_merge_queue_sends_nothing_and_makes_a_check_run() {
    for (require_upload, code) in [(false, 0), (true, 2)] {
        let mut case = Case::new();
        case.log("a.sarif", &[]);
        case.flags.require_upload = require_upload;
        case.surroundings.git_ref =
            Some(String::from("refs/heads/gh-readonly-queue/main/pr-7-abc"));
        let receipt = case.run();
        assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, code));
        let file = &receipt.files[0];
        assert!(
            file.reason.as_deref().unwrap().contains("merge queue"),
            "{file:?}"
        );
        assert!(
            file.next_step
                .as_deref()
                .unwrap()
                .contains("`push` to main"),
            "{file:?}"
        );
        assert_eq!(case.requests(), [(String::from("POST check-runs"), 201)]);
        let checks = case.fake.checks();
        assert_eq!(
            checks[0].conclusion.as_deref(),
            Some("success"),
            "nothing was found"
        );
    }
}

#[test]
fn rungs_can_be_left_out_and_offline_has_none() {
    let mut case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::FeatureOff);
    case.flags.fallback = Fallback::NONE;
    let receipt = case.run();
    assert_eq!(receipt.files[0].reached, Some(Rung::File));
    assert!(receipt.files[0].missed[1].reason.contains("--fallback"));
    assert_eq!(case.requests().len(), 1);
    case.flags.fallback = Fallback::ALL;
    case.flags.offline = true;
    let receipt = case.run();
    let file = &receipt.files[0];
    assert_eq!((file.reached, file.missed.len()), (Some(Rung::File), 1));
    assert_eq!(case.requests().len(), 1);
}

#[test]
fn what_github_minds_in_a_file_has_no_rung_but_stays_prepared() {
    let case = Case::new();
    case.log("a.sarif", &[result("error", 1)]);
    case.fake.fail(Route::UploadSarif, Fault::PayloadTooLarge);
    let receipt = case.run();
    let file = &receipt.files[0];
    assert_eq!((receipt.exit_code, file.reached), (2, None));
    assert!(file.prepared.is_some() && case.fake.checks().is_empty());
}

#[test]
fn a_server_of_ones_own_gets_everything_below_its_base() {
    let mut case = Case::with(Setup {
        base_path: String::from("/api/v3"),
        alerts: vec![Alert::default()],
        ..Setup::default()
    });
    case.log("a.sarif", &[suppressed(1)]);
    case.log("b.sarif", &[result("error", 2)]);
    case.fake.fail(Route::UploadSarif, Fault::PayloadTooLarge);
    case.fake.fail(Route::UploadSarif, Fault::FeatureOff);
    case.flags.suppressed = Suppressed::Dismiss;
    case.flags.orphans = true;
    case.run();
    let requests = case.fake.requests();
    assert!(requests.len() >= 4, "{requests:?}");
    assert!(
        requests
            .iter()
            .all(|it| it.path.starts_with("/api/v3/repos/octo/gate/"))
    );
}
