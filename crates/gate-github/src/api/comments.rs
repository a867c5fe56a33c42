use super::client::Client;
use super::contents::below;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde::Deserialize;
use serde_json::json;

/// Longest comment and longest body of an issue, in characters.
pub const MAX_COMMENT: usize = 65_536;

/// Entries of one page.
const PAGE: usize = 100;
/// One comment of the longest, escaped.
const MAX_ANSWER: usize = 1024 * 1024;

/// Who wrote something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    pub login: String,
    /// An app's account, which nobody signs in with: that of a workflow's own token is one.
    pub bot: bool,
}

/// A comment below a pull request or an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    pub body: String,
    pub author: Author,
    pub html_url: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Changed after it was written.
    pub edited: bool,
}

impl Client {
    /// All comments of a pull request, oldest first, of at most `pages` pages of 100; `None`: there are more. Needs
    /// `pull-requests: read`.
    pub fn all_comments(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        pages: usize,
    ) -> Result<Option<Vec<Comment>>, ApiError> {
        let mut all = Vec::new();
        for page in 1..=pages {
            let found = self.comments_page((owner, repo, number), page)?;
            let last = found.len() < PAGE;
            all.extend(found);
            if last {
                return Ok(Some(all));
            }
        }
        Ok(None)
    }

    fn comments_page(
        &self,
        (owner, repo, number): (&str, &str, u64),
        page: usize,
    ) -> Result<Vec<Comment>, ApiError> {
        const OPERATION: Operation = Operation::Comments;
        let path = below(OPERATION, owner, repo, &format!("issues/{number}/comments"))?;
        let path = format!("{path}?per_page={PAGE}&page={page}");
        let items: Vec<Item> = self.get(OPERATION, path, "it is no list of comments")?;
        Ok(items.into_iter().map(Item::comment).collect())
    }

    /// The comments of a pull request, oldest first, that `wanted` picks, of at most `pages` pages of 100. The first
    /// page with one is the last that is asked for. `None`: there are more pages, and none was on those. Needs
    /// `pull-requests: read`.
    pub fn comments(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        pages: usize,
        wanted: &dyn Fn(&Comment) -> bool,
    ) -> Result<Option<Vec<Comment>>, ApiError> {
        for page in 1..=pages {
            let items = self.comments_page((owner, repo, number), page)?;
            let full = items.len() >= PAGE;
            let found: Vec<_> = items.into_iter().filter(|one| wanted(one)).collect();
            if !found.is_empty() || !full {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Needs `pull-requests: write`. Not sent again where it may have arrived: then look for it first.
    pub fn create_comment(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        body: &str,
    ) -> Result<Comment, ApiError> {
        self.add_comment(Operation::CreateComment, (owner, repo, number), body)
    }

    /// The same below an issue. Needs `issues: write`.
    pub fn comment_issue(
        &self,
        owner: &str,
        repo: &str,
        number: u64,
        body: &str,
    ) -> Result<Comment, ApiError> {
        self.add_comment(Operation::CommentIssue, (owner, repo, number), body)
    }

    /// Needs `pull-requests: write`.
    pub fn update_comment(
        &self,
        owner: &str,
        repo: &str,
        id: u64,
        body: &str,
    ) -> Result<Comment, ApiError> {
        let below = format!("issues/comments/{id}");
        let to = (owner, repo, below.as_str());
        self.write_comment(Operation::UpdateComment, http::Method::PATCH, to, body)
    }

    /// Needs `pull-requests: write`. One that is gone already is no error.
    pub fn delete_comment(&self, owner: &str, repo: &str, id: u64) -> Result<(), ApiError> {
        const OPERATION: Operation = Operation::DeleteComment;
        let call = Call {
            method: http::Method::DELETE,
            path: below(OPERATION, owner, repo, &format!("issues/comments/{id}"))?,
            body: None,
            accept: JSON,
            limit: MAX_ANSWER,
        };
        match self.perform(OPERATION, &call) {
            Err(error) if error.kind == ApiErrorKind::NotFound => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// The account that a person's token speaks for. A workflow's token and an app's get 403.
    pub fn login(&self) -> Result<String, ApiError> {
        let path = String::from("/user");
        let user: User = self.get(Operation::Login, path, "it names no account")?;
        Ok(user.login)
    }

    fn add_comment(
        &self,
        operation: Operation,
        (owner, repo, number): (&str, &str, u64),
        body: &str,
    ) -> Result<Comment, ApiError> {
        let below = format!("issues/{number}/comments");
        let to = (owner, repo, below.as_str());
        self.write_comment(operation, http::Method::POST, to, body)
    }

    fn write_comment(
        &self,
        operation: Operation,
        method: http::Method,
        (owner, repo, to): (&str, &str, &str),
        body: &str,
    ) -> Result<Comment, ApiError> {
        verify_body(operation, body)?;
        let call = Call {
            method,
            path: below(operation, owner, repo, to)?,
            body: Some(&json!({"body": body})),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        let answer = self.perform(operation, &call)?;
        let item: Item = self.parsed(operation, &answer, "it is no comment")?;
        Ok(item.comment())
    }
}

/// GitHub's limit, checked here so that a text that is too long is our error and not a refusal.
pub(super) fn verify_body(operation: Operation, body: &str) -> Result<(), ApiError> {
    let characters = body.chars().count();
    if (1..=MAX_COMMENT).contains(&characters) {
        return Ok(());
    }
    let what = format!("the text has {characters} characters, expected 1 to {MAX_COMMENT}");
    Err(ApiError::new(operation, ApiErrorKind::Invalid { what }))
}

#[derive(Deserialize)]
struct Item {
    id: u64,
    body: Option<String>,
    user: Option<User>,
    html_url: Option<String>,
    #[serde(default)]
    created_at: String,
    #[serde(default)]
    updated_at: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    login: String,
    #[serde(rename = "type", default)]
    kind: String,
}

impl Item {
    fn comment(self) -> Comment {
        Comment {
            id: self.id,
            body: self.body.unwrap_or_default(),
            author: author(self.user),
            html_url: self.html_url,
            edited: self.created_at != self.updated_at,
            created_at: self.created_at,
        }
    }
}

/// An account that was deleted has no name here, and nobody's token.
pub(super) fn author(user: Option<User>) -> Author {
    user.map_or_else(Author::default, |user| Author {
        bot: user.kind == "Bot",
        login: user.login,
    })
}
