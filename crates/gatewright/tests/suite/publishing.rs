//! `--publish`, as a workflow runs it: the decision, the exit code and the
//! files are the same whatever becomes of it.

use crate::actions::in_actions;
use crate::support::{POLICY, Ran, Repo};
use gate_testkit::fake_github::{FakeGithub, Fault, Pull, Route, Setup};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;

const ALL: &str = "check,comment,status,issue";

/// One broken link, with words that try to get out.
fn broken() -> Repo {
    let repo = Repo::sound(Some(POLICY));
    repo.write(
        "README.md",
        "# Title\n\n[a](docs/@everyone<script>|`x`.md)\n\n[b](gone.md)\n",
    );
    repo.commit("break");
    repo
}

fn token() -> String {
    ["gh", "s_", &"z".repeat(36)].concat()
}

fn pull_request(head: &str, repository: &str) -> String {
    json!({
        "number": 7, "repository": {"default_branch": "main", "full_name": "octo/demo"},
        "pull_request": {
            "number": 7,
            "base": {"sha": head, "ref": "main", "repo": {"full_name": "octo/demo"}},
            "head": {"sha": head, "ref": "topic", "repo": {"full_name": repository}},
        },
    })
    .to_string()
}

pub(crate) struct Told {
    pub(crate) ran: Ran,
    pub(crate) summary: String,
}

pub(crate) fn publish(
    repo: &Repo,
    fake: &FakeGithub,
    event: (&str, &str),
    extra: &[(&str, &str)],
) -> Told {
    let (url, token) = (fake.url(), token());
    let mut variables = vec![
        ("GITHUB_API_URL", url.as_str()),
        ("GITHUB_TOKEN", token.as_str()),
        ("GITHUB_RUN_ID", "42"),
        ("GATEWRIGHT_PUBLISH", ALL),
    ];
    variables.extend(extra);
    let (ran, _, summary) = in_actions(repo, &["run"], event, &variables);
    for text in [&ran.stdout, &ran.stderr, &summary] {
        assert!(!text.contains(&token), "{text}");
    }
    assert_eq!(fake.violations(), []);
    Told { ran, summary }
}

fn head(repo: &Repo) -> String {
    repo.git(&["rev-parse", "HEAD"])
}

/// What the files say, without what differs from run to run.
fn files(repo: &Repo) -> Vec<(&'static str, bool)> {
    [
        "decision.md",
        "report.html",
        "badge.svg",
        "comment.md",
        "comment.json",
    ]
    .map(|name| (name, repo.out(name).is_file()))
    .to_vec()
}

#[test]
fn a_pull_request_gets_check_comment_and_status() {
    let repo = broken();
    let head = head(&repo);
    let fake = FakeGithub::start().expect("a fake");
    let event = pull_request(&head, "octo/demo");
    let told = publish(&repo, &fake, ("pull_request", &event), &[]);
    assert_eq!(told.ran.code, Some(1), "{}", told.ran.stderr);
    assert!(
        !told.summary.contains("Not published"),
        "{}",
        told.ran.stderr
    );
    let calls: Vec<_> = fake
        .requests()
        .iter()
        .map(|it| format!("{} {}", it.method, it.path.replace("/repos/octo/demo/", "")))
        .collect();
    assert_eq!(
        calls,
        [
            // Whether an override is asked for.
            "GET pulls/7",
            "POST check-runs",
            "GET issues/7/comments?per_page=100&page=1",
            "POST issues/7/comments",
            "GET issues/7/comments?per_page=100&page=1",
            &format!("POST statuses/{head}"),
        ]
    );
    let [check] = fake.checks().try_into().expect("one");
    assert_eq!(check.head_sha, head);
    assert_eq!(check.annotations.len(), 2);
    let comment = &fake.comments()[0].body;
    for text in [comment, &check.summary] {
        assert!(
            !text.contains("<script>") && !text.contains("@everyone"),
            "{text}"
        );
    }
    assert!(comment.contains("| Gate | Criterion | Observed | Required | Next step |"));
    assert!(comment.contains("actions/runs/42"), "{comment}");
    let about = repo.json("comment.json");
    assert_eq!(
        (&about["number"], &about["head_sha"]),
        (&json!(7), &json!(head))
    );
}

#[test]
fn what_cannot_be_published_is_said_once_and_changes_nothing() {
    let repo = broken();
    let event = pull_request(&head(&repo), "octo/demo");
    let quiet = publish(
        &repo,
        &FakeGithub::start().expect("a fake"),
        ("pull_request", &event),
        &[],
    );
    let digest = repo.decision()["digest"].clone();
    let decided = files(&repo);
    for fault in [
        Fault::BadCredentials,
        Fault::ReadOnlyToken,
        Fault::NotFound,
        Fault::Answer {
            status: 418,
            message: String::from("::error::x\n::set-output name=a::b ##[error]@all <b>"),
        },
    ] {
        let fake = FakeGithub::start().expect("a fake");
        for route in [Route::CreateCheck, Route::Comments, Route::CreateStatus] {
            fake.fail(route, fault.clone());
        }
        let told = publish(&repo, &fake, ("pull_request", &event), &[]);
        assert_eq!(told.ran.code, quiet.ran.code);
        assert_eq!(repo.decision()["digest"], digest);
        assert_eq!(files(&repo), decided);
        let said: Vec<_> = told
            .ran
            .stderr
            .lines()
            .filter(|line| line.starts_with("warning: check: "))
            .collect();
        assert_eq!(said.len(), 1, "{}", told.ran.stderr);
        assert!(said[0].contains("next step"), "{said:?}");
        assert_eq!(told.summary.matches("### Not published").count(), 1);
        assert_eq!(
            told.summary.matches("- check: ").count(),
            1,
            "{}",
            told.summary
        );
        for text in [&told.ran.stderr, &told.summary] {
            assert!(!text.contains("##[") && !text.contains("@all"), "{text}");
            assert!(
                !text.lines().any(|line| line.trim_start().starts_with("::")),
                "{text}"
            );
        }
    }
    let offline = [("GATEWRIGHT_OFFLINE", "true")];
    let fake = FakeGithub::start().expect("a fake");
    let told = publish(&repo, &fake, ("pull_request", &event), &offline);
    assert!(told.ran.stderr.contains("--offline"), "{}", told.ran.stderr);
    assert_eq!((told.ran.code, fake.requests().len()), (quiet.ran.code, 0));
}

/// The decision is on disk: running out of time while it is told is no failure of the gates.
#[test]
fn a_time_out_while_publishing_keeps_the_exit_code() {
    let repo = broken();
    let fake = FakeGithub::start().expect("a fake");
    fake.fail(Route::CreateCheck, Fault::SlowBody { millis: 600_000 });
    let event = pull_request(&head(&repo), "octo/demo");
    let timeout = [("GATEWRIGHT_TIMEOUT", "9s")];
    let told = publish(&repo, &fake, ("pull_request", &event), &timeout);
    assert_eq!(told.ran.code, Some(1), "{}", told.ran.stderr);
    assert!(
        told.ran.stderr.contains("stays unpublished"),
        "{}",
        told.ran.stderr
    );
    assert_eq!(repo.decision()["decision"], "block");
}

#[test]
fn without_a_runner_nothing_is_published_and_that_is_said() {
    let repo = broken();
    let ran = repo.run(&["run", "--publish", "check,slack"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stderr.matches("check, slack not published").count(),
        1,
        "{}",
        ran.stderr
    );
    assert_eq!(repo.run(&["run", "--publish", "chekc"]).code, Some(2));
}

/// The first stage asks nobody; the second believes nobody.
#[test]
fn a_fork_gets_its_comment_in_two_stages() {
    let repo = broken();
    let head = head(&repo);
    let fake = FakeGithub::start().expect("a fake");
    let event = pull_request(&head, "eve/demo");
    let told = publish(&repo, &fake, ("pull_request", &event), &[]);
    assert_eq!(told.ran.code, Some(1));
    // Whether an override is asked for; nothing is written.
    let calls: Vec<_> = fake.requests().into_iter().map(|it| it.method).collect();
    assert_eq!(calls, ["GET"]);
    assert!(
        told.ran.stderr.contains("from a fork"),
        "{}",
        told.ran.stderr
    );
    assert!(repo.out("comment.md").is_file());

    let artifact = repo.path().join("artifact");
    fs::create_dir(&artifact).expect("a folder");
    for name in [
        "decision.json",
        "integrity.verdict.json",
        "security.verdict.json",
    ] {
        fs::copy(repo.out(name), artifact.join(name)).expect("copied");
    }
    fs::write(artifact.join("comment.md"), "@everyone merge this").expect("written");
    fs::write(artifact.join("comment.json"), r#"{"number": 1}"#).expect("written");
    let fake = FakeGithub::with(Setup {
        pulls: vec![Pull {
            number: 9,
            head_sha: head.clone(),
            head_repository: String::from("eve/demo"),
            head_branch: String::from("topic"),
            state: String::from("open"),
            author: String::from("eve"),
            labels: Vec::new(),
        }],
        ..Setup::default()
    })
    .expect("a fake");
    let run = |event: &Value| {
        let (url, token) = (fake.url(), token());
        let variables = [
            ("GITHUB_API_URL", url.as_str()),
            ("GITHUB_TOKEN", token.as_str()),
            ("GITHUB_RUN_ID", "77"),
            ("GATEWRIGHT_PUBLISH", "comment,status"),
            ("GATEWRIGHT_PUBLISH_FROM", artifact.to_str().expect("UTF-8")),
        ];
        let (ran, _, _) = in_actions(
            &repo,
            &["quality"],
            ("workflow_run", &event.to_string()),
            &variables,
        );
        assert_eq!(fake.violations(), []);
        ran
    };
    let event = json!({
        "repository": {"default_branch": "main", "full_name": "octo/demo"},
        "workflow_run": {
            "id": 50, "run_attempt": 1, "head_sha": head, "head_branch": "topic", "event": "pull_request",
            "head_repository": {"full_name": "eve/demo"}, "pull_requests": [],
        },
    });
    let ran = run(&event);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("status not published"),
        "{}",
        ran.stderr
    );
    let [comment] = fake.comments().try_into().expect("one");
    assert_eq!(comment.number, 9);
    assert!(
        comment.body.contains("nobody has checked it"),
        "{}",
        comment.body
    );
    assert!(comment.body.contains("run=50.1") && comment.body.contains("actions/runs/50"));
    assert!(!comment.body.contains("merge this"));
    assert_eq!(fake.statuses(), []);

    // What was changed after it was written is not published at all.
    let changed = fs::read_to_string(artifact.join("decision.json")).expect("read");
    let changed = changed.replace("\"block\"", "\"allow\"");
    fs::write(artifact.join("decision.json"), changed).expect("written");
    let ran = run(&event);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert_eq!(run(&json!({})).code, Some(2));
    assert_eq!(fake.comments().len(), 1);
}

/// A chat that takes one message and tells what came.
fn chat() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!(
        "http://{}/services/{}",
        listener.local_addr().expect("an address"),
        ["T0", "SECRET"].concat()
    );
    let (sender, came) = mpsc::channel();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let (mut bytes, mut text) = (vec![0; 65_536], String::new());
            while !text.trim_end().ends_with('}') {
                match stream.read(&mut bytes) {
                    Ok(read) if read > 0 => text.push_str(&String::from_utf8_lossy(&bytes[..read])),
                    _ => break,
                }
            }
            let _ = sender.send(text);
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
    });
    (url, came)
}

#[test]
fn a_blocked_main_opens_an_issue_and_tells_the_chats_at_the_edges() {
    let repo = broken();
    let fake = FakeGithub::start().expect("a fake");
    let (slack, came) = chat();
    let (discord, came_too) = chat();
    let event = r#"{"before": "0000000000000000000000000000000000000000", "created": true, "forced": false,
        "repository": {"default_branch": "main", "full_name": "octo/demo"}}"#;
    let push = |run: &str| {
        let told = publish(
            &repo,
            &fake,
            ("push", event),
            &[
                ("GITHUB_REF", "refs/heads/main"),
                ("GITHUB_RUN_ID", run),
                ("GATEWRIGHT_PUBLISH", "issue,slack,discord"),
                ("GATEWRIGHT_SLACK_WEBHOOK", &slack),
                ("GATEWRIGHT_DISCORD_WEBHOOK", &discord),
                ("GATEWRIGHT_WEBHOOK_HOSTS", "127.0.0.1"),
            ],
        );
        let masks = told
            .ran
            .stdout
            .lines()
            .filter(|line| line.starts_with("::add-mask::"))
            .count();
        let secret = ["T0", "SECRET"].concat();
        assert_eq!(told.ran.stdout.matches(&secret).count(), masks);
        assert!(!told.ran.stderr.contains(&secret) && !told.summary.contains(&secret));
        assert!(
            !told.summary.contains("Not published"),
            "{}",
            told.ran.stderr
        );
        (
            told.ran.code,
            came.try_iter().count(),
            came_too.try_iter().count(),
        )
    };
    assert_eq!(push("1"), (Some(1), 1, 1));
    assert_eq!(push("2"), (Some(1), 0, 0));
    repo.write("README.md", "# Title\n");
    repo.commit("mend");
    assert_eq!(push("3"), (Some(0), 1, 1));
    assert_eq!(push("4"), (Some(0), 0, 0));
    let [issue] = fake.issues().try_into().expect("one");
    assert_eq!((issue.state.as_str(), issue.labels.len()), ("closed", 1));
}
