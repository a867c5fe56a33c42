use super::client::Client;
use super::comments::{Author, User, author, verify_body};
use super::contents::{below, encode};
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest title, in characters.
pub const MAX_ISSUE_TITLE: usize = 256;

/// Entries of one page.
const PAGE: usize = 100;
/// One issue with the longest body, escaped.
const MAX_ANSWER: usize = 1024 * 1024;

/// An issue, as far as it says what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    pub number: u64,
    pub body: String,
    pub author: Author,
    pub labels: Vec<String>,
    pub html_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    Completed,
    NotPlanned,
}

impl Client {
    /// The open issues with a label, oldest first, of at most `pages` pages of 100; `None` where there are more. Needs
    /// `issues: read`. Listed and not searched for: what was opened a moment ago is no search result yet.
    pub fn open_issues(
        &self,
        owner: &str,
        repo: &str,
        label: &str,
        pages: usize,
    ) -> Result<Option<Vec<Issue>>, ApiError> {
        const OPERATION: Operation = Operation::Issues;
        let path = below(OPERATION, owner, repo, "issues")?;
        let label = encode(label, "-._~");
        let mut found = Vec::new();
        for page in 1..=pages {
            let path = format!(
                "{path}?labels={label}&state=open&sort=created&direction=asc&per_page={PAGE}&page={page}"
            );
            let items: Vec<Item> = self.get(OPERATION, path, "it is no list of issues")?;
            let full = items.len() >= PAGE;
            // GitHub lists pull requests among the issues.
            let issues = items.into_iter().filter(|item| item.pull_request.is_none());
            found.extend(issues.map(Item::issue));
            if !full {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Needs `issues: write`. Not sent again where it may have arrived: then look for it first. A label that does not
    /// exist is made; the labels of a token that may not push are dropped in silence, so look at what comes back.
    pub fn create_issue(
        &self,
        owner: &str,
        repo: &str,
        (title, body): (&str, &str),
        label: &str,
    ) -> Result<Issue, ApiError> {
        const OPERATION: Operation = Operation::CreateIssue;
        verify_body(OPERATION, body)?;
        if title.chars().count() > MAX_ISSUE_TITLE {
            let what = format!("the title of the issue has more than {MAX_ISSUE_TITLE} characters");
            return Err(ApiError::new(OPERATION, ApiErrorKind::Invalid { what }));
        }
        let call = Call {
            method: http::Method::POST,
            path: below(OPERATION, owner, repo, "issues")?,
            body: Some(&json!({"title": title, "body": body, "labels": [label]})),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        let answer = self.perform(OPERATION, &call)?;
        let item: Item = self.parsed(OPERATION, &answer, "it is no issue")?;
        Ok(item.issue())
    }

    /// Puts another text in place of an issue's body. Needs `issues: write`.
    pub fn update_issue(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        body: &str,
    ) -> Result<(), ApiError> {
        verify_body(Operation::UpdateIssue, body)?;
        self.patch_issue(owner, repo, number, &json!({"body": body}))
    }

    /// Needs `issues: write`.
    pub fn close_issue(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        reason: CloseReason,
    ) -> Result<(), ApiError> {
        let reason = match reason {
            CloseReason::Completed => "completed",
            CloseReason::NotPlanned => "not_planned",
        };
        let body = json!({"state": "closed", "state_reason": reason});
        self.patch_issue(owner, repo, number, &body)
    }

    /// Needs `issues: write`.
    pub fn label_issue(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        label: &str,
    ) -> Result<(), ApiError> {
        const OPERATION: Operation = Operation::LabelIssue;
        let call = Call {
            method: http::Method::POST,
            path: below(OPERATION, owner, repo, &format!("issues/{number}/labels"))?,
            body: Some(&json!({"labels": [label]})),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        self.perform(OPERATION, &call).map(drop)
    }

    fn patch_issue(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        body: &Value,
    ) -> Result<(), ApiError> {
        const OPERATION: Operation = Operation::UpdateIssue;
        let call = Call {
            method: http::Method::PATCH,
            path: below(OPERATION, owner, repo, &format!("issues/{number}"))?,
            body: Some(body),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        self.perform(OPERATION, &call).map(drop)
    }
}

#[derive(Deserialize)]
struct Item {
    number: u64,
    body: Option<String>,
    user: Option<User>,
    #[serde(default)]
    labels: Vec<Label>,
    html_url: Option<String>,
    pull_request: Option<Value>,
}

/// GitHub's description allows both forms.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Name(String),
    Whole { name: Option<String> },
}

impl Item {
    fn issue(self) -> Issue {
        let labels = self.labels.into_iter().filter_map(|label| match label {
            Label::Name(name) => Some(name),
            Label::Whole { name } => name,
        });
        Issue {
            number: self.number,
            body: self.body.unwrap_or_default(),
            author: author(self.user),
            labels: labels.collect(),
            html_url: self.html_url,
        }
    }
}
