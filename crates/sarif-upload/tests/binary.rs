//! The binary as a workflow runs it: outputs, summary, annotations, masks, exit codes.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as the tests do"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start what they test"
)]

use gate_testkit::fake_github::{FakeGithub, Fault, Route, Setup};
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
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        fs::write(folder.path().join("out/scan.sarif"), LOG).unwrap();
        Self {
            folder,
            fake: FakeGithub::with(Setup {
                polls: 0,
                ..Setup::default()
            })
            .unwrap(),
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
