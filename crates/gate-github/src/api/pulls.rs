use super::client::Client;
use super::contents::{below, encode};
use super::error::ApiError;
use super::operation::Operation;
use crate::runner::WorkflowRun;
use serde::Deserialize;

/// A pull request, as far as it says where its head is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    pub number: u64,
    pub head_sha: String,
    pub open: bool,
}

/// A pull request as it is now, asked for by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullNow {
    pub author: String,
    pub head_sha: String,
    pub open: bool,
    /// Sorted.
    pub labels: Vec<String>,
}

/// Which pull requests are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullsOf<'a> {
    /// Owner of the repository that the head lives in, and its branch.
    Head { owner: &'a str, branch: &'a str },
    /// The open ones that hold a commit.
    Commit(&'a str),
}

impl Client {
    /// The latest pull requests into a repository by where they come from, at most 100. Needs `pull-requests: read`.
    pub fn pulls(&self, owner: &str, repo: &str, of: PullsOf<'_>) -> Result<Vec<Pull>, ApiError> {
        const OPERATION: Operation = Operation::Pulls;
        let rest = match of {
            PullsOf::Head { owner, branch } => format!(
                "pulls?state=all&head={}%3A{}&per_page=100",
                encode(owner, "-._~"),
                encode(branch, "-._~")
            ),
            PullsOf::Commit(commit) => {
                format!("commits/{}/pulls?per_page=100", encode(commit, "-._~"))
            }
        };
        let path = below(OPERATION, owner, repo, &rest)?;
        let found: Vec<Item> = self.get(OPERATION, path, "it is no list of pull requests")?;
        Ok(found
            .into_iter()
            .map(|item| Pull {
                number: item.number,
                head_sha: item.head.sha.to_ascii_lowercase(),
                open: item.state == "open",
            })
            .collect())
    }

    /// The open pull request that a run's commit is the head of: GitHub's event does not say it for those of forks.
    pub fn pull_of_run(
        &self,
        owner: &str,
        repo: &str,
        run: &WorkflowRun,
    ) -> Result<Option<u64>, ApiError> {
        let from = run
            .head_repo
            .as_deref()
            .and_then(|repository| repository.split_once('/'));
        let of = match (from, &run.head_branch) {
            (Some((owner, _)), Some(branch)) => PullsOf::Head { owner, branch },
            _ => PullsOf::Commit(&run.head_sha),
        };
        let pulls = self.pulls(owner, repo, of)?;
        let open = |pull: &&Pull| pull.open && pull.head_sha == run.head_sha;
        Ok(pulls.iter().filter(open).map(|pull| pull.number).max())
    }

    /// One pull request as it is now. Needs `pull-requests: read`.
    pub fn pull(&self, owner: &str, repo: &str, number: u64) -> Result<PullNow, ApiError> {
        const OPERATION: Operation = Operation::Pulls;
        let path = below(OPERATION, owner, repo, &format!("pulls/{number}"))?;
        let found: One = self.get(OPERATION, path, "it is no pull request")?;
        let mut labels: Vec<_> = found.labels.into_iter().map(|label| label.name).collect();
        labels.sort();
        Ok(PullNow {
            // The account of a deleted user; nobody can sign in as it.
            author: found
                .user
                .map_or_else(|| String::from("ghost"), |u| u.login),
            head_sha: found.head.sha.to_ascii_lowercase(),
            open: found.state == "open",
            labels,
        })
    }
}

#[derive(Deserialize)]
struct One {
    #[serde(default)]
    state: String,
    head: Head,
    user: Option<Account>,
    #[serde(default)]
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Item {
    number: u64,
    #[serde(default)]
    state: String,
    head: Head,
}

#[derive(Deserialize)]
struct Head {
    sha: String,
}
