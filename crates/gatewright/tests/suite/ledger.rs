//! The ledger and the attestation of decisions, from one end to the other.

use crate::actions::in_actions;
use crate::support::{AS_OF, POLICY, Repo, finish};
use gate_testkit::example_key;
use gate_testkit::fake_github::{FakeGithub, Fault, Route};
use serde_json::Value;
use std::fs;

const REFERENCE: &str = "refs/gatewright/ledger";
const LEDGER: &str = "git:refs/gatewright/ledger";
const TOKEN: &str = "gh-example";
const PUBLIC: &str = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_local_ledger_is_appended_verified_shown_and_counted() {
    let repo = Repo::sound(Some(POLICY));
    let ledger = ["--ledger", "file:ledger"];
    for at in [
        "2026-01-31T00:00:00Z",
        "2026-02-01T00:00:00Z",
        "2026-02-01T00:00:00Z",
    ] {
        let ran = repo.run(&["run", "--as-of", at, "--ledger", "file:ledger"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    }
    let verified = repo.run(&[&["ledger", "verify"], &ledger[..]].concat());
    assert_eq!(verified.code, Some(0), "{}", verified.stderr);
    assert!(
        verified.stdout.contains("LEDGER HOLDS") && verified.stdout.contains("records 2, files 2"),
        "{}",
        verified.stdout
    );

    let shown = repo.run(&[&["ledger", "show", "--format", "json"], &ledger[..]].concat());
    let records = json(&shown.stdout);
    let commit = repo.git(&["rev-parse", "HEAD"]);
    assert_eq!(records[1]["commit"], commit.as_str());
    assert_eq!(records[1]["seq"], 2);
    assert_eq!(records[1]["digest"], repo.decision()["digest"]);
    assert_eq!(records[1]["gates"][0]["gate"], "integrity");
    assert!(records[1]["gates"][0]["duration_ms"].is_u64());
    let head = records[1]["hash"].as_str().expect("a hash");
    assert_eq!(
        repo.run(&[
            "ledger",
            "verify",
            "--ledger",
            "file:ledger",
            "--head",
            head
        ])
        .code,
        Some(0)
    );

    let stats = |more: &[&str]| repo.run(&[&["ledger", "stats"], &ledger[..], more].concat());
    let counted = json(&stats(&["--format", "json", "--since", "2026-02-01T00:00:00Z"]).stdout);
    assert_eq!(counted["total"]["decisions"], 1);
    assert_eq!(counted["total"]["bypass"]["outcome"], "not_decidable_yet");
    assert_eq!(counted["total"]["bypass"]["needs"], 149);
    assert_eq!(stats(&["--check"]).code, Some(0), "nothing is missed");
    assert!(
        stats(&["--format", "markdown"])
            .stdout
            .contains("| `integrity` |")
    );
    assert_eq!(stats(&["--format", "sarif"]).code, Some(2));

    // The end is cut off: who knows the hash sees it.
    fs::remove_file(repo.path().join("ledger/2026-02.jsonl")).expect("removed");
    let cut = repo.run(&[
        "ledger",
        "verify",
        "--ledger",
        "file:ledger",
        "--head",
        head,
    ]);
    assert_eq!(cut.code, Some(1));
    assert!(cut.stdout.contains("the end was cut off"), "{}", cut.stdout);
    let first = repo.path().join("ledger/2026-01.jsonl");
    let text = fs::read_to_string(&first).expect("read");
    fs::write(&first, text.replace("\"allow\"", "\"block\"")).expect("written");
    let edited = repo.run(&[&["ledger", "verify"], &ledger[..]].concat());
    assert_eq!(edited.code, Some(1));
    assert!(
        edited.stdout.contains("2026-01.jsonl:1: found") && edited.stdout.contains("it was edited"),
        "{}",
        edited.stdout
    );
    assert_eq!(stats(&[]).code, Some(2));
    // What cannot be recorded is said and changes nothing.
    let ran = repo.run(&[
        "run",
        "--as-of",
        "2026-03-01T00:00:00Z",
        "--ledger",
        "file:ledger",
    ]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stderr
            .matches("warning: the decision is not in the ledger file:ledger")
            .count(),
        1,
        "{}",
        ran.stderr
    );
}

#[test]
fn a_missed_target_is_exit_1_where_it_is_checked() {
    let repo = Repo::sound(Some(POLICY));
    repo.write("README.md", "[gone](gone.md)\n");
    repo.commit("break");
    assert_eq!(repo.run(&["run", "--ledger", "file:l.jsonl"]).code, Some(1));
    assert_eq!(
        repo.run(&["ledger", "stats", "--ledger", "file:l.jsonl"])
            .code,
        Some(0)
    );
    let checked = repo.run(&["ledger", "stats", "--ledger", "file:l.jsonl", "--check"]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stdout.contains("MISSED"), "{}", checked.stdout);
    for wrong in [
        &["ledger", "verify", "--ledger", "file:absent"][..],
        &["ledger", "verify", "--ledger", LEDGER],
        &["ledger", "verify", "--ledger", "main"],
        &["ledger", "mend", "--ledger", "file:l.jsonl"],
        &["run", "--ledger", "git:main"],
    ] {
        assert_eq!(repo.run(wrong).code, Some(2), "{wrong:?}");
    }
}

/// A run in Actions against a fake GitHub.
fn run_in_actions(
    repo: &Repo,
    fake: &FakeGithub,
    arguments: &[&str],
) -> (crate::support::Ran, String) {
    let url = fake.url();
    let extra = [
        ("GITHUB_API_URL", url.as_str()),
        ("GATEWRIGHT_TOKEN", TOKEN),
        ("GITHUB_RUN_ID", "77"),
        ("GITHUB_RUN_ATTEMPT", "2"),
    ];
    let (ran, _, summary) = in_actions(repo, arguments, ("workflow_dispatch", "{}"), &extra);
    (ran, summary)
}

#[test]
fn a_ledger_on_github_is_written_and_read_through_the_api() {
    let repo = Repo::sound(Some(POLICY));
    let fake = FakeGithub::start().expect("a fake");
    for _ in 0..2 {
        let (ran, summary) = run_in_actions(&repo, &fake, &["run", "--ledger", LEDGER]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(!summary.contains("Could not be published"));
    }
    let (files, commits) = fake.git(REFERENCE).expect("a ledger");
    assert_eq!(
        (files.len(), commits),
        (1, 1),
        "the same attempt is there once"
    );
    let record = json(&String::from_utf8_lossy(&files["2026-01.jsonl"]));
    assert_eq!(record["repository"], "octo/demo");
    assert_eq!(
        record["run"],
        "https://github.com/octo/demo/actions/runs/77/attempts/2"
    );
    let (verified, _) = run_in_actions(&repo, &fake, &["ledger", "verify"]);
    assert_eq!(verified.code, Some(0), "{}", verified.stderr);
    assert!(
        verified.stdout.contains("read from GitHub"),
        "{}",
        verified.stdout
    );
    assert_eq!(fake.violations(), []);

    // A clone that has fetched it needs nobody.
    let tree = {
        repo.write("elsewhere/2026-01.jsonl", &files["2026-01.jsonl"]);
        let blob = repo.git(&["hash-object", "-w", "elsewhere/2026-01.jsonl"]);
        repo.write("index.txt", format!("100644 blob {blob}\t2026-01.jsonl\n"));
        let mut mktree = std::process::Command::new("git");
        gate_testkit::scrub(&mut mktree);
        let input = fs::File::open(repo.path().join("index.txt")).expect("opened");
        let made = mktree
            .arg("mktree")
            .current_dir(repo.path())
            .stdin(input)
            .output()
            .expect("git runs");
        String::from_utf8_lossy(&made.stdout).trim().to_owned()
    };
    let commit = repo.git(&["commit-tree", &tree, "-m", "ledger"]);
    repo.git(&["update-ref", REFERENCE, &commit]);
    repo.write("sub/x", "");
    for root in [".", "sub"] {
        let ran = repo.run(&["ledger", "verify", "--ledger", LEDGER, "--root", root]);
        assert!(
            ran.stdout.contains("read from this clone"),
            "{}{}",
            ran.stdout,
            ran.stderr
        );
    }
}

#[test]
fn what_github_refuses_changes_neither_decision_nor_exit_code() {
    let repo = Repo::sound(Some(POLICY));
    repo.write("README.md", "[gone](gone.md)\n");
    repo.commit("break");
    let plain = FakeGithub::start().expect("a fake");
    let (sound, _) = run_in_actions(&repo, &plain, &["run", "--ledger", LEDGER]);
    assert_eq!((sound.code, sound.stderr.as_str()), (Some(1), ""));
    let digest = repo.decision()["digest"].clone();
    let answer = |status, message: &str| Fault::Answer {
        status,
        message: message.to_owned(),
    };
    for fault in [
        Fault::BadCredentials,
        Fault::ReadOnlyToken,
        Fault::Archived,
        Fault::RateLimited {
            status: 403,
            retry_after: Some(100_000),
            reset_at: None,
        },
        Fault::RateLimited {
            status: 429,
            retry_after: None,
            reset_at: Some(4_000_000_000),
        },
        answer(409, "Git Repository is empty."),
        answer(422, "Repository rule ##[add-mask]x @everyone <b>"),
    ] {
        let fake = FakeGithub::start().expect("a fake");
        fake.fail(Route::GitWrite, fault.clone());
        let (ran, summary) = run_in_actions(&repo, &fake, &["run", "--ledger", LEDGER]);
        assert_eq!(ran.code, Some(1), "{fault:?}");
        assert_eq!(repo.decision()["digest"], digest, "{fault:?}");
        assert!(repo.out("report.html").is_file());
        let said = "the decision is not in the ledger git:refs/gatewright/ledger";
        assert_eq!(
            ran.stderr.matches(said).count(),
            1,
            "{fault:?}: {}",
            ran.stderr
        );
        assert_eq!(summary.matches(said).count(), 1, "{fault:?}: {summary}");
        assert!(
            !ran.stderr.contains("##[") && !ran.stderr.contains(TOKEN),
            "{}",
            ran.stderr
        );
    }
    let fake = FakeGithub::start().expect("a fake");
    let (offline, _) = run_in_actions(&repo, &fake, &["run", "--offline", "--ledger", LEDGER]);
    assert!(
        offline.stderr.contains("--offline forbids"),
        "{}",
        offline.stderr
    );
    assert_eq!((offline.code, fake.requests().len()), (Some(1), 0));
}

#[test]
fn an_attested_decision_is_verified_where_it_fits() {
    let repo = Repo::sound(Some(POLICY));
    let commit = repo.git(&["rev-parse", "HEAD"]);
    let mut command = repo.command(&["run", "--attest"]);
    command.env("GATEWRIGHT_SIGNING_KEY", example_key());
    let ran = finish(command);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(!ran.stdout.contains("MC4CAQ"));
    let file = repo.out("decision.intoto.json").display().to_string();
    let verify =
        |more: &[&str]| repo.run(&[&["verify", file.as_str(), "--key", PUBLIC], more].concat());
    let sound = verify(&[
        "--commit",
        &commit,
        "--policy",
        ".github/gates.yml",
        "--max-age",
        "1h",
    ]);
    assert_eq!(sound.code, Some(0), "{}{}", sound.stdout, sound.stderr);
    assert!(sound.stdout.contains("VERIFIED: allow"), "{}", sound.stdout);
    assert_eq!(
        json(&verify(&["--commit", &commit, "--format", "json"]).stdout)["verified"],
        true
    );
    let other = "0".repeat(40);
    for (more, word) in [
        (&["--commit", other.as_str()][..], "expected gitCommit:000"),
        (
            &["--commit", &commit, "--environment", "production"],
            "expected production",
        ),
        (
            &["--commit", &commit, "--as-of", "2026-02-02T03:04:05Z"],
            "it expired at 2026-02-01T03:04:05Z",
        ),
        (
            &[
                "--commit",
                &commit,
                "--as-of",
                "2026-01-02T05:04:05Z",
                "--max-age",
                "1h",
            ],
            "--max-age",
        ),
    ] {
        let refused = verify(more);
        assert_eq!(refused.code, Some(1), "{more:?}");
        assert!(refused.stdout.contains(word), "{}", refused.stdout);
    }
    repo.write(".github/gates.yml", POLICY.replace("true", "false"));
    let changed = verify(&["--commit", &commit, "--policy", ".github/gates.yml"]);
    assert_eq!(changed.code, Some(1));
    assert!(
        changed.stdout.contains("the policy has changed"),
        "{}",
        changed.stdout
    );
    for wrong in [
        &[][..],
        &["--digest", "md5:x"],
        &["--commit", "main"],
        &["--commit", &commit, "--max-age", "soon"],
    ] {
        assert_eq!(verify(wrong).code, Some(2), "{wrong:?}");
    }
    assert_eq!(
        repo.run(&["verify", "README.md", "--key", PUBLIC, "--commit", &commit])
            .code,
        Some(2)
    );
    assert_eq!(
        repo.run(&["verify", &file, "--key", "x", "--commit", &commit])
            .code,
        Some(2)
    );
}

#[test]
fn what_blocks_is_attested_as_that_and_an_older_file_does_not_stay() {
    let repo = Repo::sound(Some(POLICY));
    repo.write("README.md", "[gone](gone.md)\n");
    let commit = repo.commit("break");
    let mut command = repo.command(&["run", "--attest"]);
    command.env("GATEWRIGHT_SIGNING_KEY", example_key());
    assert_eq!(finish(command).code, Some(1));
    let file = repo.out("decision.intoto.json").display().to_string();
    let failed = repo.run(&["verify", &file, "--key", PUBLIC, "--commit", &commit]);
    assert_eq!(failed.code, Some(1));
    assert!(
        failed.stdout.contains("`block` (FAILED)"),
        "{}",
        failed.stdout
    );
    for key in [None, Some("not a key")] {
        let mut command = repo.command(&["run", "--attest", "--as-of", AS_OF]);
        command.envs(key.map(|key| ("GATEWRIGHT_SIGNING_KEY", key)));
        let ran = finish(command);
        assert_eq!(ran.code, Some(1));
        assert!(
            ran.stderr.contains("the decision is not attested")
                && !ran.stderr.contains("not a key"),
            "{}",
            ran.stderr
        );
        assert!(!repo.out("decision.intoto.json").exists());
    }
}
