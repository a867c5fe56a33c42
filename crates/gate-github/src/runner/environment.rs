use super::event::{Event, EventError, parse_event};
use crate::Token;
use std::path::PathBuf;

/// The runner's world, as its variables describe it. Absent or empty variables are `None`.
#[derive(Clone, Debug)]
pub struct Actions {
    /// `owner/name`.
    pub repository: Option<String>,
    /// The commit that the run is for (`GITHUB_SHA`); on pull requests the merge commit.
    pub sha: Option<String>,
    /// The full reference (`GITHUB_REF`): `refs/heads/main`, `refs/pull/7/merge`.
    pub ref_name: Option<String>,
    /// `push`, `pull_request`, `merge_group`, ...; empty when the runner did not say.
    pub event_name: String,
    /// The file with the event's payload; read it and hand the bytes to [`Actions::event`].
    pub event_path: Option<PathBuf>,
    pub workspace: Option<PathBuf>,
    /// `RUNNER_TEMP`.
    pub temp: Option<PathBuf>,
    /// Who started the run (`GITHUB_ACTOR`); a re-run keeps the first.
    pub actor: Option<String>,
    /// The number of the workflow run, which grows from run to run.
    pub run_id: Option<u64>,
    /// How often this run was started.
    pub run_attempt: Option<u64>,
    /// The page of this run, for people.
    pub run_url: Option<String>,
    /// Without a slash at the end; `https://HOST/api/v3` on GitHub Enterprise Server.
    pub api_url: String,
    /// Without a slash at the end.
    pub server_url: String,
    /// `owner/name/.github/workflows/x.yml@ref` of the workflow that runs.
    pub workflow_ref: Option<String>,
    /// The key of the job in its workflow.
    pub job: Option<String>,
    /// `GITHUB_OUTPUT`.
    pub output_path: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`.
    pub summary_path: Option<PathBuf>,
    /// The input `token`, else `GITHUB_TOKEN`.
    pub token: Option<Token>,
}

/// The runner's world if this process runs in GitHub Actions (`GITHUB_ACTIONS` is `true`).
/// `get` reads one environment variable.
pub fn detect(get: &dyn Fn(&str) -> Option<String>) -> Option<Actions> {
    if get("GITHUB_ACTIONS").as_deref() != Some("true") {
        return None;
    }
    let text = |name: &str| get(name).filter(|value| !value.is_empty());
    let path = |name: &str| text(name).map(PathBuf::from);
    let url = |name: &str, default: &str| {
        text(name)
            .unwrap_or_else(|| default.to_owned())
            .trim_end_matches('/')
            .to_owned()
    };
    let repository = text("GITHUB_REPOSITORY");
    let server_url = url("GITHUB_SERVER_URL", "https://github.com");
    let run_url = repository
        .as_ref()
        .zip(text("GITHUB_RUN_ID"))
        .map(|(repository, run)| {
            let attempt = text("GITHUB_RUN_ATTEMPT").filter(|attempt| attempt != "1");
            let attempt = attempt.map_or_else(String::new, |n| format!("/attempts/{n}"));
            format!("{server_url}/{repository}/actions/runs/{run}{attempt}")
        });
    let number = |name: &str| text(name).and_then(|text| text.parse::<u64>().ok());
    Some(Actions {
        repository,
        sha: text("GITHUB_SHA"),
        ref_name: text("GITHUB_REF"),
        event_name: text("GITHUB_EVENT_NAME").unwrap_or_default(),
        event_path: path("GITHUB_EVENT_PATH"),
        workspace: path("GITHUB_WORKSPACE"),
        temp: path("RUNNER_TEMP"),
        actor: text("GITHUB_ACTOR"),
        run_id: number("GITHUB_RUN_ID"),
        run_attempt: number("GITHUB_RUN_ATTEMPT"),
        run_url,
        api_url: url("GITHUB_API_URL", "https://api.github.com"),
        server_url,
        workflow_ref: text("GITHUB_WORKFLOW_REF"),
        job: text("GITHUB_JOB"),
        output_path: path("GITHUB_OUTPUT"),
        summary_path: path("GITHUB_STEP_SUMMARY"),
        token: input(get, "token")
            .or_else(|| text("GITHUB_TOKEN"))
            .as_deref()
            .and_then(Token::new),
    })
}

impl Actions {
    /// The event of this run, from the bytes of the file at `event_path`.
    pub fn event(&self, payload: &[u8]) -> Result<Event, EventError> {
        let file = self.event_path.as_ref().map_or_else(
            || "the event payload".to_owned(),
            |path| path.display().to_string(),
        );
        parse_event(&self.event_name, &file, payload)
    }

    /// Owner and name, when `repository` is of that form.
    pub fn owner_and_name(&self) -> Option<(&str, &str)> {
        let (owner, name) = self.repository.as_deref()?.split_once('/')?;
        (!owner.is_empty() && !name.is_empty() && !name.contains('/')).then_some((owner, name))
    }
}

/// An action's input. Composite actions hand `fail-on` over as `GATEWRIGHT_FAIL_ON`, since the runner sets no
/// `INPUT_*` for them (actions/runner#665), and what the user left out arrives as an empty string: absent.
pub fn input(get: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    let variable = format!("GATEWRIGHT_{}", name.replace('-', "_").to_ascii_uppercase());
    let value = get(&variable)?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        move |name| {
            pairs
                .iter()
                .find(|(k, _)| k == name)
                .map(|(_, v)| v.clone())
        }
    }

    #[test]
    fn outside_of_actions_there_is_no_world() {
        assert!(detect(&world(&[])).is_none());
        assert!(detect(&world(&[("GITHUB_ACTIONS", "false"), ("GITHUB_SHA", "x")])).is_none());
    }

    #[test]
    fn reads_a_run_on_a_server_of_ones_own() {
        let get = world(&[
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/api"),
            ("GITHUB_RUN_ID", "42"),
            ("GITHUB_RUN_ATTEMPT", "2"),
            ("GITHUB_API_URL", "https://ghe.example/api/v3/"),
            ("GITHUB_SERVER_URL", "https://ghe.example"),
            ("GITHUB_OUTPUT", "/tmp/out"),
            ("GITHUB_STEP_SUMMARY", ""),
            ("GITHUB_TOKEN", "abc"),
        ]);
        let actions = detect(&get).unwrap();
        assert_eq!(actions.api_url, "https://ghe.example/api/v3");
        assert_eq!(
            actions.run_url.as_deref(),
            Some("https://ghe.example/acme/api/actions/runs/42/attempts/2")
        );
        assert_eq!((actions.run_id, actions.run_attempt), (Some(42), Some(2)));
        assert_eq!(actions.owner_and_name(), Some(("acme", "api")));
        assert_eq!(actions.output_path, Some(PathBuf::from("/tmp/out")));
        assert_eq!(actions.summary_path, None);
        assert!(actions.token.is_some());
        assert!(!format!("{actions:?}").contains("abc"));
    }

    #[test]
    fn defaults_are_those_of_github_com() {
        let actions = detect(&world(&[("GITHUB_ACTIONS", "true")])).unwrap();
        assert_eq!(actions.api_url, "https://api.github.com");
        assert_eq!(actions.run_url, None);
        assert!(actions.token.is_none());
    }

    #[test]
    fn the_input_token_comes_before_the_variable() {
        let get = world(&[
            ("GITHUB_ACTIONS", "true"),
            ("GATEWRIGHT_TOKEN", "first"),
            ("GITHUB_TOKEN", "second"),
        ]);
        let token = detect(&get).unwrap().token.unwrap();
        assert_eq!(token.scrub("first second"), "*** second");
    }

    #[test]
    fn an_empty_input_is_absent() {
        let get = world(&[("GATEWRIGHT_FAIL_ON", "never\n"), ("GATEWRIGHT_BASE", " ")]);
        assert_eq!(input(&get, "fail-on").as_deref(), Some("never"));
        assert_eq!(input(&get, "base"), None);
        assert_eq!(input(&get, "scope"), None);
    }
}
