use super::client::Client;
use super::contents::below;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde_json::json;

/// Longest description, in characters.
pub const MAX_STATUS_DESCRIPTION: usize = 140;
/// Longest context, in characters.
pub const MAX_STATUS_CONTEXT: usize = 255;

/// A status of a commit; a later one of the same context stands in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitStatus {
    pub state: StatusState,
    pub context: String,
    pub description: String,
    /// A page for people.
    pub target_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusState {
    Success,
    Pending,
    Failure,
}

const MAX_ANSWER: usize = 1024 * 1024;

impl Client {
    /// Needs `statuses: write`.
    pub fn set_status(
        &self,
        owner: &str,
        repo: &str,
        commit: &str,
        status: &CommitStatus,
    ) -> Result<(), ApiError> {
        const OPERATION: Operation = Operation::CreateStatus;
        let invalid = |what| Err(ApiError::new(OPERATION, ApiErrorKind::Invalid { what }));
        if !crate::is_commit(commit) {
            return invalid("the commit of a status has 40 or 64 hex digits".to_owned());
        }
        for (what, text, most) in [
            ("description", &status.description, MAX_STATUS_DESCRIPTION),
            ("context", &status.context, MAX_STATUS_CONTEXT),
        ] {
            let characters = text.chars().count();
            if characters > most {
                return invalid(format!(
                    "the {what} of the status has {characters} characters, expected at most {most}"
                ));
            }
        }
        let state = match status.state {
            StatusState::Success => "success",
            StatusState::Pending => "pending",
            StatusState::Failure => "failure",
        };
        let mut body = json!({
            "state": state, "context": status.context, "description": status.description,
        });
        if let Some(url) = &status.target_url {
            body["target_url"] = url.as_str().into();
        }
        let call = Call {
            method: http::Method::POST,
            path: below(OPERATION, owner, repo, &format!("statuses/{commit}"))?,
            body: Some(&body),
            accept: JSON,
            limit: MAX_ANSWER,
        };
        self.perform(OPERATION, &call).map(drop)
    }
}
