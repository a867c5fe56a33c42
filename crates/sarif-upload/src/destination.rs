//! Where the files go: repository, commit, reference, checkout. What the environment says is read once, in
//! [`Surroundings::of`]; the rest is decided here by the rules of GitHub's own upload action.

use crate::limits::Problem;
use crate::workflow_run::{self, FromEvent};
use crate::{UploadFlags, diagnosis};
use gate_github::Token;
use gate_github::runner::{self, EventKind, WorkflowRun};
use gate_repo::Repo;
use gate_runner::{Session, variable};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `GATEWRIGHT_TOKEN`, else `GITHUB_TOKEN`.
    pub token: Option<Token>,
    /// Without a slash at the end.
    pub api_url: String,
    /// `GITHUB_REPOSITORY`: `owner/name`.
    pub repository: Option<String>,
    /// `GITHUB_SHA`.
    pub sha: Option<String>,
    /// `GITHUB_REF`, else `CODE_SCANNING_REF`.
    pub git_ref: Option<String>,
    /// The run is for a pull request from another repository.
    pub fork: bool,
    /// The commit that a pull request is compared with.
    pub pull_request_base: Option<String>,
    /// `GITHUB_EVENT_NAME`.
    pub event: String,
    /// `GITHUB_ACTOR`.
    pub actor: Option<String>,
    /// Without `refs/heads/`, from the event.
    pub default_branch: Option<String>,
    /// With the event `workflow_run`: the run that started this one.
    pub workflow_run: Option<WorkflowRun>,
    /// The page of this run, for people.
    pub run_url: Option<String>,
    /// `GITHUB_OUTPUT`.
    pub output_path: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`.
    pub summary_path: Option<PathBuf>,
}

impl Surroundings {
    pub fn of(session: &Session) -> Self {
        let text = |name: &str| variable(name).filter(|value| !value.is_empty());
        let actions = session.actions().map(|(actions, _)| actions);
        let event = session.actions().and_then(|(_, event)| event.as_ref().ok());
        let fork = event
            .is_some_and(|event| matches!(event.kind, EventKind::PullRequest { fork: true, .. }));
        let token = runner::input(&variable, "token").or_else(|| text("GITHUB_TOKEN"));
        let api_url =
            text("GITHUB_API_URL").unwrap_or_else(|| String::from("https://api.github.com"));
        Self {
            token: token.as_deref().and_then(Token::new),
            api_url: api_url.trim_end_matches('/').to_owned(),
            repository: text("GITHUB_REPOSITORY"),
            sha: text("GITHUB_SHA"),
            git_ref: text("GITHUB_REF").or_else(|| text("CODE_SCANNING_REF")),
            fork,
            pull_request_base: event.and_then(|event| match &event.kind {
                EventKind::PullRequest { base_sha, .. } => Some(base_sha.clone()),
                _ => None,
            }),
            event: actions.map_or_else(String::new, |actions| actions.event_name.clone()),
            actor: text("GITHUB_ACTOR"),
            default_branch: event.and_then(|event| event.default_branch.clone()),
            workflow_run: event.and_then(|event| event.workflow_run.clone()),
            run_url: actions.and_then(|actions| actions.run_url.clone()),
            output_path: actions.and_then(|actions| actions.output_path.clone()),
            summary_path: actions.and_then(|actions| actions.summary_path.clone()),
        }
    }
}

/// Where the files go; what is unknown says why.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// Owner and name.
    pub(crate) repository: Result<(String, String), Problem>,
    pub(crate) commit: Result<String, Problem>,
    pub(crate) git_ref: Result<String, Problem>,
    /// `file:///…`
    pub(crate) checkout_uri: String,
    /// For the receipt: without user, password and query.
    pub(crate) api_url: String,
    /// Why nothing is sent, where that says nothing about the files.
    pub(crate) held: Option<Held>,
    /// The event's commit belongs to a pull request whose number GitHub has to say.
    pub(crate) look_up: bool,
}

/// A reason of the platform's to send nothing.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) problem: Problem,
    /// Why a check run would not succeed either.
    pub(crate) bars_check: Option<&'static str>,
}

pub(crate) fn settle(
    session: &Session,
    flags: &UploadFlags,
    surroundings: &Surroundings,
) -> Destination {
    let repo = gate_repo::open(&session.root).ok();
    let mut look_up = false;
    let (commit, git_ref) = match workflow_run::from_event(flags, surroundings) {
        // What is checked out there is the default branch, which nobody scanned.
        Some(FromEvent { commit, git_ref }) => {
            look_up = matches!(git_ref, Ok(None));
            let unknown = || {
                Problem::new(
                    "which pull request the event's commit belongs to is not known without asking GitHub",
                    "run it without --offline and with a token that has `pull-requests: read`",
                )
            };
            (commit, git_ref.and_then(|found| found.ok_or_else(unknown)))
        }
        None => of_checkout(flags, repo.as_ref(), surroundings),
    };
    let queue = git_ref
        .as_ref()
        .ok()
        .and_then(|git_ref| diagnosis::merge_queue(git_ref));
    Destination {
        repository: repository(repo.as_ref(), surroundings),
        commit,
        git_ref,
        checkout_uri: file_uri(&session.root),
        api_url: without_credentials(&surroundings.api_url),
        held: queue.map(|problem| Held {
            problem,
            bars_check: None,
        }),
        look_up,
    }
}

type Known = Result<String, Problem>;

/// Commit and reference of what is checked out, where the flags do not say.
fn of_checkout(
    flags: &UploadFlags,
    repo: Option<&Repo>,
    surroundings: &Surroundings,
) -> (Known, Known) {
    let commit = commit(flags.commit.as_deref(), repo, surroundings.sha.as_deref());
    let git_ref = match (&flags.git_ref, &commit) {
        (Some(given), _) => Ok(given.clone()),
        (None, Ok(commit)) => git_ref(commit, repo, surroundings),
        (None, Err(problem)) => Err(problem.clone()),
    };
    (commit, git_ref)
}

/// `--commit`, else the commit that is checked out, else `GITHUB_SHA`. On pull requests the checkout is the test
/// merge, or the head where the workflow checks that out.
fn commit(flag: Option<&str>, repo: Option<&Repo>, sha: Option<&str>) -> Result<String, Problem> {
    let head = || Some(repo?.head()?.commit.as_str());
    let found = flag.or_else(head).or(sha).map(str::to_ascii_lowercase);
    found.ok_or_else(|| {
        Problem::new(
            "which commit was scanned is not known: no git checkout, no commit, no GITHUB_SHA",
            "run it in the checkout that was scanned, or give --commit and --ref",
        )
    })
}

/// `GITHUB_REF`, except that results for another commit than the test merge belong to the pull request's head.
/// Without a runner the branch that is checked out.
fn git_ref(
    commit: &str,
    repo: Option<&Repo>,
    surroundings: &Surroundings,
) -> Result<String, Problem> {
    if let Some(given) = &surroundings.git_ref {
        let Some(number) = given
            .strip_prefix("refs/pull/")
            .and_then(|rest| rest.strip_suffix("/merge"))
        else {
            return Ok(given.clone());
        };
        let is_event = surroundings
            .sha
            .as_deref()
            .is_some_and(|sha| sha.eq_ignore_ascii_case(commit));
        let is_merge = || {
            repo.and_then(|repo| repo.rev(&format!("refs/remotes/pull/{number}/merge")).ok())
                .is_some_and(|merge| merge.commit == commit)
        };
        let kept = is_event || is_merge();
        return Ok(if kept {
            given.clone()
        } else {
            format!("refs/pull/{number}/head")
        });
    }
    let branch = repo
        .and_then(Repo::head)
        .and_then(|head| head.branch.as_deref());
    branch.map(|branch| format!("refs/heads/{branch}")).ok_or_else(|| {
        Problem::new("which branch was scanned is not known: the head is detached and GITHUB_REF is not set", "give --ref refs/heads/NAME")
    })
}

/// `GITHUB_REPOSITORY`, else the remote `origin` where it lies on the host that the API belongs to: nothing is ever
/// sent to a repository that only happens to have the same name.
fn repository(
    repo: Option<&Repo>,
    surroundings: &Surroundings,
) -> Result<(String, String), Problem> {
    let from_remote = || {
        let url = repo?.remote_url()?;
        let (host, path) = host_and_path(&url)?;
        (api_host(&surroundings.api_url)? == host).then(|| path.to_owned())
    };
    let found = surroundings.repository.clone().or_else(from_remote);
    let parts = found.as_deref().and_then(|found| found.split_once('/'));
    match parts {
        Some((owner, name)) if !owner.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((owner.to_owned(), name.to_owned()))
        }
        _ => Err(Problem::new(
            "no repository to upload to is known: GITHUB_REPOSITORY is not `owner/name`, and the remote `origin` is not on the API's host",
            "set GITHUB_REPOSITORY to owner/name",
        )),
    }
}

/// The host of the web pages that belong to an API base: `api.github.com` serves `github.com`.
fn api_host(api_url: &str) -> Option<String> {
    let (_, rest) = api_url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = authority
        .split_once(':')
        .map_or(authority, |(host, _)| host)
        .to_ascii_lowercase();
    Some(
        host.strip_prefix("api.")
            .map_or(host.clone(), str::to_owned),
    )
}

/// Host and `owner/name` of a remote without credentials: `https://HOST/o/n.git`, `HOST:o/n`, `ssh://HOST:22/o/n`.
fn host_and_path(url: &str) -> Option<(String, &str)> {
    let (host, path) = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => url.split_once(':')?,
    };
    let host = host
        .split_once(':')
        .map_or(host, |(host, _)| host)
        .to_ascii_lowercase();
    let path = path.trim_matches('/');
    Some((host, path.strip_suffix(".git").unwrap_or(path)))
}

/// `file:///…` with everything but unreserved characters and `/` percent-encoded.
fn file_uri(root: &Path) -> String {
    let path = root.to_string_lossy().replace('\\', "/");
    // What `canonicalize` puts before drive letters on Windows.
    let path = path.strip_prefix("//?/").unwrap_or(&path);
    let mut uri = String::from(if path.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~' | b':') {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn without_credentials(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else {
        return if url.contains('@') {
            String::from("(not shown)")
        } else {
            url.to_owned()
        };
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    format!(
        "{scheme}://{}{path}",
        authority.rsplit('@').next().unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(api_url: &str, sha: Option<&str>, git_ref: Option<&str>) -> Surroundings {
        Surroundings {
            api_url: api_url.to_owned(),
            sha: sha.map(str::to_owned),
            git_ref: git_ref.map(str::to_owned),
            ..Surroundings::default()
        }
    }

    #[test]
    fn results_for_another_commit_than_the_test_merge_belong_to_the_head() {
        let (merge, head) = ("a".repeat(40), "b".repeat(40));
        let of = |commit: &str, name: &str| {
            git_ref(commit, None, &surroundings("", Some(&merge), Some(name))).expect("a reference")
        };
        assert_eq!(of(&merge, "refs/pull/7/merge"), "refs/pull/7/merge");
        assert_eq!(of(&head, "refs/pull/7/merge"), "refs/pull/7/head");
        assert_eq!(of(&head, "refs/heads/main"), "refs/heads/main");
        assert!(git_ref(&head, None, &surroundings("", None, None)).is_err());
    }

    #[test]
    fn a_commit_is_the_flag_then_the_checkout_then_the_variable() {
        assert_eq!(commit(Some("AB"), None, Some("cd")), Ok(String::from("ab")));
        assert_eq!(commit(None, None, Some("CD")), Ok(String::from("cd")));
        assert!(
            commit(None, None, None)
                .expect_err("none")
                .next_step
                .contains("--commit")
        );
    }

    #[test]
    fn remotes_name_host_and_repository() {
        for url in [
            "https://github.com/octo/gate.git",
            "https://GitHub.com/octo/gate/",
            "github.com:octo/gate",
            "ssh://github.com:22/octo/gate.git",
        ] {
            assert_eq!(
                host_and_path(url),
                Some((String::from("github.com"), "octo/gate")),
                "{url}"
            );
        }
        for url in ["/srv/git/x", "file:///srv/x", "../x"] {
            assert_eq!(host_and_path(url), None, "{url}");
        }
        assert_eq!(
            api_host("https://api.github.com").as_deref(),
            Some("github.com")
        );
        assert_eq!(
            api_host("https://ghe.example:8443/api/v3").as_deref(),
            Some("ghe.example")
        );
    }

    #[test]
    fn nothing_secret_is_left_in_the_base() {
        let secret = ["pa", "ss"].concat();
        for (url, expected) in [
            (
                format!("https://me:{secret}@ghe.example/api/v3?x={secret}"),
                "https://ghe.example/api/v3",
            ),
            (format!("me:{secret}@host"), "(not shown)"),
            (String::from("http://127.0.0.1:80"), "http://127.0.0.1:80"),
        ] {
            assert_eq!(without_credentials(&url), expected);
        }
    }

    #[test]
    fn folders_become_uris() {
        assert_eq!(
            file_uri(Path::new("/work/a b/é")),
            "file:///work/a%20b/%C3%A9"
        );
        assert_eq!(file_uri(Path::new("C:\\a")), "file:///C:/a");
    }
}
