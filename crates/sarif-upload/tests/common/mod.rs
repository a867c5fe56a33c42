//! Uploads against a fake GitHub, in a folder of their own.
#![allow(dead_code, reason = "each test file uses its own part")]

use gate_github::Token;
use gate_runner::Session;
use gate_testkit::fake_github::{FakeGithub, Setup};
use sarif_upload::{Fallback, Receipt, Suppressed, Surroundings, UploadFlags, upload};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub(crate) struct Case {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) fake: FakeGithub,
    pub(crate) flags: UploadFlags,
    pub(crate) surroundings: Surroundings,
}

/// An upload of what lies in the out folder of this one.
pub(crate) fn flags(folder: &Path) -> UploadFlags {
    UploadFlags {
        files: Vec::new(),
        sarif: Vec::new(),
        category: None,
        prepare: sarif_upload::PrepareFlags::default(),
        scan_scope: sarif_upload::ScanScope::Full,
        commit: None,
        git_ref: None,
        require_upload: false,
        fallback: Fallback::ALL,
        suppressed: Suppressed::Drop,
        orphans: false,
        wait: 10,
        root: folder.to_owned(),
        out: Some(folder.join("out")),
        format: None,
        as_of: Some("2026-01-02T03:04:05Z".parse().unwrap()),
        offline: false,
        timeout: None,
    }
}

impl Case {
    pub(crate) fn new() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fake = FakeGithub::with(Setup { polls: 0, ..setup }).unwrap();
        let flags = flags(folder.path());
        let surroundings = Surroundings {
            token: Token::new(&["gh", "s_", &"x".repeat(36)].concat()),
            api_url: fake.url(),
            repository: Some(String::from("octo/gate")),
            sha: Some(COMMIT.to_owned()),
            git_ref: Some(String::from("refs/heads/main")),
            event: String::from("push"),
            default_branch: Some(String::from("main")),
            run_url: Some(String::from("https://example.invalid/run")),
            ..Surroundings::default()
        };
        Self {
            folder,
            fake,
            flags,
            surroundings,
        }
    }

    pub(crate) fn log(&self, name: &str, results: &[Value]) {
        self.whole(
            name,
            &json!({"tool": {"driver": {"name": "demo"}}, "results": results}),
        );
    }

    pub(crate) fn whole(&self, name: &str, run: &Value) {
        let path = self.folder.path().join("out").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let log = json!({"version": "2.1.0", "runs": [run]});
        fs::write(path, log.to_string()).unwrap();
    }

    pub(crate) fn run(&self) -> Receipt {
        let session = Session::open(self.flags.common()).unwrap();
        let receipt = upload(&session, &self.flags, &self.surroundings, Box::new(|_| {})).unwrap();
        assert_eq!(self.fake.violations(), []);
        receipt
    }

    pub(crate) fn requests(&self) -> Vec<(String, u16)> {
        let requests = self.fake.requests();
        let short = |path: &str| path.replace("/repos/octo/gate/", "");
        requests
            .iter()
            .map(|it| (format!("{} {}", it.method, short(&it.path)), it.status))
            .collect()
    }
}

pub(crate) fn result(level: &str, line: u64) -> Value {
    json!({
        "ruleId": format!("rule-{level}"), "level": level, "message": {"text": format!("{level} at {line}")},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "src/a.rs"}, "region": {"startLine": line}}}],
    })
}

pub(crate) fn suppressed(line: u64) -> Value {
    let mut result = result("error", line);
    result["suppressions"] =
        json!([{"kind": "inSource", "justification": "false positive: checked"}]);
    result
}
