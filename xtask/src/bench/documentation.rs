//! Links and anchors of a documentation checkout beside the tools that check them, in one run.

use super::link_checkers::{PEERS, Peer, words};
use super::measure::{self, Cost, Timed};
use super::modules;
use super::table::{cpu, machine, memory, milliseconds};
use crate::score::markdown_files;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What both peers do too, and the graph.
const LINKS: &[&str] = &[
    "no_broken_links",
    "cross_references_valid",
    "all_referenced_modules_exist",
    "no_circular_dependencies",
];
const TOKENS: &str = "token_budgets_respected";

/// A line of the table.
struct Row {
    cost: Cost,
    /// Links looked at and findings, as far as the tool tells.
    links: Option<u64>,
    findings: Option<u64>,
}

/// One table for each corpus, and the module repository.
pub(super) fn measure(
    binary: &Path,
    corpora: &[PathBuf],
    peers: Option<&Path>,
    runs: usize,
) -> Result<String> {
    let mut text = String::new();
    for corpus in corpora {
        let corpus = corpus
            .canonicalize()
            .with_context(|| corpus.display().to_string())?;
        text.push_str(&one(binary, &corpus, peers, runs)?);
    }
    let folder = tempfile::tempdir()?;
    let repository = folder.path().join("repository");
    let laid = modules::lay_out(&repository)?;
    let out = folder.path().join("out");
    let (timed, verdict) = gate(binary, &repository, None, &out)?;
    if verdict["decision"] != "allow" {
        bail!(
            "found the decision {} about the modules, expected \"allow\"; see {}",
            verdict["decision"],
            timed.arguments.join(OsStr::new(" ")).to_string_lossy()
        );
    }
    let cost = measure::median("a repository of modules", &timed, runs)?;
    let _ = writeln!(
        text,
        "A repository of {} modules (commands, agents, skills, components; {} includes), laid out by the command, takes\n\
         `gatewright integrity` {} from start to end ({}, {}).\n",
        laid.files,
        laid.includes,
        cost.wall
            .map_or_else(|| String::from("-"), |wall| milliseconds(wall.median)),
        cpu(&cost),
        memory(&cost),
    );
    let _ = writeln!(
        text,
        "Median of {runs} runs with warm caches on {}; {}.\n\nMade with `cargo xtask bench --corpus PATH --peer-bin DIR`.",
        machine(),
        measure::how()
    );
    Ok(text)
}

fn one(binary: &Path, corpus: &Path, peers: Option<&Path>, runs: usize) -> Result<String> {
    let pages = markdown_files(corpus)?;
    let mut bytes = 0;
    for page in &pages {
        bytes += fs::metadata(corpus.join(page)).map_or(0, |facts| facts.len());
    }
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let mut rows = Vec::new();
    let policy = policy(folder.path(), "links", LINKS)?;
    let (timed, verdict) = gate(binary, corpus, Some(&policy), &out)?;
    let cost = measure::median(
        "`gatewright integrity`: links, anchors, files, graph",
        &timed,
        runs,
    )?;
    let links = metric(&verdict, "links");
    let all_links = links.zip(metric(&verdict, "external_links_not_checked"));
    rows.push(Row {
        cost,
        links,
        findings: verdict["findings_total"].as_u64(),
    });
    rows.push(tokens(binary, corpus, folder.path(), runs)?);
    for peer in PEERS {
        rows.push(beside(peer, corpus, peers, runs)?);
    }
    let mut text = format!(
        "`{}`: {} Markdown files, {} MB, {} links, of which {} lead into the repository.\n\n",
        corpus.file_name().unwrap_or_default().to_string_lossy(),
        pages.len(),
        megabytes(bytes),
        all_links.map_or(0, |(own, external)| own + external),
        links.unwrap_or_default(),
    );
    text.push_str(&render(&rows));
    text.push('\n');
    Ok(text)
}

/// The same and exact token counts, where this build has them.
fn tokens(binary: &Path, corpus: &Path, folder: &Path, runs: usize) -> Result<Row> {
    let name = "the same, with `token_budgets_respected`";
    let criteria: Vec<&str> = LINKS.iter().copied().chain([TOKENS]).collect();
    let policy = policy(folder, "tokens", &criteria)?;
    let (timed, verdict) = gate(binary, corpus, Some(&policy), &folder.join("out"))?;
    let is_built = verdict["criteria"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|criterion| criterion["id"] == TOKENS && criterion["code"] != "not_built");
    Ok(Row {
        cost: if is_built {
            measure::median(name, &timed, runs)?
        } else {
            Cost::missing(&format!("{name} (not built yet)"))
        },
        links: is_built.then(|| metric(&verdict, "links")).flatten(),
        findings: is_built
            .then(|| verdict["findings_total"].as_u64())
            .flatten(),
    })
}

fn beside(peer: &Peer, corpus: &Path, folder: Option<&Path>, runs: usize) -> Result<Row> {
    let there = folder
        .map(|folder| folder.join(peer.name))
        .filter(|program| program.is_file());
    let timed = Timed {
        program: there.map_or_else(|| peer.name.into(), PathBuf::into_os_string),
        arguments: (peer.arguments)(corpus),
        folder: Some(corpus.to_owned()),
    };
    let Ok(output) = timed.command().output() else {
        return Ok(Row {
            cost: Cost::missing(&format!("{} (not installed here)", peer.title)),
            links: None,
            findings: None,
        });
    };
    let printed: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        format!(
            "{} printed no JSON and ended with {}: {}",
            peer.name,
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    let (links, findings) = (peer.read)(&printed);
    let told = timed.version();
    Ok(Row {
        cost: measure::median(&format!("{} ({told})", peer.title), &timed, runs)?,
        links,
        findings,
    })
}

/// A policy of these criteria, at no violations.
fn policy(folder: &Path, name: &str, criteria: &[&str]) -> Result<PathBuf> {
    let path = folder.join(format!("{name}.yml"));
    let mut text = String::from("version: 1\ngates:\n  integrity:\n    criteria:\n");
    for id in criteria {
        writeln!(text, "      {id}: true")?;
    }
    fs::write(&path, text)?;
    Ok(path)
}

/// The command, and what it says.
fn gate(
    binary: &Path,
    checkout: &Path,
    policy: Option<&Path>,
    out: &Path,
) -> Result<(Timed, Value)> {
    let mut arguments = words(&["integrity", "--offline", "--fail-on", "never", "--root"]);
    arguments.push(checkout.into());
    arguments.extend(["--out".into(), out.into()]);
    if let Some(policy) = policy {
        arguments.extend(["--config".into(), policy.into()]);
    }
    let timed = Timed {
        program: binary.into(),
        arguments,
        folder: None,
    };
    let output = timed.command().output()?;
    let verdict = fs::read(out.join("integrity.verdict.json")).with_context(|| {
        format!(
            "{}: no verdict: {}",
            checkout.display(),
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    Ok((timed, serde_json::from_slice(&verdict)?))
}

fn metric(verdict: &Value, name: &str) -> Option<u64> {
    verdict["metrics"][name].as_str()?.parse().ok()
}

fn render(rows: &[Row]) -> String {
    let mut text = String::from(
        "| Command | CPU | to ours | Wall clock | least to most | Peak memory | Links seen | Findings |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let ours = rows.first().and_then(|row| row.cost.cpu_hundredths);
    for row in rows {
        let Some(wall) = row.cost.wall else {
            let _ = writeln!(text, "| {} | not measured | | | | | | |", row.cost.name);
            continue;
        };
        let told = |count: Option<u64>| {
            count.map_or_else(|| String::from("not told"), |count| count.to_string())
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} to {} | {} | {} | {} |",
            row.cost.name,
            cpu(&row.cost),
            ratio(row.cost.cpu_hundredths, ours),
            milliseconds(wall.median),
            milliseconds(wall.least),
            milliseconds(wall.most),
            memory(&row.cost),
            told(row.links),
            told(row.findings),
        );
    }
    text
}

/// How many times as much, with one digit, floored.
fn ratio(part: Option<u64>, whole: Option<u64>) -> String {
    let tenths = part
        .zip(whole)
        .and_then(|(part, whole)| (part * 10).checked_div(whole));
    tenths.map_or_else(
        || String::from("-"),
        |tenths| format!("{}.{}x", tenths / 10, tenths % 10),
    )
}

/// With one digit.
fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_floored() {
        assert_eq!(ratio(Some(1049), Some(200)), "5.2x");
        assert_eq!(ratio(Some(1), Some(0)), "-");
        assert_eq!(ratio(None, Some(1)), "-");
        assert_eq!(megabytes(120_399_999), "120.3");
    }
}
