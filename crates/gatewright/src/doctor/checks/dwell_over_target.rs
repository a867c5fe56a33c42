//! Five steps of 30 seconds in a stage of 3 minutes leave 30 seconds for the work itself.

use crate::doctor::papers::{Finding, Papers, words};
use crate::doctor::quantity::{MILLION, Quantity, span};
use crate::doctor::waits::{self, Wait};
use crate::doctor::workflow::{Job, Step};
use gate_policy::Position;

/// Pauses that take this share of the time, in percent, leave too little of it.
const SHARE: u128 = 80;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found: Vec<_> = waits::of_policy(papers)
        .into_iter()
        .filter_map(|(name, block, wait, at)| {
            let target = block.get("duration_target")?;
            let limit = Quantity::time(target).filter(|time| !time.is_lower())?;
            let what = format!("`{name}`: {}", limit.text);
            over(&wait, at, limit.micro, SHARE, (&target.position, what))
        })
        .collect();
    let jobs = papers.workflows.iter().flat_map(|workflow| &workflow.jobs);
    for (job, step) in jobs.flat_map(|job| job.steps.iter().map(move |step| (job, step))) {
        let Some(run) = step.run else { continue };
        for wait in waits::of_script(run.text).into_iter().take(20) {
            found.extend(in_workflow(papers, job, step, &wait, run.at));
        }
    }
    found
}

/// A step that no limit of its own lets finish, or that a block of the policy gives too little time.
fn in_workflow(
    papers: &Papers<'_>,
    job: &Job<'_>,
    step: &Step<'_>,
    wait: &Wait,
    at: &Position,
) -> Option<Finding> {
    let own = step
        .value
        .get("timeout-minutes")
        .and_then(|value| Some((value.as_u64()?, &value.position)));
    let stopped = own.or(job.timeout).and_then(|(minutes, limit)| {
        let what = format!("`timeout-minutes: {minutes}`");
        over(
            wait,
            at,
            u128::from(minutes) * 60 * MILLION,
            100,
            (limit, what),
        )
    });
    stopped.or_else(|| {
        let mut names = job.words.clone();
        names.extend(words(step.value.text_of("name").unwrap_or_default()));
        papers.blocks().find_map(|block| {
            let target = block.value.get("duration_target")?;
            let limit = Quantity::time(target).filter(|time| !time.is_lower())?;
            let block_words = words(&block.key);
            if block_words.len() < 2 || !block_words.iter().all(|word| names.contains(word)) {
                return None;
            }
            let what = format!("`{}`: {}", block.key, limit.text);
            over(wait, at, limit.micro, SHARE, (&target.position, what))
        })
    })
}

fn over(
    wait: &Wait,
    at: &Position,
    limit: u128,
    share: u128,
    (limit_at, what): (&Position, String),
) -> Option<Finding> {
    let whole = wait.whole();
    if whole.saturating_mul(100) < limit.saturating_mul(share) {
        return None;
    }
    let left = match limit.checked_sub(whole) {
        Some(left) if left > 0 => format!(
            "leave {} of {} for the work itself",
            span(left),
            span(limit)
        ),
        _ => format!("are not over within {}", span(limit)),
    };
    let text = format!(
        "{} steps with a pause of {} are {} of waiting, and {left}",
        wait.steps,
        span(wait.each),
        span(whole)
    );
    let next = "raise the limit, or take fewer steps or shorter pauses; a pause has to be as long as its check needs to see enough";
    Some(Finding::new(at, text, next).beside(limit_at, what))
}
