//! Suppressions, orphaned categories, partial processing and the second stage for forks, against a fake GitHub.
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
use gate_github::runner::WorkflowRun;
use gate_testkit::fake_github::{Alert, Analysis, Fault, Outcome, Pull, Route, Setup};
use sarif_upload::{State, Suppressed};
use serde_json::json;

const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba98";

#[test]
fn what_the_scan_suppresses_is_dismissed_on_the_default_branch() {
    let alert = |number, start_line, state: &str, comment: Option<&str>| Alert {
        number,
        rule: String::from("rule-error"),
        category: String::from("a/"),
        start_line,
        state: state.to_owned(),
        dismissed_reason: comment.map(|_| String::from("won't fix")),
        dismissed_comment: comment.map(str::to_owned),
        ..Alert::default()
    };
    let setup = || Setup {
        alerts: vec![
            alert(1, 1, "open", None),
            alert(2, 2, "open", None),
            alert(
                3,
                2,
                "dismissed",
                Some("old words (suppressed in the scan)"),
            ),
            alert(4, 2, "dismissed", Some("a person's words")),
        ],
        ..Setup::default()
    };
    let mut case = Case::with(setup());
    case.log("a.sarif", &[suppressed(1), result("error", 2)]);
    case.flags.suppressed = Suppressed::Dismiss;
    let receipt = case.run();
    let states: Vec<_> = case
        .fake
        .alerts()
        .iter()
        .map(|it| it.state.clone())
        .collect();
    assert_eq!(states, ["dismissed", "open", "open", "dismissed"]);
    let first = &case.fake.alerts()[0];
    assert_eq!(first.dismissed_reason.as_deref(), Some("false positive"));
    assert_eq!(
        first.dismissed_comment.as_deref(),
        Some("false positive: checked (suppressed in the scan)")
    );
    assert!(
        receipt.notices.join("\n").contains("1 alert(s) dismissed")
            && receipt.notices.join("\n").contains("1 opened")
    );
    // A pull request dismisses nothing, and a refusal is told without a red step.
    let mut case = Case::with(setup());
    case.log("a.sarif", &[suppressed(1)]);
    case.flags.suppressed = Suppressed::Dismiss;
    case.surroundings.git_ref = Some(String::from("refs/pull/7/merge"));
    assert!(
        case.run()
            .notices
            .join("\n")
            .contains("default branch only")
    );
    assert!(
        case.requests()
            .iter()
            .all(|(request, _)| !request.contains("alerts"))
    );
    case.surroundings.git_ref = Some(String::from("refs/heads/main"));
    case.fake.fail(Route::Alerts, Fault::ReadOnlyToken);
    let receipt = case.run();
    assert_eq!(receipt.exit_code, 0);
    assert!(
        receipt
            .notices
            .join("\n")
            .contains("`security-events: read`"),
        "{receipt:?}"
    );
}

#[test]
fn orphans_are_listed_with_their_call_when_asked() {
    let analysis = |id: u64, category: &str, day: u64| Analysis {
        id,
        git_ref: String::from("refs/heads/main"),
        commit_sha: format!("{id:040}"),
        tool: String::from("demo"),
        category: category.to_owned(),
        created_at: format!("2026-01-{day:02}T00:00:00Z"),
        deletable: true,
    };
    let mut analyses: Vec<_> = (10..30).rev().map(|day| analysis(day, "a/", day)).collect();
    analyses.push(analysis(3, "gone/", 3));
    let mut case = Case::with(Setup {
        analyses,
        ..Setup::default()
    });
    case.log("a.sarif", &[]);
    assert!(case.run().orphans.is_none());
    assert!(
        case.requests()
            .iter()
            .all(|(request, _)| !request.contains("analyses?ref"))
    );
    case.flags.orphans = true;
    let [orphan] = case.run().orphans.unwrap().try_into().unwrap();
    assert_eq!(
        (orphan.category.as_str(), orphan.later_commits),
        ("gone", 20)
    );
    assert!(orphan.call.unwrap().contains("analyses/3?confirm_delete"));
    case.fake.fail(Route::Analyses, Fault::ReadOnlyToken);
    let receipt = case.run();
    assert!(
        receipt.orphans.is_none() && receipt.notices.join("\n").contains("--orphans"),
        "{receipt:?}"
    );
    assert_eq!(receipt.exit_code, 0);
}

#[test]
fn processing_in_part_is_told_and_red() {
    let said = "rejecting SARIF, as there are more results per run than allowed (30000 > 25000)";
    for (status, stored, code, state, expected) in [
        ("failed", true, 2, State::Failed, "only a part of it (http"),
        ("failed", false, 2, State::Failed, "could not process it"),
        (
            "complete",
            true,
            0,
            State::Processed,
            "processed, but GitHub says",
        ),
    ] {
        let case = Case::with(Setup {
            outcome: Some(Outcome {
                status: status.to_owned(),
                errors: vec![said.to_owned()],
                stored,
            }),
            ..Setup::default()
        });
        case.log("a.sarif", &[result("error", 1)]);
        let receipt = case.run();
        let file = &receipt.files[0];
        assert_eq!((receipt.exit_code, file.state), (code, state), "{file:?}");
        assert!(
            file.reason.as_deref().unwrap().contains(expected),
            "{file:?}"
        );
        assert!(
            file.next_step.as_deref().unwrap().contains("25,000"),
            "{file:?}"
        );
        assert_eq!(file.errors, [said]);
        assert!(file.prepared.is_some());
        assert_eq!(case.fake.checks(), []);
    }
}

#[test]
fn a_volatile_category_is_flagged() {
    let mut case = Case::new();
    case.log("a.sarif", &[]);
    case.flags.category = Some(format!("scan-{COMMIT}"));
    assert!(case.run().notices.join("\n").contains("a commit or digest"));
    case.flags.category = Some(String::from("scan"));
    assert_eq!(case.run().notices, [] as [String; 0]);
}

/// A second stage: the run of a fork's pull request came before.
fn second_stage(pulls: Vec<Pull>) -> Case {
    let mut case = Case::with(Setup {
        pulls,
        ..Setup::default()
    });
    case.surroundings.event = String::from("workflow_run");
    case.surroundings.sha = Some(OTHER.to_owned());
    case.surroundings.workflow_run = Some(WorkflowRun {
        id: Some(1),
        attempt: Some(1),
        head_sha: COMMIT.to_owned(),
        head_branch: Some(String::from("topic")),
        head_repo: Some(String::from("eve/gate")),
        event: String::from("pull_request"),
        pulls: Vec::new(),
    });
    case.log("a.sarif", &[result("error", 1)]);
    case
}

fn pull(number: u64, head_sha: &str, state: &str) -> Pull {
    Pull {
        number,
        head_sha: head_sha.to_owned(),
        head_repository: String::from("eve/gate"),
        head_branch: String::from("topic"),
        state: state.to_owned(),
        ..Pull::default()
    }
}

#[test]
fn a_second_stage_believes_the_event_and_github_only() {
    let case = second_stage(vec![
        pull(9, OTHER, "open"),
        pull(7, COMMIT, "open"),
        pull(8, COMMIT, "closed"),
    ]);
    let receipt = case.run();
    assert_eq!(receipt.status, State::Processed, "{receipt:?}");
    let [stored] = case.fake.sarifs().try_into().unwrap();
    assert_eq!(
        (stored.commit_sha.as_str(), stored.git_ref.as_str()),
        (COMMIT, "refs/pull/7/head")
    );
    assert!(
        case.requests()[0]
            .0
            .contains("pulls?state=all&head=eve%3Atopic"),
        "{:?}",
        case.requests()
    );
    // The event names it where the head is in this repository.
    let mut case = second_stage(Vec::new());
    case.surroundings.workflow_run.as_mut().unwrap().pulls = vec![5];
    case.run();
    assert_eq!(case.fake.sarifs()[0].git_ref, "refs/pull/5/head");
    // A deleted fork is looked up by its commit.
    let mut case = second_stage(vec![pull(7, COMMIT, "open")]);
    case.surroundings.workflow_run.as_mut().unwrap().head_repo = None;
    case.run();
    assert!(
        case.requests()[0]
            .0
            .contains(&format!("commits/{COMMIT}/pulls")),
        "{:?}",
        case.requests()
    );
    assert_eq!(case.fake.sarifs()[0].git_ref, "refs/pull/7/head");
}

#[test]
fn a_second_stage_without_a_pull_request_at_that_commit_sends_nothing() {
    for pulls in [
        vec![],
        vec![pull(7, OTHER, "open")],
        vec![pull(7, COMMIT, "closed")],
    ] {
        let case = second_stage(pulls);
        let receipt = case.run();
        assert_eq!((receipt.status, receipt.exit_code), (State::Degraded, 0));
        assert!(
            receipt.files[0]
                .reason
                .as_deref()
                .unwrap()
                .contains("no open pull request"),
            "{receipt:?}"
        );
        assert_eq!(case.fake.sarifs(), []);
    }
    let case = second_stage(vec![pull(7, COMMIT, "open")]);
    case.fake.fail(Route::Pulls, Fault::ReadOnlyToken);
    let receipt = case.run();
    assert!(
        receipt.files[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("`pull-requests: read`"),
        "{receipt:?}"
    );
    assert_eq!((receipt.exit_code, case.fake.sarifs().len()), (0, 0));
}

#[test]
fn an_artifact_that_claims_another_commit_is_refused() {
    let claiming = |revision: &str| {
        let case = second_stage(vec![pull(7, COMMIT, "open")]);
        case.whole(
            "b.sarif",
            &json!({
                "tool": {"driver": {"name": "other"}}, "results": [],
                "versionControlProvenance": [{"repositoryUri": "https://github.com/eve/gate", "revisionId": revision}],
            }),
        );
        let receipt = case.run();
        (receipt, case.fake.sarifs().len())
    };
    let (receipt, sent) = claiming(OTHER);
    assert_eq!((receipt.exit_code, sent), (2, 0));
    assert!(
        receipt.files[1].reason.as_deref().unwrap().contains(OTHER),
        "{receipt:?}"
    );
    assert!(
        receipt.files[1]
            .next_step
            .as_deref()
            .unwrap()
            .contains("pull_request.head.sha")
    );
    assert!(
        receipt.files[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("another file")
    );
    let (receipt, sent) = claiming(COMMIT);
    assert_eq!((receipt.exit_code, sent), (0, 2));
}

#[test]
fn half_an_address_on_workflow_run_is_refused() {
    let mut case = second_stage(vec![pull(7, COMMIT, "open")]);
    case.flags.commit = Some(OTHER.to_owned());
    let receipt = case.run();
    assert_eq!((receipt.exit_code, case.fake.sarifs().len()), (2, 0));
    case.flags.git_ref = Some(String::from("refs/heads/main"));
    case.run();
    assert_eq!(
        case.fake.sarifs()[0].commit_sha,
        OTHER,
        "what is given whole is taken"
    );
}
