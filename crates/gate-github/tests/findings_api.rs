//! Check runs, alerts, analyses and pull requests against a fake GitHub with its real limits.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use gate_github::Token;
use gate_github::api::{
    AlertState, ApiErrorKind, CheckAnnotation, CheckLevel, CheckRun, Client, Conclusion, Dismissal,
    PullsOf,
};
use gate_testkit::fake_github::{Alert, Analysis, FakeGithub, Fault, Pull, Route, Setup};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn client(fake: &FakeGithub) -> (Client, Arc<Mutex<Vec<u64>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&waits);
    let token = Token::new(&["gh", "s_", &"x".repeat(36)].concat());
    let client = Client::new(&fake.url(), token, Duration::from_secs(10))
        .unwrap()
        .with_sleeper(Box::new(move |wait| {
            noted.lock().unwrap().push(wait.as_secs());
        }));
    (client, waits)
}

fn check(annotations: usize) -> CheckRun {
    let annotation = |index: usize| CheckAnnotation {
        path: "src/a.rs".to_owned(),
        start_line: u32::try_from(index).unwrap() + 1,
        end_line: u32::try_from(index).unwrap() + 1,
        start_column: Some(1),
        end_column: Some(2),
        level: CheckLevel::Warning,
        title: "t".to_owned(),
        message: format!("m{index}"),
    };
    CheckRun {
        name: "Findings".to_owned(),
        head_sha: COMMIT.to_owned(),
        conclusion: Conclusion::Neutral,
        external_id: Some("e".to_owned()),
        details_url: Some("https://example.invalid/run".to_owned()),
        title: "3 findings".to_owned(),
        summary: "s".to_owned(),
        text: Some("t".to_owned()),
        annotations: (0..annotations).map(annotation).collect(),
    }
}

#[test]
fn a_check_run_takes_fifty_annotations_a_request() {
    for (annotations, requests) in [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (120, 3)] {
        for base_path in ["", "/api/v3"] {
            let fake = FakeGithub::with(Setup {
                base_path: base_path.to_owned(),
                ..Setup::default()
            })
            .unwrap();
            let posted = client(&fake)
                .0
                .post_check("octo", "gate", &check(annotations))
                .unwrap();
            assert_eq!((posted.annotations, posted.broken_off), (annotations, None));
            let [stored] = fake.checks().try_into().unwrap();
            let messages: Vec<_> = stored
                .annotations
                .iter()
                .filter_map(|one| one["message"].as_str())
                .collect();
            let expected: Vec<_> = (0..annotations).map(|n| format!("m{n}")).collect();
            assert_eq!(messages, expected);
            assert_eq!(
                (stored.conclusion.as_deref(), stored.head_sha.as_str()),
                (Some("neutral"), COMMIT)
            );
            let paths = fake.requests();
            assert_eq!(paths.len(), requests);
            let below = format!("{base_path}/repos/octo/gate/check-runs");
            assert!(paths.iter().all(|request| request.path.starts_with(&below)));
            assert_eq!(fake.violations(), []);
        }
    }
}

#[test]
fn a_check_run_that_breaks_off_says_how_much_it_shows() {
    let fake = FakeGithub::start().unwrap();
    fake.fail(
        Route::UpdateCheck,
        Fault::ValidationFailed {
            message: "no more".to_owned(),
        },
    );
    let (client, waits) = client(&fake);
    let posted = client.post_check("octo", "gate", &check(130)).unwrap();
    let error = posted.broken_off.unwrap();
    assert_eq!(
        (posted.annotations, &error.kind, error.attempts),
        (50, &ApiErrorKind::ValidationFailed, 1)
    );
    assert_eq!(fake.requests().len(), 2, "never retried, nothing after it");
    assert_eq!(*waits.lock().unwrap(), [] as [u64; 0]);
}

#[test]
fn check_runs_wait_as_github_asks_and_name_their_permission() {
    let fake = FakeGithub::start().unwrap();
    let limited = |retry_after| Fault::RateLimited {
        status: 403,
        retry_after: Some(retry_after),
        reset_at: None,
    };
    fake.fail(Route::CreateCheck, limited(7));
    fake.fail(Route::UpdateCheck, limited(9));
    let (client, waits) = client(&fake);
    client.post_check("octo", "gate", &check(60)).unwrap();
    assert_eq!(*waits.lock().unwrap(), [7, 9]);
    fake.fail(Route::CreateCheck, Fault::ReadOnlyToken);
    let error = client.post_check("octo", "gate", &check(1)).unwrap_err();
    assert!(error.to_string().contains("`checks: write`"), "{error}");
}

#[test]
fn what_is_too_long_is_not_sent() {
    let fake = FakeGithub::start().unwrap();
    let (client, _) = client(&fake);
    let long = CheckRun {
        summary: "é".repeat(32_768),
        ..check(1)
    };
    let mut titled = check(1);
    titled.annotations[0].title = "x".repeat(256);
    let nowhere = CheckRun {
        head_sha: "main".to_owned(),
        ..check(1)
    };
    for check in [long, titled, nowhere] {
        let error = client.post_check("octo", "gate", &check).unwrap_err();
        assert!(
            matches!(error.kind, ApiErrorKind::Invalid { .. }),
            "{error}"
        );
    }
    assert_eq!(fake.requests(), []);
}

fn with_alerts(alerts: Vec<Alert>) -> FakeGithub {
    FakeGithub::with(Setup {
        alerts,
        ..Setup::default()
    })
    .unwrap()
}

#[test]
fn alerts_are_listed_page_by_page_and_bounded() {
    let alert = |number| Alert {
        number,
        ..Alert::default()
    };
    let mut alerts: Vec<_> = (1..=250).map(alert).collect();
    alerts[3].tool = "other & more".to_owned();
    alerts[4].git_ref = "refs/heads/dev".to_owned();
    alerts[5].state = "dismissed".to_owned();
    let fake = with_alerts(alerts);
    let (client, _) = client(&fake);
    let of = |tool, state, pages| {
        client
            .alerts("octo", "gate", ("refs/heads/main", tool), state, pages)
            .unwrap()
    };
    let open = of("demo", AlertState::Open, 10);
    assert_eq!((open.items.len(), open.cut), (247, false));
    assert_eq!(open.items[0].path, "src/a.rs");
    let cut = of("demo", AlertState::Open, 2);
    assert_eq!((cut.items.len(), cut.cut), (200, true));
    assert_eq!(of("other & more", AlertState::Open, 1).items[0].number, 4);
    assert_eq!(of("demo", AlertState::Dismissed, 1).items[0].number, 6);
    assert_eq!(fake.violations(), []);
}

#[test]
fn before_the_first_upload_there_is_nothing_to_list() {
    let fake = FakeGithub::start().unwrap();
    let (client, _) = client(&fake);
    let main = "refs/heads/main";
    let alerts = client.alerts("octo", "gate", (main, "demo"), AlertState::Open, 3);
    assert_eq!(alerts.unwrap().items, []);
    assert_eq!(client.analyses("octo", "gate", main, 3).unwrap().items, []);
    fake.fail(Route::Analyses, Fault::NotFound);
    assert!(
        client.analyses("octo", "gate", main, 3).is_err(),
        "hidden is not empty"
    );
}

#[test]
fn alerts_are_dismissed_with_words_and_opened_again() {
    let fake = with_alerts(vec![Alert::default()]);
    let (client, _) = client(&fake);
    let comment = "é".repeat(400);
    client
        .dismiss_alert("octo", "gate", 1, Dismissal::WontFix, &comment)
        .unwrap();
    let [alert] = fake.alerts().try_into().unwrap();
    assert_eq!(
        (alert.state.as_str(), alert.dismissed_reason.as_deref()),
        ("dismissed", Some("won't fix"))
    );
    assert_eq!(alert.dismissed_comment.unwrap().chars().count(), 280);
    client.reopen_alert("octo", "gate", 1).unwrap();
    assert_eq!(fake.alerts()[0].state, "open");
    fake.fail(Route::UpdateAlert, Fault::ReadOnlyToken);
    let error = client.reopen_alert("octo", "gate", 1).unwrap_err();
    assert!(
        error.to_string().contains("`security-events: write`"),
        "{error}"
    );
    assert_eq!(fake.violations(), []);
}

#[test]
fn analyses_say_what_can_be_deleted() {
    let analysis = |id, git_ref: &str| Analysis {
        id,
        git_ref: git_ref.to_owned(),
        commit_sha: COMMIT.to_owned(),
        tool: "demo".to_owned(),
        category: "a".to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        deletable: id == 9,
    };
    let fake = FakeGithub::with(Setup {
        analyses: vec![
            analysis(9, "refs/heads/main"),
            analysis(8, "refs/heads/dev"),
            analysis(7, "refs/heads/main"),
        ],
        ..Setup::default()
    })
    .unwrap();
    let listed = client(&fake)
        .0
        .analyses("octo", "gate", "refs/heads/main", 1);
    let found: Vec<_> = listed
        .unwrap()
        .items
        .iter()
        .map(|one| (one.id, one.deletable))
        .collect();
    assert_eq!(found, [(9, true), (7, false)]);
    assert_eq!(fake.violations(), []);
}

#[test]
fn pull_requests_are_found_by_head_and_by_commit() {
    let pull = |number, branch: &str, state: &str| Pull {
        number,
        head_sha: COMMIT.to_owned(),
        head_repository: "eve/gate".to_owned(),
        head_branch: branch.to_owned(),
        state: state.to_owned(),
        ..Pull::default()
    };
    let fake = FakeGithub::with(Setup {
        pulls: vec![
            pull(7, "a/b&c", "open"),
            pull(6, "a/b&c", "closed"),
            pull(5, "x", "open"),
        ],
        ..Setup::default()
    })
    .unwrap();
    let (client, _) = client(&fake);
    let of = |of| {
        let found = client.pulls("octo", "gate", of).unwrap();
        found
            .iter()
            .map(|pull| (pull.number, pull.open))
            .collect::<Vec<_>>()
    };
    let head = PullsOf::Head {
        owner: "eve",
        branch: "a/b&c",
    };
    assert_eq!(of(head), [(7, true), (6, false)]);
    assert_eq!(of(PullsOf::Commit(COMMIT)), [(7, true), (5, true)]);
    fake.fail(Route::Pulls, Fault::ReadOnlyToken);
    let error = client.pulls("octo", "gate", head).unwrap_err();
    assert!(
        error.to_string().contains("`pull-requests: read`"),
        "{error}"
    );
    assert_eq!(fake.violations(), []);
}
