//! How much of this workspace its tests reach, judged by our own gate.

use super::Outcome;
use super::installed::installed;
use crate::workspace::{cargo, root};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// The cargo-llvm-cov that is installed where none is.
const VERSION: &str = "0.9.1";

/// Where `.github/coverage.yml` looks for the report.
const REPORT: &str = "target/own-coverage/lcov.info";

pub(super) fn check() -> Result<Outcome> {
    if !llvm_tools()?.exists() {
        let added = Command::new("rustup")
            .args(["component", "add", "llvm-tools"])
            .current_dir(root())
            .status();
        if !added.is_ok_and(|status| status.success()) {
            return Ok(Outcome::Skipped(
                "the toolchain has no `llvm-tools`, and rustup cannot add them",
            ));
        }
    }
    let report = root().join(REPORT);
    if let Some(folder) = report.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let measured = Command::new(installed("cargo-llvm-cov", VERSION)?)
        .current_dir(root())
        .args(["llvm-cov", "--workspace", "--locked", "--lcov"])
        .arg("--output-path")
        .arg(&report)
        // Nobody builds twice from this, and nobody debugs it.
        .envs([("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "0")])
        .status()?;
    if !measured.success() {
        return Ok(Outcome::Wrong);
    }
    let out = tempfile::tempdir()?;
    let judged = cargo()
        .args(["run", "--quiet", "--locked", "--package", "gatewright"])
        .args(["--", "coverage", "--config", ".github/coverage.yml"])
        .arg("--out")
        .arg(out.path())
        .status()?;
    Ok(judged.success().into())
}

/// The program that merges profiles, beside the toolchain's libraries.
fn llvm_tools() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc)
        .args(["--print", "target-libdir"])
        .current_dir(root())
        .output()?;
    let libraries = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    Ok(libraries
        .with_file_name("bin")
        .join(format!("llvm-profdata{}", std::env::consts::EXE_SUFFIX)))
}
