//! Who approved and who may do what.

use super::http::Reply;
use super::routes::says;
use super::state::State;
use super::target::Target;
use serde_json::{Value, json};

pub(super) fn reviews(number: &str, target: &Target, base: &str, state: &State) -> Reply {
    let of_pull = |pull: u64| pull.to_string() == number;
    let reviews = state.setup.reviews.iter().filter(|one| of_pull(one.pull));
    let found: Vec<Value> = reviews
        .enumerate()
        .map(|(at, one)| {
            let link = json!({"href": base});
            json!({
                "id": at + 1, "node_id": "R", "user": account(&one.who, base), "body": "", "state": one.state,
                "html_url": base, "pull_request_url": base, "author_association": "MEMBER",
                "_links": {"html": link, "pull_request": link},
                "submitted_at": "2026-01-02T03:04:05Z", "commit_id": one.commit,
            })
        })
        .collect();
    Reply::json(200, &json!(target.page(found)))
}

pub(super) fn run_approvals(run: &str, base: &str, state: &State) -> Reply {
    let approvals = state.setup.run_approvals.iter();
    let found: Vec<Value> = approvals
        .filter(|one| one.run.to_string() == run)
        .map(|one| {
            json!({
                "state": one.state, "comment": "", "user": account(&one.who, base),
                "environments": [{
                    "id": 1, "node_id": "E", "name": one.environment, "url": base, "html_url": base,
                    "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
                }],
            })
        })
        .collect();
    Reply::json(200, &json!(found))
}

pub(super) fn permission(login: &str, base: &str, state: &State) -> Reply {
    let Some(permission) = state.setup.collaborators.get(login) else {
        return says(404, "Not Found");
    };
    let mut user = account(login, base);
    user["role_name"] = json!(permission);
    Reply::json(
        200,
        &json!({"permission": permission, "role_name": permission, "user": user}),
    )
}

/// Everything that GitHub promises of an account.
pub(super) fn account(login: &str, base: &str) -> Value {
    let mut out = json!({"id": 1, "node_id": "U", "login": login, "site_admin": false, "type": "User", "gravatar_id": ""});
    for name in [
        "avatar_url",
        "events_url",
        "followers_url",
        "following_url",
        "gists_url",
        "html_url",
        "organizations_url",
        "received_events_url",
        "repos_url",
        "starred_url",
        "subscriptions_url",
        "url",
    ] {
        out[name] = json!(base);
    }
    out
}
