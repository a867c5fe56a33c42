//! A gate step that fails ends its job: what follows it is not judged, kept, uploaded or decided.

use crate::doctor::papers::{Finding, Papers};
use crate::doctor::workflow::{Part, Step, runs_after_failure};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let jobs = papers.workflows.iter().flat_map(|workflow| &workflow.jobs);
    jobs.filter_map(|job| {
        job.steps.iter().enumerate().find_map(|(at, step)| {
            let Part::Gate(kind) = step.part else {
                return None;
            };
            if never_fails(step) || step.goes_on() {
                return None;
            }
            let (follower, text) = consequence(kind, &job.steps[at + 1..])?;
            let next = "write `fail-on: never` at the gate's step: the verdict is kept, and `quality-gate` decides";
            Some(Finding::new(step.at, text, next).beside(follower.at, "what follows"))
        })
    })
    .collect()
}

fn never_fails(step: &Step<'_>) -> bool {
    let typed = step.run.is_some_and(|run| {
        let text = run.text;
        text.contains("--fail-on never") || text.contains("--fail-on=never") || text.contains("|| ")
    });
    let variable = step
        .value
        .get("env")
        .and_then(|env| env.text_of("GATEWRIGHT_FAIL_ON"));
    // What an expression gives is not known.
    let given = step.input("fail-on").or(variable);
    typed || given.is_some_and(|level| level == "never" || level.contains("${{"))
}

fn consequence<'a, 'b>(kind: &str, rest: &'b [Step<'a>]) -> Option<(&'b Step<'a>, String)> {
    let ended = rest.iter().find(|step| {
        let ours = matches!(step.part, Part::Gate(_) | Part::Decision | Part::Keeps);
        ours && !runs_after_failure(step.condition)
    });
    if let Some(step) = ended {
        let text = format!(
            "a red `{kind}` gate ends the job here, and what follows does not run: findings and verdicts are lost"
        );
        return Some((step, text));
    }
    let decision = rest.iter().find(|step| step.part == Part::Decision)?;
    let text = format!(
        "a red `{kind}` gate fails the job by itself, whatever `quality-gate` decides about it in this environment"
    );
    Some((decision, text))
}
