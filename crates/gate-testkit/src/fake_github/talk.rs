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
const MAX_DESCRIPTION: usize = 140;

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

pub(super) fn refused(body: &str) -> Option<Reply> {
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
