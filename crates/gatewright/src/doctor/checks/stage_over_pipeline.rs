//! `duration_target`s of stages against the budget of the whole.

use crate::doctor::papers::{Finding, Papers, listed};
use crate::doctor::quantity::{Quantity, span};
use crate::doctor::targets::{PIPELINES, pipeline_budget};
use gate_policy::Position;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let Some((budget, at)) = pipeline_budget(papers) else {
        return Vec::new();
    };
    let stages: Vec<(&str, Quantity, &Position)> = papers
        .blocks()
        .filter(|block| !PIPELINES.contains(&block.key.as_str()))
        .filter_map(|block| {
            let target = block.value.get("duration_target")?;
            Some((
                block.key.as_str(),
                Quantity::time(target)?,
                &target.position,
            ))
        })
        .filter(|(_, quantity, _)| !quantity.is_lower())
        .collect();
    let sum: u128 = stages.iter().map(|(_, quantity, _)| quantity.micro).sum();
    let Some(longest) = stages.iter().max_by_key(|(_, quantity, _)| quantity.micro) else {
        return Vec::new();
    };
    // Side by side they may well fit; that they follow one another has to be written.
    let over = longest.1.micro > budget.micro;
    let fits = sum <= budget.micro || !in_order(papers);
    if !over && fits {
        return Vec::new();
    }
    let alone = if over {
        format!("; `{}` alone takes {}", longest.0, span(longest.1.micro))
    } else {
        String::new()
    };
    let text = format!(
        "the pipeline may take {}, and its {} stages may take {} one after the other{alone}",
        span(budget.micro),
        stages.len(),
        span(sum)
    );
    let names = listed(stages.iter().map(|(name, _, _)| *name));
    let next = format!("raise the pipeline's budget, or lower those of {names}");
    let mut finding = Finding::new(at, text, next);
    for (name, quantity, at) in stages.iter().take(20) {
        finding = finding.beside(at, format!("`{name}`: {}", quantity.text));
    }
    vec![finding]
}

/// The pipeline lists its stages, and does not say that they run side by side.
fn in_order(papers: &Papers<'_>) -> bool {
    papers
        .blocks()
        .filter(|block| PIPELINES.contains(&block.key.as_str()))
        .any(|block| {
            let listed = block
                .value
                .get("stages")
                .is_some_and(|one| !one.items().is_empty());
            listed && block.value.bool_of("parallel") != Some(true)
        })
}
