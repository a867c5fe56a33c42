//! `cargo xtask score sarif`: fingerprints beside the code of GitHub's upload action itself, over made-up sources and results,
//! the same in every run.

mod locations;
mod sources;
mod theirs;

use self::sources::Kind;
use self::theirs::Theirs;
use super::ingestion;
use crate::bench::build;
use crate::page;
use crate::workspace::root;
use anyhow::{Context as _, Result, ensure};
use clap::Args;
use gate_sarif::fingerprint::line_hashes;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(crate) struct SarifFlags {
    /// A checkout of github/codeql-action: compares fingerprints
    #[arg(long, value_name = "DIR", required_unless_present = "multitool")]
    codeql_action: Option<PathBuf>,
    /// The SARIF Multitool: compares checks
    #[arg(long, value_name = "PATH", requires = "logs")]
    multitool: Option<PathBuf>,
    /// Folder of SARIF files to compare checks on (repeatable)
    #[arg(long, value_name = "DIR", requires = "multitool")]
    logs: Vec<PathBuf>,
    /// Check with this binary in place of a release build of this checkout
    #[arg(long, value_name = "PATH", requires = "multitool")]
    binary: Option<PathBuf>,
    /// Sources made of each kind
    #[arg(long, value_name = "N", default_value_t = 200)]
    sources: usize,
    /// Print only; leave docs/accuracy.md alone
    #[arg(long)]
    no_write: bool,
}

/// What was compared of one kind, and what of it differs.
#[derive(Debug, Default)]
struct Row {
    name: &'static str,
    sources: usize,
    bytes: usize,
    lines: usize,
    differences: Vec<String>,
}

pub(crate) fn main(flags: &SarifFlags) -> Result<ExitCode> {
    let mut well = true;
    if let Some(action) = &flags.codeql_action {
        well &= fingerprints(flags, action)?;
    }
    if let Some(multitool) = &flags.multitool {
        well &= checks(flags, multitool)?;
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn write(flags: &SarifFlags, part: &str, text: &str) -> Result<()> {
    print!("\n{text}");
    if !flags.no_write {
        page::write_part(&root().join("docs/accuracy.md"), part, text)?;
        println!("docs/accuracy.md: {part} written");
    }
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .with_context(|| path.display().to_string())
}

fn checks(flags: &SarifFlags, multitool: &Path) -> Result<bool> {
    let binary = flags.binary.as_deref().map_or_else(build, absolute)?;
    let logs: Vec<PathBuf> = flags
        .logs
        .iter()
        .map(|folder| absolute(folder))
        .collect::<Result<_>>()?;
    let (text, well) = ingestion::score(&absolute(multitool)?, &binary, &logs)?;
    write(flags, "ingestion", &text)?;
    Ok(well)
}

fn fingerprints(flags: &SarifFlags, action: &Path) -> Result<bool> {
    let action = absolute(action)?;
    let theirs = Theirs::open(&action)?;
    let mut rows = Vec::new();
    for (number, kind) in sources::KINDS.iter().enumerate() {
        println!("{}: {} sources", kind.name, flags.sources);
        rows.push(compare(&theirs, kind, number, flags.sources)?);
    }
    let results = locations::compare(&theirs)?;
    let differences = rows.iter().flat_map(|row| &row.differences);
    for difference in differences.chain(&results.differences).take(20) {
        println!("{difference}");
    }
    let text = table(&version(&action)?, &rows, &results);
    write(flags, "fingerprints", &text)?;
    Ok(rows.iter().all(|row| row.differences.is_empty()) && results.differences.is_empty())
}

fn compare(theirs: &Theirs, kind: &Kind, seed: usize, count: usize) -> Result<Row> {
    let sources: Vec<Vec<u8>> = sources::make(kind, seed, count);
    let folder = tempfile::tempdir()?;
    for (number, source) in sources.iter().enumerate() {
        fs::write(folder.path().join(number.to_string()), source)?;
    }
    let expected = theirs.hashes(folder.path(), count)?;
    ensure!(
        expected.len() == count,
        "found the hashes of {} sources, expected those of {count}",
        expected.len()
    );
    let mut row = Row {
        name: kind.name,
        sources: count,
        ..Row::default()
    };
    for (number, (source, expected)) in sources.iter().zip(&expected).enumerate() {
        row.bytes += source.len();
        row.lines += expected.len();
        let found = every_line(source, expected.len())?;
        if let Some(difference) = difference(&found, expected) {
            row.differences
                .push(format!("{}, source {number}: {difference}", kind.name));
        }
    }
    Ok(row)
}

/// What we make of each line, one more than there should be.
fn every_line(source: &[u8], lines: usize) -> Result<Vec<String>> {
    let wanted: Vec<u32> = (1..=u32::try_from(lines)? + 1).collect();
    let found = line_hashes(source, &wanted);
    Ok(found.iter().map(|(_, hash)| hash.to_string()).collect())
}

/// The first line that differs.
fn difference(found: &[String], expected: &[String]) -> Option<String> {
    let lines = found.len().max(expected.len());
    let at = (0..lines).find(|&at| found.get(at) != expected.get(at))?;
    Some(format!(
        "line {}: found {:?}, expected {:?}",
        at + 1,
        found.get(at),
        expected.get(at)
    ))
}

fn table(version: &str, rows: &[Row], results: &locations::Compared) -> String {
    let mut text = format!(
        "github/codeql-action {version}:\n\n| Sources | Number | KB | Lines compared | Sources that differ |\n|---|---|---|---|---|\n"
    );
    let mut line = |name: &str, sources: usize, bytes: usize, lines: usize, differing: usize| {
        let kilobytes = bytes / 1000;
        let _ = writeln!(
            text,
            "| {name} | {sources} | {kilobytes} | {lines} | {differing} |"
        );
    };
    for row in rows {
        let differing = row.differences.len();
        line(row.name, row.sources, row.bytes, row.lines, differing);
    }
    let sum = |count: fn(&Row) -> usize| rows.iter().map(count).sum();
    line(
        "all",
        sum(|row| row.sources),
        sum(|row| row.bytes),
        sum(|row| row.lines),
        sum(|row| row.differences.len()),
    );
    let _ = writeln!(
        text,
        "\nOf {} results with URIs of many forms, {} get a fingerprint or keep theirs as with the action, {} get one there by a \
         path that leaves the sources and none here, and {} differ otherwise.",
        results.results,
        results.same,
        results.outside,
        results.differences.len()
    );
    text
}

fn version(action: &Path) -> Result<String> {
    let file = action.join("package.json");
    let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
    let package: Value = serde_json::from_slice(&bytes)?;
    let version = package["version"].as_str();
    Ok(version
        .with_context(|| format!("{}: found no `version`", file.display()))?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_difference_is_found() {
        let lines = every_line(b"a\nb", 2).expect("few lines");
        assert_eq!(lines, ["c74339777b6a2c60:1", "8ee5a81e681643c1:1"]);
        assert_eq!(difference(&lines, &lines), None);
        let missing = difference(&lines, &lines[..1]).expect("a line more");
        assert!(missing.starts_with("line 2: "), "{missing}");
        let other = difference(&["x".to_owned()], &lines[..1]).expect("another");
        assert!(other.starts_with("line 1: found Some(\"x\")"), "{other}");
    }
}
