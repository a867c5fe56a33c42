use super::fault::{Fault, Route};
use super::openapi::Openapi;
use super::talk::{Comment, Issue, StoredStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// What a fake starts with.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// 0 picks a free one.
    pub port: u16,
    /// Before every path: empty, or `/api/v3` as on GitHub Enterprise Server.
    pub base_path: String,
    /// Polls that say `pending` before an analysis is `complete`.
    pub polls: u32,
    /// What becomes of every upload, instead of `complete`.
    pub outcome: Option<Outcome>,
    /// Files by revision; the revision `*` stands for any.
    pub files: Vec<File>,
    /// Alerts of code scanning.
    pub alerts: Vec<Alert>,
    /// Analyses of code scanning, the newest first.
    pub analyses: Vec<Analysis>,
    pub pulls: Vec<Pull>,
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Issues, oldest first.
    pub issues: Vec<Issue>,
    /// The account that the token speaks for; an app's ends in `[bot]`.
    pub login: String,
    /// The token may not push, so that labels of new issues are dropped.
    pub drops_labels: bool,
    /// Reviews, the oldest first.
    pub reviews: Vec<Review>,
    /// Answers to runs that waited for an environment.
    pub run_approvals: Vec<RunApproval>,
    /// `admin`, `write` or `read` by login; nobody else is known.
    pub collaborators: BTreeMap<String, String>,
    /// Failures, in order, by route.
    pub faults: Vec<Scripted>,
    /// GitHub's `OpenAPI` description; `None` takes the variable `GATEWRIGHT_OPENAPI`.
    pub openapi: Option<PathBuf>,
    /// Requests after which the fake stops.
    pub max_requests: usize,
}

/// A file that the contents route hands out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub revision: String,
    pub path: String,
    pub text: String,
}

/// How the processing of an upload ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// `complete` or `failed`.
    pub status: String,
    pub errors: Vec<String>,
    /// Something of it is stored: a failed upload may be processed in part.
    pub stored: bool,
}

/// An alert of code scanning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alert {
    pub number: u64,
    pub rule: String,
    pub tool: String,
    pub category: String,
    pub git_ref: String,
    pub path: String,
    pub start_line: u64,
    /// `open`, `dismissed` or `fixed`.
    pub state: String,
    pub dismissed_reason: Option<String>,
    pub dismissed_comment: Option<String>,
}

impl Default for Alert {
    fn default() -> Self {
        Self {
            number: 1,
            rule: String::from("r"),
            tool: String::from("demo"),
            category: String::from("a"),
            git_ref: String::from("refs/heads/main"),
            path: String::from("src/a.rs"),
            start_line: 1,
            state: String::from("open"),
            dismissed_reason: None,
            dismissed_comment: None,
        }
    }
}

/// An analysis of code scanning.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    pub id: u64,
    pub git_ref: String,
    pub commit_sha: String,
    pub tool: String,
    pub category: String,
    pub created_at: String,
    pub deletable: bool,
}

/// A pull request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    pub number: u64,
    pub head_sha: String,
    /// `owner/name`.
    pub head_repository: String,
    pub head_branch: String,
    /// `open` or `closed`.
    pub state: String,
    #[serde(default = "somebody")]
    pub author: String,
    #[serde(default)]
    pub labels: Vec<String>,
}

fn somebody() -> String {
    String::from("octocat")
}

/// A review of a pull request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub pull: u64,
    pub who: String,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED` or `DISMISSED`.
    pub state: String,
    pub commit: String,
}

/// An answer to a run that waited for its protected environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunApproval {
    pub run: u64,
    pub who: String,
    /// `approved` or `rejected`.
    pub state: String,
    pub environment: String,
}

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

/// A failure for the next requests of a route.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scripted {
    pub route: Route,
    pub fault: Fault,
    #[serde(default = "once")]
    pub times: usize,
}

fn once() -> usize {
    1
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            port: 0,
            base_path: String::new(),
            polls: 1,
            outcome: None,
            files: Vec::new(),
            alerts: Vec::new(),
            analyses: Vec::new(),
            pulls: Vec::new(),
            comments: Vec::new(),
            issues: Vec::new(),
            login: String::from("github-actions[bot]"),
            drops_labels: false,
            reviews: Vec::new(),
            run_approvals: Vec::new(),
            collaborators: BTreeMap::new(),
            faults: Vec::new(),
            openapi: None,
            max_requests: 10_000,
        }
    }
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
