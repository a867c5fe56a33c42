//! A workflow as far as the checks look at it: jobs, what they wait for, and which steps are ours.

use super::papers::words;
use gate_policy::{Position, Value};
use std::collections::BTreeMap;

/// A text and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    pub(super) text: &'a str,
    pub(super) at: &'a Position,
}

#[derive(Debug)]
pub(super) struct Workflow<'a> {
    pub(super) root: &'a Value,
    pub(super) jobs: Vec<Job<'a>>,
    by_id: BTreeMap<&'a str, usize>,
}

#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) id: &'a str,
    pub(super) at: &'a Position,
    pub(super) value: &'a Value,
    pub(super) needs: Vec<Placed<'a>>,
    pub(super) condition: Option<Placed<'a>>,
    /// `timeout-minutes`, where it is a plain number.
    pub(super) timeout: Option<(u64, &'a Position)>,
    pub(super) steps: Vec<Step<'a>>,
    /// Of its id and of its name.
    pub(super) words: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) at: &'a Position,
    pub(super) value: &'a Value,
    pub(super) uses: Option<Placed<'a>>,
    pub(super) run: Option<Placed<'a>>,
    pub(super) condition: Option<Placed<'a>>,
    pub(super) part: Part<'a>,
}

/// What a step is for, as far as it matters to the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// One of our gates, by its kind.
    Gate(&'a str),
    /// Folds verdicts into one decision.
    Decision,
    /// Gates and decision in one process.
    Whole,
    /// Keeps or shows what gates left.
    Keeps,
    /// Brings what other jobs kept.
    Fetches,
    Other,
}

const KINDS: [&str; 4] = ["integrity", "security", "coverage", "performance"];

pub(super) fn workflow(root: &Value) -> Workflow<'_> {
    let jobs = root.get("jobs").and_then(Value::as_map).unwrap_or_default();
    Workflow {
        root,
        by_id: jobs.iter().map(|job| job.key.as_str()).zip(0..).collect(),
        jobs: jobs
            .iter()
            .map(|entry| {
                let value = &entry.value;
                let timeout = value.get("timeout-minutes");
                let mut words = words(&entry.key);
                words.extend(super::papers::words(
                    value.text_of("name").unwrap_or_default(),
                ));
                let steps = value.get("steps").map(Value::items).unwrap_or_default();
                Job {
                    id: &entry.key,
                    at: &entry.position,
                    value,
                    needs: value.get("needs").map(texts).unwrap_or_default(),
                    condition: placed(value, "if"),
                    timeout: timeout.and_then(|value| Some((value.as_u64()?, &value.position))),
                    steps: steps.iter().map(step).collect(),
                    words,
                }
            })
            .collect(),
    }
}

fn step(value: &Value) -> Step<'_> {
    let (uses, run) = (placed(value, "uses"), placed(value, "run"));
    Step {
        at: &value.position,
        value,
        uses,
        run,
        condition: placed(value, "if"),
        part: part(value, uses, run),
    }
}

fn part<'a>(value: &'a Value, uses: Option<Placed<'a>>, run: Option<Placed<'a>>) -> Part<'a> {
    if let Some(uses) = uses {
        let path = uses.text.split('@').next().unwrap_or_default();
        let last = path
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let ours = path.starts_with("$/") || path.starts_with("./") || path.contains("gatewright");
        let with = value.get("with");
        return match last {
            "upload-artifact" | "upload-sarif" | "sarif-upload" => Part::Keeps,
            _ if last.contains("download-artifact") => Part::Fetches,
            "gatewright" if ours => with
                .and_then(|with| with.text_of("gate"))
                .map_or(Part::Whole, verb),
            _ if ours => match last.strip_suffix("-gate") {
                Some("quality") => Part::Decision,
                Some(kind) => gate(kind),
                None => Part::Other,
            },
            _ => Part::Other,
        };
    }
    let Some(run) = run else { return Part::Other };
    if run.text.contains("gh run download") {
        return Part::Fetches;
    }
    let mut commands = run.text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        match words.next()? {
            "gatewright" => Some(verb(words.next()?)),
            "quality-gate" => Some(Part::Decision),
            other => Some(gate(other.strip_suffix("-gate")?)),
        }
    });
    // Of several commands the last one is what the step is for.
    commands
        .rfind(|part| *part != Part::Other)
        .unwrap_or(Part::Other)
}

fn verb(name: &str) -> Part<'_> {
    match name {
        "run" => Part::Whole,
        "quality" | "quality-gate" => Part::Decision,
        "sarif-upload" => Part::Keeps,
        other => gate(other.strip_suffix("-gate").unwrap_or(other)),
    }
}

fn gate(kind: &str) -> Part<'_> {
    if KINDS.contains(&kind) {
        Part::Gate(kind)
    } else {
        Part::Other
    }
}

fn placed<'a>(map: &'a Value, key: &str) -> Option<Placed<'a>> {
    let value = map.get(key)?;
    Some(Placed {
        text: value.as_str()?,
        at: &value.position,
    })
}

/// A text, or the texts of a list.
fn texts(value: &Value) -> Vec<Placed<'_>> {
    let all = std::iter::once(value).chain(value.items());
    all.filter_map(|value| {
        Some(Placed {
            text: value.as_str()?,
            at: &value.position,
        })
    })
    .collect()
}

/// Whether a condition lets something run although what it waits for failed or was skipped. Without one of these
/// functions GitHub puts `success()` in front.
pub(super) fn runs_after_failure(condition: Option<Placed<'_>>) -> bool {
    condition.is_some_and(|condition| {
        let text: String = condition.text.split_whitespace().collect();
        ["always()", "cancelled()", "failure()"]
            .iter()
            .any(|function| text.contains(function))
    })
}

impl<'a> Step<'a> {
    pub(super) fn input(&self, name: &str) -> Option<&'a str> {
        self.value.get("with")?.text_of(name)
    }

    /// Its failure fails no job.
    pub(super) fn goes_on(&self) -> bool {
        self.value
            .get("continue-on-error")
            .is_some_and(|value| value.as_bool() != Some(false))
    }
}

impl<'a> Job<'a> {
    pub(super) fn matrix(&self) -> Option<&'a Value> {
        self.value.get("strategy")?.get("matrix")
    }

    pub(super) fn has(&self, wanted: impl Fn(Part<'a>) -> bool) -> bool {
        self.steps.iter().any(|step| wanted(step.part))
    }
}

impl<'a> Workflow<'a> {
    /// The events that start it.
    pub(super) fn events(&self) -> Vec<&'a str> {
        // `on` is text here: YAML 1.2 has no such truth value.
        let Some(on) = self.root.get("on") else {
            return Vec::new();
        };
        let named = texts(on).into_iter().map(|one| one.text);
        named
            .chain(on.pairs().into_iter().map(|(event, _)| event))
            .collect()
    }

    /// Whether anything but time and people starts it.
    pub(super) fn for_changes(&self) -> bool {
        let changes = ["push", "pull_request", "merge_group"];
        self.events().iter().any(|event| changes.contains(event))
    }

    pub(super) fn job(&self, id: &str) -> Option<&Job<'a>> {
        self.jobs.get(*self.by_id.get(id)?)
    }

    /// Every job that this one waits for, however far back.
    pub(super) fn before<'b>(&'b self, job: &'b Job<'a>) -> Vec<&'b Job<'a>> {
        let mut seen: BTreeMap<&str, &Job<'a>> = BTreeMap::new();
        let mut waiting: Vec<&str> = job.needs.iter().map(|need| need.text).collect();
        while let Some(id) = waiting.pop() {
            if let Some(job) = self.job(id)
                && seen.insert(id, job).is_none()
            {
                waiting.extend(job.needs.iter().map(|need| need.text));
            }
        }
        seen.into_values().collect()
    }

    /// The jobs of the chain of `needs:` that may take longest by what `weigh` says of each, the first job first.
    pub(super) fn longest(&self, weigh: impl Fn(&Job<'a>) -> u64) -> (u64, Vec<&Job<'a>>) {
        let known = |job: &Job<'a>| -> Vec<usize> {
            let needs = job.needs.iter();
            needs
                .filter_map(|need| self.by_id.get(need.text).copied())
                .collect()
        };
        let mut waits: Vec<usize> = self.jobs.iter().map(|job| known(job).len()).collect();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.jobs.len()];
        for (at, job) in self.jobs.iter().enumerate() {
            for need in known(job) {
                next[need].push(at);
            }
        }
        // The longest way into each job; a job in a circle never gets its turn.
        let mut way: Vec<(u64, Option<usize>)> = vec![(0, None); self.jobs.len()];
        let mut best: Option<(u64, usize)> = None;
        let mut ready: Vec<usize> = (0..waits.len()).filter(|at| waits[*at] == 0).collect();
        while let Some(at) = ready.pop() {
            let whole = way[at].0.saturating_add(weigh(&self.jobs[at]));
            if best.is_none_or(|(most, _)| whole > most) {
                best = Some((whole, at));
            }
            for &after in &next[at] {
                if whole >= way[after].0 {
                    way[after] = (whole, Some(at));
                }
                waits[after] -= 1;
                if waits[after] == 0 {
                    ready.push(after);
                }
            }
        }
        let mut chain = Vec::new();
        let mut here = best.map(|(_, at)| at);
        while let Some(at) = here {
            chain.push(&self.jobs[at]);
            here = way[at].1;
        }
        chain.reverse();
        (best.map_or(0, |(whole, _)| whole), chain)
    }
}
