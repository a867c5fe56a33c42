//! Other scanners over the same files, each as it comes.

use super::measure::Hits;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The scanners that lie in `folder`, and what they find below `data`.
pub(super) fn all(folder: &Path, data: &Path) -> Result<Vec<(String, Hits)>> {
    let folder = folder.canonicalize()?;
    let data = data.canonicalize()?;
    let mut all = Vec::new();
    for (name, read) in [
        ("gitleaks", gitleaks as fn(&Path, &Path) -> Result<Hits>),
        ("kingfisher", kingfisher),
        ("detect-secrets", detect_secrets),
    ] {
        let binary = folder.join(name);
        if !binary.is_file() {
            println!("{name}: not in {}, left out", folder.display());
            continue;
        }
        println!("running {name}");
        all.push((name.to_owned(), read(&binary, &data)?));
    }
    Ok(all)
}

fn gitleaks(binary: &Path, data: &Path) -> Result<Hits> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report.json");
    let mut command = Command::new(binary);
    command
        .args(["dir", "--no-banner", "--exit-code", "0", "-f", "json", "-r"])
        .arg(&report)
        .arg(data);
    run(&mut command, &[0])?;
    let found: Vec<Value> = serde_json::from_slice(&fs::read(report)?)?;
    found
        .iter()
        .map(|one| {
            hit(
                data,
                one["File"].as_str(),
                one["StartLine"].as_u64(),
                one["RuleID"].as_str(),
            )
        })
        .collect()
}

fn kingfisher(binary: &Path, data: &Path) -> Result<Hits> {
    let mut command = Command::new(binary);
    command
        .args(["scan", "-n", "--no-update-check", "-f", "json"])
        .arg(data);
    // 200: there are findings.
    let out = run(&mut command, &[0, 200])?;
    let report = serde_json::Deserializer::from_slice(&out)
        .into_iter::<Value>()
        .next()
        .context("kingfisher wrote no JSON")??;
    let found = report["findings"].as_array().cloned().unwrap_or_default();
    found
        .iter()
        .map(|one| {
            let finding = &one["finding"];
            hit(
                data,
                finding["path"].as_str(),
                finding["line"].as_u64(),
                one["rule"]["id"].as_str(),
            )
        })
        .collect()
}

fn detect_secrets(binary: &Path, data: &Path) -> Result<Hits> {
    let mut command = Command::new(binary);
    command
        .args(["scan", "-n", "--all-files", "."])
        .current_dir(data);
    let out = run(&mut command, &[0])?;
    let report: Value = serde_json::from_slice(&out)?;
    let results = report["results"]
        .as_object()
        .context("found no `results`")?;
    let found = results.values().filter_map(Value::as_array).flatten();
    found
        .map(|one| {
            let path = one["filename"].as_str().map(|path| data.join(path));
            let path = path.as_ref().and_then(|path| path.to_str());
            hit(
                data,
                path,
                one["line_number"].as_u64(),
                one["type"].as_str(),
            )
        })
        .collect()
}

fn hit(
    data: &Path,
    path: Option<&str>,
    line: Option<u64>,
    rule: Option<&str>,
) -> Result<(String, u32, String)> {
    let (path, line) = path
        .zip(line)
        .context("found a finding without its place")?;
    let below = Path::new(path)
        .strip_prefix(data)
        .with_context(|| path.to_owned())?;
    let below = below.to_string_lossy().replace('\\', "/");
    Ok((
        format!("data/{below}"),
        u32::try_from(line)?,
        rule.unwrap_or_default().to_owned(),
    ))
}

fn run(command: &mut Command, codes: &[i32]) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output
        .status
        .code()
        .is_some_and(|code| codes.contains(&code))
    {
        bail!(
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(output.stdout)
}
