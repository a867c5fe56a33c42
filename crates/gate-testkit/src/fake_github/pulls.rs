use super::http::Reply;
use super::people;
use super::setup::Pull;
use super::state::State;
use super::target::Target;
use serde_json::{Map, Value, json};

pub(super) fn by_head(target: &Target, base: &str, state: &State) -> Reply {
    let pulls = state.setup.pulls.iter().filter(|pull| {
        let owner = pull.head_repository.split('/').next().unwrap_or_default();
        let head = format!("{owner}:{}", pull.head_branch);
        let asked = target.asked("state").unwrap_or("open");
        target.asked("head").is_none_or(|asked| asked == head)
            && (asked == "all" || asked == pull.state)
    });
    let found: Vec<_> = pulls.map(|pull| pull_of(pull, base)).collect();
    Reply::json(200, &json!(target.page(found)))
}

pub(super) fn of_commit(commit: &str, base: &str, state: &State) -> Reply {
    let pulls = state.setup.pulls.iter();
    let found: Vec<_> = pulls
        .filter(|pull| pull.head_sha == commit && pull.state == "open")
        .map(|pull| pull_of(pull, base))
        .collect();
    Reply::json(200, &json!(found))
}

pub(super) fn one(number: &str, base: &str, state: &State) -> Reply {
    let found = state
        .setup
        .pulls
        .iter()
        .find(|pull| pull.number.to_string() == number);
    let Some(pull) = found else {
        return super::routes::says(404, "Not Found");
    };
    let mut out = pull_of(pull, base);
    out["user"] = people::account(&pull.author, base);
    for end in ["head", "base"] {
        out[end]["user"] = people::account("octo", base);
    }
    out["labels"] = pull
        .labels
        .iter()
        .map(|label| {
            json!({
                "id": 1, "node_id": "L", "url": base, "name": label, "description": null, "color": "ededed",
                "default": false,
            })
        })
        .collect();
    for (name, value) in [
        ("mergeable_state", json!("clean")),
        ("merged", json!(false)),
        ("mergeable", json!(true)),
        ("merged_by", Value::Null),
        ("comments", json!(0)),
        ("review_comments", json!(0)),
        ("maintainer_can_modify", json!(false)),
        ("commits", json!(1)),
        ("additions", json!(1)),
        ("deletions", json!(0)),
        ("changed_files", json!(1)),
    ] {
        out[name] = value;
    }
    Reply::json(200, &out)
}

fn pull_of(pull: &Pull, base: &str) -> Value {
    let url = format!("{base}/pulls/{}", pull.number);
    let owner = pull.head_repository.split('/').next().unwrap_or_default();
    let link = json!({"href": url});
    let end = |label: &str, branch: &str, sha: &str, repository: &str| json!({"label": label, "ref": branch, "sha": sha, "user": null, "repo": repository_of(repository, base)});
    let mut out = named(
        "url html_url diff_url patch_url issue_url commits_url review_comments_url review_comment_url comments_url \
         statuses_url",
        &json!(url),
    );
    out.extend(named(
        "assignee milestone body closed_at merged_at merge_commit_sha auto_merge user",
        &Value::Null,
    ));
    out.extend(named(
        "created_at updated_at",
        &json!("2026-01-02T03:04:05Z"),
    ));
    let links = named(
        "comments commits statuses html issue review_comments review_comment self",
        &link,
    );
    let rest = json!({
        "id": pull.number, "node_id": "P", "number": pull.number, "state": pull.state, "locked": false,
        "title": "case", "labels": [], "author_association": "NONE", "_links": links,
        "head": end(&format!("{owner}:{}", pull.head_branch), &pull.head_branch, &pull.head_sha, &pull.head_repository),
        "base": end("octo:main", "main", &"0".repeat(40), "octo/gate"),
    });
    out.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(out)
}

/// Everything that GitHub promises of a repository.
fn repository_of(full_name: &str, base: &str) -> Value {
    let (owner, name) = full_name.split_once('/').unwrap_or((full_name, ""));
    let url = format!("{base}/repos/{full_name}");
    let mut out = named(
        "archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url compare_url \
         contents_url contributors_url deployments_url downloads_url events_url forks_url git_commits_url \
         git_refs_url git_tags_url hooks_url html_url issue_comment_url issue_events_url issues_url keys_url \
         labels_url languages_url merges_url milestones_url notifications_url pulls_url releases_url \
         stargazers_url statuses_url subscribers_url subscription_url tags_url teams_url trees_url url clone_url \
         git_url ssh_url svn_url mirror_url",
        &json!(url),
    );
    out.extend(named(
        "forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count",
        &json!(0),
    ));
    out.extend(named(
        "fork private has_downloads has_issues has_projects has_wiki has_pages archived disabled",
        &json!(false),
    ));
    out.extend(named("description homepage language license", &Value::Null));
    out.extend(named(
        "pushed_at created_at updated_at",
        &json!("2026-01-02T03:04:05Z"),
    ));
    let account = account(owner, &url);
    let rest = json!({
        "id": 1, "node_id": "R", "name": name, "full_name": full_name, "default_branch": "main", "owner": account,
    });
    out.extend(rest.as_object().cloned().unwrap_or_default());
    Value::Object(out)
}

/// Everything that GitHub promises of an account.
pub(super) fn account(login: &str, url: &str) -> Map<String, Value> {
    let mut account = named(
        "avatar_url events_url followers_url following_url gists_url gravatar_id html_url organizations_url \
         received_events_url repos_url starred_url subscriptions_url url",
        &json!(url),
    );
    let kind = if login.ends_with("[bot]") {
        "Bot"
    } else {
        "User"
    };
    let person =
        json!({"id": 1, "node_id": "U", "login": login, "site_admin": false, "type": kind});
    account.extend(person.as_object().cloned().unwrap_or_default());
    account
}

/// The same value under each of the names.
pub(super) fn named(names: &str, value: &Value) -> Map<String, Value> {
    let names = names.split_ascii_whitespace();
    names.map(|name| (name.to_owned(), value.clone())).collect()
}
