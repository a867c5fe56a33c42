//! Who approved: reviews of a pull request, approvals of a run, and what a
//! person may do. Read from GitHub, never from an event's payload, which a
//! re-run replays as it once was.

use super::client::Client;
use super::contents::{below, encode};
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use serde::Deserialize;

/// One review of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub who: String,
    pub state: ReviewState,
    /// The head that was reviewed.
    pub commit: Option<String>,
}

/// What a review says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    Approved,
    ChangesRequested,
    Dismissed,
    /// A comment, or one that is not submitted yet: it changes nothing.
    Other,
}

/// One answer to a run that waited for its protected environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunApproval {
    pub who: String,
    pub approved: bool,
    /// The environments that it is about.
    pub environments: Vec<String>,
}

/// Reviews past these pages are not asked for: ten pages are a thousand reviews.
const MAX_PAGES: usize = 10;
const PER_PAGE: usize = 100;

impl Client {
    /// The reviews of a pull request, oldest first. Needs `pull-requests: read`.
    pub fn reviews(&self, owner: &str, repo: &str, number: u64) -> Result<Vec<Review>, ApiError> {
        const OPERATION: Operation = Operation::Reviews;
        let path = below(OPERATION, owner, repo, &format!("pulls/{number}/reviews"))?;
        let mut all = Vec::new();
        for page in 1..=MAX_PAGES {
            let path = format!("{path}?per_page={PER_PAGE}&page={page}");
            let found: Vec<ReviewItem> = self.get(OPERATION, path, "it is no list of reviews")?;
            let last = found.len() < PER_PAGE;
            all.extend(found.into_iter().filter_map(|item| {
                Some(Review {
                    who: item.user?.login,
                    state: match item.state.as_str() {
                        "APPROVED" => ReviewState::Approved,
                        "CHANGES_REQUESTED" => ReviewState::ChangesRequested,
                        "DISMISSED" => ReviewState::Dismissed,
                        _ => ReviewState::Other,
                    },
                    commit: item.commit_id.map(|id| id.to_ascii_lowercase()),
                })
            }));
            if last {
                return Ok(all);
            }
        }
        let what = format!("there are more than {} reviews", MAX_PAGES * PER_PAGE);
        Err(ApiError::new(OPERATION, ApiErrorKind::Unexpected { what }))
    }

    /// Who answered for a workflow run's protected environments. Needs `actions: read`.
    pub fn run_approvals(
        &self,
        owner: &str,
        repo: &str,
        run: u64,
    ) -> Result<Vec<RunApproval>, ApiError> {
        const OPERATION: Operation = Operation::RunApprovals;
        let rest = format!("actions/runs/{run}/approvals");
        let path = below(OPERATION, owner, repo, &rest)?;
        let found: Vec<ApprovalItem> = self.get(OPERATION, path, "it is no list of approvals")?;
        Ok(found
            .into_iter()
            .map(|item| RunApproval {
                who: item.user.login,
                approved: item.state == "approved",
                environments: item
                    .environments
                    .into_iter()
                    .filter_map(|environment| environment.name)
                    .collect(),
            })
            .collect())
    }

    /// Whether a person may write to the repository. Needs `metadata: read`, which every token has.
    pub fn may_write(&self, owner: &str, repo: &str, login: &str) -> Result<bool, ApiError> {
        const OPERATION: Operation = Operation::Permission;
        let rest = format!("collaborators/{}/permission", encode(login, "-._~"));
        let path = below(OPERATION, owner, repo, &rest)?;
        match self.get::<Permission>(OPERATION, path, "it is no permission") {
            Ok(found) => Ok(matches!(found.permission.as_str(), "admin" | "write")),
            // GitHub knows no such person here, so there is nothing they may do.
            Err(error) if error.kind == ApiErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[derive(Deserialize)]
struct ReviewItem {
    user: Option<Account>,
    #[serde(default)]
    state: String,
    commit_id: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

#[derive(Deserialize)]
struct ApprovalItem {
    user: Account,
    state: String,
    #[serde(default)]
    environments: Vec<EnvironmentItem>,
}

#[derive(Deserialize)]
struct EnvironmentItem {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Permission {
    permission: String,
}
