//! A repository into which defects are planted, each beside something that looks like it and is fine. What is planted is data
//! (`*.txt` in this folder, `layout.rs` reads it); expected is a rule or a criterion at a line.

mod layout;

use super::ours::{self, Found};
use crate::bench::commit;
use anyhow::{Context as _, Result, bail};
use layout::{Expect, Laid};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const PLANTS: &[(&str, &str)] = &[
    ("links.txt", include_str!("links.txt")),
    ("anchors.txt", include_str!("anchors.txt")),
    ("modules.txt", include_str!("modules.txt")),
    ("content.txt", include_str!("content.txt")),
];

/// The policy of the repository, and what the whole of it needs.
const BASE: &str = include_str!("base.txt");

/// Defects of each kind in one repository: a verdict holds a thousand findings, and not everything can be judged in shards.
const BATCH: usize = 5;

/// What the gate made of one kind of defect.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) planted: usize,
    pub(super) found: usize,
    pub(super) look_alikes: usize,
    pub(super) flagged: usize,
    /// Defects whose criterion is planned and not built; not among the planted.
    pub(super) waiting: usize,
}

#[derive(Debug)]
pub(super) struct Score {
    pub(super) rows: Vec<Row>,
    /// Findings at lines that nobody marked.
    pub(super) unexpected: usize,
}

impl Score {
    pub(super) fn is_perfect(&self) -> bool {
        let perfect = |row: &Row| row.flagged == 0 && row.found == row.planted;
        self.unexpected == 0 && self.rows.iter().all(perfect)
    }
}

/// Lays the defects out `times` times over, judges, and compares; prints what was missed and what was flagged.
pub(super) fn score(binary: &Path, times: usize, keep: Option<&Path>) -> Result<Score> {
    let temporary = tempfile::tempdir()?;
    let folder = keep.unwrap_or(temporary.path());
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        bail!("{}: expected an empty folder for --keep", folder.display());
    }
    let mut kinds = layout::parse(BASE).context("base.txt")?;
    let base = kinds
        .iter()
        .map(|kind| kind.name.clone())
        .collect::<BTreeSet<_>>();
    for (name, text) in PLANTS {
        kinds.extend(layout::parse(text).context(*name)?);
    }
    let (mut all, mut findings) = (Vec::new(), ours::Findings::default());
    for first in (1..=times).step_by(BATCH) {
        let folder = folder.join(format!("{first}"));
        let mut laid = Vec::new();
        for kind in &kinds {
            let last = if base.contains(&kind.name) {
                first
            } else {
                times.min(first + BATCH - 1)
            };
            for number in first..=last {
                laid.extend(layout::lay_out(kind, number, &folder)?);
            }
        }
        layout::track(&folder, &laid)?;
        commit(&folder)?;
        layout::untracked(&folder, &laid)?;
        let judged = ours::judge_by(binary, &folder, None)?;
        findings.found.extend(judged.found);
        findings.not_built.extend(judged.not_built);
        all.extend(laid);
    }
    println!("planted {} files", all.len());
    Ok(compare(&kinds, &all, &findings.found, &findings.not_built))
}

/// Findings to marks. A group is found when one of its lines is.
fn compare(
    kinds: &[layout::Kind],
    laid: &[Laid],
    findings: &[Found],
    not_built: &BTreeSet<String>,
) -> Score {
    let mut at: BTreeMap<(&str, u32), Vec<&Found>> = BTreeMap::new();
    for found in findings {
        at.entry((&found.path, found.line)).or_default().push(found);
        if found.line > 0 {
            // What is said of a line is said of the file, too.
            at.entry((&found.path, 0)).or_default().push(found);
        }
    }
    let mut claimed: BTreeSet<&Found> = BTreeSet::new();
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    let mut groups: BTreeMap<(&str, &str, usize, &str), bool> = BTreeMap::new();
    for file in laid {
        let row = rows.entry(&file.kind).or_default();
        for mark in &file.marks {
            let here = at.get(&(file.path.as_str(), mark.line));
            let here = here.map(Vec::as_slice).unwrap_or_default();
            let Expect::Defect { name, group } = &mark.expect else {
                row.look_alikes += 1;
                row.flagged += usize::from(!here.is_empty());
                claimed.extend(here);
                for found in here {
                    println!("  flagged: {}:{} {}", found.path, found.line, found.message);
                }
                continue;
            };
            let named = |found: &&&Found| found.rule == *name || found.criterion == *name;
            let is_found = here.iter().any(|found| named(&found));
            claimed.extend(here.iter().filter(named));
            if let Some(group) = group {
                let key = (
                    file.kind.as_str(),
                    group.as_str(),
                    file.number,
                    name.as_str(),
                );
                *groups.entry(key).or_default() |= is_found;
            } else if row.count(is_found, not_built.contains(name)) {
                println!(
                    "  missed: {}:{} {name} ({})",
                    file.path, mark.line, file.kind
                );
            }
        }
    }
    for ((kind, _, number, name), is_found) in groups {
        let row = rows.entry(kind).or_default();
        if row.count(is_found, not_built.contains(name)) {
            println!("  missed: {name} in none of the files of {kind} {number}");
        }
    }
    let unexpected: Vec<_> = findings
        .iter()
        .filter(|found| !claimed.contains(found))
        .collect();
    for found in &unexpected {
        println!(
            "  unexpected: {}:{} {}: {}",
            found.path, found.line, found.rule, found.message
        );
    }
    let in_order = kinds.iter().filter_map(|kind| {
        let row = rows.remove(kind.name.as_str())?;
        (row.planted + row.waiting + row.look_alikes > 0).then(|| Row {
            kind: kind.name.clone(),
            ..row
        })
    });
    Score {
        rows: in_order.collect(),
        unexpected: unexpected.len(),
    }
}

impl Row {
    /// Counts one defect; says whether it was missed.
    fn count(&mut self, is_found: bool, waits: bool) -> bool {
        if waits {
            self.waiting += 1;
            return false;
        }
        self.planted += 1;
        self.found += usize::from(is_found);
        !is_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANT: &str = "== missing file\n-- {n}/a.md\n[x](no.md) %% broken_link\n[y](b.md) %% fine\n-- {n}/b.md\n\
        [z](c.md) %% circle:1\n-- {n}/c.md\n[z](b.md) %% circle:1\n";

    fn found(path: &str, line: u32, rule: &str) -> Found {
        Found {
            path: path.to_owned(),
            line,
            rule: rule.to_owned(),
            criterion: String::new(),
            destination: String::new(),
            message: String::new(),
        }
    }

    fn compared(findings: &[Found], not_built: &[&str]) -> Score {
        let folder = tempfile::tempdir().expect("a folder");
        let kinds = layout::parse(PLANT).expect("plants");
        let laid = layout::lay_out(&kinds[0], 1, folder.path()).expect("laid out");
        let not_built = not_built.iter().map(|name| (*name).to_owned()).collect();
        compare(&kinds, &laid, findings, &not_built)
    }

    #[test]
    fn every_mark_wants_its_finding() {
        let perfect = compared(
            &[
                found("1/a.md", 1, "broken_link"),
                found("1/c.md", 1, "circle"),
            ],
            &[],
        );
        assert!(perfect.is_perfect(), "{perfect:?}");
        assert_eq!(
            (perfect.rows[0].planted, perfect.rows[0].look_alikes),
            (2, 1)
        );
        for wrong in [
            &[found("1/a.md", 1, "broken_link")][..],
            &[
                found("1/a.md", 1, "link_case"),
                found("1/c.md", 1, "circle"),
            ],
            &[
                found("1/a.md", 1, "broken_link"),
                found("1/c.md", 1, "circle"),
                found("1/a.md", 2, "x"),
            ],
            &[
                found("1/a.md", 1, "broken_link"),
                found("1/c.md", 1, "circle"),
                found("1/z.md", 2, "x"),
            ],
        ] {
            assert!(!compared(wrong, &[]).is_perfect(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_not_built_is_counted_apart() {
        let score = compared(&[found("1/a.md", 1, "broken_link")], &["circle"]);
        assert_eq!((score.rows[0].planted, score.rows[0].waiting), (1, 1));
        assert!(score.is_perfect());
    }

    #[test]
    fn the_plants_of_this_command_can_be_read() {
        for (name, text) in PLANTS.iter().chain([&("base.txt", BASE)]) {
            let kinds = layout::parse(text).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            assert!(!kinds.is_empty(), "{name}");
        }
    }
}
