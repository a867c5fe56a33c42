//! Cases as data. `fixtures/e2e/README.md` describes the folders.

use crate::workspace::root;
use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};
use std::fs;
use std::path::PathBuf;

/// One situation.
#[derive(Debug)]
pub(super) struct Case {
    /// The folder's name.
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) event: Event,
    /// The workflow file, from the repository's root.
    pub(super) workflow: String,
    /// Where the decision step tells the decision, as its input `publish` has it.
    pub(super) publish: Option<String>,
    /// The workflow that runs on the default branch when the first has ended.
    pub(super) then: Option<String>,
    /// Gates whose binary is killed when it starts.
    pub(super) killed: Vec<String>,
    /// A verb that the binary must have for the case to make sense.
    pub(super) needs: Option<String>,
    pub(super) secret: Option<Secret>,
    pub(super) expect: Expect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Push,
    PullRequest,
    /// A pull request from a fork.
    ForkPullRequest,
}

impl Event {
    /// As workflows have it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::PullRequest | Self::ForkPullRequest => "pull_request",
        }
    }
}

/// A file of the head commit with a secret in it, put together only when the case is laid out.
#[derive(Debug)]
pub(super) struct Secret {
    pub(super) path: String,
    pub(super) before: String,
    pub(super) value: String,
    /// The base has it already.
    pub(super) in_base: bool,
}

/// What has to come of it. Patterns: an object matches when each of its members does, an array when each of its
/// elements matches some element, anything else when it is equal.
#[derive(Debug)]
pub(super) struct Expect {
    /// `success` or `failure`.
    pub(super) job: String,
    /// A pattern for the `steps` context.
    pub(super) steps: Value,
    /// By name: a pattern for `.json`, words that it must hold for any other.
    pub(super) files: Map<String, Value>,
    /// What the log must hold: annotations, which are lines of it.
    pub(super) log: Vec<String>,
    /// What the only comment of the pull request must hold; without any there may be none, or it is not looked at.
    pub(super) comment: Vec<String>,
    /// Names that must not be among the files.
    pub(super) absent: Vec<String>,
    /// A pattern for the fake's log.
    pub(super) github: Value,
}

/// The folder of all cases.
pub(super) fn fixtures() -> PathBuf {
    root().join("fixtures/e2e")
}

/// Every case, in the order of names.
pub(super) fn discover() -> Result<Vec<Case>> {
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("case.json").is_file())
        .collect();
    folders.sort();
    folders
        .into_iter()
        .map(|folder| {
            let file = folder.join("case.json");
            read(folder).with_context(|| file.display().to_string())
        })
        .collect()
}

fn read(folder: PathBuf) -> Result<Case> {
    let value: Value = serde_json::from_slice(&fs::read(folder.join("case.json"))?)?;
    let mut members = Members::of(value)?;
    let mut expect = Members::of(members.take("expect"))?;
    let case = Case {
        name: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        event: match members.text("event")?.as_deref() {
            None | Some("push") => Event::Push,
            Some("pull_request") => Event::PullRequest,
            Some("fork_pull_request") => Event::ForkPullRequest,
            Some(other) => {
                bail!("`event`: found `{other}`, expected push, pull_request or fork_pull_request")
            }
        },
        workflow: members
            .text("workflow")?
            .unwrap_or_else(|| String::from("action-templates/quality-gates.yml")),
        publish: members.text("publish")?,
        then: members.text("then")?,
        killed: members.texts("killed")?,
        needs: members.text("needs")?,
        secret: match members.take("secret") {
            Value::Null => None,
            secret => Some(read_secret(secret)?),
        },
        expect: Expect {
            job: expect.text("job")?.context("`expect.job` is missing")?,
            steps: expect.take("steps"),
            files: match expect.take("files") {
                Value::Object(files) => files,
                _ => bail!("`expect.files` is missing: a case that looks at no file proves little"),
            },
            log: expect.texts("log")?,
            comment: expect.texts("comment")?,
            absent: expect.texts("absent")?,
            github: expect.take("github"),
        },
        folder,
    };
    members
        .text("says")?
        .context("`says` is missing: one sentence on what the case shows")?;
    expect.end()?;
    members.end()?;
    Ok(case)
}

fn read_secret(value: Value) -> Result<Secret> {
    let mut members = Members::of(value)?;
    let secret = Secret {
        path: members.text("path")?.context("`secret.path` is missing")?,
        before: members.text("before")?.unwrap_or_default(),
        value: members.texts("parts")?.concat(),
        in_base: members.take("in_base") == Value::Bool(true),
    };
    members.end()?;
    Ok(secret)
}

/// An object whose members are taken out one by one, so that a misspelt one is left over and said.
struct Members(Map<String, Value>);

impl Members {
    fn of(value: Value) -> Result<Self> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            other => bail!("found {other}, expected an object"),
        }
    }

    fn take(&mut self, name: &str) -> Value {
        self.0.remove(name).unwrap_or_default()
    }

    fn text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            other => bail!("`{name}`: found {other}, expected a string"),
        }
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>> {
        let Value::Array(elements) = self.take(name) else {
            return Ok(Vec::new());
        };
        elements
            .into_iter()
            .map(|element| match element {
                Value::String(text) => Ok(text),
                other => bail!("`{name}`: found {other}, expected strings"),
            })
            .collect()
    }

    fn end(self) -> Result<()> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => bail!("`{name}` is not known"),
        }
    }
}
