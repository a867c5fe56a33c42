//! What becomes of findings that code scanning does not take, and of what GitHub ignores, against a fake GitHub.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and read what was written"
)]

use gate_github::Token;
use gate_github::runner::WorkflowRun;
use gate_runner::Session;
use gate_testkit::fake_github::{Alert, Analysis, FakeGithub, Fault, Pull, Route, Setup};
use sarif_upload::{Fallback, Receipt, Rung, State, Suppressed, Surroundings, UploadFlags, upload};
use serde_json::{Value, json};
use std::fs;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba98";

struct Case {
    folder: tempfile::TempDir,
    fake: FakeGithub,
    flags: UploadFlags,
    surroundings: Surroundings,
}

impl Case {
    fn new() -> Self {
        Self::with(Setup::default())
    }

    fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeGithub::with(Setup { polls: 0, ..setup }).unwrap();
        let flags = UploadFlags {
            files: Vec::new(),
            sarif: Vec::new(),
            category: None,
            prepare: sarif_upload::PrepareFlags::default(),
            commit: None,
            git_ref: None,
            require_upload: false,
            fallback: Fallback::ALL,
            suppressed: Suppressed::Drop,
            orphans: false,
            wait: 10,
            root: folder.path().to_owned(),
            out: Some(folder.path().join("out")),
            format: None,
            as_of: Some("2026-01-02T03:04:05Z".parse().unwrap()),
            offline: false,
            timeout: None,
        };
        let surroundings = Surroundings {
            token: Token::new(&["gh", "s_", &"x".repeat(36)].concat()),
            api_url: fake.url(),
            repository: Some(String::from("octo/gate")),
            sha: Some(COMMIT.to_owned()),
            git_ref: Some(String::from("refs/heads/main")),
            event: String::from("push"),
            default_branch: Some(String::from("main")),
            run_url: Some(String::from("https://example.invalid/run")),
            ..Surroundings::default()
        };
        Self {
            folder,
            fake,
            flags,
            surroundings,
        }
    }

    fn log(&self, name: &str, results: &[Value]) {
        self.whole(
            name,
            &json!({"tool": {"driver": {"name": "demo"}}, "results": results}),
        );
    }

    fn whole(&self, name: &str, run: &Value) {
        let path = self.folder.path().join("out").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let log = json!({"version": "2.1.0", "runs": [run]});
        fs::write(path, log.to_string()).unwrap();
    }

    fn run(&self) -> Receipt {
        let session = Session::open(self.flags.common()).unwrap();
        let receipt = upload(&session, &self.flags, &self.surroundings, Box::new(|_| {})).unwrap();
        assert_eq!(self.fake.violations(), []);
        receipt
    }

    fn requests(&self) -> Vec<(String, u16)> {
        let requests = self.fake.requests();
        let short = |path: &str| path.replace("/repos/octo/gate/", "");
        requests
            .iter()
            .map(|it| (format!("{} {}", it.method, short(&it.path)), it.status))
            .collect()
    }
}

fn result(level: &str, line: u64) -> Value {
    json!({
        "ruleId": format!("rule-{level}"), "level": level, "message": {"text": format!("{level} at {line}")},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "src/a.rs"}, "region": {"startLine": line}}}],
    })
}

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
        ("Findings: scan", Some("neutral"), COMMIT)
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

fn suppressed(line: u64) -> Value {
    let mut result = result("error", line);
    result["suppressions"] =
        json!([{"kind": "inSource", "justification": "false positive: checked"}]);
    result
}

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
    let told =
        |notice: &String| notice.contains("1 alert(s) dismissed") && notice.contains("1 opened");
    assert!(receipt.notices.iter().any(told), "{receipt:?}");
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
fn a_volatile_category_is_flagged() {
    let mut case = Case::new();
    case.log("a.sarif", &[]);
    case.flags.category = Some(format!("scan-{COMMIT}"));
    assert!(case.run().notices[0].contains("a commit or digest"));
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
