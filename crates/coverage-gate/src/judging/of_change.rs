//! Shares of the change, or of each file or component of it.

use super::units::{Unit, is_measured};
use super::{each, share};
use crate::collect::Facts;
use crate::patch::{FilePatch, Patch};
use gate_policy::Requirement;
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Finding, Level, Location, sha256_hex};
use std::collections::BTreeMap;

/// The rule of changed lines that did not run.
pub(crate) const UNCOVERED: &str = "uncovered_change";
/// The rule of changed lines that ran in part.
pub(crate) const PARTIAL: &str = "partly_covered_change";

pub(crate) fn judge(facts: &Facts, required: &Requirement, id: &str, unit: &Unit) -> Judgement {
    let patch = match changed(facts, unit) {
        Ok(patch) => patch,
        Err(missing) => return Judgement::missing(missing),
    };
    if let Some(path) = patch.without_lines.first() {
        return Judgement::missing(Missing::new(
            Code::EvidenceInsufficient,
            format!(
                "the reports have counts of {path} and no lines, so its change cannot be looked up"
            ),
            "have the coverage tool write a report with lines (coverage-final.json, lcov)",
        ));
    }
    let judged = if let Some(per) = &required.per {
        let of = each::Parts {
            facts,
            per,
            whole: false,
        };
        let files = patch.files.iter();
        let files = files.map(|(path, file)| (path.as_str(), file.totals));
        each::judge(&of, files, required, id, unit)
    } else {
        share::whole((unit.of)(&patch.totals()), unit, " of the change")
    };
    let Some(judged) = judged else {
        let what = format!("the change adds no {} that a report measures", unit.noun);
        return Judgement::vacuous(what).evidence(facts.reports.clone());
    };
    let mut findings = findings(patch, id, unit);
    findings.extend(judged.findings.clone());
    judged.findings(findings).evidence(facts.reports.clone())
}

/// The change, where the reports count in this unit at all: a report of other
/// code proves nothing of it.
pub(crate) fn changed<'f>(facts: &'f Facts, unit: &Unit) -> Result<&'f Patch, Missing> {
    facts.coverage.as_ref().map_err(Clone::clone)?;
    let patch = facts.patch.as_ref().map_err(Clone::clone)?;
    if is_measured(unit, &facts.totals) {
        Ok(patch)
    } else {
        Err(share::nothing_measured(unit))
    }
}

/// Lines that did not run count against every unit but branches, which the
/// lines that ran in part count against.
fn findings(patch: &Patch, id: &str, unit: &Unit) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, file) in &patch.files {
        if unit.noun == "branch" {
            partial(&mut findings, path, file, id);
        } else if unit.noun == "line" {
            missed(&mut findings, path, file, id);
        }
    }
    findings
}

fn missed(findings: &mut Vec<Finding>, path: &str, file: &FilePatch, id: &str) {
    let mut seen = BTreeMap::new();
    for &(first, last) in &file.missed {
        let message = if first == last {
            String::from("this changed line did not run in any test")
        } else {
            format!("changed lines {first} to {last} did not run in any test")
        };
        let print = print((UNCOVERED, path), file, (first, last), &mut seen);
        findings.push(finding(
            (UNCOVERED, id),
            path,
            (first, last),
            print,
            message,
        ));
    }
}

fn partial(findings: &mut Vec<Finding>, path: &str, file: &FilePatch, id: &str) {
    let mut seen = BTreeMap::new();
    for &(line, on_line) in &file.partial {
        let message = format!(
            "this changed line ran, and {} of its {} were taken",
            on_line.covered,
            counted(on_line.total, "branch")
        );
        let print = print((PARTIAL, path), file, (line, line), &mut seen);
        findings.push(finding((PARTIAL, id), path, (line, line), print, message));
    }
}

/// The same finding has the same print wherever it moves: by what stands in its lines, and which of those it is that
/// look alike. Where that is not known, by how many lines there are.
fn print(
    (rule, path): (&str, &str),
    file: &FilePatch,
    (first, last): (u32, u32),
    seen: &mut BTreeMap<String, usize>,
) -> String {
    let text = file.texts.get(&first).cloned();
    let text = text.unwrap_or_else(|| (last - first).to_string());
    let nth = seen.entry(text.clone()).or_default();
    let print = sha256_hex(format!("{rule}\0{path}\0{nth}\0{text}").as_bytes());
    *nth += 1;
    print
}

fn finding(
    (rule, id): (&str, &str),
    path: &str,
    (first, last): (u32, u32),
    fingerprint: String,
    message: String,
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        criterion: id.to_owned(),
        level: Level::Warning,
        message,
        location: Some(Location {
            path: path.to_owned(),
            line: Some(first),
            column: None,
            end_line: Some(last),
            end_column: None,
        }),
        fingerprint,
        baseline_state: None,
        fix: None,
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn prints(runs: &[(u32, &str)]) -> Vec<String> {
        let file = FilePatch {
            missed: runs.iter().map(|(line, _)| (*line, *line)).collect(),
            texts: runs
                .iter()
                .map(|(line, text)| (*line, (*text).to_owned()))
                .collect(),
            ..FilePatch::default()
        };
        let mut findings = Vec::new();
        missed(&mut findings, "a.rs", &file, "patch_line_coverage");
        findings.into_iter().map(|one| one.fingerprint).collect()
    }

    #[test]
    fn findings_keep_their_prints_when_another_comes_before_them() {
        let before = prints(&[(3, "a"), (9, "b"), (20, "b")]);
        let after = prints(&[(2, "new"), (4, "a"), (10, "b"), (21, "b")]);
        assert_eq!(before, after[1..]);
        let distinct: std::collections::BTreeSet<_> = after.iter().collect();
        assert_eq!(distinct.len(), 4);
    }
}
