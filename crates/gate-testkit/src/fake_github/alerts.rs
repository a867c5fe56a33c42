use super::http::Reply;
use super::routes::says;
use super::setup::{Alert, Analysis};
use super::state::State;
use super::target::Target;
use serde_json::{Value, json};

const REASONS: [&str; 4] = ["false positive", "won't fix", "used in tests", "mitigated"];
const MAX_COMMENT: usize = 280;

/// As GitHub says it before anything was uploaded.
const NOTHING_YET: &str = "no analysis found";

pub(super) fn list(target: &Target, base: &str, state: &State) -> Reply {
    let alerts = &state.setup.alerts;
    if alerts.is_empty() && state.sarifs.is_empty() {
        return says(404, NOTHING_YET);
    }
    let wanted = |name: &str, value: &str| target.asked(name).is_none_or(|asked| asked == value);
    let found = alerts.iter().filter(|alert| {
        wanted("tool_name", &alert.tool)
            && wanted("ref", &alert.git_ref)
            && wanted("state", &alert.state)
    });
    let found: Vec<_> = found.map(|alert| alert_of(alert, base)).collect();
    Reply::json(200, &json!(target.page(found)))
}

pub(super) fn update(number: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let alerts = &mut state.setup.alerts;
    let Some(alert) = alerts
        .iter_mut()
        .find(|alert| alert.number.to_string() == number)
    else {
        return says(404, "Not Found");
    };
    let reason = body["dismissed_reason"].as_str();
    let comment = body["dismissed_comment"].as_str();
    match body["state"].as_str() {
        Some("open") => {
            alert.state = String::from("open");
            (alert.dismissed_reason, alert.dismissed_comment) = (None, None);
        }
        Some("dismissed") if !reason.is_some_and(|reason| REASONS.contains(&reason)) => {
            return says(400, "Invalid dismissed_reason.");
        }
        Some("dismissed") if comment.is_some_and(|text| text.chars().count() > MAX_COMMENT) => {
            return says(
                422,
                "dismissed_comment is too long (maximum is 280 characters)",
            );
        }
        Some("dismissed") if alert.state != "open" => {
            return says(400, "Alert is already closed.");
        }
        Some("dismissed") => {
            alert.state = String::from("dismissed");
            alert.dismissed_reason = reason.map(str::to_owned);
            alert.dismissed_comment = comment.map(str::to_owned);
        }
        _ => return says(400, "Invalid state."),
    }
    Reply::json(200, &alert_of(alert, base))
}

pub(super) fn analyses(target: &Target, base: &str, state: &State) -> Reply {
    if state.setup.analyses.is_empty() {
        return says(404, NOTHING_YET);
    }
    let wanted = |name: &str, value: &str| target.asked(name).is_none_or(|asked| asked == value);
    let found =
        state.setup.analyses.iter().filter(|analysis| {
            wanted("tool_name", &analysis.tool) && wanted("ref", &analysis.git_ref)
        });
    let found: Vec<_> = found.map(|analysis| analysis_of(analysis, base)).collect();
    Reply::json(200, &json!(target.page(found)))
}

fn alert_of(alert: &Alert, base: &str) -> Value {
    let url = format!("{base}/alerts/{}", alert.number);
    json!({
        "number": alert.number, "created_at": "2026-01-02T03:04:05Z", "url": url, "html_url": url,
        "instances_url": url, "state": alert.state, "dismissed_by": null, "dismissed_at": null,
        "dismissed_reason": alert.dismissed_reason, "dismissed_comment": alert.dismissed_comment,
        "rule": {"id": alert.rule, "name": alert.rule, "severity": "warning", "description": "case"},
        "tool": {"name": alert.tool, "version": null, "guid": null},
        "most_recent_instance": {
            "ref": alert.git_ref, "analysis_key": "k", "environment": "{}", "category": alert.category,
            "state": alert.state, "commit_sha": "0".repeat(40), "message": {"text": "m"},
            "location": {
                "path": alert.path, "start_line": alert.start_line, "end_line": alert.start_line,
                "start_column": 1, "end_column": 2,
            },
            "classifications": [],
        },
    })
}

fn analysis_of(analysis: &Analysis, base: &str) -> Value {
    json!({
        "ref": analysis.git_ref, "commit_sha": analysis.commit_sha, "analysis_key": "k", "environment": "{}",
        "category": analysis.category, "error": "", "created_at": analysis.created_at, "results_count": 1,
        "rules_count": 1, "id": analysis.id, "url": format!("{base}/analyses/{}", analysis.id), "sarif_id": "s",
        "tool": {"name": analysis.tool, "version": null, "guid": null}, "deletable": analysis.deletable, "warning": "",
    })
}
