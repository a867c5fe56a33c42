//! What the built gate finds in a repository, all of it: a verdict holds a thousand findings, so a repository with more is
//! judged in shards.

use anyhow::{Context as _, Result, bail};
use gate_policy::Measure;
use gate_runner::Gate as _;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A verdict that is still cut off at this many shards cannot be taken apart by files.
const MAX_SHARDS: u64 = 4096;

/// One finding of the gate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) path: String,
    /// 1-based; 0 where it is about the file as a whole.
    pub(super) line: u32,
    pub(super) rule: String,
    pub(super) criterion: String,
    /// The text that the finding marks, as it stands in the file.
    pub(super) destination: String,
    pub(super) message: String,
}

#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Found>,
    /// Criteria that this build does not judge yet.
    pub(super) not_built: BTreeSet<String>,
    /// Markdown files and links looked at.
    pub(super) files: u64,
    pub(super) links: u64,
}

/// Every criterion of the gate's table.
pub(super) fn every_criterion() -> impl Iterator<Item = &'static str> {
    integrity_gate::GATE
        .criteria()
        .iter()
        .map(|criterion| criterion.id)
}

/// Judges a checkout by these criteria, each as strict as it can be, whatever its own policy says.
pub(super) fn judge<'a>(
    binary: &Path,
    checkout: &Path,
    criteria: impl Iterator<Item = &'a str>,
) -> Result<Findings> {
    let folder = tempfile::tempdir()?;
    let policy = folder.path().join("gates.yml");
    // A count of the whole cannot be judged in shards: it has a run of its own, which needs none.
    let (counts, rules): (Vec<_>, Vec<_>) = criteria.partition(|id| counts_things(id));
    let mut findings = Findings::default();
    for (ids, required) in [(counts, "0"), (rules, "true")] {
        if ids.is_empty() {
            continue;
        }
        let mut text = String::from("version: 1\ngates:\n  integrity:\n    criteria:\n");
        for id in ids {
            writeln!(text, "      {id}: {required}")?;
        }
        fs::write(&policy, text)?;
        let judged = judge_by(binary, checkout, Some(&policy))?;
        findings = Findings {
            found: findings.found.into_iter().chain(judged.found).collect(),
            not_built: &findings.not_built | &judged.not_built,
            ..judged
        };
    }
    findings.found.sort();
    Ok(findings)
}

/// Whether a criterion has no `true`, but only a highest count.
fn counts_things(id: &str) -> bool {
    integrity_gate::GATE
        .criteria()
        .iter()
        .any(|criterion| criterion.id == id && matches!(criterion.measure, Measure::Count { .. }))
}

/// Judges a checkout by a policy, or by its own.
pub(super) fn judge_by(binary: &Path, checkout: &Path, policy: Option<&Path>) -> Result<Findings> {
    let mut shards = 1;
    loop {
        let mut findings = Findings::default();
        let mut held_back = 0;
        for shard in 1..=shards {
            let verdict = run(
                binary,
                checkout,
                policy,
                (shards > 1).then_some((shard, shards)),
            )?;
            if verdict["truncated"] == true {
                held_back = verdict["findings_total"].as_u64().unwrap_or_default();
                break;
            }
            findings.add(checkout, &verdict)?;
        }
        if held_back == 0 {
            findings.found.sort();
            return Ok(findings);
        }
        shards = (shards * held_back.div_ceil(250)).max(shards * 2);
        if shards > MAX_SHARDS {
            bail!(
                "{}: found {held_back} findings in one of {MAX_SHARDS} shards, more than a verdict holds",
                checkout.display()
            );
        }
    }
}

fn run(
    binary: &Path,
    checkout: &Path,
    policy: Option<&Path>,
    shard: Option<(u64, u64)>,
) -> Result<Value> {
    let out = tempfile::tempdir()?;
    let mut command = Command::new(binary);
    command
        .args([
            "integrity",
            "--offline",
            "--fail-on",
            "never",
            "--format",
            "json",
        ])
        .arg("--root")
        .arg(checkout)
        .arg("--out")
        .arg(out.path());
    if let Some(policy) = policy {
        command.arg("--config").arg(policy);
    }
    if let Some((index, total)) = shard {
        command.arg("--shard").arg(format!("{index}/{total}"));
    }
    // A workflow's own variables are flags too.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["GITHUB_", "GATEWRIGHT_", "RUNNER_"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    let output = command.output()?;
    let written = fs::read_dir(out.path())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.to_string_lossy().ends_with(".verdict.json"));
    let path = written.with_context(|| {
        format!(
            "{}: the gate wrote no verdict and ended with {}:\n{}",
            checkout.display(),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

impl Findings {
    fn add(&mut self, checkout: &Path, verdict: &Value) -> Result<()> {
        for criterion in values(&verdict["criteria"]) {
            if criterion["status"] != "error" {
                continue;
            }
            if criterion["code"] == "not_built" {
                self.not_built.insert(text(&criterion["id"]));
            } else if criterion["id"] == "gate_completes" {
                bail!("{}: {}", checkout.display(), text(&criterion["reason"]));
            } else {
                println!(
                    "{}: {} cannot be judged: {}",
                    checkout.display(),
                    text(&criterion["id"]),
                    text(&criterion["reason"])
                );
            }
        }
        let metric = |name: &str| {
            text(&verdict["metrics"][name])
                .parse::<u64>()
                .unwrap_or_default()
        };
        self.files += metric("markdown_files");
        self.links += metric("links");
        let mut lines = BTreeMap::new();
        for finding in values(&verdict["findings"]) {
            let place = &finding["location"];
            let path = text(&place["path"]);
            let number = |name: &str| {
                place[name]
                    .as_u64()
                    .and_then(|value| u32::try_from(value).ok())
            };
            let line = number("line").unwrap_or_default();
            let source = lines.entry(path.clone()).or_insert_with(|| {
                let bytes = fs::read(checkout.join(&path)).unwrap_or_default();
                String::from_utf8_lossy(&bytes).into_owned()
            });
            let columns = number("column").zip(number("end_column"));
            self.found.push(Found {
                destination: marked(source, line, columns).unwrap_or_default(),
                path,
                line,
                rule: text(&finding["rule"]),
                criterion: text(&finding["criterion"]),
                message: text(&finding["message"]),
            });
        }
        Ok(())
    }
}

/// The marked columns of a line. A byte order mark takes no column.
fn marked(source: &str, line: u32, columns: Option<(u32, u32)>) -> Option<String> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let line = source
        .split('\n')
        .nth(usize::try_from(line.checked_sub(1)?).ok()?)?;
    let (from, to) = columns?;
    let from = usize::try_from(from.checked_sub(1)?).ok()?;
    let to = usize::try_from(to.checked_sub(1)?).ok()?;
    Some(
        line.chars()
            .skip(from)
            .take(to.checked_sub(from)?)
            .collect(),
    )
}

fn values(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters() {
        let source = "\u{feff}ä [x](y.md)\r\nnext";
        assert_eq!(marked(source, 1, Some((7, 11))).as_deref(), Some("y.md"));
        assert_eq!(marked(source, 3, Some((1, 2))), None);
        assert_eq!(marked(source, 0, None), None);
        assert_eq!(marked(source, 2, Some((3, 1))), None);
    }
}
