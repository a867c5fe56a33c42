//! What people read: comments, issues, commit statuses.

use super::http::Reply;
use super::pulls::{account, named};
use super::routes::says;
use super::state::State;
use super::target::Target;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Characters of a comment and of an issue's body.
const MAX_BODY: usize = 65_536;
const MAX_TITLE: usize = 256;
const MAX_DESCRIPTION: usize = 140;
const MAX_LABEL: usize = 50;

/// A comment below an issue or a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    pub id: u64,
    pub number: u64,
    /// An app's account ends in `[bot]`.
    pub login: String,
    pub body: String,
    #[serde(default = "written")]
    pub created_at: String,
    #[serde(default)]
    pub edited: bool,
}

fn written() -> String {
    String::from("2026-01-02T03:04:05Z")
}

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    pub number: u64,
    pub login: String,
    pub title: String,
    pub body: String,
    pub labels: Vec<String>,
    /// `open` or `closed`.
    pub state: String,
    #[serde(default)]
    pub state_reason: Option<String>,
    /// GitHub lists pull requests among the issues.
    #[serde(default)]
    pub is_pull: bool,
}

/// A status of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredStatus {
    pub commit: String,
    pub state: String,
    pub context: String,
    pub description: String,
    pub target_url: Option<String>,
}

pub(super) fn comments(number: &str, target: &Target, base: &str, state: &State) -> Reply {
    let below = state.setup.comments.iter();
    let below = below.filter(|comment| comment.number.to_string() == number);
    let page: Vec<_> = target
        .page(below.collect())
        .into_iter()
        .map(|comment| shown(comment, base))
        .collect();
    Reply::json(200, &json!(page))
}

pub(super) fn create_comment(number: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let (Ok(number), Some(text)) = (number.parse(), body["body"].as_str()) else {
        return says(422, "Validation Failed");
    };
    if let Some(refused) = refused(text) {
        return refused;
    }
    Reply::json(201, &shown(add_comment(state, number, text), base))
}

/// As the token's own account.
pub(super) fn add_comment<'a>(state: &'a mut State, number: u64, body: &str) -> &'a Comment {
    let comments = &mut state.setup.comments;
    let id = comments
        .iter()
        .map(|comment| comment.id)
        .max()
        .unwrap_or(900);
    comments.push(Comment {
        id: id + 1,
        number,
        login: state.setup.login.clone(),
        body: body.to_owned(),
        created_at: written(),
        edited: false,
    });
    &comments[comments.len() - 1]
}

pub(super) fn update_comment(id: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let known = |comment: &&mut Comment| comment.id.to_string() == id;
    let Some(comment) = state.setup.comments.iter_mut().find(known) else {
        return says(404, "Not Found");
    };
    let text = body["body"].as_str().unwrap_or_default();
    if let Some(refused) = refused(text) {
        return refused;
    }
    text.clone_into(&mut comment.body);
    Reply::json(200, &shown(comment, base))
}

pub(super) fn delete_comment(id: &str, state: &mut State) -> Reply {
    let before = state.setup.comments.len();
    state
        .setup
        .comments
        .retain(|comment| comment.id.to_string() != id);
    if state.setup.comments.len() == before {
        return says(404, "Not Found");
    }
    Reply::empty(204)
}

pub(super) fn create_status(commit: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex || !matches!(commit.len(), 40 | 64) {
        return says(422, &format!("No commit found for SHA: {commit}"));
    }
    if text("description").chars().count() > MAX_DESCRIPTION {
        return says(
            422,
            "Validation Failed: description is too long (maximum is 140 characters)",
        );
    }
    let status = StoredStatus {
        commit: commit.to_owned(),
        state: text("state"),
        context: text("context"),
        description: text("description"),
        target_url: body["target_url"].as_str().map(str::to_owned),
    };
    let mut out = named("created_at updated_at", &json!("2026-01-02T03:04:05Z"));
    let rest = json!({
        "url": base, "avatar_url": null, "id": 1, "node_id": "S", "state": status.state,
        "description": status.description, "target_url": status.target_url, "context": status.context,
        "creator": account(&state.setup.login, base),
    });
    out.extend(rest.as_object().cloned().unwrap_or_default());
    state.statuses.push(status);
    Reply::json(201, &Value::Object(out))
}

pub(super) fn issues(target: &Target, base: &str, state: &State) -> Reply {
    let wanted = target.asked("state").unwrap_or("open");
    let labels: Vec<&str> = target
        .asked("labels")
        .map_or_else(Vec::new, |labels| labels.split(',').collect());
    let mut found: Vec<&Issue> = state
        .setup
        .issues
        .iter()
        .filter(|issue| wanted == "all" || issue.state == wanted)
        .filter(|issue| {
            labels
                .iter()
                .all(|label| issue.labels.iter().any(|one| one == label))
        })
        .collect();
    if target.asked("direction") != Some("asc") {
        found.reverse();
    }
    let page = target.page(found);
    let page: Vec<_> = page
        .into_iter()
        .map(|issue| issue_of(issue, base))
        .collect();
    Reply::json(200, &json!(page))
}

pub(super) fn create_issue(base: &str, body: &Value, state: &mut State) -> Reply {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    if let Some(refused) = refused(&text("body")) {
        return refused;
    }
    let long = text("title").chars().count() > MAX_TITLE;
    if text("title").trim().is_empty() || long {
        return says(
            422,
            "Validation Failed: title is blank or too long (maximum is 256 characters)",
        );
    }
    let labels = labels_of(body);
    if labels.iter().any(|label| label.chars().count() > MAX_LABEL) {
        return says(422, "Validation Failed: label name is too long");
    }
    let numbers = state.setup.issues.iter().map(|issue| issue.number);
    let issue = Issue {
        number: numbers.max().unwrap_or(100) + 1,
        login: state.setup.login.clone(),
        title: text("title"),
        body: text("body"),
        labels: if state.setup.drops_labels {
            Vec::new()
        } else {
            labels
        },
        state: "open".to_owned(),
        state_reason: None,
        is_pull: false,
    };
    let reply = Reply::json(201, &issue_of(&issue, base));
    state.setup.issues.push(issue);
    reply
}

pub(super) fn update_issue(number: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let Some(issue) = issue_mut(number, state) else {
        return says(404, "Not Found");
    };
    if let Some(text) = body["body"].as_str() {
        if let Some(refused) = refused(text) {
            return refused;
        }
        text.clone_into(&mut issue.body);
    }
    if let Some(to) = body["state"].as_str() {
        to.clone_into(&mut issue.state);
        issue.state_reason = body["state_reason"].as_str().map(str::to_owned);
    }
    Reply::json(200, &issue_of(issue, base))
}

pub(super) fn label_issue(number: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let Some(issue) = issue_mut(number, state) else {
        return says(404, "Not Found");
    };
    issue.labels.extend(labels_of(body));
    let shown: Vec<_> = issue.labels.iter().map(|name| label(name, base)).collect();
    Reply::json(200, &json!(shown))
}

pub(super) fn user(base: &str, state: &State) -> Reply {
    if state.setup.login.ends_with("[bot]") {
        return says(403, "Resource not accessible by integration");
    }
    let mut out = account(&state.setup.login, base);
    out.extend(named(
        "blog company email name bio location hireable",
        &Value::Null,
    ));
    out.extend(named(
        "followers following public_gists public_repos",
        &json!(0),
    ));
    out.extend(named(
        "created_at updated_at",
        &json!("2026-01-02T03:04:05Z"),
    ));
    Reply::json(200, &Value::Object(out))
}

fn issue_mut<'a>(number: &str, state: &'a mut State) -> Option<&'a mut Issue> {
    let mut issues = state.setup.issues.iter_mut();
    issues.find(|issue| issue.number.to_string() == number)
}

fn labels_of(body: &Value) -> Vec<String> {
    let labels = body["labels"].as_array().cloned().unwrap_or_default();
    labels
        .iter()
        .filter_map(|label| label.as_str().map(str::to_owned))
        .collect()
}

fn refused(body: &str) -> Option<Reply> {
    if body.trim().is_empty() {
        return Some(says(422, "Validation Failed: body can't be blank"));
    }
    (body.chars().count() > MAX_BODY).then(|| {
        says(
            422,
            "Validation Failed: body is too long (maximum is 65536 characters)",
        )
    })
}

fn shown(comment: &Comment, base: &str) -> Value {
    let url = format!("{base}/issues/comments/{}", comment.id);
    let mut out = named("created_at updated_at", &json!(comment.created_at));
    if comment.edited {
        out.extend(named("updated_at", &json!("2026-02-02T03:04:05Z")));
    }
    let rest = json!({
        "id": comment.id, "node_id": "C", "html_url": url, "issue_url": url, "url": url, "body": comment.body,
        "user": account(&comment.login, base), "author_association": "NONE",
    });
    out.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(out)
}

fn label(name: &str, base: &str) -> Value {
    json!({
        "id": 1, "node_id": "L", "url": base, "name": name, "description": null, "color": "ededed", "default": false,
    })
}

fn issue_of(issue: &Issue, base: &str) -> Value {
    let url = format!("{base}/issues/{}", issue.number);
    let mut out = named(
        "comments_url events_url html_url labels_url repository_url url",
        &json!(url),
    );
    out.extend(named("assignee closed_at milestone", &Value::Null));
    out.extend(named(
        "created_at updated_at",
        &json!("2026-01-02T03:04:05Z"),
    ));
    let labels: Vec<_> = issue.labels.iter().map(|name| label(name, base)).collect();
    let rest = json!({
        "id": issue.number, "node_id": "I", "number": issue.number, "state": issue.state,
        "state_reason": issue.state_reason, "title": issue.title, "body": issue.body, "locked": false, "comments": 0,
        "user": account(&issue.login, base), "labels": labels, "author_association": "NONE",
    });
    out.extend(rest.as_object().cloned().unwrap_or_default());
    if issue.is_pull {
        let link = json!({"url": url, "html_url": url, "diff_url": url, "patch_url": url});
        out.insert("pull_request".to_owned(), link);
    }
    Value::Object(out)
}
