//! Real repositories, made by the git executable in temporary folders with nothing of the user's own configuration.
#![allow(clippy::disallowed_methods, reason = "tests lay out repositories")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use gate_repo::{FileView, Repo, Scan};

/// A work tree in a temporary folder; `dir` may be a part of a larger temporary folder.
pub struct Sandbox {
    keep: tempfile::TempDir,
    pub dir: PathBuf,
}

impl Sandbox {
    /// A fresh repository on branch `main`.
    pub fn new() -> Self {
        let sandbox = Self::empty("work");
        sandbox.git(&["init", "-q", "-b", "main"]);
        sandbox.git(&["config", "core.autocrlf", "false"]);
        sandbox
    }

    /// Only a folder.
    pub fn empty(name: &str) -> Self {
        let keep = tempfile::tempdir().expect("temporary folder");
        let dir = keep.path().canonicalize().expect("real path").join(name);
        std::fs::create_dir(&dir).expect("folder");
        Self { keep, dir }
    }

    /// A folder beside the work tree.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.parent().expect("temporary folder").join(name)
    }

    pub fn git(&self, args: &[&str]) -> String {
        git_in(&self.dir, args)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.dir.join(path);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, bytes).expect("write");
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.dir.join(path)).expect("remove");
    }

    /// Stage everything and commit; the commit's id.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub fn open(&self) -> Repo {
        gate_repo::open(&self.dir).expect("opens")
    }
}

pub fn git_in(dir: &Path, args: &[&str]) -> String {
    String::from_utf8_lossy(&git_bytes(dir, args))
        .trim_end()
        .to_owned()
}

pub fn git_bytes(dir: &Path, args: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "core.quotePath=false",
        ])
        .args(args)
        .current_dir(dir)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", dir.parent().unwrap_or(dir))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.org")
        .env("GIT_AUTHOR_DATE", "1700000000 +0000")
        .env("GIT_COMMITTER_NAME", "c")
        .env("GIT_COMMITTER_EMAIL", "c@example.org")
        .env("GIT_COMMITTER_DATE", "1700000001 +0000")
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

pub fn paths(repo: &Repo) -> Vec<&str> {
    repo.files().iter().map(|f| f.path.as_str()).collect()
}

/// Scan everything: each file's path and what was seen.
pub fn scan(repo: &Repo) -> Scan<(String, String)> {
    repo.scan(
        &|_| true,
        &|file, view| {
            let seen = match view {
                FileView::Bytes(b) => format!("bytes {}", String::from_utf8_lossy(b)),
                FileView::Symlink(b) => format!("link {}", String::from_utf8_lossy(b)),
                FileView::TooLarge { size } => format!("too large {size}"),
                FileView::Unreadable(why) => format!("unreadable {why}"),
                other => format!("{other:?}").to_lowercase(),
            };
            (file.path.clone(), seen)
        },
        2,
    )
    .expect("scans")
}

pub fn seen<'a>(scan: &'a Scan<(String, String)>, path: &str) -> &'a str {
    scan.results
        .iter()
        .find(|(p, _)| p == path)
        .map_or("not visited", |(_, s)| s)
}
