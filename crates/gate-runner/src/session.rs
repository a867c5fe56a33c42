//! One run of a binary: its flags, the runner it stands in, its folders and
//! its clock, read once.

use crate::flags::{Flags, Format};
use crate::out;
use gate_github::api::{Client, PullNow};
use gate_github::runner::{self, Actions, Event, EventKind};
use gate_verdict::Run;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// For one request, and for all waiting between attempts.
const API_TIMEOUT: Duration = Duration::from_secs(30);
const API_BUDGET: Duration = Duration::from_mins(2);

/// Everything a run knows before it looks at the repository.
#[derive(Debug)]
pub struct Session {
    pub flags: Flags,
    /// Canonical.
    pub root: PathBuf,
    pub out: PathBuf,
    /// UTC, whole seconds.
    pub as_of: jiff::Timestamp,
    actions: Option<(Actions, Result<Event, String>)>,
    started: Instant,
    started_at: jiff::Timestamp,
    pull: OnceCell<Result<PullNow, String>>,
}

/// GitHub's API and the repository to ask about.
#[derive(Debug)]
pub struct GitHub {
    pub client: Client,
    pub owner: String,
    pub name: String,
}

/// Why a run ends with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No verdict: nothing was asked that could be judged.
    #[error("{0}")]
    Flags(String),
    #[error("{0}")]
    Policy(String),
    #[error("{0}")]
    Engine(String),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Engine(error.to_string())
    }
}

impl Session {
    pub fn open(flags: Flags) -> Result<Self, Failure> {
        let session = Self::look(flags)?;
        out::prepare(&session.out).map_err(|error| {
            Failure::Engine(format!(
                "{}: {error}; name a folder that can be written with --out",
                session.out.display()
            ))
        })?;
        let out = std::fs::canonicalize(&session.out)?;
        Ok(Self { out, ..session })
    }

    /// A session that writes nothing: its out folder may not exist.
    pub fn look(flags: Flags) -> Result<Self, Failure> {
        let root = std::fs::canonicalize(&flags.root)
            .map_err(|error| Failure::Flags(format!("--root {}: {error}", flags.root.display())))?;
        if !root.is_dir() {
            return Err(Failure::Flags(format!(
                "--root {}: found a file, expected a folder",
                flags.root.display()
            )));
        }
        let actions = runner::detect(&variable).map(|actions| {
            let event = read_event(&actions);
            (actions, event)
        });
        let temp = actions
            .as_ref()
            .and_then(|(actions, _)| actions.temp.as_deref()?.to_str());
        let out = out::folder(flags.out.as_deref(), temp, &root);
        let started_at = now();
        Ok(Self {
            as_of: flags.as_of.unwrap_or(started_at),
            started: Instant::now(),
            started_at,
            root,
            out,
            actions,
            flags,
            pull: OnceCell::new(),
        })
    }

    /// The runner's world and its event, in Actions.
    pub fn actions(&self) -> Option<(&Actions, &Result<Event, String>)> {
        self.actions
            .as_ref()
            .map(|(actions, event)| (actions, event))
    }

    /// What started the run, where its payload could be read.
    pub fn event_kind(&self) -> Option<&EventKind> {
        let (_, event) = self.actions()?;
        event.as_ref().ok().map(|event| &event.kind)
    }

    /// The pull request that the run is for.
    pub fn pull_number(&self) -> Option<u64> {
        match self.event_kind()? {
            EventKind::PullRequest { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// `--format`, by default `github` in Actions and `text` elsewhere.
    pub fn format(&self) -> Format {
        let default = if self.actions.is_some() {
            Format::Github
        } else {
            Format::Text
        };
        self.flags.format.unwrap_or(default)
    }

    /// What differs from run to run.
    pub fn run(&self) -> Run {
        Run {
            started_at: Some(self.started_at.to_string()),
            duration_ms: u64::try_from(self.started.elapsed().as_millis()).ok(),
            url: self
                .actions
                .as_ref()
                .and_then(|(actions, _)| actions.run_url.clone()),
        }
    }

    /// A file of a revision by the contents API: the way out where the checkout
    /// is too shallow to hold the base. `None`: no such file there.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, String> {
        if self.actions.is_none() {
            return Err(String::new());
        }
        let github = self.github("contents: read")?;
        github
            .client
            .contents_at(&github.owner, &github.name, path, revision)
            .map_err(|error| format!("GitHub was asked for it and {}", error.explanation()))
    }

    /// GitHub's API for this repository, or why nobody can be asked. `needs`: the
    /// permission that a token has to have.
    pub fn github(&self, needs: &str) -> Result<GitHub, String> {
        let Some((actions, _)) = &self.actions else {
            return Err(String::from(
                "this is no workflow run, so there is no GitHub to ask",
            ));
        };
        if self.flags.offline {
            return Err(String::from("--offline forbids asking GitHub for it"));
        }
        let (Some((owner, name)), Some(token)) = (actions.owner_and_name(), &actions.token) else {
            return Err(format!(
                "there is no token to ask GitHub for it with (`token` input, {needs})"
            ));
        };
        let client = Client::new(&actions.api_url, Some(token.clone()), API_TIMEOUT)
            .map_err(|error| error.to_string())?;
        Ok(GitHub {
            client: client.with_budget(API_BUDGET),
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The pull request as it is now; asked once.
    pub fn pull(&self, number: u64) -> Result<&PullNow, String> {
        let pull = self.pull.get_or_init(|| {
            let github = self.github("pull-requests: read")?;
            github
                .client
                .pull(&github.owner, &github.name, number)
                .map_err(|error| error.to_string())
        });
        pull.as_ref().map_err(Clone::clone)
    }

    /// A path in `--out` as a later step can use it.
    pub fn out_path(&self, name: &str) -> String {
        Path::new(&self.out).join(name).display().to_string()
    }
}

/// One environment variable; not UTF-8 counts as absent.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn read_event(actions: &Actions) -> Result<Event, String> {
    let payload = match &actions.event_path {
        Some(path) => {
            std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?
        }
        None => b"{}".to_vec(),
    };
    actions.event(&payload).map_err(|error| error.to_string())
}

/// The current time in whole seconds.
fn now() -> jiff::Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
}
