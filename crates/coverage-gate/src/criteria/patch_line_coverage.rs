//! `patch_line_coverage`: of the lines that the change adds or edits and that
//! a report measures, the share that ran. The change is the difference between
//! the base and the tested tree. A change without measured lines has nothing
//! that could fall short and passes, saying so.

use crate::collect::Facts;
use crate::patch::Patch;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, Location, Ratio, sha256_hex};

const RULE: &str = "uncovered_change";

pub(super) fn judge(facts: &Facts, required: &Requirement) -> Judgement {
    let patch = match (&facts.coverage, &facts.patch) {
        (Err(missing), _) | (_, Err(missing)) => return Judgement::missing(missing.clone()),
        (Ok(_), Ok(patch)) => patch,
    };
    if let Some(missing) = super::whole_only(required) {
        return Judgement::missing(missing);
    }
    if patch.total == 0 {
        return Judgement::vacuous("the change adds no line that a report measures");
    }
    Judgement::measured(
        Measured::Percent(Ratio::new(patch.covered, patch.total)),
        format!(
            "{} of {} of the change ran",
            patch.covered,
            counted(patch.total, "measured line")
        ),
    )
    .sample(patch.total)
    .evidence(facts.reports.clone())
    .findings(findings(patch))
    .next_step("add tests that reach the changed lines that did not run")
}

fn findings(patch: &Patch) -> Vec<Finding> {
    patch
        .uncovered
        .iter()
        .map(|(path, first, last)| Finding {
            rule: RULE.to_owned(),
            criterion: String::from("patch_line_coverage"),
            level: Level::Warning,
            message: if first == last {
                String::from("this changed line did not run in any test")
            } else {
                format!("changed lines {first} to {last} did not run in any test")
            },
            location: Some(Location {
                path: path.clone(),
                line: Some(*first),
                column: None,
                end_line: Some(*last),
                end_column: None,
            }),
            fingerprint: sha256_hex(format!("{RULE}\0{path}\0{first}\0{last}").as_bytes()),
            baseline_state: None,
            fix: None,
        })
        .collect()
}
