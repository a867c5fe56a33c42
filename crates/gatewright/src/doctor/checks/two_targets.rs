//! `MTTR 15 minutes` here and `30 minutes` there. A gate that asks for more than the goal says is no contradiction.

use crate::doctor::papers::{Finding, Papers, words};
use crate::doctor::targets::{Target, measure, targets};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let all: Vec<_> = targets(papers)
        .into_iter()
        .filter(|one| one.direct && measure(one.name).is_some())
        .filter(|one| !one.goal || for_all(one.block))
        .collect();
    let mut found = Vec::new();
    let mut told: Vec<(&str, u128)> = Vec::new();
    for (at, goal) in all.iter().enumerate().filter(|(_, one)| one.goal) {
        for other in &all {
            let same = other.measure == goal.measure && other.quantity.of == goal.quantity.of;
            let differs = other.quantity.micro != goal.quantity.micro;
            if !same || !differs || told.contains(&(goal.measure, other.quantity.micro)) {
                continue;
            }
            let earlier = all[..at].iter().any(|one| std::ptr::eq(one, other));
            if other.goal && earlier || !other.goal && !looser(other, goal) {
                continue;
            }
            told.push((goal.measure, other.quantity.micro));
            found.push(finding(goal, other));
        }
    }
    found
}

/// Whether a block holds the goals of the whole project: one that is called like a service may have its own.
fn for_all(block: &str) -> bool {
    const WORDS: [&str; 9] = [
        "metrics",
        "metric",
        "goals",
        "targets",
        "objectives",
        "kpis",
        "dora",
        "standards",
        "requirements",
    ];
    words(block)
        .iter()
        .any(|word| WORDS.contains(&word.as_str()))
}

/// Whether what a gate asks for lets through what misses the goal.
fn looser(gate: &Target<'_>, goal: &Target<'_>) -> bool {
    let upper = if gate.quantity.op.is_some() {
        gate.quantity.is_upper()
    } else {
        goal.quantity.is_upper()
    };
    if upper {
        gate.quantity.micro > goal.quantity.micro
    } else {
        gate.quantity.micro < goal.quantity.micro
    }
}

fn finding(goal: &Target<'_>, other: &Target<'_>) -> Finding {
    let measure = goal.measure;
    let (here, there) = (&goal.quantity.text, &other.quantity.text);
    let what = if other.goal {
        "has the goal"
    } else {
        "asks for"
    };
    Finding::new(
        goal.at,
        format!(
            "`{}` sets `{measure}` to {here}, and `{}` {what} {there}",
            goal.block, other.block
        ),
        "say which one holds, and name the other differently if it is for something else",
    )
    .beside(other.at, format!("`{}`: {there}", other.name))
}
