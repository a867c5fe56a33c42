use super::http::Reply;
use super::routes::says;
use super::state::{State, StoredCheck};
use serde_json::{Value, json};

/// Of one request.
const MAX_ANNOTATIONS: usize = 50;
/// Characters of a summary and of a text.
const MAX_TEXT: usize = 65_535;
const MAX_TITLE: usize = 255;
/// Bytes of a message.
const MAX_MESSAGE: usize = 64 * 1024;

pub(super) fn create(repository: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let head_sha = text("head_sha");
    let hex = head_sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if text("name").is_empty() || !hex || !matches!(head_sha.len(), 40 | 64) {
        return says(422, "Invalid request. No commit found for SHA");
    }
    let mut check = StoredCheck {
        id: state.checks.len() as u64 + 1,
        repository: repository.to_owned(),
        name: text("name"),
        head_sha,
        external_id: body["external_id"].as_str().map(str::to_owned),
        conclusion: None,
        title: String::new(),
        summary: String::new(),
        text: None,
        annotations: Vec::new(),
    };
    if let Err(refused) = add(&mut check, body) {
        return refused;
    }
    let reply = Reply::json(201, &shown(&check, base));
    state.checks.push(check);
    reply
}

pub(super) fn update(
    repository: &str,
    id: &str,
    base: &str,
    body: &Value,
    state: &mut State,
) -> Reply {
    let known =
        |check: &&mut StoredCheck| check.repository == repository && check.id.to_string() == id;
    let Some(check) = state.checks.iter_mut().find(known) else {
        return says(404, "Not Found");
    };
    match add(check, body) {
        Ok(()) => Reply::json(200, &shown(check, base)),
        Err(refused) => refused,
    }
}

/// Annotations are appended, all else is replaced; what GitHub would not take is its refusal.
fn add(check: &mut StoredCheck, body: &Value) -> Result<(), Reply> {
    if let Some(conclusion) = body["conclusion"].as_str() {
        check.conclusion = Some(conclusion.to_owned());
    }
    let Some(output) = body.get("output") else {
        return Ok(());
    };
    let text = |name: &str| output[name].as_str();
    let (Some(title), Some(summary)) = (text("title"), text("summary")) else {
        return Err(says(
            422,
            "Invalid request. \"title\", \"summary\" weren't supplied.",
        ));
    };
    let long = |text: &str| text.chars().count() > MAX_TEXT || text.len() > MAX_TEXT;
    if long(summary) || text("text").is_some_and(long) {
        return Err(says(
            422,
            "Invalid request. Only 65535 characters are allowed",
        ));
    }
    let annotations = output["annotations"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if annotations.len() > MAX_ANNOTATIONS {
        return Err(says(
            422,
            "Invalid request. No more than 50 items are allowed",
        ));
    }
    if let Some(wrong) = annotations.iter().find_map(wrong) {
        return Err(says(422, &format!("Invalid request. {wrong}")));
    }
    title.clone_into(&mut check.title);
    summary.clone_into(&mut check.summary);
    check.text = text("text").map(str::to_owned).or(check.text.take());
    check.annotations.extend(annotations);
    Ok(())
}

fn wrong(annotation: &Value) -> Option<&'static str> {
    let number = |name: &str| annotation[name].as_u64();
    let text = |name: &str| annotation[name].as_str().unwrap_or_default();
    let path = text("path");
    let (Some(start), Some(end)) = (number("start_line"), number("end_line")) else {
        return Some("A line is missing");
    };
    let columns = number("start_column").is_some() || number("end_column").is_some();
    if path.is_empty() || path.starts_with('/') || path.chars().any(char::is_control) {
        Some("The path is not one of the repository")
    } else if start == 0 || end < start {
        Some("end_line lies before start_line")
    } else if columns && start != end {
        Some("Columns on different lines")
    } else if number("end_column") < number("start_column") {
        Some("end_column lies before start_column")
    } else if text("message").is_empty() || text("message").len() > MAX_MESSAGE {
        Some("The message is empty or too long")
    } else if text("title").chars().count() > MAX_TITLE {
        Some("The title is too long")
    } else {
        None
    }
}

fn shown(check: &StoredCheck, base: &str) -> Value {
    let url = format!("{base}/repos/{}/check-runs/{}", check.repository, check.id);
    json!({
        "id": check.id, "node_id": "C", "external_id": check.external_id, "head_sha": check.head_sha, "name": check.name,
        "url": url, "html_url": url, "details_url": url, "status": "completed", "conclusion": check.conclusion,
        "started_at": null, "completed_at": null, "check_suite": null, "app": null, "pull_requests": [],
        "output": {
            "title": check.title, "summary": check.summary, "text": check.text,
            "annotations_count": check.annotations.len(), "annotations_url": format!("{url}/annotations"),
        },
    })
}
