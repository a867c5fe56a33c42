//! A job that waits for others is skipped when one of them fails, and a skipped required check counts as passed. The
//! field's commonest hole: the job that was to say no says nothing.

use crate::doctor::papers::{Finding, Papers, listed};
use crate::doctor::workflow::{Job, Part, Step, Workflow, runs_after_failure};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for workflow in &papers.workflows {
        let deciding = workflow
            .jobs
            .iter()
            .filter_map(|job| Some((job, decides(job)?)));
        found.extend(
            deciding
                .filter(|(job, _)| !job.needs.is_empty() && !runs_after_failure(job.condition))
                .map(|(job, step)| finding(workflow, job, step)),
        );
    }
    found
}

/// The step for which a job has to run whatever became of the jobs before it.
fn decides<'a, 'b>(job: &'b Job<'a>) -> Option<&'b Step<'a>> {
    job.steps.iter().find(|step| {
        // A step of its own that starts only after a failure says the same.
        let uses = step.uses.map_or("", |uses| uses.text);
        step.part == Part::Decision
            || uses.starts_with("re-actors/alls-green@")
            || weighs_failures(step)
    })
}

/// The step asks whether a job before it failed: without a status function it can only hear that none did.
fn weighs_failures(step: &Step<'_>) -> bool {
    let texts = [step.run, step.condition];
    texts.into_iter().flatten().any(|one| {
        let text: String = one.text.split_whitespace().collect();
        let text = text.replace('"', "'").replace("}}'", "");
        let asks = ["=='failure'", "='failure'", "!='success'"];
        let one_by_one = text.contains("needs.")
            && asks
                .iter()
                .any(|asks| text.contains(&format!(".result{asks}")));
        one_by_one
            || text.contains("contains(needs.*.result,'failure')")
            || text.contains("contains(join(needs.*.result,',')")
    })
}

fn finding(workflow: &Workflow<'_>, job: &Job<'_>, step: &Step<'_>) -> Finding {
    let needs = listed(job.needs.iter().map(|need| need.text));
    let does = if step.part == Part::Decision {
        "decides"
    } else {
        "weighs what failed"
    };
    let text = format!(
        "`{}` {does} and waits for {needs}: where one of them fails or is skipped it is skipped too, and a skipped required check counts as passed",
        job.id
    );
    let next = format!(
        "write `if: ${{{{ !cancelled() }}}}` or `if: ${{{{ always() }}}}` at `{}`",
        job.id
    );
    let mut finding = Finding::new(job.at, text, next);
    if let Some(need) = job.needs.first() {
        finding = finding.beside(need.at, "what it waits for");
    }
    if let Some(condition) = job.condition {
        finding = finding.beside(condition.at, "its condition has no status function");
    }
    let conditional = job.needs.iter().filter_map(|need| {
        let needed = workflow.job(need.text)?;
        Some((needed, needed.condition?))
    });
    for (needed, condition) in conditional.take(5) {
        let matrix = if needed.matrix().is_some() {
            "; skipped as a whole it posts none of the checks of its matrix"
        } else {
            ""
        };
        let what = format!("`{}` runs only on a condition{matrix}", needed.id);
        finding = finding.beside(condition.at, what);
    }
    finding.beside(step.at, "the step that has to run")
}
