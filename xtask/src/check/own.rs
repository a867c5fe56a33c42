//! Our own gates on our own repository. Only `allow` will do: an override is
//! not for everyday use.

use super::Outcome;
use crate::workspace::cargo;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

pub(super) fn check() -> Result<Outcome> {
    let out = tempfile::tempdir()?;
    let arguments = [
        "run",
        "--quiet",
        "--locked",
        "--package",
        "gatewright",
        "--",
        "run",
        "--out",
    ];
    println!("   cargo {} DIR", arguments.join(" "));
    let status = cargo().args(arguments).arg(out.path()).status()?;
    let path = out.path().join("decision.json");
    let text = std::fs::read(&path)
        .with_context(|| format!("no decision was written; the exit code is {status}"))?;
    let document: Value = serde_json::from_slice(&text)?;
    let decision = document["decision"].as_str().unwrap_or_default();
    if decision == "allow" && !status.success() {
        bail!("found exit code {status} beside the decision `allow`, expected 0");
    }
    if decision != "allow" {
        println!("   found the decision `{decision}`, expected `allow`");
    }
    Ok((decision == "allow").into())
}
