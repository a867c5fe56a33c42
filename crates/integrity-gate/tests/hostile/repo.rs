//! A repository in a temporary folder, and what the gate says of it.

use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// All of these are done in a few seconds by an unoptimised build; what is not bounded takes minutes.
const LONGEST: Duration = Duration::from_mins(1);

pub(crate) struct Repo(tempfile::TempDir);

impl Repo {
    /// A repository whose policy asks for every criterion.
    pub(crate) fn new() -> Self {
        let repo = Self(tempfile::tempdir().expect("a temp dir"));
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        let mut policy = String::from(
            "version: 1\ngates:\n  integrity:\n    modules: [\"**/*.md\"]\n    roots: [\"README.md\", \"m0.md\"]\n\
             \x20   token_budgets: [{paths: [\"{m0,README}.md\"], closure: 1000000}]\n\
             \x20   front_matter: [{paths: [\"aliases.md\"], required: [a29]}]\n    criteria:\n",
        );
        for criterion in crate::CRITERIA {
            let required = if criterion == "reference_depth" {
                "\"<= 100000\""
            } else {
                "true"
            };
            let _ = writeln!(policy, "      {criterion}: {required}");
        }
        repo.write(".github/gates.yml", policy);
        repo
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn link(&self, path: &str, target: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::os::unix::fs::symlink(target, path).expect("a symlink");
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = gate_testkit::scrub(&mut Command::new("git"))
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .expect("git runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.0.path().join(path)).expect("it was there");
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all", "."]);
        self.git(&["commit", "--quiet", "--no-gpg-sign", "-m", "all"]);
    }

    /// Runs the gate and reads its verdict.
    pub(crate) fn judge(&self) -> Verdict {
        self.judge_with(&[])
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.0.path().join(path)).expect("it is there")
    }

    /// The same with arguments.
    pub(crate) fn judge_with(&self, arguments: &[&str]) -> Verdict {
        let out = self.0.path().join(".gatewright");
        let mut command = Command::new(env!("CARGO_BIN_EXE_integrity-gate"));
        gate_testkit::scrub(&mut command)
            .current_dir(self.0.path())
            .args(arguments)
            .env("GATEWRIGHT_OUT", &out)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.0.path().join(".git/said")).expect("a file"));
        let started = Instant::now();
        let mut child = command.spawn().expect("the gate starts");
        let status = loop {
            if let Some(status) = child.try_wait().expect("a status") {
                break status;
            }
            if started.elapsed() > LONGEST {
                child.kill().expect("it ends");
                child.wait().expect("it ended");
                panic!("the gate ran longer than {} s", LONGEST.as_secs());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let said = fs::read_to_string(self.0.path().join(".git/said")).unwrap_or_default();
        assert!(
            status.code().is_some() && !said.contains("panicked"),
            "{status}: {said}"
        );
        let bytes = fs::read(out.join("integrity.verdict.json"))
            .unwrap_or_else(|error| panic!("no verdict: {error}; {said}"));
        Verdict(serde_json::from_slice(&bytes).expect("JSON"))
    }
}

pub(crate) struct Verdict(pub(crate) Value);

impl Verdict {
    pub(crate) fn criterion(&self, id: &str) -> &Value {
        let criteria = self.0["criteria"].as_array().expect("criteria");
        let found = criteria.iter().find(|criterion| criterion["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {}", self.0))
    }

    pub(crate) fn status(&self, id: &str) -> &str {
        self.criterion(id)["status"].as_str().expect("a status")
    }

    /// `path:line rule` of every finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let findings = self.0["findings"].as_array().expect("findings").iter();
        findings
            .map(|finding| {
                let place = &finding["location"];
                let line = place["line"].as_u64().unwrap_or_default();
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                format!("{}:{line} {}", text(&place["path"]), text(&finding["rule"]))
            })
            .collect()
    }

    pub(crate) fn message(&self, rule: &str) -> String {
        let findings = self.0["findings"].as_array().expect("findings");
        let found = findings.iter().find(|finding| finding["rule"] == rule);
        found.map_or_else(String::new, |finding| finding["message"].to_string())
    }
}
