//! Every publisher against a fake GitHub: which calls are made, and what is
//! said where one fails.

use super::desk::Desk;
use super::place::Place;
use super::{Before, Channel, speak};
use gate_github::Token;
use gate_github::api::Client;
use gate_runner::Session;
use gate_testkit::fake_github::{Comment, FakeGithub, Fault, Issue, Route, Setup};
use gate_verdict::{
    Code, Decision, DecisionDoc, DecisionKind, PolicyRef, Reason, Run, SCHEMA_VERSION, Status,
    Subject, Tool,
};
use std::cell::OnceCell;
use std::time::Duration;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const BOT: &str = "github-actions[bot]";

#[derive(clap::Parser)]
struct Only {
    #[command(flatten)]
    flags: gate_runner::Flags,
}

/// One run of a workflow.
struct Stage {
    fake: FakeGithub,
    folder: tempfile::TempDir,
    place: Place,
    document: DecisionDoc,
    before: Before,
    timeout: Duration,
}

impl Stage {
    fn new(setup: Setup) -> Self {
        Self {
            fake: FakeGithub::with(setup).expect("a fake"),
            folder: tempfile::tempdir().expect("a folder"),
            place: Place {
                commit: Some(COMMIT.to_owned()),
                pull: Some(7),
                run: Some((100, 1)),
                run_url: Some(String::from("https://example.invalid/runs/100")),
                read_only: false,
                lasting: true,
            },
            document: document(Decision::Block),
            before: Before::Unrecorded,
            timeout: Duration::from_secs(10),
        }
    }

    fn plain() -> Self {
        Self::new(Setup::default())
    }

    /// What could not be published.
    fn speak(&self, wanted: &[Channel]) -> Vec<String> {
        let arguments = [
            "gate",
            "--root",
            self.folder.path().to_str().expect("UTF-8"),
        ];
        let flags = <Only as clap::Parser>::parse_from(arguments).flags;
        let session = Session::look(flags).expect("a session");
        let token = Token::new(&["gh", "s_", &"x".repeat(36)].concat());
        let client = Client::new(&self.fake.url(), token, self.timeout)
            .expect("a client")
            .with_budget(Duration::from_mins(1))
            .with_clock(|| 1_000)
            .with_sleeper(Box::new(|_| {}));
        let desk = Desk {
            session: &session,
            document: &self.document,
            verdicts: &[],
            place: &self.place,
            client,
            owner: "octo",
            repo: "gate",
            slot: String::from("production"),
            preface: "",
            login: OnceCell::new(),
        };
        let said = speak(&desk, wanted, self.before);
        assert_eq!(self.fake.violations(), []);
        said
    }

    /// Method, path below the repository without its query, status.
    fn calls(&self) -> Vec<String> {
        let short = |path: &str| {
            let path = path.replace("/repos/octo/gate/", "");
            path.split('?').next().unwrap_or_default().to_owned()
        };
        let requests = self.fake.requests();
        requests
            .iter()
            .map(|it| format!("{} {} {}", it.method, short(&it.path), it.status))
            .collect()
    }

    /// The next run, of what is decided then.
    fn next(&mut self, run: u64, decision: Decision) {
        self.place.run = Some((run, 1));
        self.document = document(decision);
    }
}

fn document(decision: Decision) -> DecisionDoc {
    let mut document = DecisionDoc {
        schema_version: SCHEMA_VERSION,
        kind: DecisionKind::Decision,
        status: Status::Fail,
        decision,
        subject: Subject {
            commit: Some(COMMIT.to_owned()),
            git_ref: Some(String::from("refs/heads/main")),
            ..Subject::default()
        },
        environment: Some(String::from("production")),
        policy: PolicyRef::default(),
        as_of: String::from("2026-01-02T03:04:05Z"),
        gates: Vec::new(),
        reasons: vec![reason("coverage", Code::RequirementNotMet)],
        overrides: Vec::new(),
        notices: Vec::new(),
        approvals: None,
        chain: Vec::new(),
        way: Vec::new(),
        tool: Tool {
            name: String::from("gatewright"),
            version: String::from("0.0.0"),
        },
        digest: String::new(),
        run: Run::default(),
    };
    document.seal().expect("sealed");
    document
}

fn reason(gate: &str, code: Code) -> Reason {
    Reason {
        gate: gate.to_owned(),
        criterion: Some(String::from("line_coverage")),
        code,
        text: String::from("observed 70 %, required >= 85 %"),
    }
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_good_path_makes_the_necessary_calls_and_no_more() {
    let mut stage = Stage::plain();
    let all = [
        Channel::Check,
        Channel::Comment,
        Channel::Status,
        Channel::Issue,
    ];
    assert_eq!(stage.speak(&all), nothing());
    let first = [
        "POST check-runs 201",
        "GET issues/7/comments 200",
        "POST issues/7/comments 201",
        "GET issues/7/comments 200",
        &format!("POST statuses/{COMMIT} 201"),
        "GET issues 200",
        "POST issues 201",
        "GET issues 200",
    ];
    assert_eq!(stage.calls(), first);

    // The same again changes nothing but what belongs to the commit.
    stage.place.run = Some((101, 1));
    assert_eq!(stage.speak(&all), nothing());
    let again = [
        "POST check-runs 201",
        "GET issues/7/comments 200",
        &format!("POST statuses/{COMMIT} 201"),
        "GET issues 200",
    ];
    assert_eq!(stage.calls()[8..], again);

    stage.next(102, Decision::Allow);
    assert_eq!(stage.speak(&all), nothing());
    let better = [
        "POST check-runs 201",
        "GET issues/7/comments 200",
        "PATCH issues/comments/901 200",
        &format!("POST statuses/{COMMIT} 201"),
        "GET issues 200",
        "PATCH issues/101 200",
        "POST issues/101/comments 201",
    ];
    assert_eq!(stage.calls()[12..], better);
    let [comment, recovery] = stage.fake.comments().try_into().expect("two");
    assert!(comment.body.starts_with(
        "<!-- gatewright:production run=102.1 commit=0123456789abcdef0123456789abcdef01234567 digest="
    ));
    assert!(
        comment.body.contains("Decision: allowed"),
        "{}",
        comment.body
    );
    assert!(recovery.number == 101 && recovery.body.contains("allowed"));
    let states: Vec<_> = stage
        .fake
        .statuses()
        .into_iter()
        .map(|it| (it.state, it.context))
        .collect();
    let of = |state: &str| (state.to_owned(), String::from("gatewright/production"));
    assert_eq!(states, [of("failure"), of("failure"), of("success")]);
}

#[test]
fn decisions_become_conclusions_and_states() {
    for (decision, conclusion, state) in [
        (Decision::Allow, "success", "success"),
        (Decision::AllowWithOverride, "success", "success"),
        (Decision::RequireApproval, "action_required", "pending"),
        (Decision::Block, "failure", "failure"),
    ] {
        let mut stage = Stage::plain();
        stage.document = document(decision);
        assert_eq!(stage.speak(&[Channel::Check, Channel::Status]), nothing());
        let [check] = stage.fake.checks().try_into().expect("one");
        assert_eq!(check.conclusion.as_deref(), Some(conclusion));
        assert_eq!(check.name, "Gatewright / production");
        let id = format!("gatewright:production:{}", stage.document.digest);
        assert_eq!(check.external_id, Some(id));
        assert_eq!(stage.fake.statuses()[0].state, state);
    }
}

#[test]
fn an_older_run_does_not_overwrite_a_newer_one() {
    let mut stage = Stage::plain();
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    stage.next(99, Decision::Allow);
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    assert_eq!(stage.calls().len(), 4);
    assert!(stage.fake.comments()[0].body.contains("blocked"));
    // A second attempt of the same run is newer.
    stage.place.run = Some((100, 2));
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    assert!(stage.fake.comments()[0].body.contains("allowed"));
}

fn marker(run: u64) -> String {
    format!("<!-- gatewright:production run={run}.1 digest=0 decision=allow -->\ntheirs")
}

#[test]
fn two_runs_at_once_leave_one_comment_and_the_newer_text() {
    for (other, ours_stays) in [(99, true), (101, false)] {
        let stage = Stage::plain();
        let body = marker(other);
        // Between our list and our comment another run makes its own.
        stage
            .fake
            .fail(Route::Comments, Fault::Meanwhile { number: 7, body });
        assert_eq!(stage.speak(&[Channel::Comment]), nothing());
        let [comment] = stage.fake.comments().try_into().expect("one");
        assert_eq!(comment.body.contains("blocked"), ours_stays, "{other}");
    }
}

#[test]
fn comments_of_others_are_left_alone() {
    let theirs = |id: u64, login: &str, body: String| Comment {
        id,
        number: 7,
        login: login.to_owned(),
        body,
        created_at: String::from("2026-01-02T03:04:05Z"),
        edited: false,
    };
    let others = vec![
        theirs(1, "eve", marker(999)),
        theirs(2, BOT, format!("> {}", marker(999))),
        theirs(3, BOT, marker(999).replace("production", "staging")),
    ];
    let stage = Stage::new(Setup {
        comments: others.clone(),
        ..Setup::default()
    });
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    assert_eq!(stage.fake.comments()[..3], others);
    assert_eq!(stage.fake.comments().len(), 4);

    // A person's own token finds what it wrote.
    let stage = Stage::new(Setup {
        comments: vec![theirs(1, "eve", marker(9)), theirs(2, "bob", marker(9))],
        login: String::from("bob"),
        ..Setup::default()
    });
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    let calls = stage.calls();
    assert_eq!(calls[1], "GET /user 200");
    assert_eq!(calls[2], "PATCH issues/comments/2 200");
    assert_eq!(calls.len(), 3);
}

#[test]
fn a_comment_that_may_have_arrived_is_looked_for() {
    for (fault, made) in [
        (Fault::TruncatedBody, 1),
        (Fault::Reset, 1),
        (Fault::BadGateway, 1),
        (Fault::HugeBody { bytes: 10 }, 1),
    ] {
        let stage = Stage::plain();
        stage.fake.fail(Route::CreateComment, fault.clone());
        stage.fake.fail(Route::CreateIssue, fault);
        assert_eq!(stage.speak(&[Channel::Comment, Channel::Issue]), nothing());
        assert_eq!(stage.fake.comments().len(), made);
        assert_eq!(stage.fake.issues().len(), made);
    }
}

#[test]
fn a_comment_removed_in_between_is_made_again() {
    let stage = Stage::plain();
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    let mut stage = stage;
    stage.next(101, Decision::Allow);
    stage.fake.fail(Route::UpdateComment, Fault::NotFound);
    assert_eq!(stage.speak(&[Channel::Comment]), nothing());
    assert!(stage.fake.comments()[0].body.contains("allowed"));
}

#[test]
fn an_issue_lives_as_long_as_the_block() {
    let mut stage = Stage::plain();
    let issue = [Channel::Issue];
    assert_eq!(stage.speak(&issue), nothing());
    // The figures move: no news.
    stage.document.reasons[0].text = String::from("observed 71 %, required >= 85 %");
    stage.place.run = Some((101, 1));
    assert_eq!(stage.speak(&issue), nothing());
    assert_eq!(stage.fake.comments(), []);
    // Another reason: told.
    stage
        .document
        .reasons
        .push(reason("security", Code::NoEvidence));
    stage.place.run = Some((102, 1));
    assert_eq!(stage.speak(&issue), nothing());
    assert!(
        stage.fake.comments()[0]
            .body
            .contains("reasons have changed")
    );
    // An older run comes late and says nothing.
    stage.next(101, Decision::Allow);
    assert_eq!(stage.speak(&issue), nothing());
    assert_eq!(stage.fake.issues()[0].state, "open");
    // Approval is no recovery.
    stage.next(103, Decision::RequireApproval);
    assert_eq!(stage.speak(&issue), nothing());
    assert_eq!(stage.fake.issues()[0].state, "open");
    stage.next(104, Decision::AllowWithOverride);
    assert_eq!(stage.speak(&issue), nothing());
    let closed = &stage.fake.issues()[0];
    assert_eq!(closed.state_reason.as_deref(), Some("completed"));
    // The next block is a new issue.
    stage.next(105, Decision::Block);
    assert_eq!(stage.speak(&issue), nothing());
    let states: Vec<_> = stage.fake.issues().into_iter().map(|it| it.state).collect();
    assert_eq!(states, ["closed", "open"]);
}

#[test]
fn an_issue_is_for_what_lasts_and_for_one_at_a_time() {
    let mut stage = Stage::plain();
    stage.place.lasting = false;
    assert_eq!(stage.speak(&[Channel::Issue]), nothing());
    assert_eq!(stage.calls(), nothing());

    let twin = |number: u64| Issue {
        number,
        login: BOT.to_owned(),
        title: String::from("t"),
        body: marker(1).replace("allow", "block"),
        labels: vec![String::from("gatewright")],
        state: String::from("open"),
        state_reason: None,
        is_pull: false,
    };
    let stage = Stage::new(Setup {
        issues: vec![twin(1), twin(2)],
        ..Setup::default()
    });
    assert_eq!(stage.speak(&[Channel::Issue]), nothing());
    let states: Vec<_> = stage.fake.issues().into_iter().map(|it| it.state).collect();
    assert_eq!(states, ["open", "closed"]);

    // Closed by hand while it was blocked: not opened again.
    let mut stage = Stage::plain();
    stage.before = Before::Was(Decision::Block);
    assert_eq!(stage.speak(&[Channel::Issue]), nothing());
    assert_eq!(stage.fake.issues(), []);
}

#[test]
fn an_issue_without_its_label_does_not_stay() {
    let stage = Stage::new(Setup {
        drops_labels: true,
        ..Setup::default()
    });
    assert_eq!(stage.speak(&[Channel::Issue]), nothing());
    assert_eq!(stage.fake.issues()[0].labels, ["gatewright"]);
    let stage = Stage::new(Setup {
        drops_labels: true,
        ..Setup::default()
    });
    stage.fake.fail(Route::LabelIssue, Fault::ReadOnlyToken);
    let [said] = stage.speak(&[Channel::Issue]).try_into().expect("one");
    assert!(said.contains("closed again"), "{said}");
    assert_eq!(stage.fake.issues()[0].state, "closed");
}

/// Each fault at each publisher: said once, in words with a next step, and no
/// request is sent for ever.
#[test]
fn every_fault_is_said_once() {
    let limited = |status, retry_after, reset_at| Fault::RateLimited {
        status,
        retry_after,
        reset_at,
    };
    let answer = |status, message: &str| Fault::Answer {
        status,
        message: message.to_owned(),
    };
    let clock = |date: &str, reset_at| Fault::OtherClock {
        date: date.to_owned(),
        reset_at,
    };
    let faults = [
        Fault::BadCredentials,
        Fault::ReadOnlyToken,
        Fault::Archived,
        Fault::SignOn,
        Fault::Locked,
        Fault::FeatureOff,
        limited(403, None, Some(900)),
        limited(403, None, Some(9_999)),
        limited(403, Some(2), None),
        limited(429, Some(2), None),
        limited(429, Some(3_600), None),
        limited(429, None, None),
        // Clocks that differ by a day, either way.
        clock("Fri, 02 Jan 1970 00:00:00 GMT", 86_460),
        clock("Thu, 01 Jan 1970 00:00:00 GMT", 60),
        Fault::NotFound,
        answer(409, "Conflict"),
        answer(410, "Issues are disabled for this repo"),
        Fault::PayloadTooLarge,
        Fault::ValidationFailed {
            message: String::from("body is too long"),
        },
        answer(500, "oops"),
        Fault::BadGateway,
        answer(503, "unavailable"),
        Fault::Reset,
        Fault::HugeError { bytes: 100_000 },
        answer(418, "@all ::error::x\n##[error] <b>"),
    ];
    let publishers = [
        (Channel::Check, Route::CreateCheck),
        (Channel::Status, Route::CreateStatus),
        (Channel::Comment, Route::Comments),
        (Channel::Comment, Route::CreateComment),
        (Channel::Issue, Route::Issues),
        (Channel::Issue, Route::CreateIssue),
    ];
    for (channel, route) in publishers {
        for fault in &faults {
            let stage = Stage::plain();
            for _ in 0..40 {
                stage.fake.fail(route, fault.clone());
            }
            let [said] = stage
                .speak(&[channel])
                .try_into()
                .unwrap_or_else(|said| panic!("{channel:?} {route:?} {fault:?}: {said:?}"));
            assert!(
                said.starts_with(&format!("{}: ", channel.as_str())) && said.contains("next step"),
                "{said}"
            );
            assert!(stage.calls().len() <= 18, "{:?}", stage.calls());
        }
    }
}

/// Where GitHub does not serve one, the others are not tried at length.
#[test]
fn an_outage_is_waited_for_once() {
    let stage = Stage::plain();
    for _ in 0..40 {
        stage.fake.fail(Route::CreateCheck, Fault::BadGateway);
    }
    let all = [Channel::Check, Channel::Comment, Channel::Status];
    let [check, rest] = stage.speak(&all).try_into().expect("two");
    assert!(check.starts_with("check: "), "{check}");
    assert!(rest.starts_with("comment, status not tried"), "{rest}");
    assert_eq!(stage.calls().len(), 6);
    // A permission that one lacks says nothing of the others.
    let stage = Stage::plain();
    stage.fake.fail(Route::CreateCheck, Fault::ReadOnlyToken);
    assert_eq!(stage.speak(&all).len(), 1);
    assert_eq!(stage.fake.comments().len(), 1);
}

#[test]
fn a_slow_or_cut_answer_ends() {
    let mut stage = Stage::plain();
    stage.timeout = Duration::from_millis(150);
    for _ in 0..10 {
        stage
            .fake
            .fail(Route::CreateStatus, Fault::SlowBody { millis: 2_000 });
    }
    let [said] = stage.speak(&[Channel::Status]).try_into().expect("one");
    assert!(said.contains("time allowed"), "{said}");
    let stage = Stage::plain();
    stage.fake.fail(Route::CreateStatus, Fault::TruncatedBody);
    assert_eq!(stage.speak(&[Channel::Status]), nothing());
}

#[test]
fn edges_need_to_know_what_was_before() {
    let mut stage = Stage::plain();
    let [said] = stage
        .speak(&[Channel::Slack, Channel::Discord])
        .try_into()
        .expect("one");
    assert!(
        said.starts_with("slack, discord not told") && said.contains("--ledger"),
        "{said}"
    );
    assert_eq!(stage.calls(), nothing());
    // No edge, nothing to say, and no webhook is needed.
    for (before, decision) in [
        (Before::First, Decision::Allow),
        (Before::Was(Decision::Block), Decision::Block),
        (Before::Was(Decision::RequireApproval), Decision::Allow),
    ] {
        stage.before = before;
        stage.document = document(decision);
        assert_eq!(stage.speak(&[Channel::Slack]), nothing());
    }
    // An edge by the comment's own memory.
    stage.before = Before::Unrecorded;
    stage.document = document(Decision::Block);
    let wanted = [Channel::Comment, Channel::Slack];
    let [said] = stage.speak(&wanted).try_into().expect("one");
    assert!(said.contains("GATEWRIGHT_SLACK_WEBHOOK"), "{said}");
    stage.place.run = Some((101, 1));
    assert_eq!(stage.speak(&wanted), nothing());
}

/// A text at the limit is cut and counted, never refused.
#[test]
fn the_longest_decision_fits_everywhere() {
    let mut stage = Stage::plain();
    let long = |at: usize| Reason {
        text: format!("{at} {}", "é@x|`<b>".repeat(100)),
        ..reason("coverage", Code::RequirementNotMet)
    };
    stage.document.reasons = (0..2_000).map(long).collect();
    stage.document.environment = Some("e".repeat(2_000));
    stage.document.notices = (0..2_000)
        .map(|at| format!("{at} {}", "n".repeat(300)))
        .collect();
    let all = [
        Channel::Check,
        Channel::Comment,
        Channel::Status,
        Channel::Issue,
    ];
    assert_eq!(stage.speak(&all), nothing());
    let comment = &stage.fake.comments()[0].body;
    assert!(comment.len() > 30_000 && comment.contains("more not shown here"));
}
