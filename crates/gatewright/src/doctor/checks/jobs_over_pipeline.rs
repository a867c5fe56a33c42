//! `timeout-minutes` along the longest chain of `needs:` against the budget of the whole.

use crate::doctor::papers::{Finding, Papers};
use crate::doctor::quantity::{MILLION, span};
use crate::doctor::targets::pipeline_budget;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let Some((budget, at)) = pipeline_budget(papers) else {
        return Vec::new();
    };
    let minutes = |job: &crate::doctor::workflow::Job<'_>| job.timeout.map_or(0, |(time, _)| time);
    let changes = papers.workflows.iter().filter(|one| one.for_changes());
    changes
        .filter_map(|workflow| {
            let (most, chain) = workflow.longest(minutes);
            let whole = u128::from(most) * 60 * MILLION;
            let first = chain.iter().find(|job| job.timeout.is_some())?;
            if whole <= budget.micro {
                return None;
            }
            let way: Vec<_> = chain.iter().take(10).map(|job| format!("`{}`", job.id)).collect();
            let text = format!(
                "the pipeline may take {}, and nothing stops {} before {}",
                span(budget.micro),
                way.join(" then "),
                span(whole)
            );
            let next = "lower the jobs' `timeout-minutes` to what the budget leaves them, or raise the budget";
            let mut finding = Finding::new(first.at, text, next)
                .beside(at, format!("the budget: {}", budget.text));
            for job in chain.iter().take(20) {
                if let Some((time, at)) = job.timeout {
                    finding = finding.beside(at, format!("`{}`: {time} min", job.id));
                }
            }
            Some(finding)
        })
        .collect()
}
