use super::fault::{Fault, Route};
use super::openapi::Openapi;
use super::setup::{File, Scripted, Setup};
use super::talk::StoredStatus;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A check run, with what every request added to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredCheck {
    pub id: u64,
    /// `owner/name`.
    pub repository: String,
    pub name: String,
    pub head_sha: String,
    pub external_id: Option<String>,
    pub conclusion: Option<String>,
    pub title: String,
    pub summary: String,
    pub text: Option<String>,
    pub annotations: Vec<Value>,
}

/// A request as it came, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    pub method: String,
    /// With its query.
    pub path: String,
    /// Names in lower case; `authorization` only says that there was one.
    pub headers: BTreeMap<String, String>,
    /// `null` for none; text that is not JSON as a string.
    pub body: Value,
    /// The status that was answered; 0 when the connection was closed.
    pub status: u16,
}

/// Something that the real GitHub would not have taken, or would not have said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Method and path.
    pub request: String,
    pub what: String,
}

/// An upload that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredSarif {
    pub id: String,
    /// `owner/name`.
    pub repository: String,
    pub commit_sha: String,
    pub git_ref: String,
    pub sarif: Value,
    pub compressed_bytes: usize,
    /// Times that its state was asked for.
    pub polls: u32,
}

/// Everything that changes while a fake runs.
pub(super) struct State {
    pub(super) setup: Setup,
    pub(super) files: BTreeMap<(String, String), Vec<u8>>,
    /// Revisions that exist, beside those that have files.
    pub(super) commits: BTreeSet<String>,
    pub(super) faults: BTreeMap<Route, VecDeque<Fault>>,
    pub(super) sarifs: Vec<StoredSarif>,
    pub(super) checks: Vec<StoredCheck>,
    pub(super) git: super::git::Git,
    pub(super) statuses: Vec<StoredStatus>,
    pub(super) requests: Vec<Recorded>,
    pub(super) violations: Vec<Violation>,
    pub(super) openapi: Option<Arc<Openapi>>,
}

impl State {
    pub(super) fn new(setup: Setup, openapi: Option<Arc<Openapi>>) -> Self {
        let files = setup.files.iter().map(|file| {
            let File {
                revision,
                path,
                text,
            } = file;
            ((revision.clone(), path.clone()), text.clone().into_bytes())
        });
        let mut faults: BTreeMap<Route, VecDeque<Fault>> = BTreeMap::new();
        for Scripted {
            route,
            fault,
            times,
        } in &setup.faults
        {
            faults
                .entry(*route)
                .or_default()
                .extend(std::iter::repeat_n(fault.clone(), (*times).min(1_000)));
        }
        Self {
            files: files.collect(),
            commits: BTreeSet::new(),
            faults,
            sarifs: Vec::new(),
            checks: Vec::new(),
            git: super::git::Git::default(),
            statuses: Vec::new(),
            requests: Vec::new(),
            violations: Vec::new(),
            openapi,
            setup,
        }
    }

    pub(super) fn knows_revision(&self, revision: &str) -> bool {
        self.commits.contains(revision)
            || self
                .files
                .keys()
                .any(|(known, _)| known == revision || known == "*")
    }
}
