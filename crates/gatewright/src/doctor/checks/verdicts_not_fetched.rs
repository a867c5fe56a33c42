//! Jobs share no files: verdicts come to the job that decides as artifacts, or it finds every gate missing.

use crate::doctor::papers::{Finding, Papers, listed};
use crate::doctor::workflow::{Part, Step};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for workflow in &papers.workflows {
        for job in workflow.jobs.iter().take(300) {
            let Some(at) = job
                .steps
                .iter()
                .position(|step| step.part == Part::Decision)
            else {
                continue;
            };
            let fetches = job.steps[..at].iter().any(may_fetch);
            let gates: Vec<_> = workflow
                .before(job)
                .into_iter()
                .filter(|before| before.has(|part| matches!(part, Part::Gate(_))))
                .collect();
            let Some(first) = gates.first().filter(|_| !fetches) else {
                continue;
            };
            let names = listed(gates.iter().map(|gate| gate.id));
            let text = format!(
                "`{}` decides over what {names} found and fetches none of it: every gate there counts as missing and blocks",
                job.id
            );
            let next = "keep the verdicts with `actions/upload-artifact` in every gate's job, fetch them with `actions/download-artifact` before this step, and name their folder under `verdicts`";
            found.push(
                Finding::new(job.steps[at].at, text, next).beside(first.at, "the job of a gate"),
            );
        }
    }
    found
}

/// Whether a step brings files of other jobs, or may: what an action of the repository's own does is not read here.
fn may_fetch(step: &Step<'_>) -> bool {
    const WAYS: [&str; 5] = ["download", "curl ", "aws s3", "gsutil ", "az storage"];
    let own = step.uses.is_some_and(|uses| {
        let local = uses.text.starts_with("./") || uses.text.starts_with("actions/cache");
        local && step.part == Part::Other
    });
    let script = step
        .run
        .is_some_and(|run| WAYS.iter().any(|way| run.text.contains(way)));
    step.part == Part::Fetches || own || script
}
