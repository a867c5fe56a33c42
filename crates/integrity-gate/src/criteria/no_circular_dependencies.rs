//! `no_circular_dependencies`: no module includes itself, directly or through
//! others. Links between pages are no dependencies and may go in circles.

use crate::collect::Facts;
use gate_policy::{Measured, Requirement};
use gate_runner::{Judgement, counted};
use gate_verdict::{Finding, Level, Location, sha256_hex};

const RULE: &str = "circular_dependency";

pub(super) fn judge(facts: &Facts, _required: &Requirement) -> Judgement {
    if let Some(missing) = &facts.unread {
        return Judgement::missing(missing.clone());
    }
    let findings = facts
        .cycles
        .iter()
        .map(|cycle| {
            let mut way = cycle.modules.clone();
            way.extend(cycle.modules.first().cloned());
            Finding {
                rule: RULE.to_owned(),
                criterion: String::from("no_circular_dependencies"),
                level: Level::Error,
                message: format!(
                    "modules include one another in a circle: {}",
                    way.join(" → ")
                ),
                location: cycle.modules.first().map(|path| Location {
                    path: path.clone(),
                    line: Some(cycle.line),
                    column: Some(cycle.column),
                    end_line: None,
                    end_column: None,
                }),
                fingerprint: sha256_hex(format!("{RULE}\0{}", cycle.modules.join("\0")).as_bytes()),
                baseline_state: None,
                fix: None,
            }
        })
        .collect();
    Judgement::measured(
        Measured::Count(facts.cycles.len() as u64),
        format!(
            "{} among {}",
            counted(facts.cycles.len(), "circle"),
            counted(facts.references, "module reference")
        ),
    )
    .sample(facts.references)
    .findings(findings)
    .next_step("take one include out of each circle")
}
