//! Token budgets: of a file alone, and of all that it loads.

use crate::arc::Arc;
use crate::closure::{Closure, Closures};
use crate::evaluate::Counts;
use crate::graph;
use crate::issue::Issue;
use crate::world::World;
use gate_runner::Missing;
use gate_verdict::Code;

/// `Err`: why not everything is counted.
pub(crate) fn check<'w>(
    world: &'w World<'_>,
    arcs: &'w [Arc<'w>],
    loads: &'w graph::Arcs,
    counts: &mut Counts,
    issues: &mut Vec<Issue>,
) -> Result<(), Missing> {
    let mut closures = Closures::new(world, arcs, loads);
    for (at, page) in world.pages.iter().enumerate() {
        let budgets = world.config.budgets.iter();
        let mut budgets = budgets
            .filter(|budget| page.is_named_by(&budget.paths))
            .peekable();
        let has_budget = budgets.peek().is_some();
        counts.budgeted_of_all += u64::from(page.selected && has_budget);
        if !page.judged || !(page.module.is_markdown() || has_budget) {
            continue;
        }
        let own = counted(world, at).unwrap_or_default();
        counts.tokens += own;
        counts.budgeted += u64::from(has_budget);
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
        let Some(most) = closure else { continue };
        let Some(closure) = closures.of(at) else {
            return Err(Missing::new(
                Code::Incomplete,
                format!(
                    "the closures of so many modules are not counted: stopped at `{}`",
                    page.path
                ),
                "set `closure` for the modules that are loaded first, not for all of them",
            ));
        };
        judge(page.path, &closure, most, issues);
    }
    Ok(())
}

/// One module with all that it loads.
fn judge(path: &str, closure: &Closure<'_>, most: u64, issues: &mut Vec<Issue>) {
    let all = closure.tokens;
    if all > most {
        let largest = closure
            .largest
            .map_or_else(String::new, |(largest, tokens)| {
                format!("; the largest it loads is `{largest}` with {tokens}")
            });
        let message = format!(
            "`{path}` and the {} it loads have {all} tokens together, their budget is {most}{largest}",
            gate_runner::counted(closure.files, "file")
        );
        let issue = Issue::of_file("closure_over_token_budget", path, "", message);
        issues.push(issue.weighing(all));
    }
    if let Some(first) = closure.unknown.first() {
        let more = match closure.unknown.len() {
            1 => String::new(),
            all => format!(" and {} more", all - 1),
        };
        let message = format!(
            "`{path}` loads `{first}`{more}, which is not here or is no text, so its closure of at least {all} tokens is not known"
        );
        let issue = Issue::of_file("closure_not_known", path, "", message);
        issues.push(issue.weighing(closure.unknown.len() as u64));
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
            .filter(|budget| page.is_named_by(&budget.paths))
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
pub(crate) fn counted(world: &World<'_>, at: usize) -> Option<u64> {
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
