//! Which findings a pull request shows: GitHub annotates those whose lines are all part of its diff, and tells nobody why
//! it leaves out the others.

use crate::destination::Surroundings;
use crate::log::Log;
use gate_repo::{ChangeKind, FileChange, FileKind, Repo};
use gate_runner::Session;
use gate_sarif::{Place, Region, Run, SarifResult, standing};
use std::collections::BTreeMap;

/// Unchanged lines that a diff shows around a change.
const CONTEXT: u32 = 3;

/// A change, ready for looking up.
pub(crate) struct Change {
    repo: Repo,
    files: BTreeMap<String, FileChange>,
}

/// Whether the pull request shows a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Visible {
    /// All its lines are new or changed.
    Yes,
    /// Its lines are in the diff, and some are unchanged.
    Beside,
    /// Not there, for this reason.
    No(&'static str),
}

impl Visible {
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Yes => "on the pull request",
            Self::Beside => "on the pull request, beside a change",
            Self::No(reason) => reason,
        }
    }
}

/// The change since a revision; the error says why it is not known.
pub(crate) fn since(session: &Session, base: &str) -> Result<Change, String> {
    let repo = gate_repo::open(&session.root).map_err(|error| error.to_string())?;
    let base = repo.rev(base).map_err(|error| error.to_string())?;
    let changes = repo.diff(&base.commit).map_err(|error| error.to_string())?;
    let files = changes
        .into_iter()
        .map(|change| (change.path.clone(), change));
    Ok(Change {
        files: files.collect(),
        repo,
    })
}

impl Change {
    /// Whether the pull request shows what a result is about.
    pub(crate) fn shows(&self, run: &Run, result: &SarifResult) -> Visible {
        let Some((Place::Inside(path), region)) = run.place(result) else {
            return Visible::No("not on the pull request: it names no file of the repository");
        };
        self.shows_lines(&path, &region)
    }

    fn shows_lines(&self, path: &str, region: &Region) -> Visible {
        let Some(file) = self.repo.file(path) else {
            return Visible::No("not on the pull request: the file is not tracked");
        };
        if file.kind == FileKind::Symlink {
            return Visible::No("not on the pull request: the file is a symbolic link");
        }
        let Some(change) = self.files.get(path) else {
            return Visible::No("not on the pull request: the file did not change");
        };
        let Some(first) = region.start_line else {
            return Visible::No("not on the pull request: it names no line");
        };
        if change.binary || matches!(change.kind, ChangeKind::ModeOnly | ChangeKind::Submodule) {
            return Visible::No("not on the pull request: no line of the file changed");
        }
        let last = region.end_line.unwrap_or(first).max(first);
        let within = |more: u32| {
            let ranges = change.added_lines.iter();
            let mut next = first;
            for (start, end) in ranges {
                if start.saturating_sub(more) <= next && next <= end.saturating_add(more) {
                    next = end.saturating_add(more).saturating_add(1);
                }
                if next > last {
                    return true;
                }
            }
            false
        };
        if within(0) {
            Visible::Yes
        } else if within(CONTEXT) {
            Visible::Beside
        } else {
            Visible::No("not on the pull request: its lines did not change")
        }
    }
}

/// One line about what a pull request will show of the findings that are sent to it.
pub(crate) fn notice(
    session: &Session,
    surroundings: &Surroundings,
    logs: &[Log],
) -> Option<String> {
    let base = surroundings.pull_request_base.as_deref()?;
    let change = match since(session, base) {
        Ok(change) => change,
        Err(error) => {
            return Some(format!(
                "which findings the pull request will show is not known: {error}; check out with fetch-depth: 0"
            ));
        }
    };
    let mut counts: BTreeMap<Visible, usize> = BTreeMap::new();
    for log in logs {
        let read = match log.read() {
            Ok(read) => read,
            Err(problem) => {
                return Some(format!(
                    "which findings the pull request will show is not known: {}: {}",
                    log.shown, problem.reason
                ));
            }
        };
        for run in &read.runs {
            for result in run
                .results()
                .iter()
                .filter(|result| standing(result).counted())
            {
                *counts.entry(change.shows(run, result)).or_default() += 1;
            }
        }
    }
    let total: usize = counts.values().sum();
    let shown: Vec<String> = counts
        .iter()
        .map(|(why, count)| format!("{count} {}", why.words()))
        .collect();
    (total > 0).then(|| format!("of {total} finding(s): {}", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests lay out a repository")]

    use super::*;
    use std::process::Command;

    #[test]
    fn only_lines_of_the_diff_are_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.invalid",
                "-c",
                "commit.gpgsign=false",
            ]);
            let done = command
                .args(arguments)
                .current_dir(folder.path())
                .output()
                .expect("git");
            assert!(done.status.success(), "{done:?}");
        };
        let lines: Vec<String> = (1..=40).map(|line| format!("line {line}\n")).collect();
        let text = lines.concat();
        std::fs::write(folder.path().join("a.c"), &text).expect("written");
        std::fs::write(folder.path().join("same.c"), &text).expect("written");
        git(&["init", "-q", "-b", "main"]);
        git(&["add", "-A"]);
        git(&["commit", "-qm", "base"]);
        std::fs::write(
            folder.path().join("a.c"),
            text.replace("line 20\n", "new\nnew\n"),
        )
        .expect("written");
        git(&["commit", "-qam", "head"]);
        let repo = gate_repo::open(folder.path()).expect("a repository");
        let base = repo.rev("HEAD~1").expect("a commit").commit;
        let files = repo
            .diff(&base)
            .expect("a diff")
            .into_iter()
            .map(|change| (change.path.clone(), change))
            .collect();
        let change = Change { repo, files };
        let shown = |path: &str, lines: (u32, u32)| {
            let region = Region {
                start_line: Some(lines.0),
                end_line: Some(lines.1),
                ..Region::default()
            };
            change.shows_lines(path, &region)
        };
        assert_eq!(shown("a.c", (20, 21)), Visible::Yes);
        assert_eq!(shown("a.c", (21, 22)), Visible::Beside);
        assert_eq!(shown("a.c", (17, 24)), Visible::Beside);
        for (path, lines) in [
            ("a.c", (16, 20)),
            ("a.c", (30, 30)),
            ("same.c", (1, 1)),
            ("none.c", (1, 1)),
        ] {
            assert!(
                matches!(shown(path, lines), Visible::No(_)),
                "{path} {lines:?}"
            );
        }
    }
}
