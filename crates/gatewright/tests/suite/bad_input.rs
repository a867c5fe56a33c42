//! Bad input: a message, the contract's exit code, never a pass.

use crate::support::{POLICY, Repo, finish};
use std::fs;
use std::process::Command;

#[test]
fn outside_a_repository_nothing_is_proven() {
    let folder = tempfile::tempdir().expect("a temp dir");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    gate_testkit::scrub(&mut command);
    command.arg("run").current_dir(folder.path());
    let ran = finish(command);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("--root"), "{}", ran.stdout);
}

#[test]
fn before_the_first_commit_the_index_is_judged() {
    let repo = Repo::empty();
    repo.write("README.md", "[gone](gone.md)\n");
    repo.git(&["add", "."]);
    assert_eq!(repo.run(&["run"]).code, Some(1));
    assert_eq!(
        repo.json("integrity.verdict.json")["subject"]["commit"],
        serde_json::Value::Null
    );
    repo.write("gone.md", "# Here\n");
    repo.git(&["add", "."]);
    assert_eq!(repo.run(&["run"]).code, Some(0));
}

#[test]
fn a_detached_head_is_staging() {
    let policy = format!(
        "{POLICY}environments:\n  staging: {{mandatory_gates: [integrity, security]}}\n  production: {{extends: staging}}\n"
    );
    let repo = Repo::sound(Some(&policy));
    repo.run(&["run"]);
    assert_eq!(repo.decision()["environment"], "production");
    repo.git(&["checkout", "--quiet", "--detach"]);
    repo.run(&["run"]);
    assert_eq!(repo.decision()["environment"], "staging");
}

#[test]
fn a_shallow_clone_cannot_judge_the_change() {
    let origin = Repo::sound(Some(
        "version: 1\ngates:\n  coverage:\n    criteria: {patch_line_coverage: '>= 90%'}\n",
    ));
    origin.write("a.py", "one\n");
    let base = origin.commit("second");
    origin.write("a.py", "two\n");
    origin.commit("third");
    let clone = Repo::empty();
    let url = format!("file://{}", origin.path().display());
    clone.git(&["fetch", "--quiet", "--depth=1", &url, "main"]);
    clone.git(&["checkout", "--quiet", "-B", "main", "FETCH_HEAD"]);
    clone.write("lcov.info", "SF:a.py\nDA:1,1\nend_of_record\n");
    let ran = clone.run(&["coverage", "--base", &base]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("fetch-depth: 0"), "{}", ran.stdout);
}

#[test]
fn bad_flags_leave_no_verdict() {
    let repo = Repo::sound(Some(POLICY));
    for arguments in [
        &["run", "--shard", "0/3"][..],
        &["run", "--as-of", "yesterday"],
        &["run", "--scope", "../x"],
        &["run", "--nonsense"],
        &["integrity", "--gate", "coverage"],
        &["nonsense"],
    ] {
        let ran = repo.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty());
    }
    assert!(!repo.out("integrity.verdict.json").exists());
    let ran = repo.run(&["run", "--config", "absent.yml"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("absent.yml"), "{}", ran.stderr);
}

#[test]
fn a_policy_that_does_not_parse_leaves_error_verdicts() {
    let repo = Repo::sound(Some(
        "version: 1\ngates:\n  integrity:\n    criteria: {no_broken_link: true}\n",
    ));
    let ran = repo.run(&["integrity"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr.contains(".github/gates.yml:4:16") && ran.stderr.contains("`no_broken_links`"),
        "{}",
        ran.stderr
    );
    let verdict = repo.json("integrity.verdict.json");
    assert_eq!(
        (&verdict["status"], &verdict["decision"]),
        (&"error".into(), &"block".into())
    );
    assert_eq!(verdict["criteria"][0]["code"], "policy_invalid");
    assert_eq!(
        repo.run(&["security"]).code,
        Some(0),
        "a gate checks its own section"
    );
    assert_eq!(repo.run(&["run"]).code, Some(2));
    assert!(!repo.out("decision.json").exists());
}

#[cfg(unix)]
#[test]
fn told_to_stop_it_leaves_an_error_verdict() {
    let repo = Repo::sound(Some(POLICY));
    let mut child = repo
        .command(&[
            "record",
            "--gate",
            "lint",
            "--",
            "sh",
            "-c",
            "touch started; sleep 20",
        ])
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    // The verdict is owed before the command runs.
    let started = repo.path().join("started");
    for _ in 0..3_000 {
        if started.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(started.exists(), "the command did not start");
    let stopped = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(stopped.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
    let verdict = repo.json("lint.verdict.json");
    assert_eq!(
        (&verdict["status"], &verdict["criteria"][0]["code"]),
        (&"error".into(), &"interrupted".into())
    );
}

#[test]
fn a_path_that_is_no_folder_for_output_is_an_engine_failure() {
    let repo = Repo::sound(Some(POLICY));
    fs::write(repo.path().join("file"), "x").expect("a file");
    let ran = repo.run(&["run", "--out", "file/below"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("--out"), "{}", ran.stderr);
}

#[test]
fn conflicts_in_the_index_are_no_pass() {
    let repo = Repo::sound(Some(POLICY));
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("docs/guide.md", "# Guide\n\n## Install\n\nside\n");
    repo.commit("side");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("docs/guide.md", "# Guide\n\n## Install\n\nmain\n");
    repo.commit("main");
    let mut merge = Command::new("git");
    gate_testkit::scrub(&mut merge);
    let merged = merge
        .args(["merge", "--quiet", "side"])
        .current_dir(repo.path())
        .output()
        .expect("git runs");
    assert!(!merged.status.success(), "the merge has to conflict");
    let ran = repo.run(&["run"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("1 tracked file in conflict, such as docs/guide.md"),
        "{}",
        ran.stdout
    );
}
