use super::http::{Reply, Request};
use super::state::{State, StoredSarif};
use super::target::{Place, Target};
use super::{alerts, checks, git, issues, people, pulls, talk};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Read as _;
use std::process::Command;

/// The answer when nothing fails.
pub(super) fn answer(request: &Request, target: &Target, body: &Value, state: &mut State) -> Reply {
    if request
        .headers
        .get("authorization")
        .is_none_or(|value| value.split(' ').nth(1).is_none())
    {
        return says(401, "Requires authentication");
    }
    let base = format!(
        "http://{}{}",
        request
            .headers
            .get("host")
            .map_or("127.0.0.1", String::as_str),
        state.setup.base_path
    );
    match &target.place {
        Place::UploadSarif { repository } => upload(repository, &base, body, state),
        Place::SarifStatus { repository, id } => status(repository, id, &base, state),
        Place::Contents { path } => {
            let revision = target.asked("ref").unwrap_or("main");
            contents(path, revision, &format!("{base}{}", target.path), state)
        }
        Place::Commit { revision } if state.knows_revision(revision) => commit(revision, &base),
        Place::Commit { revision } => says(422, &format!("No commit found for SHA: {revision}")),
        // The other forms of it are not what anybody here asks for.
        Place::Compare { ends } if is_diff(request) => compare(ends, state),
        Place::Analyses => alerts::analyses(target, &base, state),
        Place::CreateCheck { repository } => checks::create(repository, &base, body, state),
        Place::UpdateCheck { repository, id } => checks::update(repository, id, &base, body, state),
        Place::Alerts => alerts::list(target, &base, state),
        Place::UpdateAlert { number } => alerts::update(number, &base, body, state),
        Place::Pulls => pulls::by_head(target, &base, state),
        Place::PullsOf { commit } => pulls::of_commit(commit, &base, state),
        Place::GitReference { below } => git::get_reference(below, &base, state),
        Place::GitCommit { name } => git::get_commit(name, &base, state),
        Place::GitTree { name } => git::get_tree(name, &base, state),
        Place::GitBlob { name } => git::get_blob(name, &base, state),
        Place::CreateTree => git::create_tree(&base, body, state),
        Place::CreateCommit => git::create_commit(&base, body, state),
        Place::CreateReference => git::create_reference(&base, body, state),
        Place::MoveReference { below } => git::move_reference(below, &base, body, state),
        Place::Comments { number } => talk::comments(number, target, &base, state),
        Place::CreateComment { number } => talk::create_comment(number, &base, body, state),
        Place::UpdateComment { id } => talk::update_comment(id, &base, body, state),
        Place::DeleteComment { id } => talk::delete_comment(id, state),
        Place::CreateStatus { commit } => talk::create_status(commit, &base, body, state),
        Place::Issues => issues::issues(target, &base, state),
        Place::CreateIssue => issues::create_issue(&base, body, state),
        Place::UpdateIssue { number } => issues::update_issue(number, &base, body, state),
        Place::LabelIssue { number } => issues::label_issue(number, &base, body, state),
        Place::User => talk::user(&base, state),
        Place::Pull { number } => pulls::one(number, &base, state),
        Place::Reviews { number } => people::reviews(number, target, &base, state),
        Place::RunApprovals { run } => people::run_approvals(run, &base, state),
        Place::Permission { login } => people::permission(login, &base, state),
        Place::RateLimit => {
            let core =
                json!({"limit": 5000, "remaining": 4999, "reset": 4_102_444_800_u64, "used": 1});
            Reply::json(
                200,
                &json!({"resources": {"core": core, "search": core}, "rate": core}),
            )
        }
        Place::Compare { .. } | Place::Unknown => says(404, "Not Found"),
    }
}

pub(super) fn says(status: u16, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()}),
    )
}

fn upload(repository: &str, base: &str, body: &Value, state: &mut State) -> Reply {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (commit_sha, git_ref) = (text("commit_sha").to_owned(), text("ref").to_owned());
    let is_commit = matches!(commit_sha.len(), 40 | 64)
        && commit_sha.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_commit || !git_ref.starts_with("refs/") {
        return says(422, "Invalid request. `commit_sha` or `ref` is not valid.");
    }
    let Ok(compressed) = STANDARD.decode(text("sarif")) else {
        return says(400, "Invalid SARIF. The field `sarif` is not base64.");
    };
    // GitHub's documented limit.
    if compressed.len() > 10_000_000 {
        return says(413, "The SARIF file is too large.");
    }
    let mut sarif = Vec::new();
    let unpacked = flate2::read::GzDecoder::new(compressed.as_slice())
        .take(512 * 1024 * 1024)
        .read_to_end(&mut sarif);
    if unpacked.is_err() {
        return says(400, "Invalid SARIF. The file is not compressed with gzip.");
    }
    let Ok(sarif) = serde_json::from_slice::<Value>(&sarif) else {
        return says(400, "Invalid SARIF. JSON syntax error.");
    };
    let id = format!("00000000-0000-4000-8000-{:012}", state.sarifs.len() + 1);
    let url = format!("{base}/repos/{repository}/code-scanning/sarifs/{id}");
    let receipt = Reply::json(202, &json!({"id": id, "url": url}));
    state.sarifs.push(StoredSarif {
        id,
        repository: repository.to_owned(),
        commit_sha,
        git_ref,
        sarif,
        compressed_bytes: compressed.len(),
        polls: 0,
    });
    receipt
}

fn status(repository: &str, id: &str, base: &str, state: &mut State) -> Reply {
    let needed = state.setup.polls;
    let Some(stored) = state
        .sarifs
        .iter_mut()
        .find(|stored| stored.id == id && stored.repository == repository)
    else {
        return says(404, "Not Found");
    };
    stored.polls += 1;
    if stored.polls <= needed {
        return Reply::json(
            200,
            &json!({"processing_status": "pending", "analyses_url": null, "errors": null}),
        );
    }
    let url = format!("{base}/repos/{repository}/code-scanning/analyses?sarif_id={id}");
    if let Some(outcome) = &state.setup.outcome {
        let url = outcome.stored.then_some(url);
        return Reply::json(
            200,
            &json!({"processing_status": outcome.status, "analyses_url": url, "errors": outcome.errors}),
        );
    }
    // The one rule of GitHub's that tests need: a file without runs is not processed.
    if stored.sarif.get("runs").and_then(Value::as_array).is_none() {
        let errors = ["rejecting SARIF, as there are no runs"];
        return Reply::json(
            200,
            &json!({"processing_status": "failed", "analyses_url": null, "errors": errors}),
        );
    }
    Reply::json(
        200,
        &json!({"processing_status": "complete", "analyses_url": url, "errors": null}),
    )
}

/// Whether the answer is asked for as a diff, which no schema describes.
pub(super) fn is_diff(request: &Request) -> bool {
    let accept = request.headers.get("accept");
    accept.is_some_and(|kind| kind == "application/vnd.github.diff")
}

/// The change between two commits as `git diff` writes it, up to GitHub's limits.
fn compare(ends: &str, state: &State) -> Reply {
    let Some(repository) = &state.setup.repository else {
        return says(404, "Not Found");
    };
    // An argument that begins with a dash would be a flag.
    let made = Command::new("git")
        .arg("-C")
        .arg(repository)
        .args([
            "diff",
            "-M",
            "--no-color",
            "--no-ext-diff",
            "--end-of-options",
            ends,
            "--",
        ])
        .output();
    let Some(diff) = made.ok().filter(|made| made.status.success()) else {
        return says(404, "Not Found");
    };
    let text = String::from_utf8_lossy(&diff.stdout);
    let files = text
        .lines()
        .filter(|line| line.starts_with("diff --git "))
        .count();
    if files > 300 {
        return says(
            406,
            "Sorry, the diff exceeded the maximum number of files (300).",
        );
    }
    if text.lines().count() > 20_000 {
        return says(
            406,
            "Sorry, the diff exceeded the maximum number of lines (20000)",
        );
    }
    Reply::text(
        200,
        "application/vnd.github.diff; charset=utf-8",
        &diff.stdout,
    )
}

fn contents(path: &str, revision: &str, url: &str, state: &State) -> Reply {
    if !state.knows_revision(revision) {
        return says(404, &format!("No commit found for the ref {revision}"));
    }
    let file = |revision: &str| state.files.get(&(revision.to_owned(), path.to_owned()));
    let Some(bytes) = file(revision).or_else(|| file("*")) else {
        return if state
            .files
            .keys()
            .any(|(_, known)| known.starts_with(&format!("{path}/")))
        {
            Reply::json(200, &json!([]))
        } else {
            says(404, "Not Found")
        };
    };
    // As GitHub does: lines of 60 characters, and none for files above 1 MB.
    let whole = bytes.len() <= 1024 * 1024;
    let mut content = String::new();
    for line in STANDARD
        .encode(if whole { bytes.as_slice() } else { &[] })
        .as_bytes()
        .chunks(60)
    {
        content.push_str(&String::from_utf8_lossy(line));
        content.push('\n');
    }
    Reply::json(
        200,
        &json!({
            "type": "file",
            "encoding": if whole { "base64" } else { "none" },
            "size": bytes.len(),
            "name": path.rsplit('/').next(),
            "path": path,
            "content": content,
            "sha": "0".repeat(40),
            "url": url,
            "git_url": null,
            "html_url": null,
            "download_url": null,
            "_links": {"self": url, "git": null, "html": null},
        }),
    )
}

fn commit(revision: &str, base: &str) -> Reply {
    let url = format!("{base}/commits/{revision}");
    let person =
        json!({"name": "Case", "email": "case@example.invalid", "date": "2026-01-02T03:04:05Z"});
    Reply::json(
        200,
        &json!({
            "url": url, "sha": revision, "node_id": "C", "html_url": url, "comments_url": url,
            "commit": {
                "url": url, "author": person, "committer": person, "message": "case", "comment_count": 0,
                "tree": {"sha": "0".repeat(40), "url": url},
            },
            "author": null, "committer": null, "parents": [],
        }),
    )
}
