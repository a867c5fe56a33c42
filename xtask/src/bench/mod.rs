//! `cargo xtask bench`: what the release binary costs on a repository that is
//! made up for it, the same on every machine.

mod corpus;
mod coverage;
mod documentation;
mod link_checkers;
mod measure;
mod modules;
mod opening;
mod opens;
mod quality;
mod sarif;
mod secrets;
mod table;

pub(crate) use corpus::commit;
pub(crate) use sarif::uploader;

use crate::page;
use crate::workspace::{cargo, root};
use anyhow::{Context as _, Result, bail};
use clap::Args;
use measure::{Cost, Timed};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct BenchFlags {
    /// How often each command runs; the median counts
    #[arg(long, value_name = "N", default_value_t = 9)]
    runs: usize,
    /// Files in the repository
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    files: usize,
    /// Their size together, in MB (10^6 bytes)
    #[arg(long, value_name = "N", default_value_t = 100)]
    megabytes: usize,
    /// Count how often `gatewright run` opens each tracked file, with strace
    #[arg(long)]
    strace: bool,
    /// Measure links and anchors of this documentation checkout and of nothing else, beside the peers (repeatable)
    #[arg(long, value_name = "PATH")]
    corpus: Vec<PathBuf>,
    /// Measure secrets and malicious content of this checkout and of nothing else, beside the peers (repeatable)
    #[arg(long, value_name = "PATH", conflicts_with = "corpus")]
    secrets: Vec<PathBuf>,
    /// Measure the SARIF uploader and nothing else, beside the peers
    #[arg(long, conflicts_with_all = ["corpus", "secrets"])]
    sarif: bool,
    /// Measure the coverage gate and nothing else, beside the peers
    #[arg(long, conflicts_with_all = ["corpus", "secrets", "sarif"])]
    coverage: bool,
    /// Measure the quality gate and nothing else
    #[arg(long, conflicts_with_all = ["corpus", "secrets", "sarif", "coverage"])]
    quality: bool,
    /// Where the peers of `--corpus` (`rumdl`, `lychee`), `--secrets` (`kingfisher`, `gitleaks`), `--sarif` (`Sarif.Multitool`, `sarif`)
    /// or `--coverage` (`grcov`, `lcov-result-merger`, `diff-cover`) are, if not in PATH
    #[arg(long, value_name = "DIR")]
    peer_bin: Option<PathBuf>,
    /// Print only; leave docs/benchmarks.md alone
    #[arg(long)]
    no_write: bool,
    /// Measure this binary in place of a release build of this checkout
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

pub(crate) fn main(flags: &BenchFlags) -> Result<ExitCode> {
    if flags.runs == 0 || flags.files < 100 || flags.megabytes == 0 {
        bail!(
            "found --runs {} --files {} --megabytes {}, expected at least 1, 100 and 1",
            flags.runs,
            flags.files,
            flags.megabytes
        );
    }
    let binary = match &flags.binary {
        Some(binary) => binary
            .canonicalize()
            .with_context(|| binary.display().to_string())?,
        None => build()?,
    };
    let write = |part: &str, text: &str| -> Result<()> {
        print!("{text}");
        if !flags.no_write {
            page::write_part(&root().join("docs/benchmarks.md"), part, text)?;
            println!("docs/benchmarks.md: written");
        }
        Ok(())
    };
    if let Some((part, text)) = alone(flags, &binary)? {
        write(part, &text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let repository = folder.path().join("repository");
    let corpus = corpus::lay_out(&repository, flags.files, flags.megabytes * 1_000_000)?;
    println!(
        "a repository of {} files and {:.1} MB",
        corpus.files,
        megabytes(corpus.bytes)
    );
    let out = folder.path().join("out");
    let run = timed(
        &binary,
        &["run", "--offline", "--format", "text", "--root"],
        &[&repository, Path::new("--out"), &out],
    );
    require_allow(&run)?;
    let mut costs = vec![
        measure::median(
            "`gatewright --version`",
            &timed(&binary, &["--version"], &[]),
            flags.runs,
        )?,
        measure::median(
            "`gatewright run`: integrity, security, coverage",
            &run,
            flags.runs,
        )?,
    ];
    for gate in ["integrity", "security", "coverage"] {
        let command = timed(
            &binary,
            &[gate, "--offline", "--root"],
            &[&repository, Path::new("--out"), &out],
        );
        costs.push(measure::median(
            &format!("`gatewright {gate}`"),
            &command,
            flags.runs,
        )?);
    }
    peers(&repository, flags.runs, &mut costs)?;
    let mut notes = vec![measure::how()];
    if flags.strace {
        let opens = opens::count(&run, &repository)?;
        notes.push(format!(
            "strace: `gatewright run` opens {} of {} tracked files, each at most {} time(s), the policy {} times",
            opens.opened, corpus.files, opens.most, opens.policy
        ));
        if opens.most != 1 {
            bail!(
                "found {} opens of {}, expected 1: every file is read in one walk",
                opens.most,
                opens.worst
            );
        }
    }
    let text = table::render(&corpus, &costs, &notes, flags.runs, &binary)?;
    write("bench", &text)?;
    Ok(ExitCode::SUCCESS)
}

/// What is measured by itself where a flag asks for it: the part of the page, and its text.
fn alone(flags: &BenchFlags, binary: &Path) -> Result<Option<(&'static str, String)>> {
    let (peers, runs) = (flags.peer_bin.as_deref(), flags.runs);
    Ok(if !flags.corpus.is_empty() {
        let text = documentation::measure(binary, &flags.corpus, peers, runs)?;
        Some(("documentation", text))
    } else if !flags.secrets.is_empty() {
        let text = secrets::measure(binary, &flags.secrets, peers, runs)?;
        Some(("secrets", text))
    } else if flags.sarif {
        Some(("sarif", sarif::measure(binary, peers, runs)?))
    } else if flags.coverage {
        Some(("coverage", coverage::measure(binary, peers, runs)?))
    } else if flags.quality {
        Some(("quality", quality::measure(binary, runs)?))
    } else {
        None
    })
}

/// What reads the same files and is installed here; the rest is named.
fn peers(repository: &Path, runs: usize, costs: &mut Vec<Cost>) -> Result<()> {
    let peers: [(&str, &[&str], &str); 4] = [
        (
            "git",
            &["grep", "--cached", "-c", "-I", "-F", "no such text"],
            "`git grep -F`: one fixed text, from the index",
        ),
        (
            "rg",
            &["--hidden", "--count", "--fixed-strings", "no such text"],
            "`rg -F`: one fixed text",
        ),
        (
            "gitleaks",
            &["dir", "--no-banner", "--exit-code", "0", "."],
            "`gitleaks dir`: secrets only",
        ),
        (
            "lychee",
            &["--offline", "--no-progress", "**/*.md"],
            "`lychee --offline`: links only",
        ),
    ];
    for (program, arguments, name) in peers {
        let command = Timed {
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            folder: Some(repository.to_owned()),
        };
        if Command::new(program).arg("--version").output().is_err() {
            costs.push(Cost::missing(name));
            continue;
        }
        costs.push(measure::median(name, &command, runs)?);
    }
    Ok(())
}

fn timed(binary: &Path, arguments: &[&str], paths: &[&Path]) -> Timed {
    let arguments = arguments
        .iter()
        .map(OsString::from)
        .chain(paths.iter().map(OsString::from))
        .collect();
    Timed {
        program: binary.as_os_str().to_owned(),
        arguments,
        folder: None,
    }
}

/// The figures of a run that failed would say nothing.
fn require_allow(run: &Timed) -> Result<()> {
    let output = run.command().output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        bail!(
            "`gatewright run` ended with {}, expected 0:\n{said}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// The release binary of this checkout.
pub(crate) fn build() -> Result<PathBuf> {
    let arguments = [
        "build",
        "--release",
        "--locked",
        "--package",
        "gatewright",
        "--message-format=json-render-diagnostics",
    ];
    let output = cargo()
        .args(arguments)
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the release binary does not build; see above");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo named no executable")
}

#[expect(clippy::cast_precision_loss, reason = "for display")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
