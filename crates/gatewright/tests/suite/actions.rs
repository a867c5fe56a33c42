//! In GitHub Actions: outputs, summary, annotations, event payload.

use crate::support::{POLICY, Ran, Repo, finish, reasons};
use gate_testkit::fake_github::FakeGithub;
use std::fs;

/// Runs with the runner's variables; files stand beside the repository.
pub(crate) fn in_actions(
    repo: &Repo,
    arguments: &[&str],
    event: (&str, &str),
    extra: &[(&str, &str)],
) -> (Ran, String, String) {
    let runner = tempfile::tempdir().expect("a temp dir");
    let file = |name: &str, text: &str| {
        let path = runner.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let (output, summary) = (file("output", ""), file("summary", ""));
    let mut command = repo.command(arguments);
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REPOSITORY", "octo/demo")
        .env("GITHUB_REF", "refs/pull/7/merge")
        .env("GITHUB_SHA", repo.git(&["rev-parse", "HEAD"]))
        .env("GITHUB_EVENT_NAME", event.0)
        .env("GITHUB_EVENT_PATH", file("event.json", event.1))
        .env("GITHUB_OUTPUT", &output)
        .env("GITHUB_STEP_SUMMARY", &summary)
        .env("RUNNER_TEMP", repo.path().join(".gatewright/temp"));
    command.env("GATEWRIGHT_OUT", repo.path().join(".gatewright"));
    for (name, value) in extra {
        command.env(name, value);
    }
    let ran = finish(command);
    let read = |path| fs::read_to_string(path).expect("the runner's file");
    (ran, read(output), read(summary))
}

pub(crate) fn pull_request(base: &str, head: &str) -> String {
    format!(
        r#"{{"number": 7, "repository": {{"default_branch": "main", "full_name": "octo/demo"}},
            "pull_request": {{"number": 7, "base": {{"sha": "{base}", "ref": "main", "repo": {{"full_name": "octo/demo"}}}},
                              "head": {{"sha": "{head}", "ref": "topic", "repo": {{"full_name": "octo/demo"}}}}}}}}"#
    )
}

#[test]
fn outputs_summary_and_annotations_are_within_the_runners_limits() {
    let repo = Repo::sound(Some(POLICY));
    let broken: Vec<String> = (0..25).map(|n| format!("[gone](gone{n}.md)\n")).collect();
    repo.write("README.md", broken.join("\n"));
    repo.commit("break");
    let (ran, output, summary) =
        in_actions(&repo, &["integrity"], ("workflow_dispatch", "{}"), &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let errors = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("::error"))
        .count();
    assert!((1..=10).contains(&errors), "{errors}");
    assert!(
        ran.stdout.contains("file=README.md,line="),
        "{}",
        ran.stdout
    );
    for (name, value) in [
        ("decision", "block"),
        ("status", "fail"),
        ("exit-code", "1"),
        ("findings", "25"),
    ] {
        assert!(
            output.contains(&format!("{name}<<")) && output.contains(&format!("\n{value}\n")),
            "{name}: {output}"
        );
    }
    assert!(
        output.contains("integrity.verdict.json") && summary.contains("no_broken_links"),
        "{output}{summary}"
    );
}

#[test]
fn on_a_pull_request_the_merge_commits_first_parent_governs() {
    let repo = Repo::sound(Some(POLICY));
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write(
        ".github/gates.yml",
        POLICY.replace("secrets_detected: 0", "secrets_detected: 9"),
    );
    let head = repo.commit("loosen");
    repo.git(&["checkout", "--quiet", "--detach", &base]);
    repo.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "--no-gpg-sign",
        "-m",
        "merge",
        &head,
    ]);
    let (ran, output, _) = in_actions(
        &repo,
        &["run"],
        ("pull_request", &pull_request(&base, &head)),
        &[],
    );
    assert_eq!(ran.code, Some(3), "{}{}", ran.stdout, ran.stderr);
    assert!(output.contains("require_approval"), "{output}");
    let decision = repo.decision();
    assert_eq!(
        reasons(&decision),
        [("security".into(), "policy_loosened".into())]
    );
    assert_eq!(decision["subject"]["base"], base.as_str());
    assert_eq!(decision["subject"]["repository"], "octo/demo");
}

#[test]
fn a_payload_of_another_event_is_no_pass() {
    let repo = Repo::sound(Some(POLICY));
    let (ran, _, _) = in_actions(
        &repo,
        &["run"],
        (
            "pull_request",
            r#"{"ref": "refs/heads/main", "before": "x"}"#,
        ),
        &[],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let decision = repo.decision();
    assert_eq!(reasons(&decision)[0].1, "base_unreadable");
    assert!(
        decision["reasons"][0]["text"]
            .as_str()
            .is_some_and(|text| text.contains("event.json")),
        "{decision}"
    );
}

#[test]
fn a_token_is_never_shown() {
    let repo = Repo::sound(Some(POLICY));
    let token = ["gh", "s_", "0123456789abcdefABCDEF0123456789abcd"].concat();
    let extra = [
        ("GATEWRIGHT_TOKEN", token.as_str()),
        ("GITHUB_TOKEN", token.as_str()),
    ];
    let (ran, output, summary) = in_actions(&repo, &["run"], ("workflow_dispatch", "{}"), &extra);
    for text in [&ran.stdout, &ran.stderr, &output, &summary] {
        assert!(!text.contains(&token));
    }
}

/// A pull request checked out at depth 1: the base's policy is asked for by
/// the contents API, and what cannot be asked for is an error.
#[test]
fn where_the_checkout_lacks_the_base_github_is_asked_for_its_policy() {
    let origin = Repo::sound(Some(POLICY));
    let base = origin.git(&["rev-parse", "HEAD"]);
    origin.git(&["checkout", "--quiet", "-b", "topic"]);
    origin.write(
        ".github/gates.yml",
        POLICY.replace("secrets_detected: 0", "secrets_detected: 9"),
    );
    let head = origin.commit("loosen");
    let clone = Repo::empty();
    clone.git(&[
        "fetch",
        "--quiet",
        "--depth=1",
        &format!("file://{}", origin.path().display()),
        "topic",
    ]);
    clone.git(&["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    let event = pull_request(&base, &head);
    let event = ("pull_request", event.as_str());

    let (ran, _, _) = in_actions(&clone, &["run"], event, &[]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert_eq!(
        reasons(&clone.decision()),
        [("policy".into(), "base_unreadable".into())]
    );

    let github = FakeGithub::start().expect("it starts");
    github.add_file(&base, ".github/gates.yml", POLICY.as_bytes());
    let token = ["gh", "s_", "q7Rt2Xc9Vb4Nm6Lk8Jh3Gf5Ds1Ap0Zw7Qe2Y"].concat();
    let url = github.url();
    let extra = [
        ("GITHUB_API_URL", url.as_str()),
        ("GATEWRIGHT_TOKEN", token.as_str()),
    ];
    let (ran, _, _) = in_actions(&clone, &["run"], event, &extra);
    assert_eq!(ran.code, Some(3), "{}", ran.stdout);
    let decision = clone.decision();
    assert_eq!(
        reasons(&decision),
        [("security".into(), "policy_loosened".into())]
    );
    assert_eq!(decision["policy"]["revision"], base.as_str());
    assert!(github.violations().is_empty(), "{:?}", github.violations());
    let (ran, _, _) = in_actions(&clone, &["run", "--offline"], event, &extra);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
}

/// A job that checks out the head itself, whose tip merged another branch: its
/// first parent is the change's own work and governs nothing.
#[test]
fn a_merge_inside_the_change_is_not_the_base() {
    let repo = Repo::sound(Some(POLICY));
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write(
        ".github/gates.yml",
        POLICY.replace("secrets_detected: 0", "secrets_detected: 9"),
    );
    repo.commit("loosen");
    repo.git(&["checkout", "--quiet", "-b", "other", &base]);
    repo.write("other.md", "# Other\n");
    let other = repo.commit("other");
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "--no-gpg-sign",
        "-m",
        "merge other",
        &other,
    ]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    for event in ["pull_request", "pull_request_target"] {
        let (ran, _, _) = in_actions(&repo, &["run"], (event, &pull_request(&base, &head)), &[]);
        assert_eq!(ran.code, Some(3), "{event}: {}", ran.stdout);
    }
}

#[test]
fn bad_flags_are_told_to_the_runner_too() {
    let repo = Repo::sound(Some(POLICY));
    let extra = [("GATEWRIGHT_FAIL_ON", "sometimes")];
    let (ran, output, _) = in_actions(&repo, &["run"], ("workflow_dispatch", "{}"), &extra);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stdout.contains("::error") && ran.stdout.contains("sometimes"),
        "{}",
        ran.stdout
    );
    assert!(
        output.contains("exit-code") && output.contains("block"),
        "{output}"
    );
}
