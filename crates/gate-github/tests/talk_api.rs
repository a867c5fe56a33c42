//! Comments, commit statuses and issues against a fake GitHub with its real limits.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]

use gate_github::Token;
use gate_github::api::{
    ApiErrorKind, Client, CloseReason, CommitStatus, MAX_COMMENT, MAX_ISSUE_TITLE,
    MAX_STATUS_DESCRIPTION, StatusState,
};
use gate_testkit::fake_github::{Comment, FakeGithub, Fault, Issue, Route, Setup};
use std::time::Duration;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn client(fake: &FakeGithub) -> Client {
    let token = Token::new(&["gh", "s_", &"x".repeat(36)].concat());
    Client::new(&fake.url(), token, Duration::from_secs(10))
        .unwrap()
        .with_sleeper(Box::new(|_| {}))
}

fn with(setup: Setup) -> FakeGithub {
    FakeGithub::with(setup).unwrap()
}

fn comment(id: u64, body: &str) -> Comment {
    Comment {
        id,
        number: 7,
        login: "github-actions[bot]".to_owned(),
        body: body.to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        edited: false,
    }
}

#[test]
fn comments_are_looked_through_no_further_than_needed() {
    let fake = with(Setup {
        comments: (1..=250).map(|id| comment(id, &format!("c{id}"))).collect(),
        ..Setup::default()
    });
    let client = client(&fake);
    let find = |body: &str, pages: usize| {
        let wanted = |comment: &gate_github::api::Comment| comment.body == body;
        let found = client.comments("octo", "gate", 7, pages, &wanted).unwrap();
        found.map(|found| found.iter().map(|one| one.id).collect::<Vec<_>>())
    };
    assert_eq!(find("c3", 9), Some(vec![3]));
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(find("c101", 9), Some(vec![101]));
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(find("none", 9), Some(vec![]));
    assert_eq!(fake.requests().len(), 6);
    assert_eq!(find("c250", 2), None, "not seen is not absent");
    assert_eq!(fake.violations(), []);
}

#[test]
fn comments_are_made_changed_and_removed() {
    let fake = with(Setup::default());
    let client = client(&fake);
    let longest = "é".repeat(MAX_COMMENT);
    let made = client.create_comment("octo", "gate", 7, &longest).unwrap();
    assert!(made.author.bot);
    client.update_comment("octo", "gate", made.id, "b").unwrap();
    assert_eq!(fake.comments()[0].body, "b");
    let error = client
        .create_comment("octo", "gate", 7, &format!("{longest}x"))
        .unwrap_err();
    assert!(error.to_string().contains("65537 characters"), "{error}");
    client.delete_comment("octo", "gate", made.id).unwrap();
    client.delete_comment("octo", "gate", made.id).unwrap();
    assert_eq!(fake.comments(), []);
    assert_eq!(
        client
            .update_comment("octo", "gate", made.id, "b")
            .unwrap_err()
            .kind,
        ApiErrorKind::NotFound
    );
    assert_eq!(fake.requests().len(), 5);
    assert_eq!(fake.violations(), []);
}

#[test]
fn what_may_have_arrived_is_sent_once() {
    for fault in [Fault::Reset, Fault::TruncatedBody, Fault::BadGateway] {
        let fake = with(Setup::default());
        fake.fail(Route::CreateComment, fault.clone());
        fake.fail(Route::CreateIssue, fault);
        let client = client(&fake);
        client.create_comment("octo", "gate", 7, "b").unwrap_err();
        client
            .create_issue("octo", "gate", ("t", "b"), "l")
            .unwrap_err();
        assert_eq!(fake.requests().len(), 2);
    }
    let fake = with(Setup::default());
    fake.fail(
        Route::CreateComment,
        Fault::RateLimited {
            status: 403,
            retry_after: Some(3),
            reset_at: None,
        },
    );
    client(&fake)
        .create_comment("octo", "gate", 7, "b")
        .unwrap();
    assert_eq!(fake.comments().len(), 1);
}

#[test]
fn each_refusal_names_its_permission_and_reason() {
    let fake = with(Setup::default());
    let client = client(&fake);
    let told = |fault: Fault| {
        fake.fail(Route::CreateComment, fault);
        client
            .create_comment("octo", "gate", 7, "b")
            .unwrap_err()
            .to_string()
    };
    let answer = |status, message: &str| Fault::Answer {
        status,
        message: message.to_owned(),
    };
    for (fault, words) in [
        (Fault::ReadOnlyToken, "`pull-requests: write`"),
        (Fault::SignOn, "single sign-on"),
        (Fault::Locked, "unlock the conversation"),
        (Fault::Archived, "archived"),
        (answer(409, "Conflict"), "at the same time"),
        (Fault::BadCredentials, "does not know this token"),
    ] {
        let error = told(fault);
        assert!(error.contains(words), "{error}");
    }
    fake.fail(Route::CreateIssue, answer(410, "Issues are disabled"));
    let error = client
        .create_issue("octo", "gate", ("t", "b"), "l")
        .unwrap_err();
    assert!(error.to_string().contains("switch issues on"), "{error}");
    assert_eq!(error.operation.permission(), "issues: write");
}

#[test]
fn a_status_has_its_limits() {
    let fake = with(Setup::default());
    let client = client(&fake);
    let status = |characters: usize| CommitStatus {
        state: StatusState::Pending,
        context: "gatewright/production".to_owned(),
        description: "é".repeat(characters),
        target_url: Some("https://example.invalid/run".to_owned()),
    };
    client
        .set_status("octo", "gate", COMMIT, &status(MAX_STATUS_DESCRIPTION))
        .unwrap();
    let [stored] = fake.statuses().try_into().unwrap();
    assert_eq!(
        (stored.state.as_str(), stored.context.as_str()),
        ("pending", "gatewright/production")
    );
    client
        .set_status("octo", "gate", COMMIT, &status(MAX_STATUS_DESCRIPTION + 1))
        .unwrap_err();
    client
        .set_status("octo", "gate", "main", &status(1))
        .unwrap_err();
    assert_eq!(fake.requests().len(), 1);
    assert_eq!(fake.violations(), []);
}

#[test]
fn issues_are_listed_by_label_and_pull_requests_are_none() {
    let issue = |number: u64, state: &str, label: &str, is_pull: bool| Issue {
        number,
        login: "github-actions[bot]".to_owned(),
        title: "t".to_owned(),
        body: "b".to_owned(),
        labels: vec![label.to_owned()],
        state: state.to_owned(),
        state_reason: None,
        is_pull,
    };
    let fake = with(Setup {
        issues: vec![
            issue(1, "open", "ours", false),
            issue(2, "closed", "ours", false),
            issue(3, "open", "other", false),
            issue(4, "open", "ours", true),
            issue(5, "open", "ours", false),
        ],
        ..Setup::default()
    });
    let client = client(&fake);
    let found = client.open_issues("octo", "gate", "ours", 3).unwrap();
    let numbers: Vec<_> = found.unwrap().iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [1, 5]);
    let made = client
        .create_issue("octo", "gate", ("t", "b"), "ours")
        .unwrap();
    assert_eq!((made.number, made.labels), (6, vec!["ours".to_owned()]));
    client.comment_issue("octo", "gate", 6, "c").unwrap();
    client.update_issue("octo", "gate", 6, "b2").unwrap();
    client
        .close_issue("octo", "gate", 6, CloseReason::Completed)
        .unwrap();
    client.label_issue("octo", "gate", 6, "l").unwrap();
    let stored = fake.issues().pop().unwrap();
    assert_eq!(
        (stored.state.as_str(), stored.state_reason.as_deref()),
        ("closed", Some("completed"))
    );
    assert_eq!((stored.body.as_str(), stored.labels.len()), ("b2", 2));
    let title = "t".repeat(MAX_ISSUE_TITLE + 1);
    client
        .create_issue("octo", "gate", (&title, "b"), "ours")
        .unwrap_err();
    assert_eq!(fake.requests().len(), 6);
    assert_eq!(fake.violations(), []);
}

#[test]
fn labels_may_be_dropped_and_accounts_be_known() {
    let fake = with(Setup {
        drops_labels: true,
        login: "eve".to_owned(),
        ..Setup::default()
    });
    let of_a_person = client(&fake);
    let made = of_a_person
        .create_issue("octo", "gate", ("t", "b"), "ours")
        .unwrap();
    assert_eq!(made.labels, Vec::<String>::new());
    assert_eq!(of_a_person.login().unwrap(), "eve");
    let fake = with(Setup::default());
    let error = client(&fake).login().unwrap_err();
    assert_eq!(error.kind, ApiErrorKind::MissingPermission);
    assert_eq!(fake.violations(), []);
}
