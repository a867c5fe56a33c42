//! `cargo xtask score secrets`: how many of the credentials that people have labelled are found, and what else is.

mod labels;
mod leaky;
mod measure;
mod peers;
mod tables;

use self::labels::{Half, Labels};
use self::measure::{Hits, Tally, tally};
use crate::page;
use crate::workspace::root;
use anyhow::Result;
use clap::Args;
use security_gate::secrets::{self, Tier};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(crate) struct SecretsFlags {
    /// A folder with `data/` and `meta/` as `CredData`'s own `download_data.py` lays them out, complete repositories only
    #[arg(long, value_name = "PATH")]
    creddata: PathBuf,
    /// A checkout of leaky-repo
    #[arg(long, value_name = "PATH")]
    leaky: Option<PathBuf>,
    /// A folder with `gitleaks`, `kingfisher` and `detect-secrets`, to be measured beside
    #[arg(long, value_name = "DIR")]
    peer_bin: Option<PathBuf>,
    /// Print only; leave docs/accuracy.md alone
    #[arg(long)]
    no_write: bool,
}

/// One row of the table: who looked, and what that came to in each half.
struct Row {
    name: String,
    halves: Vec<(Half, Tally)>,
}

pub(crate) fn main(flags: &SecretsFlags) -> Result<ExitCode> {
    let labels = Labels::read(&flags.creddata.join("meta"))?;
    let data = flags.creddata.join("data");
    let found = ours(&data)?;
    let row = |name: &str, hits: &Hits| Row {
        name: name.to_owned(),
        halves: Half::ALL
            .map(|half| (half, tally(&labels, half, hits)))
            .into(),
    };
    let at_least = |tier: Tier| -> Hits {
        let kept = found.iter().filter(|one| one.tier >= tier);
        kept.map(|one| (one.path.clone(), one.line, one.rule.to_owned()))
            .collect()
    };
    let likely = at_least(Tier::Likely);
    let mut rows = vec![
        row("gatewright, `tier: likely` (the default)", &likely),
        row("gatewright, `tier: certain`", &at_least(Tier::Certain)),
        row("gatewright, `tier: possible`", &at_least(Tier::Possible)),
    ];
    if let Some(folder) = &flags.peer_bin {
        for (name, hits) in peers::all(folder, &data)? {
            rows.push(row(&name, &hits));
        }
    }
    let mut parts = vec![
        ("secrets", tables::rows(&labels, &rows)),
        (
            "secret-rules",
            tables::rules(&labels, &at_least(Tier::Possible)),
        ),
        ("secret-categories", tables::categories(&labels, &likely)),
    ];
    if let Some(leaky) = &flags.leaky {
        parts.push(("leaky-repo", leaky::table(leaky)?));
    }
    for (part, text) in parts {
        print!("\n{text}");
        if !flags.no_write {
            page::write_part(&root().join("docs/accuracy.md"), part, &text)?;
            println!("docs/accuracy.md: {part} written");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A finding of our search.
struct Found {
    path: String,
    line: u32,
    rule: &'static str,
    tier: Tier,
}

/// Everything that the search finds in the files below `data`, by the path that labels have.
fn ours(data: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for file in files(data)? {
        let below = file
            .strip_prefix(data)?
            .to_string_lossy()
            .replace('\\', "/");
        let mut hits = Vec::new();
        let scan = secrets::scan(&below, &fs::read(&file)?, &mut hits);
        if scan.truncated {
            println!("{below}: more findings than are kept of one file");
        }
        found.extend(hits.into_iter().map(|hit| Found {
            path: format!("data/{below}"),
            line: hit.line,
            rule: hit.rule,
            tier: hit.tier,
        }));
    }
    Ok(found)
}

/// Regular files below a folder, `.git` left out, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
