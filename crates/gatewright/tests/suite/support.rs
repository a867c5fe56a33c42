//! A repository in a temporary folder and the binary run in it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const AS_OF: &str = "2026-01-02T03:04:05Z";

/// A policy that everything in [`Repo::sound`] meets.
pub(crate) const POLICY: &str = "version: 1
gates:
  integrity:
    criteria: {no_broken_links: true}
  security:
    criteria: {secrets_detected: 0, malicious_content: false}
";

pub(crate) struct Repo {
    folder: tempfile::TempDir,
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Repo {
    pub(crate) fn empty() -> Self {
        let repo = Self {
            folder: tempfile::tempdir().expect("a temp dir"),
        };
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        repo
    }

    /// One commit in which every link resolves.
    pub(crate) fn sound(policy: Option<&str>) -> Self {
        let repo = Self::empty();
        repo.write("README.md", "# Title\n\n[guide](docs/guide.md#install)\n");
        repo.write("docs/guide.md", "# Guide\n\n## Install\n");
        if let Some(policy) = policy {
            repo.write(".github/gates.yml", policy);
        }
        repo.commit("first");
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.path().join(".gatewright").join(name)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        gate_testkit::scrub(&mut command);
        let output = command
            .args(arguments)
            .current_dir(self.path())
            .output()
            .expect("git runs");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all", "."]);
        self.git(&[
            "commit",
            "--quiet",
            "--no-gpg-sign",
            "--allow-empty",
            "-m",
            message,
        ]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
        gate_testkit::scrub(&mut command);
        command
            .args(arguments)
            .current_dir(self.path())
            .env("GATEWRIGHT_AS_OF", AS_OF)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finish(self.command(arguments))
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        let path = self.out(name);
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&bytes).expect("JSON")
    }

    pub(crate) fn decision(&self) -> Value {
        self.json("decision.json")
    }
}

pub(crate) fn finish(mut command: Command) -> Ran {
    let output = command.output().expect("the binary runs");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The `(gate, code)` pairs of a decision's reasons.
pub(crate) fn reasons(decision: &Value) -> Vec<(String, String)> {
    let text = |reason: &Value, key: &str| reason[key].as_str().unwrap_or_default().to_owned();
    decision["reasons"]
        .as_array()
        .expect("reasons")
        .iter()
        .map(|reason| (text(reason, "gate"), text(reason, "code")))
        .collect()
}
