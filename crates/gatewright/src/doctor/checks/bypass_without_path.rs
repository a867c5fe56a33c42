//! A bypass rate or an override budget above 0 where no environment lets anything be bypassed.

use crate::doctor::papers::{Finding, Papers, entry};
use crate::doctor::quantity::{Of, Quantity};
use crate::doctor::targets::targets;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = rates(papers);
    found.extend(budgets(papers));
    found
}

/// A goal for the whole project; one environment that lets something through gives it a meaning.
fn rates(papers: &Papers<'_>) -> Vec<Finding> {
    let environments = &papers.policy.environments;
    let strict = !environments.is_empty() && environments.values().all(|one| !one.bypass_allowed);
    if !strict {
        return Vec::new();
    }
    let forbidden = environments
        .values()
        .all(|environment| environment.latitude.no_emergency);
    let all = targets(papers).into_iter();
    all.filter(|one| one.measure == "bypass_rate" && one.goal)
        .filter(|one| one.quantity.of == Of::Percent && one.quantity.micro > 0)
        .map(|one| {
            let left = if forbidden {
                "and emergencies are forbidden too: nothing is left that could be counted"
            } else {
                "so only emergency overrides are left to be counted"
            };
            let text = format!(
                "`{}` may be {}, but no environment allows a bypass, {left}",
                one.name, one.quantity.text
            );
            let next = if forbidden {
                "write 0, or allow bypasses or emergencies in some environment"
            } else {
                "say that the rate is one of emergencies, or write `bypass_allowed: true` where overrides are meant"
            };
            let mut finding = Finding::new(one.at, text, next);
            for (environment, lists) in papers.environments().into_iter().take(10) {
                let at = entry(lists, "bypass_allowed").map_or(&environment.position, |one| &one.position);
                finding = finding.beside(at, format!("`{}`: `bypass_allowed: false`", environment.key));
            }
            finding
        })
        .collect()
}

/// An environment with a budget that nothing could ever use.
fn budgets(papers: &Papers<'_>) -> Vec<Finding> {
    papers
        .native("environments")
        .filter_map(|written| {
            let environment = papers.policy.environments.get(&written.key)?;
            let budget = entry(&written.value, "override_budget")?;
            let size = Quantity::of(&budget.value)?;
            let closed = !environment.bypass_allowed && environment.latitude.no_emergency;
            if !closed || size.micro == 0 {
                return None;
            }
            let text = format!(
                "`{}` has an override budget of {}, and allows neither bypasses nor emergencies",
                written.key, size.text
            );
            let next = "remove `override_budget`, or allow what it is for";
            let mut finding = Finding::new(&budget.position, text, next);
            for key in ["bypass_allowed", "emergency"] {
                if let Some(one) = entry(&written.value, key) {
                    finding = finding.beside(&one.position, format!("`{key}`"));
                }
            }
            Some(finding)
        })
        .collect()
}
