//! Token budgets: of a file alone, and of all that it loads.

use crate::evaluate::Counts;
use crate::graph;
use crate::issue::Issue;
use crate::world::World;

pub(crate) fn check(
    world: &World<'_>,
    loads: &graph::Arcs,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) {
    let tokens = |at: usize| counted(world, at).unwrap_or_default();
    for (at, page) in world.pages.iter().enumerate() {
        let markdown = page.module.is_markdown();
        if !page.judged || !(markdown || world.config.has_budget(page.path)) {
            continue;
        }
        let own = tokens(at);
        counts.tokens += own;
        let mut budgets = world
            .config
            .budgets
            .iter()
            .filter(|budget| budget.paths.is_match(page.path))
            .peekable();
        counts.budgeted += u64::from(budgets.peek().is_some());
        // The strictest budget of each kind counts.
        let (mut max, mut closure) = (None, None);
        for budget in budgets {
            max = strictest(max, budget.max);
            closure = strictest(closure, budget.closure);
        }
        if let Some(max) = max.filter(|max| own > *max) {
            let message = format!("`{}` has {own} tokens, its budget is {max}", page.path);
            let issue = Issue::of_file("over_token_budget", page.path, "", message);
            issues.push(issue.weighing(own));
        }
        let Some(closure) = closure else { continue };
        let reached = graph::reached(loads, [at]);
        let loaded: Vec<usize> = (0..reached.len()).filter(|at| reached[*at]).collect();
        let all: u64 = loaded.iter().map(|at| tokens(*at)).sum();
        if all > closure {
            let largest = loaded
                .iter()
                .filter(|other| **other != at)
                .max_by_key(|at| (tokens(**at), std::cmp::Reverse(**at)));
            let largest = largest.map_or_else(String::new, |largest| {
                format!(
                    "; the largest it loads is `{}` with {}",
                    world.pages[*largest].path,
                    tokens(*largest)
                )
            });
            let message = format!(
                "`{}` and the {} it loads have {all} tokens together, their budget is {closure}{largest}",
                page.path,
                gate_runner::counted(loaded.len().saturating_sub(1), "module")
            );
            let issue = Issue::of_file("closure_over_token_budget", page.path, "", message);
            issues.push(issue.weighing(all));
        }
    }
}

/// Files that grew by more than a change may add.
pub(crate) fn growth(
    head: &World<'_>,
    base: &World<'_>,
    was_named: impl Fn(&str) -> String,
    issues: &mut Vec<Issue>,
) {
    for (at, page) in head.pages.iter().enumerate() {
        if !page.judged {
            continue;
        }
        let budgets = head.config.budgets.iter();
        let growth = budgets
            .filter(|budget| budget.paths.is_match(page.path))
            .fold(None, |growth, budget| strictest(growth, budget.growth));
        let (Some(growth), Some(now)) = (growth, counted(head, at)) else {
            continue;
        };
        let before = base.page(&was_named(page.path));
        let before = before.and_then(|at| counted(base, at)).unwrap_or_default();
        let grown = now.saturating_sub(before);
        if grown > growth {
            let message = format!(
                "`{}` grew by {grown} tokens, from {before} to {now}; a change may add {growth}",
                page.path
            );
            issues.push(Issue::of_file("token_growth", page.path, "", message));
        }
    }
}

/// The tokens of a page; `None` where nobody counts them.
fn counted(world: &World<'_>, at: usize) -> Option<u64> {
    let counts = &world.pages[at].module.tokens;
    let of_ours = counts.iter().find(|(of, _)| *of == world.config.encoding);
    of_ours.map(|(_, tokens)| *tokens)
}

fn strictest(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
