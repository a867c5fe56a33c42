//! Addresses of other hosts: a gate names them, the flow asks.

use crate::session::Session;
use gate_net::Outcome;
use gate_repo::Repo;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nobody was asked, and why: nothing is known of any address.
    Not(String),
    Answers {
        /// By address, as it was given.
        answers: BTreeMap<String, Answer>,
        notices: Vec<String>,
    },
}

/// What is known of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Alive,
    /// There is nothing, and how that is known.
    Dead(String),
    /// It cannot be told, and why.
    Unknown {
        /// A host said so itself.
        answered: bool,
        reason: String,
    },
    /// Nobody answered, and how that showed.
    Silent(String),
}

/// How the flow may ask.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    offline: bool,
    now: i64,
    /// `None` where the repository brings it along.
    cache: Option<PathBuf>,
}

/// Answers of the last day; not a name that a gate writes.
const CACHE: &str = "addresses.cache.json";

impl Asking {
    pub(crate) fn of(session: &Session, repo: Option<&Repo>) -> Self {
        let cache = session.out.join(CACHE);
        let is_brought = repo.is_some_and(|repo| is_tracked(repo, &session.root, &cache));
        Self {
            offline: session.flags.offline,
            now: session.as_of.as_second(),
            cache: (!is_brought).then_some(cache),
        }
    }

    pub(crate) fn ask(&self, addresses: &[String]) -> Asked {
        if self.offline {
            return Asked::Not(String::from("--offline forbids asking other hosts"));
        }
        let mut settings = gate_net::Settings::new(self.now);
        settings.cache.clone_from(&self.cache);
        match gate_net::check(addresses, &settings) {
            Err(error) => Asked::Not(error.to_string()),
            Ok(checked) => Asked::Answers {
                answers: checked
                    .outcomes
                    .into_iter()
                    .map(|(address, outcome)| (address, Answer::from(outcome)))
                    .collect(),
                notices: checked.notices,
            },
        }
    }
}

/// Whether git tracks a path, where it leads to, or a submodule above it: a
/// change could write there what it wants to be answered.
fn is_tracked(repo: &Repo, root: &Path, path: &Path) -> bool {
    let real = fs::canonicalize(path).ok();
    let all = [Some(path), real.as_deref()].into_iter().flatten();
    let below = all.filter_map(|path| path.strip_prefix(root).ok());
    below
        .flat_map(Path::ancestors)
        .filter_map(Path::to_str)
        .any(|path| repo.file(&path.replace('\\', "/")).is_some())
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Alive { .. } => Self::Alive,
            Outcome::Dead { reason, .. } => Self::Dead(reason),
            Outcome::Unknown { status, reason } => Self::Unknown {
                answered: status.is_some(),
                reason,
            },
            Outcome::Silent { reason } => Self::Silent(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_the_repository_brings_along_are_not_believed() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("real");
        let git = |arguments: &[&str]| {
            let output = std::process::Command::new("git")
                .current_dir(&root)
                .args(arguments)
                .output()
                .expect("git runs");
            assert!(output.status.success(), "git {arguments:?}");
        };
        let write = |path: &str| {
            fs::create_dir_all(root.join(path).parent().expect("a parent")).expect("made");
            fs::write(root.join(path), "{}").expect("written");
        };
        git(&["init", "--quiet"]);
        for path in ["out/x.json", "own/x.json"] {
            write(path);
        }
        git(&["add", "out"]);
        let entry = format!("160000,{},module", "1".repeat(40));
        git(&["update-index", "--add", "--cacheinfo", &entry]);
        let repo = gate_repo::open(&root).expect("a repository");
        let tracked = |path: &str| is_tracked(&repo, &root, &root.join(path));
        assert!(tracked("out/x.json") && tracked("module/x.json"));
        assert!(!tracked("own/x.json") && !tracked("out/y.json"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("out", root.join("link")).expect("linked");
            assert!(tracked("link/x.json"), "where it leads to counts");
        }
    }
}
