//! What runs a workflow in place of GitHub.

use super::github::Github;
use super::layout::{Bench, REPOSITORY};
use super::process::{Ended, clean, limited};
use super::workflow::{SUITE, remote_uses};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::time::Duration;

/// More than any case needs on a loaded machine.
const LIMIT: Duration = Duration::from_mins(3);

#[derive(Debug)]
pub(super) enum Runner {
    /// nektos/act in host mode: no container, the machine's own programs.
    Act(PathBuf),
    /// A small runner over the official expression evaluator, outside of this repository.
    Minirun { script: PathBuf, modules: PathBuf },
}

impl Runner {
    /// `event`: its name, as workflows have it.
    pub(super) fn run(&self, event: &str, bench: &Bench, github: &Github) -> Result<Ended> {
        let home = bench.home();
        let path = format!("{}:{}", home.join("bin").display(), std::env::var("PATH")?);
        let mut command = match self {
            Self::Act(act) => {
                let mut command = clean(act, &home);
                command
                    .current_dir(bench.repository())
                    .arg(event)
                    .arg("--eventpath")
                    .arg(bench.event());
                command.args([
                    "--workflows",
                    &bench.workflow,
                    "--platform",
                    "ubuntu-latest=-self-hosted",
                ]);
                command.args([
                    "--no-cache-server",
                    "--artifact-server-addr",
                    "127.0.0.1",
                    "--pull=false",
                ]);
                command.args(["--env", &format!("GITHUB_API_URL={}", github.url)]);
                // A word that the fake takes and that opens nothing.
                command.args(["--secret", "GITHUB_TOKEN=case"]);
                // 32 bytes that everybody knows.
                let key = format!("GATEWRIGHT_SIGNING_KEY={}Bwc=", "BwcH".repeat(10));
                command.args(["--secret", &key]);
                for (repository, replaced) in replacements(bench)? {
                    command
                        .arg("--local-repository")
                        .arg(format!("{repository}={}", replaced.display()));
                }
                command
            }
            Self::Minirun { script, modules } => {
                let mut command = clean("node", &home);
                command
                    .current_dir(modules)
                    .arg(script)
                    .arg(bench.suite())
                    .arg(&bench.workflow);
                command
                    .arg("--workspace")
                    .arg(bench.repository())
                    .args(["--event", event, "--event-path"])
                    .arg(bench.event());
                command.args([
                    "--api",
                    &github.url,
                    "--repository",
                    REPOSITORY,
                    "--sha",
                    &bench.sha,
                ]);
                command
            }
        };
        limited(command.env("PATH", path), &bench.top.join("run.log"), LIMIT)
    }
}

/// `owner/name@ref` and the folder that stands in for it.
fn replacements(bench: &Bench) -> Result<Vec<(String, PathBuf)>> {
    let workflow = std::fs::read_to_string(bench.repository().join(&bench.workflow))?;
    let mut found = Vec::new();
    for (repository, _, version) in remote_uses(&workflow) {
        let folder = if repository == SUITE {
            bench.suite()
        } else {
            bench.top.join("stand-ins").join(&repository)
        };
        if !folder.is_dir() {
            bail!("fixtures/e2e/stand-ins has nothing for {repository}");
        }
        found.push((format!("{repository}@{version}"), folder));
    }
    found.dedup();
    Ok(found)
}
