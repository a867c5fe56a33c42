use super::client::Client;
use super::contents::below;
use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::{Call, JSON};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Annotations that GitHub takes in one request; later requests append to them.
pub const MAX_CHECK_ANNOTATIONS: usize = 50;
/// Longest summary and longest text. GitHub speaks of characters; bytes hold in every reading.
pub const MAX_CHECK_TEXT: usize = 65_535;
/// Longest title of an annotation, in characters.
pub const MAX_CHECK_TITLE: usize = 255;

/// A finished check run of one commit. `POST /repos/{owner}/{repo}/check-runs`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRun {
    pub name: String,
    /// 40 or 64 hex digits.
    pub head_sha: String,
    pub conclusion: Conclusion,
    /// Whose it is, for those who read it back.
    pub external_id: Option<String>,
    /// A page for people.
    pub details_url: Option<String>,
    pub title: String,
    /// Markdown.
    pub summary: String,
    /// Markdown.
    pub text: Option<String>,
    /// Any number; sent in as many requests as they need.
    pub annotations: Vec<CheckAnnotation>,
}

/// What a check run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    Success,
    Neutral,
    ActionRequired,
    Failure,
}

/// One remark at lines of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckAnnotation {
    /// Relative to the repository's root, with `/`.
    pub path: String,
    /// From 1.
    pub start_line: u32,
    pub end_line: u32,
    /// Only where both lines are one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    #[serde(rename = "annotation_level")]
    pub level: CheckLevel,
    pub title: String,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    Notice,
    Warning,
    Failure,
}

/// A check run that GitHub shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub id: u64,
    pub html_url: Option<String>,
    /// Annotations that GitHub took.
    pub annotations: usize,
    /// Why the rest is missing.
    pub broken_off: Option<ApiError>,
}

const MAX_ANSWER: usize = 1024 * 1024;

impl Client {
    /// Makes a check run and appends what does not fit its first request. Needs `checks: write`. The check run is
    /// finished from the first request on: one that breaks off in between is short, not forever in progress. A
    /// request sent again after a broken connection may make its annotations appear twice.
    pub fn post_check(
        &self,
        owner: &str,
        repo: &str,
        check: &CheckRun,
    ) -> Result<Posted, ApiError> {
        const OPERATION: Operation = Operation::CreateCheck;
        let invalid = |what| ApiError::new(OPERATION, ApiErrorKind::Invalid { what });
        let path = below(OPERATION, owner, repo, "check-runs")?;
        verify(check).map_err(invalid)?;
        let mut batches = check.annotations.chunks(MAX_CHECK_ANNOTATIONS);
        let first = batches.next().unwrap_or_default();
        let answer = self.perform(
            OPERATION,
            &Call {
                method: http::Method::POST,
                path: path.clone(),
                body: Some(&body(check, first)),
                accept: JSON,
                limit: MAX_ANSWER,
            },
        )?;
        let made: Made = self.parsed(OPERATION, &answer, "it names no id of a check run")?;
        let mut posted = Posted {
            id: made.id,
            html_url: made.html_url,
            annotations: first.len(),
            broken_off: None,
        };
        for batch in batches {
            let call = Call {
                method: http::Method::PATCH,
                path: format!("{path}/{}", made.id),
                body: Some(&json!({"output": output(check, batch)})),
                accept: JSON,
                limit: MAX_ANSWER,
            };
            match self.perform(Operation::UpdateCheck, &call) {
                Ok(_) => posted.annotations += batch.len(),
                Err(error) => {
                    posted.broken_off = Some(error);
                    break;
                }
            }
        }
        Ok(posted)
    }
}

#[derive(Deserialize)]
struct Made {
    id: u64,
    html_url: Option<String>,
}

/// GitHub's limits, checked here so that a text that is too long is our error and not a refusal.
fn verify(check: &CheckRun) -> Result<(), String> {
    if !crate::is_commit(&check.head_sha) {
        return Err("the commit of a check run has 40 or 64 hex digits".to_owned());
    }
    let texts = [Some(&check.summary), check.text.as_ref()];
    if let Some(long) = texts
        .into_iter()
        .flatten()
        .find(|text| text.len() > MAX_CHECK_TEXT)
    {
        return Err(format!(
            "a text of the check run has {} bytes, expected at most {MAX_CHECK_TEXT}",
            long.len()
        ));
    }
    let long = |title: &str| title.chars().count() > MAX_CHECK_TITLE;
    if check.annotations.iter().any(|one| long(&one.title)) {
        return Err(format!(
            "the title of an annotation has more than {MAX_CHECK_TITLE} characters"
        ));
    }
    Ok(())
}

fn body(check: &CheckRun, annotations: &[CheckAnnotation]) -> Value {
    let conclusion = match check.conclusion {
        Conclusion::Success => "success",
        Conclusion::Neutral => "neutral",
        Conclusion::ActionRequired => "action_required",
        Conclusion::Failure => "failure",
    };
    let mut members = Map::new();
    for (name, value) in [
        ("name", Some(check.name.as_str())),
        ("head_sha", Some(&check.head_sha)),
        ("status", Some("completed")),
        ("conclusion", Some(conclusion)),
        ("external_id", check.external_id.as_deref()),
        ("details_url", check.details_url.as_deref()),
    ] {
        if let Some(value) = value {
            members.insert(name.to_owned(), value.into());
        }
    }
    members.insert("output".to_owned(), output(check, annotations));
    Value::Object(members)
}

/// Title and summary go with every request: GitHub asks for them wherever there is an output.
fn output(check: &CheckRun, annotations: &[CheckAnnotation]) -> Value {
    let mut output = json!({
        "title": check.title,
        "summary": check.summary,
        "annotations": annotations,
    });
    if let Some(text) = &check.text {
        output["text"] = text.as_str().into();
    }
    output
}
