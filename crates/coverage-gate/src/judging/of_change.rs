//! Shares of the change, or of each file or component of it.

use super::units::{Unit, is_measured};
use super::{each, share};
use crate::collect::Facts;
use crate::patch::{FilePatch, Patch};
use gate_policy::Requirement;
use gate_runner::{Judgement, Missing, counted};
use gate_verdict::{Code, Finding, Level, Location, sha256_hex};

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
    for (nth, &(first, last)) in file.missed.iter().enumerate() {
        let message = if first == last {
            String::from("this changed line did not run in any test")
        } else {
            format!("changed lines {first} to {last} did not run in any test")
        };
        findings.push(finding((UNCOVERED, id), path, (first, last), nth, message));
    }
}

fn partial(findings: &mut Vec<Finding>, path: &str, file: &FilePatch, id: &str) {
    for (nth, &(line, on_line)) in file.partial.iter().enumerate() {
        let message = format!(
            "this changed line ran, and {} of its {} were taken",
            on_line.covered,
            counted(on_line.total, "branch")
        );
        findings.push(finding((PARTIAL, id), path, (line, line), nth, message));
    }
}

fn finding(
    (rule, id): (&str, &str),
    path: &str,
    (first, last): (u32, u32),
    nth: usize,
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
        // lines move; how many lines did not run in a row, and which of the runs it is, less so
        fingerprint: sha256_hex(format!("{rule}\0{path}\0{nth}\0{}", last - first).as_bytes()),
        baseline_state: None,
        fix: None,
    }
}
