//! What a fake starts with.

use super::fault::{Fault, Route};
use super::issues::Issue;
use super::talk::Comment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

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
    /// A repository whose commits can be compared.
    pub repository: Option<PathBuf>,
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
            repository: None,
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
