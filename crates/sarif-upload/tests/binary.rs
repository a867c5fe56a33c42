//! The binary as a workflow runs it: outputs, summary, annotations, masks, exit codes.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start what they test"
)]

use gate_testkit::fake_github::{FakeGithub, Fault, Pull, Route, Setup};
use gate_testkit::scrub;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const LOG: &str =
    r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"demo"}},"results":[]}]}"#;

struct Step {
    folder: tempfile::TempDir,
    fake: FakeGithub,
    secret: String,
}

impl Step {
    fn new() -> Self {
        Self::with(Setup {
            polls: 0,
            ..Setup::default()
        })
    }

    fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        fs::write(folder.path().join("out/scan.sarif"), LOG).unwrap();
        Self {
            folder,
            fake: FakeGithub::with(setup).unwrap(),
            secret: ["gh", "s_", &"y".repeat(36)].concat(),
        }
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let at = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sarif-upload"));
        scrub(&mut command)
            .current_dir(self.folder.path())
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_API_URL", self.fake.url())
            .env("GITHUB_REPOSITORY", "octo/gate")
            .env("GITHUB_SHA", "a".repeat(40))
            .env("GITHUB_REF", "refs/heads/main")
            .env("GITHUB_EVENT_NAME", "schedule")
            .env("GITHUB_TOKEN", &self.secret)
            .env("GITHUB_OUTPUT", at("outputs"))
            .env("GITHUB_STEP_SUMMARY", at("summary.md"))
            .env("GATEWRIGHT_WAIT", "1")
            .envs(variables.iter().copied())
            .args(["--out", "out"])
            .args(arguments);
        let output = command.output().unwrap();
        self.nothing_holds_the_secret(&output);
        output
    }

    /// The mask command, which tells the runner what to hide, is the first line and the only place.
    fn nothing_holds_the_secret(&self, output: &Output) {
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let rest = match stdout.split_once('\n') {
            Some((first, rest)) if first == format!("::add-mask::{}", self.secret) => rest,
            _ => &stdout,
        };
        let mut texts = vec![
            rest.to_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ];
        texts.extend(
            ["outputs", "summary.md", "out/sarif-upload.receipt.json"].map(|name| self.read(name)),
        );
        assert!(
            texts.iter().all(|text| !text.contains(&self.secret)),
            "{texts:?}"
        );
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// An output as the runner reads it.
    fn output(&self, name: &str) -> Option<String> {
        let text = self.read("outputs");
        let (_, rest) = text.split_once(&format!("{name}<<"))?;
        let (delimiter, rest) = rest.split_once('\n')?;
        Some(rest.split_once(&format!("\n{delimiter}\n"))?.0.to_owned())
    }
}

#[test]
fn an_upload_in_a_workflow_tells_everybody() {
    let step = Step::new();
    let output = step.run(&[], &[]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    let id = step.fake.sarifs()[0].id.clone();
    assert!(stdout.starts_with("::add-mask::"), "{stdout}");
    assert!(stdout.contains("SARIF UPLOAD PROCESSED: 1 of 1 file(s) taken by GitHub, 1 processed, for octo/gate at aaaaaaaaaaaa (refs/heads/main)"), "{stdout}");
    assert_eq!(step.output("status").as_deref(), Some("processed"));
    assert_eq!(step.output("exit-code").as_deref(), Some("0"));
    assert_eq!(step.output("sarif-id").as_deref(), Some(id.as_str()));
    assert!(
        step.folder
            .path()
            .join(step.output("receipt").unwrap())
            .is_file()
    );
    assert!(
        step.read("summary.md")
            .contains("| out/scan.sarif | processed | scan | 0 |"),
        "{}",
        step.read("summary.md")
    );
    assert_eq!(step.fake.violations(), []);
}

#[test]
fn a_fork_is_told_in_text_summary_and_receipt_and_stays_green() {
    let step = Step::new();
    step.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    let output = step.run(&[], &[]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(
        stdout.contains("SARIF UPLOAD DEGRADED")
            && stdout.contains("::warning title=SARIF upload degraded::"),
        "{stdout}"
    );
    for name in ["summary.md", "out/sarif-upload.receipt.json"] {
        assert!(step.read(name).contains("degraded"), "{name}");
    }
    step.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    let output = step.run(&[], &[("GATEWRIGHT_REQUIRE_UPLOAD", "true")]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stdout}");
    assert!(
        stdout.contains("::error title=SARIF upload degraded::"),
        "{stdout}"
    );
}

/// A pull request's event, from `repository`.
fn pull_request(repository: &str) -> String {
    let end = |sha: char, name: &str| serde_json::json!({"sha": sha.to_string().repeat(40), "ref": "x", "repo": {"full_name": name}});
    serde_json::json!({
        "pull_request": {"number": 7, "base": end('b', "octo/gate"), "head": end('a', repository)},
        "repository": {"full_name": "octo/gate", "default_branch": "main"},
    })
    .to_string()
}

#[test]
fn a_fork_sees_its_findings_at_the_step() {
    let step = Step::new();
    let result = |level: &str, line: usize| {
        serde_json::json!({
            "ruleId": "r", "level": level,
            "message": {"text": "bad\n::set-output name=x::y ##[error]<img> @me"},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": "src/a,b:c.rs"}, "region": {"startLine": line}}}],
        })
    };
    let mut results: Vec<_> = (1..=40).map(|line| result("warning", line)).collect();
    results.extend((1..=12).map(|line| result("error", line)));
    let log = LOG.replace(
        "\"results\":[]",
        &format!("\"results\":{}", serde_json::json!(results)),
    );
    fs::write(step.folder.path().join("out/scan.sarif"), log).unwrap();
    fs::write(
        step.folder.path().join("event.json"),
        pull_request("eve/gate"),
    )
    .unwrap();
    let path = step.folder.path().join("event.json").display().to_string();
    let event = [
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_EVENT_PATH", path.as_str()),
    ];
    step.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
    let output = step.run(&[], &event);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert_eq!(
        step.fake.requests().len(),
        1,
        "a fork's token is not tried on check runs"
    );
    let count = |start: &str| {
        stdout
            .lines()
            .filter(|line| line.starts_with(start))
            .count()
    };
    assert_eq!(
        (count("::error"), count("::warning"), count("::notice")),
        (10, 10, 1),
        "{stdout}"
    );
    assert_eq!(count("::set-output"), 0, "{stdout}");
    assert!(!stdout.contains("##["), "{stdout}");
    assert!(
        stdout.contains("::error file=src/a%2Cb%3Ac.rs,line=1,title=high%3A r (demo)::bad\\u{a}"),
        "{stdout}"
    );
    assert!(
        stdout.contains("fork-upload.yml") && stdout.contains("2 more error(s)"),
        "{stdout}"
    );
    let summary = step.read("summary.md");
    assert_eq!(summary.matches("| high | src/a,b").count(), 12, "{summary}");
    assert_eq!(
        summary.matches("| medium | src/a,b").count(),
        40,
        "{summary}"
    );
    assert!(
        !summary.contains("<img>") && !summary.contains("@me"),
        "{summary}"
    );
    let receipt: serde_json::Value =
        serde_json::from_str(&step.read("out/sarif-upload.receipt.json")).unwrap();
    assert_eq!(receipt["files"][0]["reached"], "annotations");
    // Without annotations the summary is the place, and without both the file.
    for (fallback, reached, listed) in [("summary", "summary", 52), ("none", "file", 0)] {
        fs::remove_file(step.folder.path().join("summary.md")).unwrap();
        step.fake.fail(Route::UploadSarif, Fault::ReadOnlyToken);
        step.run(&["--fallback", fallback], &event);
        let receipt = step.read("out/sarif-upload.receipt.json");
        let receipt: serde_json::Value = serde_json::from_str(&receipt).unwrap();
        assert_eq!(receipt["files"][0]["reached"], reached);
        assert_eq!(
            step.read("summary.md").matches("| src/a,b").count(),
            listed,
            "{fallback}"
        );
    }
}

#[test]
fn a_second_stage_uploads_for_the_fork() {
    let step = Step::with(Setup {
        polls: 0,
        pulls: vec![Pull {
            number: 7,
            head_sha: "c".repeat(40),
            head_repository: String::from("eve/gate"),
            head_branch: String::from("topic"),
            state: String::from("open"),
            ..Pull::default()
        }],
        ..Setup::default()
    });
    let event = serde_json::json!({
        "workflow_run": {
            "head_sha": "c".repeat(40), "head_branch": "topic", "event": "pull_request", "pull_requests": [],
            "head_repository": {"full_name": "eve/gate"},
        },
        "repository": {"full_name": "octo/gate", "default_branch": "main"},
    });
    fs::write(step.folder.path().join("event.json"), event.to_string()).unwrap();
    let path = step.folder.path().join("event.json").display().to_string();
    let output = step.run(
        &[],
        &[
            ("GITHUB_EVENT_NAME", "workflow_run"),
            ("GITHUB_EVENT_PATH", &path),
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stored = &step.fake.sarifs()[0];
    assert_eq!(
        (stored.commit_sha.as_str(), stored.git_ref.as_str()),
        ("c".repeat(40).as_str(), "refs/pull/7/head")
    );
    assert_eq!(step.fake.violations(), []);
}

#[test]
fn a_name_cannot_command_the_runner() {
    let step = Step::new();
    let name = if cfg!(unix) {
        "::error::a\nb##[error].sarif"
    } else {
        "b##[error].sarif"
    };
    fs::write(step.folder.path().join(name), "{").unwrap();
    let output = step.run(&["*.sarif"], &[]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stdout}");
    let commands: Vec<_> = stdout
        .lines()
        .filter(|line| line.trim_start().starts_with("::"))
        .collect();
    assert!(
        commands.len() == 2 && commands[1].starts_with("::error title=SARIF upload refused::"),
        "{stdout}"
    );
    assert!(!stdout.contains("##["), "{stdout}");
}

#[test]
fn json_is_the_receipt_and_nothing_else() {
    let step = Step::new();
    let output = step.run(&["--format", "json"], &[("GATEWRIGHT_OFFLINE", "true")]);
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let written: serde_json::Value =
        serde_json::from_str(&step.read("out/sarif-upload.receipt.json")).unwrap();
    assert_eq!(
        (&printed, &printed["status"]),
        (&written, &serde_json::json!("degraded"))
    );
}

#[test]
fn bad_flags_are_exit_2_and_there_is_none_for_the_token() {
    let step = Step::new();
    for arguments in [
        &["--token", "x"][..],
        &["--commit", "HEAD"],
        &["--wait", "9999"],
        &["--category", "/"],
        &["--format", "sarif"],
        &["--root", "absent"],
    ] {
        let output = step.run(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            told.lines().all(|line| line.starts_with("::error")) && !output.stderr.is_empty(),
            "{arguments:?}: {told}"
        );
    }
    assert_eq!(step.fake.requests(), []);
    let help = step.run(&["--help"], &[]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.starts_with("Uploads SARIF") && !help.contains("--token"),
        "{help}"
    );
}

#[test]
fn on_a_laptop_commit_branch_and_repository_come_from_git() {
    let step = Step::new();
    let root = step.folder.path();
    let git = |arguments: &[&str]| {
        let output = scrub(Command::new("git").current_dir(root))
            .args(arguments)
            .output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if git(&["init", "-q", "-b", "topic"]).is_err() {
        eprintln!("SKIPPED: there is no git to make a repository with");
        return;
    }
    git(&["commit", "-q", "--allow-empty", "-m", "one"]).unwrap();
    git(&["remote", "add", "origin", "https://127.0.0.1/acme/api.git"]).unwrap();
    let head = git(&["rev-parse", "HEAD"]).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sarif-upload"));
    scrub(&mut command)
        .current_dir(root)
        .env("GITHUB_TOKEN", &step.secret)
        .env("GITHUB_API_URL", step.fake.url());
    let output = command
        .args(["--out", "out", "--wait", "0", "out/scan.sarif"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        stdout.contains("for acme/api at") && !stdout.contains("::"),
        "{stdout}"
    );
    let stored = &step.fake.sarifs()[0];
    assert_eq!(
        (
            stored.commit_sha.as_str(),
            stored.git_ref.as_str(),
            stored.repository.as_str()
        ),
        (head.as_str(), "refs/heads/topic", "acme/api")
    );
    assert!(
        Path::new(root)
            .join("out/sarif-upload.receipt.json")
            .is_file()
    );
}
