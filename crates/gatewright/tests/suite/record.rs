//! `gatewright record`: a team's own script joins the fold.

use crate::support::{POLICY, Repo, reasons};

fn repo() -> Repo {
    Repo::sound(Some(&format!("{POLICY}  lint: {{}}\n")))
}

#[test]
fn a_script_that_succeeds_joins_the_fold() {
    let repo = repo();
    assert_eq!(repo.run(&["run"]).code, Some(1), "lint left no verdict");
    assert_eq!(
        reasons(&repo.decision()),
        [("lint".into(), "missing_verdict".into())]
    );
    let ran = repo.run(&["record", "--gate", "lint", "--", "git", "--version"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("git version"),
        "the command's output is passed on"
    );
    assert_eq!(repo.run(&["run"]).code, Some(0));
}

#[test]
fn how_the_command_ended_is_told_apart() {
    let repo = repo();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["sh", "-c", "echo why; exit 7"], "fail", "command_failed"),
        (&["sh", "-c", "kill -9 $$"], "error", "command_signalled"),
        (&["no-such-program-anywhere"], "error", "command_not_found"),
        (&["sleep", "30"], "error", "command_timed_out"),
    ];
    for (command, status, code) in cases {
        let timeout = if command[0] == "sleep" { "1s" } else { "60s" };
        let mut arguments = vec!["record", "--gate", "lint", "--timeout", timeout, "--"];
        arguments.extend(command);
        let ran = repo.run(&arguments);
        assert_eq!(ran.code, Some(1), "{command:?}: {}", ran.stderr);
        let criterion = &repo.json("lint.verdict.json")["criteria"][0];
        assert_eq!(
            (&criterion["status"], &criterion["code"]),
            (&status.into(), &code.into()),
            "{command:?}"
        );
        assert_eq!(criterion["id"], "command_succeeds");
    }
    repo.run(&[
        "record",
        "--gate",
        "lint",
        "--",
        "sh",
        "-c",
        "echo the reason; exit 7",
    ]);
    let verdict = repo.json("lint.verdict.json");
    let reason = verdict["criteria"][0]["reason"].as_str().expect("a reason");
    assert!(
        reason.contains("exit code 7") && reason.contains("the reason"),
        "{reason}"
    );
}

#[test]
fn a_check_that_lets_the_planted_case_pass_is_an_error() {
    let repo = repo();
    let record = |planted: &str, command: &str| {
        let arguments = [
            "record",
            "--gate",
            "lint",
            "--timeout",
            "60s",
            "--must-fail",
            planted,
            "--",
            "sh",
            "-c",
            command,
        ];
        let ran = repo.run(&arguments);
        let verdict = repo.json("lint.verdict.json");
        let criterion = &verdict["criteria"][0];
        let told =
            [&criterion["status"], &criterion["code"]].map(|one| one.as_str().map(str::to_owned));
        (ran, told, verdict)
    };
    let error = [Some("error".into()), Some("positive_control_missed".into())];
    // Passing, and not there at all.
    for planted in ["true", "no-such-program-anywhere bad.txt", " "] {
        let (ran, told, verdict) = record(planted, "echo asked >asked; exit 0");
        assert_eq!(
            (ran.code, &told),
            (Some(1), &error),
            "{planted}: {}",
            ran.stderr
        );
        assert_eq!(verdict["evidence"][0]["kind"], "control");
        assert!(!repo.path().join("asked").exists(), "{planted}");
    }
    let (ran, told, verdict) = record("false", "exit 0");
    assert_eq!((ran.code, told), (Some(0), [Some("pass".into()), None]));
    assert_eq!(verdict["evidence"].as_array().map(Vec::len), Some(2));
    let (ran, told, _) = record("git no-such-verb", "exit 7");
    let failed = [Some("fail".into()), Some("command_failed".into())];
    assert_eq!((ran.code, told), (Some(1), failed));
}

#[test]
fn without_a_key_or_a_command_it_is_a_usage_error() {
    let repo = repo();
    assert_eq!(repo.run(&["record", "--", "true"]).code, Some(2));
    assert_eq!(repo.run(&["record", "--gate", "lint"]).code, Some(2));
}

#[test]
fn a_credential_in_the_output_does_not_reach_the_verdict() {
    let repo = repo();
    let token = ["gh", "p_", "q7Rt2Xc9Vb4Nm6Lk8Jh3Gf5Ds1Ap0Zw7Qe2Y"].concat();
    repo.run(&[
        "record",
        "--gate",
        "lint",
        "--",
        "sh",
        "-c",
        &format!("echo using {token}; exit 1"),
    ]);
    let verdict = repo.json("lint.verdict.json");
    let reason = verdict["criteria"][0]["reason"].as_str().expect("a reason");
    assert!(!reason.contains(&token), "{reason}");
    assert!(
        !verdict.to_string().contains(&token),
        "nor by way of the command line"
    );
}

#[test]
fn a_built_in_gate_cannot_be_recorded_and_a_key_stays_inside_the_folder() {
    let repo = repo();
    for key in [
        "integrity",
        "framework_integrity",
        "performance",
        "../../escape",
        "a.b",
        "",
    ] {
        let ran = repo.run(&["record", "--gate", key, "--", "true"]);
        assert_eq!(ran.code, Some(2), "{key}: {}", ran.stderr);
    }
    assert!(!repo.out("integrity.verdict.json").exists());
}

#[cfg(unix)]
#[test]
fn a_grandchild_that_holds_the_output_open_does_not_hold_us_up() {
    let repo = repo();
    let started = std::time::Instant::now();
    let ran = repo.run(&[
        "record",
        "--gate",
        "lint",
        "--timeout",
        "1s",
        "--",
        "sh",
        "-c",
        "sleep 20 & exit 0",
    ]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(started.elapsed() < std::time::Duration::from_secs(15));
}
