//! `gatewright init`: the coverage settings of another tool as a policy, and what became of each of them; or a profile.
#![allow(clippy::print_stderr, reason = "why nothing was written")]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads the settings of the other tool and writes the policy"
)]

mod codecov;
mod codecov_parts;
mod codecov_status;
mod codecov_table;
mod diff_cover;
mod go_test_coverage;
mod node;
mod octocov;
mod pattern;
mod places;
mod plan;
mod profile;
mod regex;
mod settings;
mod show;
mod toml_read;

#[cfg(test)]
mod tests;

use clap::Args;
use gate_policy::{Check, MAX_BYTES, Source, Value};
use node::twice;
use places::nothing_named;
use plan::{Asked, Gate, MAX_GATES, Plan};
use profile::Profile;
use settings::Told;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(crate) struct InitFlags {
    /// Repository to write the policy of
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Coverage settings of another tool, below the root: codecov.yml, .octocov.yml, .testcoverage.yml, a TOML file with [`tool.diff_cover`]
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    /// In place of that: ask for 85 or 90 percent of the code and of the change
    #[arg(long, value_name = "PERCENT", conflicts_with = "from")]
    profile: Option<Profile>,
    /// Policy file to write, below the root
    #[arg(long, value_name = "PATH", default_value = ".github/gates.yml")]
    config: String,
    /// Print the policy and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Whose settings a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    Codecov,
    Octocov,
    GoTestCoverage,
    DiffCover,
}

pub(crate) fn main(arguments: Vec<OsString>) -> ExitCode {
    let about = "Writes a policy from the coverage settings of another tool, and says what became of each, or from a profile";
    gate_runner::start::<InitFlags>("gatewright-init", about, arguments, |parsed| {
        match run(&parsed) {
            Ok(text) => crate::say(&text),
            Err(why) => {
                let lines: Vec<String> = why
                    .lines()
                    .map(|line| gate_render::plain_line(line, 1_000))
                    .collect();
                eprintln!("error: {}", lines.join("\n  "));
                ExitCode::from(2)
            }
        }
    })
}

fn run(asked: &InitFlags) -> Result<String, String> {
    if asked.from.is_none() && asked.profile.is_none() {
        return Err(nothing_named(&asked.root));
    }
    let target = asked.root.join(&asked.config);
    if !asked.dry_run && target.symlink_metadata().is_ok() {
        return Err(format!(
            "{}: is there already and is not written over; `--dry-run` prints what to add to it, `--config PATH` writes elsewhere",
            asked.config
        ));
    }
    let (mut text, yaml) = match (&asked.from, asked.profile) {
        (Some(from), _) => {
            let bytes = read(&asked.root, from)?;
            let is_go = asked.root.join("go.mod").is_file();
            let (yaml, told) = import(from, &bytes, is_go)?;
            (show::text(from, &told), yaml)
        }
        (None, profile) => {
            let yaml = profile.unwrap_or_default().yaml(&built_in());
            loads(&yaml)?;
            (String::new(), yaml)
        }
    };
    if asked.dry_run {
        text.push_str(&yaml);
        return Ok(text);
    }
    let written = target
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| {
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&target)?;
            std::io::Write::write_all(&mut file, yaml.as_bytes())
        });
    written.map_err(|error| format!("{}: cannot be written: {error}", asked.config))?;
    let _ = writeln!(text, "Written: {}", asked.config);
    Ok(text)
}

fn read(root: &Path, path: &str) -> Result<Vec<u8>, String> {
    let unread = |error: std::io::Error| {
        format!("{path}: cannot be read: {error}; `--from` names a file below the root")
    };
    let file = std::fs::File::open(root.join(path)).map_err(unread)?;
    let most = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}

fn tool_of(path: &str) -> Result<Tool, String> {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match &*name {
        name if name.rsplit('.').next() == Some("toml") => Ok(Tool::DiffCover),
        name if name.contains("octocov") => Ok(Tool::Octocov),
        name if name.contains("testcoverage") => Ok(Tool::GoTestCoverage),
        name if name.contains("codecov") => Ok(Tool::Codecov),
        _ => Err(format!(
            "{path}: found no name of a tool in it, expected `codecov.yml`, `.octocov.yml`, `.testcoverage.yml` or a `.toml` file with [tool.diff_cover]; rename a copy of it"
        )),
    }
}

/// The policy that settings come to, and what became of each.
fn import(path: &str, bytes: &[u8], is_go: bool) -> Result<(String, Told), String> {
    let tool = tool_of(path)?;
    let document = match tool {
        Tool::DiffCover => toml_read::read(path, bytes)?,
        _ => yaml(path, bytes)?,
    };
    if let Some(at) = twice(&document) {
        return Err(format!(
            "{at}: found a key that stands there twice, so nobody can tell which of them holds; leave one"
        ));
    }
    let (mut plan, mut told) = (Plan::default(), Told::default());
    match tool {
        Tool::Codecov => codecov::import(&document, &mut plan, &mut told),
        Tool::Octocov => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            octocov::import(
                &document,
                &mut plan,
                &mut told,
                folder.trim_start_matches("./"),
                is_go,
            );
        }
        Tool::GoTestCoverage => go_test_coverage::import(&document, &mut plan, &mut told),
        Tool::DiffCover => {
            let section = diff_cover::section(&document)
                .ok_or_else(|| format!("{path}: found no [tool.diff_cover]"))?;
            diff_cover::import(section, &mut plan, &mut told);
        }
    }
    if plan.gates.is_empty() {
        let asked = Asked {
            criterion: "line_coverage",
            bound: ">= 85%".into(),
            per: None,
            only_warns: true,
        };
        plan.ask(&Gate::default(), asked);
        told.notes.push("Nothing in it could fail a run. The gate shows the figure and warns below 85%; write what you want in its place.".into());
    }
    told.notes.push("A policy with `gates:` replaces the built-in one, so what that asks of integrity and security is written out.".into());
    if plan.too_many {
        return Err(format!(
            "{path}: comes to more than {MAX_GATES} gates; write the policy by hand, with `per: component`"
        ));
    }
    let yaml = plan
        .yaml(path, &built_in())
        .map_err(|why| format!("{path}: {why}"))?;
    loads(&yaml).map_err(|why| format!("{path}: comes to a policy that does not load: {why}"))?;
    Ok((yaml, told.sorted()))
}

fn yaml(path: &str, bytes: &[u8]) -> Result<Value, String> {
    let source = Source {
        path: path.to_owned(),
        bytes,
    };
    let documents = gate_policy::documents(&source).map_err(|error| error.to_string())?;
    match <[Value; 1]>::try_from(documents) {
        Ok([document]) if document.as_map().is_some() => Ok(document),
        Ok(_) => Err(format!(
            "{path}: found no map at the top, expected settings"
        )),
        Err(documents) => Err(format!(
            "{path}: found {} documents, expected one",
            documents.len()
        )),
    }
}

/// The gates that hold without a policy, as it would write them.
fn built_in() -> String {
    let policy = gate_policy::defaults(gate_runner::catalogue::catalogue());
    let mut text = String::new();
    for gate in policy
        .gates
        .values()
        .filter(|gate| matches!(&*gate.kind, "integrity" | "security"))
    {
        let _ = write!(text, "  {}:\n    criteria:\n", gate.key);
        for criterion in &gate.criteria {
            let _ = writeln!(
                text,
                "      {}: {}",
                criterion.id, criterion.requirement.text
            );
        }
    }
    text
}

/// What is written has to be a policy.
fn loads(yaml: &str) -> Result<(), String> {
    let source = Source {
        path: "gates.yml".into(),
        bytes: yaml.as_bytes(),
    };
    let loaded = gate_policy::load(&[source], gate_runner::catalogue::catalogue(), Check::All);
    match loaded {
        Ok(_) => Ok(()),
        Err(errors) => Err(errors.first().map(ToString::to_string).unwrap_or_default()),
    }
}
