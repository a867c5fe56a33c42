//! What `sarif-upload validate` says of logs beside the ingestion rules of the SARIF Multitool.

mod logs;
mod theirs;

use self::logs::lay_out;
use self::theirs::{theirs, version};
use crate::bench::uploader;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What each of GitHub's ingestion rules minds, and our checks for the same. The Multitool reports what GH1015 minds in a
/// result under GH1017 and GH2012 once more, so what counts is the message.
const COVERED: &[(&str, &[&str])] = &[
    ("GH1011 Error_Default", &["schema"]),
    ("GH1013 Warning_Default", &["schema", "version"]),
    ("GH1013 Note_Default", &["runs", "no_runs"]),
    ("Error_MissingResultsArray", &["results_absent"]),
    ("Error_MissingMessageText", &["message"]),
    ("Error_MissingMessage", &["message"]),
    ("Error_MissingLocationsArray", &["location_file"]),
    ("Error_EmptyLocationsArray", &["location_file"]),
    (
        "Error_MissingPhysicalLocation",
        &["location_file", "location_further"],
    ),
    (
        "Error_MissingArtifactLocation",
        &["location_file", "location_further"],
    ),
    (
        "Error_MissingArtifactLocationUri",
        &["location_file", "location_further"],
    ),
    ("Error_MissingRegion", &["region_absent"]),
    ("Error_MissingDriverName", &["driver_name"]),
    ("Error_MissingDriverRules", &["driver_rules"]),
    ("Error_MissingIdProperty", &["rule_without_id"]),
    (
        "Error_MissingShortDescription",
        &["rule_short_description", "notification_words"],
    ),
    (
        "Error_MissingFullDescription",
        &["rule_full_description", "notification_words"],
    ),
    ("Error_MissingHelp", &["rule_help", "notification_words"]),
    (
        "Error_MissingHelpText",
        &["rule_help", "notification_words"],
    ),
];

/// Checks that say that a part is no SARIF: nothing else is told of it.
const MALFORMED: [&str; 2] = ["run_malformed", "result_malformed"];

#[derive(Debug, Default)]
struct Group {
    name: &'static str,
    /// What was judged, and what it is called.
    logs: Vec<(PathBuf, String)>,
}

/// What was found in one log.
#[derive(Debug, Default)]
struct Said {
    /// Our checks that are left; none where it could not be read.
    ours: Option<BTreeSet<String>>,
    /// What is said of errors of GitHub's rules: `GH2012 Error_MissingHelp`.
    theirs: BTreeSet<String>,
    /// Their other errors: of JSON, and of SARIF itself.
    beyond: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Row {
    name: &'static str,
    logs: usize,
    clean: usize,
    both: usize,
    only_ours: usize,
    only_theirs: usize,
    beyond: BTreeMap<String, usize>,
    /// Our checks on logs of which GitHub's rules say nothing.
    alone: BTreeMap<String, usize>,
    differences: Vec<String>,
}

/// The table, and whether everything is as it should be.
pub(super) fn score(
    multitool: &Path,
    binary: &Path,
    folders: &[PathBuf],
) -> Result<(String, bool)> {
    let work = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for group in lay_out(binary, folders, work.path())? {
        println!("{}: {} logs", group.name, group.logs.len());
        let said = judge(multitool, binary, work.path(), &group)?;
        rows.push(compare(&group, &said));
    }
    for difference in rows.iter().flat_map(|row| &row.differences).take(40) {
        println!("{difference}");
    }
    let well = rows.iter().all(|row| row.differences.is_empty());
    Ok((table(&version(multitool)?, &rows), well))
}

/// What both say of each log.
fn judge(multitool: &Path, binary: &Path, work: &Path, group: &Group) -> Result<Vec<Said>> {
    let mut theirs = theirs(multitool, work, &group.logs)?;
    let mut all = Vec::new();
    for (path, _) in &group.logs {
        let mut said = Said::default();
        for (rule, message) in theirs.remove(path).unwrap_or_default() {
            if rule.starts_with("GH") {
                said.theirs.insert(format!("{rule} {message}"));
            } else {
                said.beyond.insert(rule);
            }
        }
        said.ours = ours(binary, path)?;
        all.push(said);
    }
    Ok(all)
}

fn ours(binary: &Path, path: &Path) -> Result<Option<BTreeSet<String>>> {
    let folder = path.parent().context("a file has a folder")?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let arguments = ["validate", &name, "--format", "json"];
    let output = uploader(binary, folder, &arguments).command().output()?;
    if output.status.code() == Some(2) {
        return Ok(None);
    }
    let said: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{name}: {}", String::from_utf8_lossy(&output.stderr)))?;
    let checks = said["files"][0]["checks"].as_array().into_iter().flatten();
    let left = checks.filter(|check| check["count"].as_u64() != Some(0));
    Ok(Some(
        left.filter_map(|check| Some(check["check"].as_str()?.to_owned()))
            .collect(),
    ))
}

fn compare(group: &Group, all: &[Said]) -> Row {
    let mut row = Row {
        name: group.name,
        logs: all.len(),
        ..Row::default()
    };
    for ((_, name), said) in group.logs.iter().zip(all) {
        let we_mind = said.ours.as_ref().is_none_or(|ours| !ours.is_empty());
        match (we_mind, !said.theirs.is_empty()) {
            (false, false) => row.clean += 1,
            (true, true) => row.both += 1,
            (true, false) => {
                row.only_ours += 1;
                for check in said.ours.iter().flatten() {
                    *row.alone.entry(check.clone()).or_default() += 1;
                }
            }
            (false, true) => row.only_theirs += 1,
        }
        if !we_mind {
            for rule in &said.beyond {
                *row.beyond.entry(rule.clone()).or_default() += 1;
            }
        }
        let untold = said.theirs.iter().filter(|error| !is_told(error, said));
        row.differences
            .extend(untold.map(|error| format!("{}, {name}: {error}", group.name)));
    }
    row
}

/// Whether one of our checks says the same as their error.
fn is_told(error: &str, said: &Said) -> bool {
    let Some(ours) = &said.ours else {
        return true;
    };
    let mut told = COVERED
        .iter()
        .filter(|(message, _)| error == *message || error.split(' ').nth(1) == Some(message))
        .flat_map(|(_, checks)| *checks)
        .chain(&MALFORMED);
    told.any(|check| ours.contains(*check))
}

fn table(version: &str, rows: &[Row]) -> String {
    let mut text = format!(
        "SARIF Multitool {version}:\n\n| Logs | Number | Clean for both | Both mind something | Only we do | Only its GH rules do | Errors of GH rules that no check of ours tells |\n|---|---|---|---|---|---|---|\n"
    );
    for row in rows {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            row.name,
            row.logs,
            row.clean,
            row.both,
            row.only_ours,
            row.only_theirs,
            row.differences.len()
        );
    }
    let list = |of: fn(&Row) -> &BTreeMap<String, usize>| {
        let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, count) in rows.iter().flat_map(of) {
            *sums.entry(name).or_default() += count;
        }
        if sums.is_empty() {
            return String::from("none");
        }
        let sums = sums
            .iter()
            .map(|(name, count)| format!("`{name}` ({count})"));
        sums.collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(
        text,
        "\nOur checks on logs of which its GH rules say nothing: {}.\n\nErrors of its other rules on logs that are clean for us: {}.",
        list(|row| &row.alone),
        list(|row| &row.beyond)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(ours: Option<&[&str]>, theirs: &[&str]) -> Said {
        let set = |of: &[&str]| of.iter().map(|one| String::from(*one)).collect();
        Said {
            ours: ours.map(set),
            theirs: set(theirs),
            beyond: BTreeSet::new(),
        }
    }

    #[test]
    fn an_error_that_no_check_tells_is_a_difference() {
        let group = Group {
            name: "made up",
            logs: vec![(PathBuf::new(), String::from("a")); 6],
        };
        let help = "GH2012 Error_MissingHelp";
        let row = compare(
            &group,
            &[
                said(Some(&[]), &[]),
                said(Some(&[]), &[help]),
                said(Some(&["rule_help"]), &[help]),
                said(Some(&["schema"]), &[help]),
                said(None, &[help]),
                said(Some(&["kind"]), &[]),
            ],
        );
        assert_eq!((row.clean, row.both), (1, 3));
        assert_eq!((row.only_ours, row.only_theirs), (1, 1));
        assert_eq!(row.differences.len(), 2, "{:?}", row.differences);
        assert_eq!(row.alone.get("kind"), Some(&1));
    }
}
