//! "Below 5 %" takes 59 deployments without a failure to show; 5 a week are 20 a month.

use crate::doctor::papers::{Finding, Papers, below, entry_of, words};
use crate::doctor::quantity::{MILLION, Of, Quantity, plain, span};
use crate::doctor::sample::floor;
use crate::doctor::targets::{Target, targets};
use crate::doctor::waits;
use gate_policy::{Position, Value};

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let all = targets(papers);
    let mut found = deployments(&all);
    found.extend(traffic(papers, &all));
    found
}

/// The share of failures that a target allows, in millionths of a percent.
fn allowed(target: &Target<'_>) -> Option<u128> {
    let bound = &target.quantity;
    if bound.of != Of::Percent {
        return None;
    }
    if bound.is_upper() {
        Some(bound.micro)
    } else if bound.is_lower() {
        (100 * MILLION).checked_sub(bound.micro)
    } else {
        None
    }
}

/// Rates of deployments against the frequency that the same block has as its goal.
fn deployments(all: &[Target<'_>]) -> Vec<Finding> {
    let frequencies = all
        .iter()
        .filter(|one| one.measure == "deployment_frequency" && one.goal);
    frequencies
        .filter_map(|frequency| {
            let (a_month, per) = a_month(frequency)?;
            let rates: Vec<_> = all
                .iter()
                .filter(|one| one.block == frequency.block && one.goal)
                .filter(|one| ["change_failure_rate", "success_rate"].contains(&one.measure))
                .filter_map(|one| Some((one, floor(allowed(one)?)?)))
                .filter(|(_, needed)| u128::from(*needed) * MILLION > a_month)
                .collect();
            let (first, needed) = rates.iter().max_by_key(|(_, needed)| *needed)?;
            let seen = a_month / MILLION;
            let text = format!(
                "`{}` {} takes {needed} deployments without a failure to show (95 % confidence), and {} {per} are {seen} a month",
                first.name, first.quantity.text, frequency.quantity.text
            );
            let next = match (u128::from(*needed) * MILLION).checked_div(a_month) {
                Some(months) => format!(
                    "judge it over at least {} months, or deploy more often, and show the interval instead of yes or no",
                    months + 1
                ),
                None => String::from("deploy more often, or judge it over a longer time"),
            };
            let mut finding = Finding::new(first.at, text, next)
                .beside(frequency.at, format!("`{}`: {}", frequency.name, frequency.quantity.text));
            for (other, needed) in rates.iter().filter(|(one, _)| one.name != first.name) {
                let what = format!("`{}` {} takes {needed} too", other.name, other.quantity.text);
                finding = finding.beside(other.at, what);
            }
            Some(finding)
        })
        .collect()
}

/// How often in four weeks, in millionths, and the word for what was written.
fn a_month(frequency: &Target<'_>) -> Option<(u128, &'static str)> {
    let said = ["measurement", "description", "unit", "per"].iter();
    let said: Vec<String> = said
        .filter_map(|key| frequency.around.text_of(key))
        .flat_map(words)
        .collect();
    let says = |word: &str| said.iter().any(|said| said == word);
    let number = (frequency.quantity.of == Of::Number).then_some(frequency.quantity.micro)?;
    let periods = [
        ("week", 4, "a week"),
        ("month", 1, "a month"),
        ("day", 20, "a day"),
    ];
    periods
        .into_iter()
        .find(|(word, _, _)| says(word))
        .map(|(_, times, per)| (number * times, per))
}

/// Rates of requests against what reaches the first step of a shift of traffic.
fn traffic(papers: &Papers<'_>, all: &[Target<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, block, wait, at) in waits::of_policy(papers) {
        let share = wait
            .first
            .as_deref()
            .and_then(Quantity::parse)
            .filter(|share| {
                matches!(share.of, Of::Percent | Of::Number) && share.micro <= 100 * MILLION
            });
        let (Some(share), Some((load, load_at))) = (share, load(block, all)) else {
            continue;
        };
        // Millionths of a second, of a request a second and of a percent.
        let seen = wait.each.saturating_mul(load).saturating_mul(share.micro)
            / (100 * MILLION * MILLION * MILLION);
        let rates = all.iter().filter(|one| {
            let known = ["error_rate", "timeout_rate", "request_failure_rate"].contains(&one.name);
            known && one.quantity.is_upper()
        });
        for rate in rates {
            let Some(needed) = allowed(rate).and_then(floor) else {
                continue;
            };
            if u128::from(needed) <= seen {
                continue;
            }
            let text = format!(
                "`{}` {} takes {needed} requests without a failure to show (95 % confidence), and {} at {} % of {} a second in `{name}` are {seen}",
                rate.name,
                rate.quantity.text,
                span(wait.each),
                plain(share.micro),
                plain(load)
            );
            let next = "stay longer at the first step, start with a larger share, or ask for a rate that so few requests can show";
            found.push(
                Finding::new(rate.at, text, next)
                    .beside(at, "the pause")
                    .beside(load_at, "the load"),
            );
        }
    }
    found
}

const LOADS: [&str; 3] = ["requests_per_second", "rps", "throughput"];

/// Requests a second: what the block says, else the one load that any gate asks for.
fn load<'a>(block: &'a Value, all: &[Target<'a>]) -> Option<(u128, &'a Position)> {
    let own = below(block)
        .into_iter()
        .find_map(|map| entry_of(map, &LOADS));
    if let Some(entry) = own {
        let load = Quantity::of(&entry.value)?;
        return matches!(load.of, Of::Number | Of::PerSecond)
            .then_some((load.micro, &entry.value.position));
    }
    let mut loads = all.iter().filter(|one| {
        LOADS.contains(&one.name) && matches!(one.quantity.of, Of::Number | Of::PerSecond)
    });
    let first = loads.next()?;
    loads
        .next()
        .is_none()
        .then_some((first.quantity.micro, first.at))
}
