//! Scopes and shards that the policy waits for and that no step of any workflow leaves a verdict of.

use crate::doctor::papers::{Finding, Papers, entry, listed};
use crate::doctor::workflow::{Job, Part, Step};
use gate_policy::{Entry, GatePolicy, Value};
use std::collections::BTreeSet;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    if papers.calls_elsewhere() {
        return Vec::new();
    }
    let gates = papers.native("gates");
    gates
        .take(500)
        .filter_map(|written| {
            let gate = papers.policy.gates.get(gate_policy::alias(&written.key))?;
            let steps = steps(papers, gate);
            // No step at all: its verdicts come from elsewhere.
            if steps.is_empty() {
                return None;
            }
            scopes(written, gate, &steps).or_else(|| shards(written, gate, &steps))
        })
        .collect()
}

/// The steps that judge a gate.
fn steps<'a>(papers: &'a Papers<'_>, gate: &GatePolicy) -> Vec<(&'a Job<'a>, &'a Step<'a>)> {
    let jobs = papers.workflows.iter().flat_map(|workflow| &workflow.jobs);
    jobs.flat_map(|job| job.steps.iter().map(move |step| (job, step)))
        .filter(|(_, step)| step.part == Part::Gate(&gate.kind) || step.part == Part::Whole)
        .filter(|(_, step)| {
            let only = step
                .input("gate")
                .filter(|key| *key != "run" && *key != gate.kind);
            only.is_none_or(|key| key == gate.key)
        })
        .collect()
}

fn scopes(written: &Entry, gate: &GatePolicy, steps: &[(&Job<'_>, &Step<'_>)]) -> Option<Finding> {
    let mut made = BTreeSet::new();
    for (job, step) in steps {
        // What cannot be told from the file may be any of them.
        made.extend(values(job, step, "scope")?);
    }
    let missing: Vec<&str> = gate
        .scopes
        .iter()
        .map(String::as_str)
        .filter(|scope| !made.contains(*scope))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let at = entry(&written.value, "scopes")?;
    let made = if made.is_empty() {
        String::from("none")
    } else {
        listed(made.iter().map(String::as_str))
    };
    let text = format!(
        "gate `{}` waits for scope {}, and the steps that judge it make {made}: the missing one blocks",
        gate.key,
        listed(missing)
    );
    let next = "give a step that `scope:`, or take it off the list";
    let (_, step) = steps.first()?;
    Some(Finding::new(&at.value.position, text, next).beside(step.at, "a step that judges it"))
}

fn shards(written: &Entry, gate: &GatePolicy, steps: &[(&Job<'_>, &Step<'_>)]) -> Option<Finding> {
    let expected = gate.shards?;
    let mut made = BTreeSet::new();
    for (job, step) in steps {
        for shard in values(job, step, "shard")? {
            let (index, total) = shard.split_once('/')?;
            made.insert((
                index.trim().parse::<u32>().ok()?,
                total.trim().parse::<u32>().ok()?,
            ));
        }
    }
    let wrong = made.iter().find(|(_, total)| *total != expected);
    let text = match wrong {
        Some((_, total)) => format!(
            "gate `{}` waits for {expected} shards, and the steps that judge it make {total}",
            gate.key
        ),
        None if made.len() < expected as usize => format!(
            "gate `{}` waits for {expected} shards, and the steps that judge it make only {} of them: the missing ones block",
            gate.key,
            made.len()
        ),
        None => return None,
    };
    let at = entry(&written.value, "shards")?;
    let next = "let the matrix make as many as the policy says";
    let (_, step) = steps.first()?;
    Some(Finding::new(&at.value.position, text, next).beside(step.at, "a step that judges it"))
}

/// Everything that an input becomes over a job's matrix: literals and `${{ matrix.key }}` in them. `None`: not known.
fn values(job: &Job<'_>, step: &Step<'_>, input: &str) -> Option<Vec<String>> {
    if step.run.is_some() {
        return None;
    }
    let Some(text) = step.input(input) else {
        return Some(Vec::new());
    };
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (expression, behind) = after.split_once("}}")?;
        let known = expanded(job, expression.trim())?;
        if all.len().saturating_mul(known.len()) > 1_000 {
            return None;
        }
        all = all
            .iter()
            .flat_map(|start| {
                known
                    .iter()
                    .map(move |value| format!("{start}{before}{value}"))
            })
            .collect();
        rest = behind;
    }
    Some(
        all.into_iter()
            .map(|start| format!("{start}{rest}"))
            .collect(),
    )
}

fn expanded(job: &Job<'_>, expression: &str) -> Option<Vec<String>> {
    let matrix = job.matrix()?;
    if matrix.get("exclude").is_some() {
        return None;
    }
    if expression == "strategy.job-total" {
        if matrix.get("include").is_some() {
            return None;
        }
        let mut total = 1_usize;
        for (_, values) in matrix.pairs() {
            total = total.checked_mul(values.as_list()?.len())?;
        }
        return Some(vec![total.to_string()]);
    }
    let key = expression.strip_prefix("matrix.")?;
    let own = match matrix.get(key) {
        Some(values) => values.as_list()?,
        None => &[],
    };
    let included = matrix
        .get("include")
        .map_or(Some(&[][..]), Value::as_list)?;
    let included = included.iter().filter_map(|one| one.get(key));
    let all = own.iter().chain(included);
    all.map(|value| value.as_str().map(str::to_owned)).collect()
}
