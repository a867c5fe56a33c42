//! Head against base: which findings the change brought, and what it did to
//! the things that they lead to.

use crate::contents::Contents;
use crate::evaluate::Evaluated;
use crate::explain::{add, led};
use crate::issue::{Issue, State};
use crate::plan::{self, FilePart, Plan};
use crate::tree::Tree;
use crate::world::{Scope, Source, World};
use gate_repo::{ChangeKind, FileChange, FileKind, Repo, TrackedFile};
use gate_runner::{Inputs, Missing, Part};
use gate_verdict::Code;
use std::collections::{BTreeMap, BTreeSet};

/// What the change did to files.
pub(crate) struct Change<'a> {
    /// The base.
    commit: &'a str,
    changes: &'a [FileChange],
    /// Path in the head, by path in the base.
    pub(crate) moved: BTreeMap<&'a str, &'a str>,
    /// Path in the base, by path in the head.
    pub(crate) was: BTreeMap<&'a str, &'a str>,
    /// Files of the base that are other there, parsed.
    parts: Vec<(&'a str, FilePart)>,
}

impl<'a> Change<'a> {
    /// Reads what the base has otherwise; `None` where there is no base by
    /// nature.
    pub(crate) fn read(inputs: &'a Inputs<'_>, plan: &Plan) -> Option<Result<Self, Missing>> {
        let commit = match (inputs.base.commit(), inputs.base.gap()) {
            (Some(commit), _) => commit,
            (None, Some(gap)) if gap.code == Code::NoBase => return None,
            (None, Some(gap)) => return Some(Err(gap)),
            (None, None) => return None,
        };
        Some(
            inputs
                .changes()
                .and_then(|changes| Self::of(inputs, commit, changes, plan)),
        )
    }

    fn of(
        inputs: &Inputs<'_>,
        commit: &'a str,
        changes: &'a [FileChange],
        plan: &Plan,
    ) -> Result<Self, Missing> {
        let mut read = Self {
            commit,
            changes,
            moved: BTreeMap::new(),
            was: BTreeMap::new(),
            parts: Vec::new(),
        };
        let is_link = |change: &FileChange| change.was == Some(FileKind::Symlink);
        for change in changes {
            if let Some(old) = &change.old_path {
                read.moved.insert(old, &change.path);
                read.was.insert(&change.path, old);
            }
        }
        let wants = |change: &FileChange, old: &str| is_link(change) || plan.reads(old);
        inputs.of_base(changes, wants, |change, old, bytes| {
            let part = if is_link(change) {
                plan::link(bytes)
            } else {
                plan.parse(old, bytes)
            };
            read.parts.push((old, part));
        })?;
        Ok(read)
    }

    /// Whether the change touches anything that the gate looks at.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What a file that the head has too is in the base.
    fn kind_in_base(&self, file: &TrackedFile) -> FileKind {
        let place = |change: &FileChange| change.path.as_str().cmp(&file.path);
        let change = self.changes.binary_search_by(place).ok();
        let was = change.and_then(|at| self.changes[at].was);
        was.unwrap_or(file.kind)
    }

    /// The bytes that a file of the base has there, where they can be had.
    pub(crate) fn old_bytes(&self, repo: &Repo, path: &str) -> Option<Vec<u8>> {
        if self.is_unchanged(path) && !self.moved.contains_key(path) {
            return Contents::Head(repo).read(path);
        }
        repo.blob_at(self.commit, path).ok()?
    }

    /// Whether a file of the head is as it is in the base.
    pub(crate) fn is_unchanged(&self, path: &str) -> bool {
        self.changes
            .binary_search_by(|change| change.path.as_str().cmp(path))
            .is_err()
    }

    /// The base as a world of its own.
    pub(crate) fn world<'w>(
        &'w self,
        head: &'w World<'_>,
        inputs: &'w Inputs<'_>,
        parts: &'w [Part<'_, FilePart>],
    ) -> World<'w> {
        let gone: BTreeSet<&str> = self
            .changes
            .iter()
            .filter(|change| matches!(change.kind, ChangeKind::Added | ChangeKind::Renamed))
            .map(|change| change.path.as_str())
            .collect();
        let came = self.changes.iter().filter_map(|change| match change.kind {
            ChangeKind::Deleted => Some((change.path.as_str(), change.was?)),
            ChangeKind::Renamed => Some((change.old_path.as_deref()?, change.was?)),
            _ => None,
        });
        let kept = inputs
            .repo
            .files()
            .iter()
            .map(|file| (file.path.as_str(), self.kind_in_base(file)));
        let tree = Tree::new(kept.filter(|(path, _)| !gone.contains(path)).chain(came));
        let other: BTreeSet<&str> = self.parts.iter().map(|(path, _)| *path).collect();
        let scope = |path: &str| Scope::of(inputs, path, self.moved.get(path).unwrap_or(&path));
        let source = |path: &'w str, part: &'w FilePart| Source {
            path,
            part,
            scope: scope(path),
        };
        let same = parts
            .iter()
            .map(|part| (part.file.path.as_str(), part.part))
            .filter(|(path, _)| !gone.contains(path) && !other.contains(path))
            .map(|(path, part)| source(path, part));
        let other = self.parts.iter().map(|(path, part)| source(path, part));
        World::new(
            head.plan,
            head.config,
            head.own,
            tree,
            same.chain(other).collect::<Vec<_>>(),
            scope,
            Contents::Base {
                repo: inputs.repo,
                change: self,
            },
        )
    }

    /// The path that a file of the base has in the head.
    pub(crate) fn now<'p>(&'p self, path: &'p str) -> &'p str {
        self.moved.get(path).copied().unwrap_or(path)
    }

    /// The path that a file of the head had in the base.
    pub(crate) fn before<'p>(&'p self, path: &'p str) -> &'p str {
        self.was.get(path).copied().unwrap_or(path)
    }

    /// Says of every issue whether the base has it, and what the change did.
    pub(crate) fn tell<'e>(
        &self,
        head: &World<'_>,
        base: &World<'e>,
        before: &'e Evaluated<'_>,
        issues: &mut [Issue],
    ) {
        let known: BTreeMap<String, u64> = before
            .issues
            .iter()
            .map(|issue| (issue.fingerprint_in(self.now(&issue.path)), issue.weight))
            .collect();
        // The base's addresses are not asked: what it names too is as dead there.
        let named: BTreeSet<(&str, &str)> = before
            .addresses
            .iter()
            .map(|address| {
                (
                    self.now(base.pages[address.page].path),
                    address.written.as_str(),
                )
            })
            .collect();
        let led = led(base, before);
        for issue in issues {
            let dead = issue.rule == "dead_link"
                && named.contains(&(issue.path.as_str(), issue.key.as_str()));
            let was = known.get(&issue.fingerprint()).copied();
            issue.state = Some(match was {
                _ if dead => State::Unchanged,
                Some(weight) if issue.weight <= weight => State::Unchanged,
                _ => State::New,
            });
            if was.is_some() && issue.state == Some(State::New) {
                add(issue, "the base has it too, and this change makes it worse");
            } else if issue.state == Some(State::New) {
                self.explain(head, base, &led, issue);
            }
        }
    }
}
