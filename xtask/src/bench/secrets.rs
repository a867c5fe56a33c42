//! Secrets and malicious content of a checkout beside the scanners that look for the former, in one run.

use super::measure::{self, Cost, Timed};
use super::table::{cpu, machine, memory, milliseconds};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A scanner and how it is told to stay offline.
struct Peer {
    name: &'static str,
    title: &'static str,
    arguments: &'static [&'static str],
    /// One that takes minutes is run once.
    slow: bool,
}

const PEERS: [Peer; 2] = [
    Peer {
        name: "kingfisher",
        title: "`kingfisher scan`, validation off: secrets only",
        arguments: &["scan", "-n", "--no-update-check", "-f", "json", "."],
        slow: false,
    },
    Peer {
        name: "gitleaks",
        title: "`gitleaks dir`: secrets only",
        arguments: &["dir", "--no-banner", "--exit-code", "0", "."],
        slow: true,
    },
];

/// One table for each checkout.
pub(super) fn measure(
    binary: &Path,
    checkouts: &[PathBuf],
    peers: Option<&Path>,
    runs: usize,
) -> Result<String> {
    let mut text = String::new();
    for checkout in checkouts {
        let checkout = checkout
            .canonicalize()
            .with_context(|| checkout.display().to_string())?;
        text.push_str(&one(binary, &checkout, peers, runs)?);
    }
    let _ = writeln!(
        text,
        "Median of {runs} runs with warm caches on {} (gitleaks once); {}. The scanners read a copy without `.git`, which one of\nthem would read too.\n\nMade with `cargo xtask bench --secrets PATH --peer-bin DIR`.",
        machine(),
        measure::how()
    );
    Ok(text)
}

fn one(binary: &Path, checkout: &Path, peers: Option<&Path>, runs: usize) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let policy = folder.path().join("gates.yml");
    fs::write(
        &policy,
        "version: 1\ngates:\n  security:\n    criteria: {secrets_detected: 0, malicious_content: false}\n",
    )?;
    let out = folder.path().join("out");
    let mut arguments = ["security", "--offline", "--fail-on", "never", "--root"]
        .map(Into::into)
        .to_vec();
    arguments.push(checkout.into());
    arguments.extend([
        "--config".into(),
        policy.into(),
        "--out".into(),
        out.clone().into(),
    ]);
    let ours = Timed {
        program: binary.into(),
        arguments,
        folder: None,
    };
    let ran = ours.command().output()?;
    let verdict = fs::read(out.join("security.verdict.json"))
        .with_context(|| format!("no verdict: {}", String::from_utf8_lossy(&ran.stderr)))?;
    let verdict: Value = serde_json::from_slice(&verdict)?;
    let bytes: u64 = verdict["metrics"]["bytes_searched"]
        .as_str()
        .context("found no `bytes_searched`")?
        .parse()?;
    let mut rows = vec![(
        measure::median(
            "`gatewright security`: secrets and malicious content",
            &ours,
            runs,
        )?,
        verdict["findings_total"].as_u64(),
    )];
    let copy = folder.path().join("copy");
    copy_tracked(checkout, &copy)?;
    for peer in &PEERS {
        rows.push((beside(peer, &copy, peers, runs)?, None));
    }
    let mut text = format!(
        "`{}`: {} files, {}.{} MB; {} findings.\n\n| Command | CPU | MB per CPU-second | to ours | Wall clock | Peak memory |\n|---|---|---|---|---|---|\n",
        checkout.file_name().unwrap_or_default().to_string_lossy(),
        verdict["metrics"]["files_searched"].as_str().unwrap_or("-"),
        bytes / 1_000_000,
        bytes % 1_000_000 / 100_000,
        rows[0].1.unwrap_or_default(),
    );
    let own = rows[0].0.cpu_hundredths;
    for (cost, _) in &rows {
        let Some(wall) = cost.wall else {
            let _ = writeln!(text, "| {} | not measured | | | | |", cost.name);
            continue;
        };
        let rate = cost
            .cpu_hundredths
            .and_then(|cpu| (bytes / 10_000).checked_div(cpu));
        let tenths = cost
            .cpu_hundredths
            .zip(own)
            .and_then(|(part, whole)| (part * 10).checked_div(whole));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cost.name,
            cpu(cost),
            rate.map_or_else(|| String::from("-"), |rate| rate.to_string()),
            tenths.map_or_else(
                || String::from("-"),
                |tenths| format!("{}.{}x", tenths / 10, tenths % 10)
            ),
            milliseconds(wall.median),
            memory(cost),
        );
    }
    text.push('\n');
    Ok(text)
}

fn beside(peer: &Peer, folder: &Path, programs: Option<&Path>, runs: usize) -> Result<Cost> {
    let there = programs
        .map(|programs| programs.join(peer.name))
        .filter(|program| program.is_file());
    let timed = Timed {
        program: there.map_or_else(|| peer.name.into(), PathBuf::into_os_string),
        arguments: peer.arguments.iter().map(Into::into).collect(),
        folder: Some(folder.to_owned()),
    };
    if timed.command().arg("--help").output().is_err() {
        return Ok(Cost::missing(&format!(
            "{} (not installed here)",
            peer.title
        )));
    }
    let title = format!("{} ({})", peer.title, timed.version());
    measure::median(&title, &timed, if peer.slow { 1 } else { runs })
}

/// The tracked files and nothing else.
fn copy_tracked(checkout: &Path, copy: &Path) -> Result<()> {
    let prefix = format!("--prefix={}/", copy.display());
    let status = Command::new("git")
        .args(["checkout-index", "--all", &prefix])
        .current_dir(checkout)
        .status()?;
    if !status.success() {
        bail!(
            "{}: `git checkout-index` ended with {status}",
            checkout.display()
        );
    }
    Ok(())
}
