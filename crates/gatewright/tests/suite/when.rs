//! When a gate applies, and how many verdicts it leaves.

use crate::actions::{in_actions, pull_request};
use crate::support::{Repo, reasons};
use gate_testkit::fake_github::{FakeGithub, Pull, Setup};
use serde_json::Value;

fn policy(integrity: &str) -> String {
    format!(
        "version: 1
gates:
  integrity: {{{integrity}criteria: {{no_broken_links: true}}}}
  security: {{criteria: {{secrets_detected: 0}}}}
"
    )
}

fn broken(integrity: &str) -> Repo {
    let repo = Repo::sound(Some(&policy(integrity)));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
    repo.commit("break");
    repo
}

fn status(repo: &Repo) -> (Value, Value) {
    let verdict = repo.json("integrity.verdict.json");
    (
        verdict["status"].clone(),
        verdict["criteria"][0]["reason"].clone(),
    )
}

#[test]
fn paths_and_branches_keep_a_gate_out_with_the_reason() {
    let repo = broken("when: {paths: [\"src/**\"]}, ");
    let ran = repo.run(&["run", "--base", "main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let (status_of, why) = status(&repo);
    assert_eq!(status_of, "skip");
    assert_eq!(
        why,
        "does not apply: the one changed file does not match `when.paths` (`src/**`)"
    );
    // Without its verdict it is not missing either.
    std::fs::remove_file(repo.out("integrity.verdict.json")).expect("removed");
    let ran = repo.run(&["quality", "--base", "main"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        repo.decision()["notices"]
            .to_string()
            .contains("gate `integrity` does not apply"),
        "{:#}",
        repo.decision()
    );

    let repo = broken("when: {paths: [\"*.md\"]}, ");
    assert_eq!(repo.run(&["run", "--base", "main"]).code, Some(1));
    let repo = broken("when: {branches: [main]}, ");
    assert_eq!(repo.run(&["run"]).code, Some(0));
    let repo = broken("when: [{branches: [main]}, {branches: [\"to*\"]}], ");
    assert_eq!(repo.run(&["run"]).code, Some(1));
}

#[test]
fn what_is_not_known_keeps_no_gate_out() {
    // On a laptop there is no event and no label.
    let repo = broken("when: {events: [schedule], labels: [perf]}, ");
    assert_eq!(repo.run(&["run"]).code, Some(1));
    // A change that gives its gate a `when:` is judged as before.
    let repo = Repo::sound(Some(&policy("")));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write(".github/gates.yml", policy("when: {branches: [other]}, "));
    repo.write("README.md", "# Title\n\n[gone](gone.md)\n");
    repo.commit("break");
    assert_eq!(repo.run(&["run", "--base", "main"]).code, Some(1));
    let decision = repo.decision();
    assert!(
        decision["reasons"]
            .to_string()
            .contains("applies less often"),
        "{decision:#}"
    );
}

#[test]
fn labels_are_read_from_github_as_they_are_now() {
    let repo = broken("when: {labels: [links]}, ");
    let base = repo.git(&["rev-parse", "main"]);
    let head = repo.git(&["rev-parse", "HEAD"]);
    let event = pull_request(&base, &head);
    let judge = |labels: &[&str], token: &str| {
        let fake = FakeGithub::with(Setup {
            pulls: vec![Pull {
                number: 7,
                head_sha: head.clone(),
                head_repository: String::from("octo/demo"),
                head_branch: String::from("topic"),
                state: String::from("open"),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
                ..Pull::default()
            }],
            ..Setup::default()
        })
        .expect("it starts");
        let url = fake.url();
        let extra = [
            ("GITHUB_API_URL", url.as_str()),
            ("GATEWRIGHT_TOKEN", token),
        ];
        let event = ("pull_request", event.as_str());
        let (ran, _, _) = in_actions(&repo, &["run"], event, &extra);
        assert_eq!(fake.violations(), []);
        // Once for the gate and the decision together.
        assert!(fake.requests().len() <= 1, "{:?}", fake.requests());
        ran.code
    };
    let token = ["gh", "s_", "q7Rt2Xc9Vb4Nm6Lk8Jh3Gf5Ds1Ap0Zw7Qe2Y"].concat();
    assert_eq!(judge(&["links", "docs"], &token), Some(1));
    assert_eq!(judge(&["docs"], &token), Some(0));
    // Nobody can be asked: it applies, and that is said.
    assert_eq!(judge(&["docs"], ""), Some(1));
    assert!(
        repo.decision()["notices"]
            .to_string()
            .contains("labels of the pull request are not known"),
        "{:#}",
        repo.decision()
    );
}

#[test]
fn every_scope_and_shard_that_the_policy_expects_has_to_be_there() {
    let repo = Repo::sound(Some(&policy("scopes: [api, web], shards: 2, ")));
    let judge = |scope: &str, shard: &str| {
        let ran = repo.run(&["integrity", "--scope", scope, "--shard", shard]);
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    };
    let quality = || {
        let _ = repo.run(&["security"]);
        let code = repo.run(&["quality"]).code;
        let texts: Vec<String> = repo.decision()["reasons"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| one["text"].as_str().unwrap_or_default().to_owned())
            .collect();
        (code, texts)
    };
    judge("api", "1/2");
    judge("api", "2/2");
    judge("web", "1/2");
    let (code, texts) = quality();
    assert_eq!(code, Some(1));
    assert_eq!(texts, ["gate `integrity`: shard 2 of 2 left no verdict"]);
    judge("web", "2/2");
    assert_eq!(quality().0, Some(0));
    for index in ["1-of-2", "2-of-2"] {
        std::fs::remove_file(repo.out(&format!("integrity.web.{index}.verdict.json")))
            .expect("removed");
    }
    let (code, texts) = quality();
    assert_eq!((code, texts.len()), (Some(1), 1), "{texts:?}");
    assert_eq!(texts[0], "gate `integrity`: scope `web` left no verdict");
    // More shards than expected are as good as the policy's number; one in one piece is not.
    judge("web", "1/1");
    let (code, texts) = quality();
    assert_eq!(code, Some(1), "{texts:?}");
    assert_eq!(reasons(&repo.decision())[0].1, "missing_shard");
}
