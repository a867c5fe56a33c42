//! The SARIF Multitool, and what it reports.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rule and message of each error by file. Its exit code says nothing, so its log is read.
pub(super) fn theirs(
    multitool: &Path,
    work: &Path,
    logs: &[(PathBuf, String)],
) -> Result<BTreeMap<PathBuf, Vec<(String, String)>>> {
    let output = work.join("multitool.sarif");
    let ran = Command::new(multitool)
        .arg("validate")
        .args(logs.iter().map(|(path, _)| path))
        .args([
            "--rule-kind",
            "Sarif;Ghas",
            "--log",
            "ForceOverwrite",
            "--output",
        ])
        .arg(&output)
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .with_context(|| multitool.display().to_string())?;
    let bytes = fs::read(&output).with_context(|| {
        format!(
            "no log of {}: {}",
            multitool.display(),
            String::from_utf8_lossy(&ran.stderr)
        )
    })?;
    fs::remove_file(&output)?;
    let log: Value = serde_json::from_slice(&bytes)?;
    let mut found: BTreeMap<PathBuf, Vec<_>> = BTreeMap::new();
    let run = &log["runs"][0];
    ensure!(
        run["invocations"][0]["executionSuccessful"] == true
            && run["invocations"][0]["toolExecutionNotifications"].is_null(),
        "the Multitool could not do its work: {}",
        run["invocations"]
    );
    for result in run["results"].as_array().into_iter().flatten() {
        if result["level"] != "error" {
            continue;
        }
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let path = uri.as_str().and_then(|uri| uri.strip_prefix("file://"));
        let path = path.with_context(|| format!("found {uri} where a file should be"))?;
        let [rule, message] = [&result["ruleId"], &result["message"]["id"]]
            .map(|value| value.as_str().unwrap_or_default().to_owned());
        found.entry(path.into()).or_default().push((rule, message));
    }
    Ok(found)
}

pub(super) fn version(multitool: &Path) -> Result<String> {
    let output = Command::new(multitool)
        .arg("--version")
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let number = said
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    Ok(number.unwrap_or("of unknown version").to_owned())
}
