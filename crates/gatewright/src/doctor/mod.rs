//! `gatewright doctor`: where the policy and the workflows contradict one another or themselves. Reading files and
//! printing stand here; the checks are pure functions over what was read.
#![allow(
    clippy::disallowed_methods,
    reason = "it lists and reads the workflows"
)]

mod checks;
mod papers;
mod quantity;
mod sample;
mod show;
mod targets;
mod waits;
mod workflow;

use clap::Args;
use gate_policy::{Check, Policy, PolicyError, Source};
use gate_runner::flags::{FailOnFlag, Flags, Format};
use gate_runner::{Failure, Session, catalogue};
use papers::{Papers, Report, Unread};
use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
struct DoctorFlags {
    /// Repository to look at
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Policy file or folder, below the root (repeatable) [default: .github/gates.yml]
    #[arg(long, value_name = "PATH")]
    config: Vec<String>,
    /// What to print on standard output
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Exit with 1 where a contradiction is found
    #[arg(long)]
    strict: bool,
    /// Name the checks and do nothing
    #[arg(long)]
    list: bool,
}

const WORKFLOWS: &str = ".github/workflows";
/// More than any repository has; what is left out is said.
const MAX_WORKFLOWS: usize = 1_000;

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Says where policy and workflows contradict one another or themselves";
    gate_runner::start::<DoctorFlags>("gatewright-doctor", about, arguments, |parsed| {
        if parsed.list {
            return crate::say(&show::list());
        }
        let strict = parsed.strict;
        gate_runner::look(common(parsed), |session| body(session, strict))
    })
}

/// The flags that a session is opened with; those that judge have no meaning here.
fn common(parsed: DoctorFlags) -> Flags {
    Flags {
        root: parsed.root,
        config: parsed.config,
        format: parsed.format,
        environment: None,
        gate: None,
        base: None,
        scope: None,
        shard: None,
        out: None,
        fail_on: FailOnFlag::Never,
        as_of: None,
        offline: true,
        timeout: None,
    }
}

/// The checks by id, with what each finds.
pub(crate) fn checks() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
    checks::CHECKS.iter().map(|check| (check.id, check.summary))
}

fn body(session: &Session, strict: bool) -> Result<u8, Failure> {
    let files = gate_runner::written(session)?;
    let policy = policy(&files)?;
    let mut unread = Vec::new();
    let workflows = workflows(&session.root, &mut unread)?;
    let documents = sources(&files).iter().filter_map(read).flatten().collect();
    let papers = Papers {
        policy: &policy,
        documents,
        workflows: workflows.iter().map(workflow::workflow).collect(),
    };
    let report = Report {
        findings: checks::all(&papers),
        policy_files: files.len(),
        workflows: papers.workflows.len(),
        unread,
    };
    let code = u8::from(strict && !report.findings.is_empty());
    if show::print(&report, session.format()) {
        Ok(code)
    } else {
        Err(Failure::Engine(String::from(
            "the findings cannot be printed",
        )))
    }
}

fn sources(files: &[(String, Vec<u8>)]) -> Vec<Source<'_>> {
    files
        .iter()
        .map(|(path, bytes)| Source {
            path: path.clone(),
            bytes,
        })
        .collect()
}

fn read(source: &Source<'_>) -> Option<Vec<gate_policy::Value>> {
    gate_policy::documents(source).ok()
}

fn policy(files: &[(String, Vec<u8>)]) -> Result<Policy, Failure> {
    gate_policy::load(&sources(files), catalogue::catalogue(), Check::All).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
        Failure::Policy(lines.join("\n"))
    })
}

/// The workflows of the work tree, by name. One that cannot be read is told, and keeps nothing else from being read.
fn workflows(root: &Path, unread: &mut Vec<Unread>) -> Result<Vec<gate_policy::Value>, Failure> {
    let folder = root.join(WORKFLOWS);
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::Engine(format!("{WORKFLOWS}: {error}"))),
    };
    let is_yaml = |name: &String| {
        let ending = Path::new(name).extension().unwrap_or_default();
        ending == "yml" || ending == "yaml"
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(is_yaml)
        .collect();
    names.sort();
    let mut told = |path: String, why: String| unread.push(Unread { path, why });
    if names.len() > MAX_WORKFLOWS {
        let more = names.len() - MAX_WORKFLOWS;
        told(
            WORKFLOWS.to_owned(),
            format!("{more} more workflows are not read"),
        );
        names.truncate(MAX_WORKFLOWS);
    }
    let mut workflows = Vec::new();
    for name in names {
        let path = format!("{WORKFLOWS}/{name}");
        match file(&folder.join(&name)) {
            Ok(bytes) => {
                let source = Source {
                    path: path.clone(),
                    bytes: &bytes,
                };
                match gate_policy::documents(&source) {
                    Ok(documents) => workflows.extend(documents),
                    Err(error) => told(path, unreadable(&error)),
                }
            }
            Err(why) => told(path, why),
        }
    }
    Ok(workflows)
}

/// Workflows may have anchors, and this reader expands nothing.
fn unreadable(error: &PolicyError) -> String {
    let message = error
        .message
        .replace("which policies do not have", "which is not followed here");
    format!("line {}: {message}", error.position.line)
}

/// The bytes of a regular file: a link may lead anywhere, and a pipe never ends.
fn file(path: &Path) -> Result<Vec<u8>, String> {
    let is_file = std::fs::symlink_metadata(path)
        .map_err(|error| error.to_string())?
        .is_file();
    if !is_file {
        return Err(String::from("found something that is no regular file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            let most = gate_policy::MAX_BYTES as u64 + 1;
            file.take(most).read_to_end(&mut bytes)
        })
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}
