//! Issues and their labels.

use super::http::Reply;
use super::pulls::{account, named};
use super::routes::says;
use super::state::State;
use super::talk::refused;
use super::target::Target;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const MAX_TITLE: usize = 256;
const MAX_LABEL: usize = 50;

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
