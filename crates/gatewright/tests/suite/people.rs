//! `require_approval`, resolved through reviews and approvals of environments.

use crate::actions::{in_actions, pull_request};
use crate::support::Repo;
use gate_testkit::fake_github::{
    Comment, FakeGithub, Fault, Issue, Pull, Review, Route, RunApproval, Setup,
};
use serde_json::Value;

fn policy(approvals: &str) -> String {
    format!(
        "version: 1
gates:
  integrity: {{criteria: {{no_broken_links: true}}}}
environments:
  staging: {{advisory_gates: [integrity]{approvals}}}
"
    )
}

/// Exit code, decision, and the paths that GitHub was asked for.
type Judged = (Option<i32>, Value, Vec<String>);

/// A change with a broken link, which `staging` only advises against.
struct Change {
    repo: Repo,
    event: String,
    head: String,
}

impl Change {
    fn new(approvals: &str) -> Self {
        let repo = Repo::sound(Some(&policy(approvals)));
        let base = repo.git(&["rev-parse", "HEAD"]);
        repo.git(&["checkout", "--quiet", "-b", "topic"]);
        repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
        let head = repo.commit("break");
        let event = pull_request(&base, &head);
        Self { repo, event, head }
    }

    fn judge(&self, setup: Setup, fault: Option<(Route, Fault)>) -> Judged {
        self.judge_with(&[], setup, fault, &[])
    }

    fn judge_labelled(
        &self,
        labels: &[&str],
        setup: Setup,
        fault: Option<(Route, Fault)>,
    ) -> Judged {
        self.judge_with(labels, setup, fault, &[])
    }

    fn judge_with(
        &self,
        labels: &[&str],
        setup: Setup,
        fault: Option<(Route, Fault)>,
        variables: &[(&str, &str)],
    ) -> Judged {
        let setup = Setup {
            pulls: vec![Pull {
                number: 7,
                head_sha: self.head.clone(),
                head_repository: String::from("octo/demo"),
                head_branch: String::from("topic"),
                state: String::from("open"),
                author: String::from("ann"),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            }],
            ..setup
        };
        let fake = FakeGithub::with(setup).expect("it starts");
        if let Some((route, fault)) = fault {
            fake.fail(route, fault);
        }
        let token = ["gh", "s_", "q7Rt2Xc9Vb4Nm6Lk8Jh3Gf5Ds1Ap0Zw7Qe2Y"].concat();
        let url = fake.url();
        let mut extra = vec![
            ("GITHUB_API_URL", url.as_str()),
            ("GATEWRIGHT_TOKEN", token.as_str()),
            ("GITHUB_RUN_ID", "77"),
            ("GITHUB_ACTOR", "ann"),
        ];
        extra.extend(variables);
        let event = ("pull_request", self.event.as_str());
        let (ran, _, _) = in_actions(&self.repo, &["run"], event, &extra);
        assert_eq!(fake.violations(), []);
        let calls = fake.requests().into_iter().map(|one| one.path).collect();
        (ran.code, self.repo.decision(), calls)
    }

    fn reviews(&self, reviews: &[(&str, &str, &str)]) -> Setup {
        Setup {
            reviews: reviews
                .iter()
                .map(|(who, state, commit)| Review {
                    pull: 7,
                    who: (*who).to_owned(),
                    state: (*state).to_owned(),
                    commit: if *commit == "head" {
                        self.head.clone()
                    } else {
                        (*commit).to_owned()
                    },
                })
                .collect(),
            collaborators: ["ann", "ben", "cy", "fay"]
                .into_iter()
                .map(|who| (who.to_owned(), String::from("write")))
                .chain([(String::from("dee"), String::from("read"))])
                .collect(),
            ..Setup::default()
        }
    }
}

const TWO: &str = ", approvals: {required: 2, from: [reviews]}";

fn given(decision: &Value) -> Vec<(String, bool, String)> {
    let list = decision["approvals"]["given"].as_array();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    list.into_iter()
        .flatten()
        .map(|one| (text(one, "who"), one["counts"] == true, text(one, "note")))
        .collect()
}

#[test]
fn distinct_people_who_may_write_and_did_not_write_it_count() {
    let change = Change::new(TWO);
    let setup = change.reviews(&[
        ("ann", "APPROVED", "head"),
        ("ben", "CHANGES_REQUESTED", "head"),
        ("ben", "APPROVED", "head"),
        ("ben", "COMMENTED", "head"),
        ("cy", "APPROVED", &"a".repeat(40)),
        ("dee", "APPROVED", "head"),
        ("eve", "APPROVED", "head"),
        ("robot[bot]", "APPROVED", "head"),
    ]);
    let (code, decision, calls) = change.judge(setup, None);
    assert_eq!(code, Some(3), "{decision:#}");
    let given = given(&decision);
    let counts: Vec<_> = given
        .iter()
        .filter(|one| one.1)
        .map(|one| one.0.as_str())
        .collect();
    assert_eq!(counts, ["ben"], "{given:?}");
    let why = |who: &str| {
        let found = given.iter().find(|one| one.0 == who);
        found.map(|one| one.2.clone()).unwrap_or_default()
    };
    assert_eq!(why("ann"), "wrote the change");
    assert!(
        why("cy").contains("approved aaaaaaaaaaaa, and this is"),
        "{}",
        why("cy")
    );
    assert_eq!(why("dee"), "may not write to the repository");
    assert_eq!(why("eve"), "may not write to the repository");
    assert_eq!(why("robot[bot]"), "is no person");
    assert!(
        decision["way"]
            .to_string()
            .contains("1 more person to approve (1 of 2)"),
        "{decision:#}"
    );
    // The pull request, its reviews, and what three people may do.
    assert_eq!(calls.len(), 5, "{calls:?}");

    let setup = change.reviews(&[("ben", "APPROVED", "head"), ("cy", "APPROVED", "head")]);
    let (code, decision, _) = change.judge(setup, None);
    assert_eq!(
        (code, &decision["decision"]),
        (Some(0), &Value::from("allow")),
        "{decision:#}"
    );
    assert!(
        decision["chain"]
            .to_string()
            .contains("needed an approval has it"),
        "{decision:#}"
    );
    let setup = change.reviews(&[
        ("ben", "APPROVED", "head"),
        ("cy", "APPROVED", "head"),
        ("cy", "DISMISSED", "head"),
    ]);
    assert_eq!(change.judge(setup, None).0, Some(3));
}

#[test]
fn only_the_people_that_the_policy_names_count() {
    let change = Change::new(", approvals: {people: [Cy]}");
    let setup = change.reviews(&[("ben", "APPROVED", "head")]);
    assert_eq!(change.judge(setup, None).0, Some(3));
    let setup = change.reviews(&[("cy", "APPROVED", "head")]);
    assert_eq!(change.judge(setup, None).0, Some(0));
}

#[test]
fn approvals_of_the_environment_count_by_name() {
    let change = Change::new(", approvals: {from: [environment]}");
    let approval = |who: &str, state: &str, environment: &str| Setup {
        run_approvals: vec![RunApproval {
            run: 77,
            who: who.to_owned(),
            state: state.to_owned(),
            environment: environment.to_owned(),
        }],
        ..change.reviews(&[])
    };
    assert_eq!(
        change.judge(approval("ben", "approved", "Staging"), None).0,
        Some(0)
    );
    for setup in [
        approval("ben", "approved", "production"),
        approval("ben", "rejected", "staging"),
        approval("ann", "approved", "staging"),
    ] {
        assert_eq!(change.judge(setup, None).0, Some(3));
    }
}

#[test]
fn what_cannot_be_asked_approves_nothing_and_is_said() {
    let change = Change::new(", approvals: {from: [reviews]}");
    for route in [Route::Reviews, Route::Pulls, Route::Permission] {
        for fault in [
            Fault::ReadOnlyToken,
            Fault::BadCredentials,
            Fault::NotFound,
            Fault::ValidationFailed {
                message: String::from("no"),
            },
        ] {
            let setup = change.reviews(&[("ben", "APPROVED", "head")]);
            let (code, decision, _) = change.judge(setup, Some((route, fault.clone())));
            assert_eq!(code, Some(3), "{route:?} {fault:?}: {decision:#}");
        }
    }
    // Where nothing waits for an approval nobody is asked.
    let change = Change::new("");
    let (code, decision, calls) = change.judge(change.reviews(&[]), None);
    assert_eq!((code, calls.len()), (Some(3), 0), "{decision:#}");
    assert_eq!(decision["approvals"], Value::Null);
}

/// A change whose gate binds, in an environment that allows overrides.
fn bound() -> Change {
    let policy = "version: 1
gates:
  integrity: {criteria: {no_broken_links: true}}
environments:
  staging: {mandatory_gates: [integrity], bypass_allowed: true}
";
    let repo = Repo::sound(Some(policy));
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
    let head = repo.commit("break");
    let event = pull_request(&base, &head);
    Change { repo, event, head }
}

fn comments(list: &[(u64, &str, &str)]) -> Vec<Comment> {
    list.iter()
        .map(|(id, login, body)| Comment {
            id: *id,
            number: 7,
            login: (*login).to_owned(),
            body: (*body).to_owned(),
            created_at: String::from("2026-01-01T10:00:00Z"),
            edited: false,
        })
        .collect()
}

#[test]
fn an_override_is_asked_for_and_approved_in_comments_of_a_labelled_request() {
    let change = bound();
    let ask = "/gatewright override integrity/no_broken_links observed=1 until=2026-01-20 ticket=OPS-7 reason=\"the page moves next week\"";
    let approve = format!("/gatewright approve 11 {:.12}", change.head);
    let setup = |list: &[(u64, &str, &str)]| Setup {
        comments: comments(list),
        ..change.reviews(&[])
    };
    let asked = [(11, "cy", ask), (12, "ben", approve.as_str())];
    // Without the label nobody reads a comment.
    let (code, _, calls) = change.judge(setup(&asked), None);
    assert_eq!((code, calls.len()), (Some(1), 1), "{calls:?}");

    let labelled = |list: &[(u64, &str, &str)], fault| {
        change.judge_labelled(&["gatewright-override"], setup(list), fault)
    };
    let (code, decision, calls) = labelled(&asked, None);
    assert_eq!(code, Some(0), "{decision:#}");
    assert_eq!(decision["decision"], "allow_with_override");
    assert_eq!(decision["overrides"][0]["id"], "comment-11");
    // The pull request, its comments, and whether the approver may write.
    assert_eq!(calls.len(), 3, "{calls:?}");

    let own = format!("/gatewright approve 11 {:.12}", change.head);
    for (list, part) in [
        (vec![(11, "cy", ask)], "waits for an approval"),
        (
            vec![(11, "cy", ask), (12, "ann", own.as_str())],
            "ann wrote the change",
        ),
        (
            vec![(11, "ben", ask), (12, "ben", own.as_str())],
            "ben asked for it and approved it",
        ),
        (
            vec![(11, "cy", ask), (12, "dee", own.as_str())],
            "dee may not write",
        ),
        (
            vec![
                (11, "cy", ask),
                (12, "ben", "/gatewright approve 11 ffffffffffff"),
            ],
            "it is for ffffffffffff",
        ),
    ] {
        let (code, decision, _) = labelled(&list, None);
        assert_eq!(code, Some(1), "{part}: {decision:#}");
        assert!(
            decision["notices"].to_string().contains(part),
            "{part}: {decision:#}"
        );
    }
    for route in [Route::Pulls, Route::Comments, Route::Permission] {
        let (code, decision, _) = labelled(&asked, Some((route, Fault::ReadOnlyToken)));
        assert_eq!(code, Some(1), "{route:?}: {decision:#}");
    }
}

#[test]
fn a_spent_budget_asks_for_one_approver_more() {
    let change = bound();
    let ask = "/gatewright override integrity/no_broken_links observed=1 until=2026-01-20 ticket=OPS-7 reason=\"the page moves next week\"";
    let approve = format!("/gatewright approve 11 {:.12}", change.head);
    let ledger = change.repo.path().join(".gatewright-ledger");
    let flag = format!("file:{}", ledger.display());
    let judge = |list: &[(u64, &str, &str)]| {
        let setup = Setup {
            comments: comments(list),
            ..change.reviews(&[])
        };
        change.judge_with(
            &["gatewright-override"],
            setup,
            None,
            &[("GATEWRIGHT_LEDGER", &flag)],
        )
    };
    let one = [(11, "cy", ask), (12, "ben", approve.as_str())];
    // The first decision of all: nothing is spent.
    let (code, decision, _) = judge(&one);
    assert_eq!(code, Some(0), "{decision:#}");
    // One of one rests on an override, and the budget is 2 %.
    let (code, decision, _) = judge(&one);
    assert_eq!(code, Some(1), "{decision:#}");
    assert!(
        decision["notices"]
            .to_string()
            .contains("budget is spent: one approver more; 1 of 2"),
        "{decision:#}"
    );
    let two = [
        (11, "cy", ask),
        (12, "ben", approve.as_str()),
        (13, "fay", approve.as_str()),
    ];
    assert_eq!(judge(&two).0, Some(0));
    // A ledger that was changed counts as spent, and that is said.
    let file = std::fs::read_dir(&ledger)
        .expect("the ledger")
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .expect("a segment");
    let text = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, text.replacen("allow_with_override", "allow", 1)).expect("written");
    let (code, decision, _) = judge(&one);
    assert_eq!(code, Some(1), "{decision:#}");
    assert!(
        decision["notices"]
            .to_string()
            .contains("the override budget is not known"),
        "{decision:#}"
    );
}

#[test]
fn an_emergency_leaves_one_issue_and_is_said_where_it_cannot() {
    let policy = "version: 1
gates:
  integrity: {criteria: {no_broken_links: true}}
environments:
  production: {mandatory_gates: [integrity]}
";
    let grant = "version: 1
overrides:
  - {id: EM-1, gate: integrity, criterion: no_broken_links, observed: 1, requested_by: cy, approved_by: [ben, fay],
     reason: \"the shop is down @everyone\", ticket: OPS-9, created: 2026-01-02T02:00Z, expires: 2026-01-02T06:00Z, emergency: true}
";
    let repo = Repo::sound(Some(policy));
    repo.write(".github/gate-overrides.yml", grant);
    repo.commit("grant");
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
    let head = repo.commit("break");
    let event = pull_request(&base, &head);
    let change = Change { repo, event, head };
    let (code, decision, calls) = change.judge(change.reviews(&[]), None);
    assert_eq!(code, Some(0), "{decision:#}");
    assert_eq!(decision["decision"], "allow_with_override");
    let of_issues: Vec<_> = calls
        .iter()
        .filter(|path| path.contains("/issues"))
        .collect();
    // Whether it is open, and that it is opened.
    assert_eq!(of_issues.len(), 2, "{calls:?}");

    let open = Issue {
        number: 3,
        login: String::from("github-actions[bot]"),
        title: String::from("Emergency"),
        body: String::from("<!-- gatewright-emergency:EM1 20260102T06:00:00Z -->\ntext"),
        labels: vec![String::from("gatewright-emergency")],
        state: String::from("open"),
        state_reason: None,
        is_pull: false,
    };
    let known = Setup {
        issues: vec![open],
        ..change.reviews(&[])
    };
    let (code, _, calls) = change.judge(known, None);
    let of_issues: Vec<_> = calls
        .iter()
        .filter(|path| path.contains("/issues"))
        .collect();
    assert_eq!((code, of_issues.len()), (Some(0), 1), "{calls:?}");

    for route in [Route::Issues, Route::CreateIssue] {
        let fault = Some((route, Fault::ReadOnlyToken));
        let (code, again, _) = change.judge(change.reviews(&[]), fault);
        assert_eq!((code, &again["digest"]), (Some(0), &decision["digest"]));
    }
}
