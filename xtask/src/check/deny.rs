//! The dependency tree: licences, sources, bans, and known vulnerabilities.

use super::Outcome;
use super::installed::installed;
use crate::workspace::{cargo, root};
use anyhow::{Result, bail};
use std::process::Command;

/// The cargo-deny that is installed where none is.
const VERSION: &str = "0.20.2";

/// What needs no network beyond the crates themselves. Those of other platforms
/// are in the tree too, and building here has not fetched them.
pub(super) fn tree() -> Result<Outcome> {
    let fetched = cargo().args(["fetch", "--quiet", "--locked"]).status()?;
    if !fetched.success() {
        bail!("`cargo fetch --locked` failed, so the tree is not whole; see above");
    }
    let arguments = [
        "--offline",
        "--log-level",
        "error",
        "check",
        "licenses",
        "bans",
        "sources",
    ];
    println!("   cargo deny {}", arguments.join(" "));
    Ok(deny()?.args(arguments).status()?.success().into())
}

/// Advisories are judged only where their database can be fetched: a machine
/// without it says so and does not pass for checked.
pub(super) fn advisories() -> Result<Outcome> {
    let fetched = deny()?
        .args(["--log-level", "off", "fetch", "db"])
        .output()?;
    if !fetched.status.success() {
        return Ok(Outcome::Skipped(
            "the advisory database cannot be fetched from here",
        ));
    }
    println!("   cargo deny check --disable-fetch advisories");
    Ok(deny()?
        .args([
            "--log-level",
            "error",
            "check",
            "--disable-fetch",
            "advisories",
        ])
        .status()?
        .success()
        .into())
}

fn deny() -> Result<Command> {
    let mut command = Command::new(installed("cargo-deny", VERSION)?);
    command.current_dir(root());
    Ok(command)
}
