use super::client::Client;
use super::contents::below;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One SARIF file for code scanning. `POST /repos/{owner}/{repo}/code-scanning/sarifs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadSarif {
    /// 40 or 64 hex digits.
    pub commit_sha: String,
    /// `refs/heads/…`, `refs/tags/…`, `refs/pull/N/merge` or `refs/pull/N/head`.
    pub git_ref: String,
    /// The file, compressed with gzip (at most 10 MB of that), in base64.
    pub sarif_base64: String,
    /// `file:///…` of the checkout, when the file holds absolute paths.
    pub checkout_uri: Option<String>,
    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub started_at: Option<String>,
    pub tool_name: Option<String>,
}

/// GitHub has taken the file and will process it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// For [`Client::sarif_status`].
    pub id: String,
    pub url: Option<String>,
}

/// How far the processing of an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub state: Processing,
    /// What GitHub found wrong; a failed file may be processed in part.
    pub errors: Vec<String>,
    pub analyses_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Processing {
    Pending,
    Complete,
    Failed,
}

const MAX_ANSWER: usize = 1024 * 1024;

impl Client {
    /// Hands a file over to code scanning. Needs `security-events: write`. Sent again after a broken
    /// connection: code scanning takes the later of two equal uploads.
    pub fn upload_sarif(
        &self,
        owner: &str,
        repo: &str,
        upload: &UploadSarif,
    ) -> Result<Accepted, ApiError> {
        const OPERATION: Operation = Operation::UploadSarif;
        let invalid = |what| ApiError::new(OPERATION, ApiErrorKind::Invalid { what });
        let path = below(OPERATION, owner, repo, "code-scanning/sarifs")?;
        check(upload).map_err(invalid)?;
        let body = body(upload);
        let answer = self.perform(
            OPERATION,
            &Call {
                method: http::Method::POST,
                path,
                body: Some(&body),
                accept: JSON,
                limit: MAX_ANSWER,
            },
        )?;
        let receipt: Option<Receipt> = serde_json::from_slice(&answer.body).ok();
        match receipt {
            Some(Receipt { id, url }) if is_id(&id) => Ok(Accepted { id, url }),
            _ => Err(self.unexpected(OPERATION, &answer, "it names no upload id")),
        }
    }

    /// How far the processing of upload `id` is. Needs `security-events: read`. An id that GitHub does not know
    /// is asked for again, since it takes a moment after the upload.
    pub fn sarif_status(&self, owner: &str, repo: &str, id: &str) -> Result<Status, ApiError> {
        const OPERATION: Operation = Operation::SarifStatus;
        let invalid = |what| ApiError::new(OPERATION, ApiErrorKind::Invalid { what });
        if !is_id(id) {
            return Err(invalid(
                "an upload id has letters, digits and `-` only".to_owned(),
            ));
        }
        let path = below(
            OPERATION,
            owner,
            repo,
            &format!("code-scanning/sarifs/{id}"),
        )?;
        let state: State = self.get(OPERATION, path, "it names no processing state")?;
        Ok(Status {
            state: state.processing_status,
            errors: state.errors.unwrap_or_default(),
            analyses_url: state.analyses_url,
        })
    }
}

#[derive(Deserialize)]
struct Receipt {
    id: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct State {
    processing_status: Processing,
    analyses_url: Option<String>,
    errors: Option<Vec<String>>,
}

/// The rules of GitHub's own schema, checked here so that the error can say what is expected.
fn check(upload: &UploadSarif) -> Result<(), String> {
    let UploadSarif {
        commit_sha,
        git_ref,
        ..
    } = upload;
    if !crate::is_commit(commit_sha) {
        return Err(format!(
            "the commit is `{}`, expected 40 or 64 hex digits",
            commit_sha
                .chars()
                .take(80)
                .flat_map(char::escape_default)
                .collect::<String>()
        ));
    }
    let known = ["refs/heads/", "refs/tags/", "refs/pull/"];
    if !known
        .iter()
        .any(|start| git_ref.len() > start.len() && git_ref.starts_with(start))
    {
        return Err(format!(
            "the reference is `{}`, expected `refs/heads/NAME`, `refs/tags/NAME` or `refs/pull/N/merge`",
            git_ref
                .chars()
                .take(200)
                .flat_map(char::escape_default)
                .collect::<String>()
        ));
    }
    Ok(())
}

fn body(upload: &UploadSarif) -> Value {
    let UploadSarif {
        commit_sha,
        git_ref,
        sarif_base64,
        checkout_uri,
        started_at,
        tool_name,
    } = upload;
    let members = [
        ("commit_sha", Some(commit_sha)),
        ("ref", Some(git_ref)),
        ("sarif", Some(sarif_base64)),
        ("checkout_uri", checkout_uri.as_ref()),
        ("started_at", started_at.as_ref()),
        ("tool_name", tool_name.as_ref()),
    ];
    let given = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.as_str().into())));
    Value::Object(given.collect::<Map<_, _>>())
}

fn is_id(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
