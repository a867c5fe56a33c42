//! An alert on more than 30 minutes about what is stopped after 15; a burn rate past all that can burn.

use crate::doctor::papers::{Finding, Papers, below, entry, entry_of, words};
use crate::doctor::quantity::{MILLION, Of, Quantity, plain, span};
use gate_policy::{Entry, Position, Value};

const CONDITIONS: [&str; 2] = ["condition", "expr"];
/// Each is compared with all jobs; nobody has more.
const MAX_ALERTS: usize = 500;

pub(super) fn find(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let maps = papers.blocks().flat_map(|block| {
        let maps = below(&block.value).into_iter();
        maps.map(move |map| (block, map))
    });
    let alerts = maps.filter_map(|(block, map)| {
        let condition = entry_of(map, &CONDITIONS)?;
        let (name, bound) = comparison(&condition.value)?;
        Some((block, map, name, bound, &condition.value.position))
    });
    for (block, map, name, bound, at) in alerts.take(MAX_ALERTS) {
        found.extend(match bound.of {
            Of::Time => too_late(papers, name, &bound, at),
            Of::Percent => impossible_share(name, &bound, at),
            Of::Number => too_hot(block, map, name, &bound, at),
            Of::PerSecond => None,
        });
    }
    found
}

/// `name > bound`, and nothing else: what more there is could make it true.
fn comparison(value: &Value) -> Option<(&str, Quantity)> {
    let text = value.as_str()?;
    let at = text.find('>')?;
    let (name, bound) = (text[..at].trim(), Quantity::parse(&text[at..])?);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (bound.is_lower() && !name.is_empty() && name.chars().all(plain)).then_some((name, bound))
}

/// Words of a name that say that it is a length of time.
const TIMES: [&str; 5] = ["time", "duration", "length", "seconds", "minutes"];

fn too_late(papers: &Papers<'_>, name: &str, bound: &Quantity, at: &Position) -> Option<Finding> {
    let about: Vec<_> = words(name)
        .into_iter()
        .filter(|word| !TIMES.contains(&word.as_str()))
        .collect();
    if about.is_empty() {
        return None;
    }
    let next = "lower the alert below what stops it, or alert on the job that was stopped";
    let told = |limit: u128, what: String| {
        let text = format!(
            "`{name}` never gets above {}: {what} stopped after {}",
            span(bound.micro),
            span(limit)
        );
        Finding::new(at, text, next)
    };
    let mut longest: Option<(u128, Finding)> = None;
    for workflow in &papers.workflows {
        let jobs: Vec<_> = workflow
            .jobs
            .iter()
            .filter(|job| about.iter().all(|word| job.words.contains(word)))
            .collect();
        if jobs.is_empty() {
            continue;
        }
        let mut whole = 0;
        for job in &jobs {
            // Without a limit of its own a job runs for hours, and a matrix may go one by one.
            if job.matrix().is_some() {
                return None;
            }
            whole += u128::from(job.timeout?.0) * 60 * MILLION;
        }
        let names: Vec<_> = jobs
            .iter()
            .take(5)
            .map(|job| format!("`{}`", job.id))
            .collect();
        let are = if jobs.len() == 1 {
            "is"
        } else {
            "together are"
        };
        let mut finding = told(whole, format!("{} {are}", names.join(" and ")));
        for (job, (minutes, place)) in jobs
            .iter()
            .filter_map(|job| Some((job, job.timeout?)))
            .take(5)
        {
            finding = finding.beside(place, format!("`{}`: `timeout-minutes: {minutes}`", job.id));
        }
        if longest.as_ref().is_none_or(|(most, _)| whole > *most) {
            longest = Some((whole, finding));
        }
    }
    let stages = papers.blocks().filter_map(|block| {
        let limit = entry_of(&block.value, &["timeout", "hard_timeout", "max_duration"])?;
        let names = words(&block.key);
        let time = Quantity::time(&limit.value)?;
        about.iter().all(|word| names.contains(word)).then(|| {
            let finding = told(time.micro, format!("`{}` is", block.key));
            let what = format!("`{}: {}`", limit.key, time.text);
            (time.micro, finding.beside(&limit.value.position, what))
        })
    });
    let last = stages.chain(longest).max_by_key(|(time, _)| *time);
    last.filter(|(time, _)| *time <= bound.micro)
        .map(|(_, finding)| finding)
}

fn impossible_share(name: &str, bound: &Quantity, at: &Position) -> Option<Finding> {
    // Growth and usage may well pass 100 %; a rate is a share.
    let share = words(name).last().is_some_and(|word| word == "rate");
    (share && bound.micro >= 100 * MILLION).then(|| {
        let text = format!("`{name}` is a share and never gets {}", bound.text);
        Finding::new(at, text, "write a bound below 100 %")
    })
}

/// All errors at once burn an objective of 90 % ten times as fast as it allows, and nothing burns faster.
fn too_hot(
    block: &Entry,
    alert: &Value,
    name: &str,
    bound: &Quantity,
    at: &Position,
) -> Option<Finding> {
    if !name.contains("burn_rate") {
        return None;
    }
    let slo = entry_of(alert, &SLO).or_else(|| {
        let mut maps = below(&block.value).into_iter();
        let first = maps.find_map(|map| entry_of(map, &SLO))?;
        // Of several objectives it is not said which one is meant.
        maps.all(|map| entry_of(map, &SLO).is_none())
            .then_some(first)
    })?;
    let target = entry(&slo.value, "target").map_or(&slo.value, |target| &target.value);
    let objective = Quantity::of(target).filter(|one| one.of == Of::Percent)?;
    let allowed = (100 * MILLION).checked_sub(objective.micro)?;
    if allowed == 0 {
        return None;
    }
    let most = 100 * MILLION * MILLION / allowed;
    (bound.micro >= most).then(|| {
        let text = format!(
            "`{name}` never gets above {}: where everything fails, an objective of {} burns {} times as fast as it allows",
            plain(bound.micro),
            objective.text,
            plain(most)
        );
        Finding::new(at, text, "lower the factor, or raise the objective")
            .beside(&target.position, format!("`{}`: {}", slo.key, objective.text))
    })
}

const SLO: [&str; 3] = ["slo", "objective", "slo_target"];
