//! Numbers that a policy names for a measure: goals (`mttr: {target: "< 15 minutes"}`) and what gates ask for.

use super::papers::{Papers, lists_of};
use super::quantity::Quantity;
use gate_policy::{Entry, Position, Value};

/// One number for one measure.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    /// The measure under its one name.
    pub(super) measure: &'a str,
    /// As written.
    pub(super) name: &'a str,
    /// The top-level key, or the gate.
    pub(super) block: &'a str,
    pub(super) goal: bool,
    /// It stands at the block itself, or in its one map of goals; deeper down it may be of a part or an environment.
    pub(super) direct: bool,
    pub(super) quantity: Quantity,
    pub(super) at: &'a Position,
    /// What stands beside it.
    pub(super) around: &'a Value,
}

/// Names that people have for one measure of a whole project.
const MEASURES: [(&str, &[&str]); 9] = [
    (
        "coverage",
        &[
            "coverage",
            "test_coverage",
            "code_coverage",
            "line_coverage",
            "minimum_coverage",
            "min_coverage",
            "coverage_minimum",
            "coverage_threshold",
        ],
    ),
    (
        "mttr",
        &[
            "mttr",
            "mean_time_to_recovery",
            "mean_time_to_restore",
            "recovery_time",
            "time_to_restore",
        ],
    ),
    (
        "lead_time",
        &["lead_time", "lead_time_for_changes", "change_lead_time"],
    ),
    ("change_failure_rate", &["change_failure_rate", "cfr"]),
    ("success_rate", &["success_rate", "deployment_success_rate"]),
    ("deployment_frequency", &["deployment_frequency"]),
    (
        "bypass_rate",
        &[
            "bypass_rate",
            "gate_bypass_rate",
            "quality_gate_bypass_rate",
            "override_rate",
        ],
    ),
    (
        "gate_pass_rate",
        &["gate_pass_rate", "quality_gate_pass_rate"],
    ),
    (
        "pipeline_duration",
        &[
            "pipeline_duration",
            "total_pipeline_duration",
            "pipeline_time",
            "ci_duration",
        ],
    ),
];

/// The one name of a measure, where it is one of a whole project.
pub(super) fn measure(name: &str) -> Option<&'static str> {
    let known = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    MEASURES
        .iter()
        .find(|(_, names)| known(names))
        .map(|(measure, _)| *measure)
}

/// Maps of these names hold goals by their names.
const GOALS: [&str; 6] = ["targets", "goals", "objectives", "metrics", "kpis", "dora"];
const CONTAINERS: [&str; 3] = ["criteria", "requirements", "controls"];
/// A map with one of these speaks for a part.
const PARTS: [&str; 4] = ["paths", "exclude", "scopes", "when"];

/// More than any policy names; they are compared with one another.
const MAX: usize = 1_000;

/// All goals and all that gates ask for, but not what speaks for a part of the repository or for one environment.
pub(super) fn targets<'a>(papers: &'a Papers<'_>) -> Vec<Target<'a>> {
    let mut all = Vec::new();
    let blocks = papers
        .blocks()
        .filter(|block| lists_of(&block.value).is_none());
    for block in blocks.chain(papers.native("gates")) {
        map(block, &block.key, 0, &mut all);
    }
    all.truncate(MAX);
    all
}

fn map<'a>(parent: &'a Entry, block: &'a str, depth: usize, all: &mut Vec<Target<'a>>) {
    let value = &parent.value;
    if PARTS.iter().any(|key| value.get(key).is_some()) {
        return;
    }
    let named_goals = GOALS.contains(&parent.key.as_str());
    let direct = depth == 0 || depth == 1 && named_goals;
    for entry in value.as_map().unwrap_or_default() {
        if CONTAINERS.contains(&entry.key.as_str()) {
            criteria(entry, block, direct, all);
            continue;
        }
        let goal = if named_goals {
            entry.value.get("target").or(Some(&entry.value))
        } else {
            entry.value.get("target")
        };
        match goal.and_then(|value| Some((value, Quantity::of(value)?))) {
            Some((goal, quantity)) => all.push(Target {
                measure: measure(&entry.key).unwrap_or(&entry.key),
                name: &entry.key,
                block,
                goal: true,
                direct,
                quantity,
                at: &goal.position,
                around: &entry.value,
            }),
            None => map(entry, block, depth + 1, all),
        }
    }
}

fn criteria<'a>(container: &'a Entry, block: &'a str, direct: bool, all: &mut Vec<Target<'a>>) {
    let maps = std::iter::once(&container.value).chain(container.value.items());
    for entry in maps.flat_map(|map| map.as_map().unwrap_or_default()) {
        let bound = entry.value.get("fail").unwrap_or(&entry.value);
        if let Some(quantity) = Quantity::of(bound) {
            all.push(Target {
                measure: measure(&entry.key).unwrap_or(&entry.key),
                name: &entry.key,
                block,
                goal: false,
                direct,
                quantity,
                at: &entry.position,
                around: &container.value,
            });
        }
    }
}

/// The budget of the whole pipeline: a measure of that name, or the `duration_target` of a block called so.
pub(super) fn pipeline_budget<'a>(papers: &'a Papers<'_>) -> Option<(Quantity, &'a Position)> {
    let measured = targets(papers)
        .into_iter()
        .find(|one| one.measure == "pipeline_duration" && one.direct)
        .map(|one| (one.quantity, one.at));
    let own = || {
        let block = papers
            .blocks()
            .find(|block| PIPELINES.contains(&block.key.as_str()))?;
        let target = block.value.get("duration_target")?;
        Some((Quantity::time(target)?, &target.position))
    };
    measured
        .filter(|(quantity, _)| quantity.of == super::quantity::Of::Time)
        .or_else(own)
        .filter(|(quantity, _)| !quantity.is_lower())
}

/// Blocks that are the whole and no stage of it.
pub(super) const PIPELINES: [&str; 4] =
    ["pipeline", "ci_pipeline", "cicd_pipeline", "ci_cd_pipeline"];
