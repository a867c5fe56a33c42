//! `cargo xtask score`: how often a gate is right, measured against what does not come from the gate.

mod compare;
mod fingerprints;
mod ingestion;
mod oracle;
mod ours;
mod plants;
mod review;
mod sample;
mod secrets;
mod tables;
mod torn;

pub(crate) use torn::markdown_files;

use crate::bench::build;
use crate::page;
use crate::workspace::root;
use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

#[derive(Subcommand, Debug)]
pub(crate) enum Score {
    /// Links and anchors against a second implementation, planted defects, a reviewed sample of findings
    Integrity(IntegrityFlags),
    /// Secrets against labelled files, beside other scanners
    Secrets(secrets::SecretsFlags),
    /// Fingerprints of SARIF results beside the code of GitHub's upload action, checks beside the SARIF Multitool
    Sarif(fingerprints::SarifFlags),
}

#[derive(Args, Debug)]
pub(crate) struct IntegrityFlags {
    /// A checkout to judge, as PATH or NAME@COMMIT=PATH (repeatable); nothing of it is written down but facts
    #[arg(long, value_name = "[NAME@COMMIT=]PATH")]
    repository: Vec<String>,
    /// Only these parts (repeatable); all by default
    #[arg(long, value_name = "PART")]
    only: Vec<PartName>,
    /// Defects planted of each kind
    #[arg(long, value_name = "N", default_value_t = 100)]
    plants: usize,
    /// Findings drawn for review
    #[arg(long, value_name = "N", default_value_t = 200)]
    sample: usize,
    /// What the draw depends on
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print only; leave docs/accuracy.md and the sample alone
    #[arg(long)]
    no_write: bool,
    /// Judge with this binary in place of a release build of this checkout
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Where planted defects are laid out, to look at them; an empty or absent folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PartName {
    /// Links and anchors beside the second implementation
    Oracle,
    /// Planted defects and look-alikes
    Plants,
    /// The reviewed sample
    Sample,
}

/// A checkout and what it is called.
#[derive(Clone, Debug)]
struct Checkout {
    name: String,
    commit: String,
    path: PathBuf,
}

pub(crate) fn main(score: &Score) -> Result<ExitCode> {
    let flags = match score {
        Score::Integrity(flags) => flags,
        Score::Secrets(flags) => return secrets::main(flags),
        Score::Sarif(flags) => return fingerprints::main(flags),
    };
    let wanted = |part| flags.only.is_empty() || flags.only.contains(&part);
    let needs_checkouts = wanted(PartName::Oracle) || wanted(PartName::Sample);
    if flags.repository.is_empty() && needs_checkouts {
        bail!("found no --repository, expected at least one checkout, or `--only plants`");
    }
    let binary = match &flags.binary {
        Some(binary) => binary
            .canonicalize()
            .with_context(|| binary.display().to_string())?,
        None => build()?,
    };
    let checkouts: Vec<Checkout> = flags
        .repository
        .iter()
        .map(|written| Checkout::parse(written))
        .collect::<Result<_>>()?;
    let document = root().join("docs/accuracy.md");
    let write = |part: &str, text: &str| -> Result<()> {
        print!("\n{text}");
        if !flags.no_write {
            page::write_part(&document, part, text)?;
            println!("docs/accuracy.md: {part} written");
        }
        Ok(())
    };
    let mut well = true;
    if wanted(PartName::Oracle) {
        let rows = compare::all(&binary, &checkouts)?;
        well &= rows.iter().all(compare::Row::agrees);
        write("oracle", &tables::oracle(&rows))?;
    }
    if wanted(PartName::Plants) {
        let score = plants::score(&binary, flags.plants, flags.keep.as_deref())?;
        well &= score.is_perfect();
        write("plants", &tables::plants(&score))?;
    }
    if wanted(PartName::Sample) {
        let file = root().join("docs/accuracy/integrity-sample.tsv");
        let mut all = Vec::new();
        for checkout in &checkouts {
            println!("reading {}", checkout.name);
            let found = ours::judge(&binary, &checkout.path, ours::every_criterion())?;
            all.extend(
                found
                    .found
                    .into_iter()
                    .map(|found| review::Row::new(checkout, found)),
            );
        }
        let drawn = sample::draw(all, flags.sample, flags.seed);
        let reviewed = review::join(drawn, review::read(&file)?);
        if !flags.no_write {
            review::write(&file, &reviewed)?;
            println!("docs/accuracy/integrity-sample.tsv: written");
        }
        well &= reviewed.iter().all(|row| row.verdict.is_some());
        write("sample", &tables::sample(&reviewed, flags.seed))?;
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Checkout {
    /// `PATH`, or `NAME@COMMIT=PATH` for a copy that has a history of its own.
    fn parse(written: &str) -> Result<Self> {
        let (told, path) = match written.split_once('=') {
            Some((told, path)) => (Some(told), path),
            None => (None, written),
        };
        let path = PathBuf::from(path)
            .canonicalize()
            .with_context(|| format!("--repository {written}"))?;
        if let Some(told) = told {
            let (name, commit) = told
                .split_once('@')
                .with_context(|| format!("found `{told}` before `=`, expected NAME@COMMIT"))?;
            return Ok(Self {
                name: name.to_owned(),
                commit: commit.to_owned(),
                path,
            });
        }
        let head = Command::new("git")
            .args(["rev-parse", "HEAD"])
            .current_dir(&path)
            .output()?;
        if !head.status.success() {
            bail!("{}: not a git checkout", path.display());
        }
        let name = path.file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            commit: String::from_utf8_lossy(&head.stdout).trim().to_owned(),
            path,
        })
    }
}
