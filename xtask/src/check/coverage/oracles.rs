//! The programs to compare with, those of Python installed at fixed versions, lcov as the machine or Debian has it.

use super::Counts;
use super::project::{self, Project};
use crate::e2e::process::succeed;
use crate::e2e::tools::Tools;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

pub(super) const DIFF_COVER: &str = "diff-cover==11.0.1";
pub(super) const GCOVR: &str = "gcovr==8.8";

/// Coverage of the change, from the shards.
pub(super) fn diff_cover(project: &Project) -> Result<Option<Counts>> {
    let Some(program) = had(Tools::open()?.python(DIFF_COVER, "diff-cover")) else {
        return Ok(None);
    };
    let report = project.out().join("diff-cover.json");
    let mut command = Command::new(program);
    command
        .args(plain(project)?)
        .args(["--compare-branch", "HEAD~1", "--format"])
        .arg(format!("json:{}", report.display()))
        .current_dir(project.root());
    succeed(&mut command)?;
    let report: Value = serde_json::from_slice(&fs::read(&report)?)?;
    let number = |key: &str| report[key].as_u64().with_context(|| key.to_owned());
    let (all, missed) = (number("total_num_lines")?, number("total_num_violations")?);
    Ok(Some([("patch_line_coverage", (all - missed, all))].into()))
}

/// The shards without branches and functions, which it takes for hits of their lines.
fn plain(project: &Project) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for shard in project::shards() {
        let text = fs::read_to_string(project.root().join(&shard))?;
        let kept = text.lines().filter(|line| {
            ["SF:", "DA:", "end_of_record"]
                .iter()
                .any(|key| line.starts_with(key))
        });
        let path = project.out().join(shard.replace('/', "-"));
        fs::write(&path, kept.collect::<Vec<_>>().join("\n") + "\n")?;
        paths.push(path);
    }
    Ok(paths)
}

/// What we export as Cobertura, read by another program.
pub(super) fn gcovr(project: &Project) -> Result<Option<Counts>> {
    let Some(program) = had(Tools::open()?.python(GCOVR, "gcovr")) else {
        return Ok(None);
    };
    let summary = project.out().join("gcovr.json");
    // It leaves files out whose source root is not absolute.
    let export = fs::read_to_string(project.out().join("coverage.cobertura.xml"))?;
    let root = format!("<source>{}</source>", project.root().display());
    let read = project.out().join("gcovr.xml");
    fs::write(&read, export.replace("<source>.</source>", &root))?;
    let mut command = Command::new(program);
    command
        .arg("--cobertura-add-tracefile")
        .arg(&read)
        .arg("--json-summary")
        .arg(&summary)
        .current_dir(project.root());
    succeed(&mut command)?;
    let summary: Value = serde_json::from_slice(&fs::read(&summary)?)?;
    let of = |unit: &str| {
        let number = |what: &str| summary[format!("{unit}_{what}")].as_u64();
        number("covered")
            .zip(number("total"))
            .with_context(|| format!("{unit}: {summary}"))
    };
    Ok(Some(
        [
            ("line_coverage", of("line")?),
            ("branch_coverage", of("branch")?),
        ]
        .into(),
    ))
}

/// The shards merged by lcov itself.
pub(super) fn lcov(project: &Project) -> Result<Option<Counts>> {
    let merged = project.out().join("lcov.info");
    let is_there = Command::new("lcov").arg("--version").output().is_ok();
    let program = if is_there {
        PathBuf::from("lcov")
    } else {
        let Some(program) = had(Tools::open()?.debian("lcov", "lcov")) else {
            return Ok(None);
        };
        program
    };
    let mut command = Command::new(program);
    command.args(["--rc", "lcov_branch_coverage=1", "--quiet"]);
    for shard in project::shards() {
        command.arg("--add-tracefile").arg(shard);
    }
    command
        .arg("--output-file")
        .arg(&merged)
        .current_dir(project.root());
    succeed(&mut command)?;
    let text = fs::read_to_string(&merged)?;
    let sum = |key: &str| -> u64 {
        text.lines()
            .filter_map(|line| line.strip_prefix(key)?.parse::<u64>().ok())
            .sum()
    };
    Ok(Some(
        [
            ("line_coverage", (sum("LH:"), sum("LF:"))),
            ("branch_coverage", (sum("BRH:"), sum("BRF:"))),
            ("function_coverage", (sum("FNH:"), sum("FNF:"))),
        ]
        .into(),
    ))
}

/// The percentage of statements that Go prints, as the counts that give it: it
/// prints no counts, so ours are taken where they come to the same.
pub(super) fn go(project: &Project) -> Result<Option<Counts>> {
    let mut command = Command::new("go");
    command
        .args(["tool", "cover", "-func=reports/coverage.out"])
        .current_dir(project.root());
    let Some(said) = had(succeed(&mut command)) else {
        return Ok(None);
    };
    let total = said.lines().find(|line| line.starts_with("total:"));
    let percent = total.and_then(|line| line.split_whitespace().last()?.strip_suffix('%'));
    let percent = percent.with_context(|| format!("go tool cover said {said:.200}"))?;
    let profile = fs::read_to_string(project.root().join("reports/coverage.out"))?;
    let (mut covered, mut all) = (0, 0);
    for row in profile.lines().skip(1) {
        let mut fields = row.rsplit(' ');
        let mut next = || fields.next()?.parse::<u64>().ok();
        let (Some(hits), Some(statements)) = (next(), next()) else {
            continue;
        };
        all += statements;
        covered += if hits > 0 { statements } else { 0 };
    }
    // one decimal, rounded as Go does
    let tenths = (covered * 2000 + all) / (all * 2).max(1);
    let ours = format!("{}.{}", tenths / 10, tenths % 10);
    ensure!(
        ours == percent,
        "go tool cover says {percent}%, the profile has {covered} of {all}"
    );
    Ok(Some([("statement_coverage", (covered, all))].into()))
}

/// What a tool gave; why not, if it failed. That is no finding: the machine lacks something or has no network.
fn had<T>(installed: Result<T>) -> Option<T> {
    installed
        .inspect_err(|error| println!("   cannot be had here: {error:#}"))
        .ok()
}
