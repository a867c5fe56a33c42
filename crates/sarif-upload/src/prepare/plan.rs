//! Which runs go into which file, and into how many.

use super::Setting;
use super::cut::{Counts, Cut};
use super::outputs::{Output, outputs};
use super::source::{Source, SourceRun};
use super::unit::{Unit, UnitPart};
use super::writer::Part;
use crate::limits::{MAX_GZIP, Problem};
use gate_sarif::check::MAX_RESULTS;
use gate_sarif::merge::{Merger, Refusal, Reindex, group};
use gate_sarif::stream::Hollow;
use std::collections::{BTreeMap, BTreeSet};

/// Results that a part of a run gets on average: below the limit, since the parts are not of one size.
const RESULTS_IN_PART: u64 = MAX_RESULTS / 5 * 4;

/// What is written where.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) units: Vec<Unit>,
    pub(super) outputs: Vec<Output>,
    /// How the results of merged runs are rewritten: by file and run.
    pub(super) reindex: BTreeMap<(usize, usize), Reindex>,
    /// Units that lose their mildest results.
    pub(super) cuts: BTreeMap<usize, Cut>,
    notices: Vec<String>,
}

pub(super) fn of(sources: &[Source], setting: &Setting<'_>) -> Result<Plan, Problem> {
    let all: Vec<((usize, usize), &SourceRun)> = sources
        .iter()
        .enumerate()
        .flat_map(|(file, source)| {
            let runs = source.runs.iter().enumerate();
            runs.map(move |(run, of)| ((file, run), of))
        })
        .collect();
    if all.is_empty() {
        return Err(Problem::new(
            "found no run: no tool says that it looked",
            "make the scanner write a run, also where it found nothing",
        ));
    }
    let headers: Vec<&str> = all
        .iter()
        .map(|(_, run)| run.hollow.text.as_str())
        .collect();
    let groups = if setting.merges {
        let groups = group(&headers, false).map_err(|refusal| refused(&refusal, "its runs"))?;
        groups
            .into_iter()
            .map(|group| (group.runs, group.apart))
            .collect()
    } else {
        (0..all.len())
            .map(|run| (vec![run], None))
            .collect::<Vec<_>>()
    };
    let mut plan = Plan::default();
    for (runs, apart) in &groups {
        let members = || runs.iter().filter_map(|run| all.get(*run));
        let Some((_, first)) = members().next() else {
            continue;
        };
        let (tool, category) = (first.run.tool_name(), first.category.as_str());
        let inputs: Vec<(usize, usize)> = members().map(|(input, _)| *input).collect();
        let named = names(&inputs, sources);
        if let Some(other) = plan.units.iter().find(|unit| {
            setting.merges
                && unit.tool == tool
                && unit
                    .parts
                    .first()
                    .is_some_and(|part| part.category == category)
        }) {
            let what = apart.unwrap_or("version");
            return Err(Problem::new(
                format!(
                    "{} and {named} hold runs of tool `{}` and category `{}` that differ in `{what}`: GitHub takes one run of each tool and category",
                    names(&other.inputs, sources),
                    tool,
                    category
                ),
                "give each its own `automationDetails.id`, or upload each with a --category of its own",
            ));
        }
        let hollow = match members()
            .map(|(_, run)| *run)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [run] => run.hollow.clone(),
            runs => plan.united(runs, &inputs, &named)?,
        };
        plan.units.push(Unit {
            results: members().map(|(_, run)| run.kept).sum(),
            tool: tool.to_owned(),
            parts: vec![UnitPart {
                hollow,
                category: category.to_owned(),
            }],
            alone: inputs.len() > 1,
            inputs,
        });
    }
    if setting.splits {
        for unit in &mut plan.units {
            if unit.results > MAX_RESULTS {
                unit.split(unit.results.div_ceil(RESULTS_IN_PART))?;
            }
        }
    }
    if setting.cuts() {
        plan.cut(sources);
    }
    plan.outputs = outputs(&plan.units, sources, setting);
    Ok(plan)
}

fn refused(refusal: &Refusal, named: &str) -> Problem {
    Problem::new(
        format!("{named} have one tool and category, and cannot be merged: {refusal}"),
        "give each run its own `automationDetails.id`, or upload each file with a --category of its own",
    )
}

/// The files, each once.
fn names(inputs: &[(usize, usize)], sources: &[Source]) -> String {
    let files: BTreeSet<&str> = inputs
        .iter()
        .filter_map(|(file, _)| sources.get(*file))
        .map(|source| source.found.shown.as_str())
        .collect();
    files.into_iter().collect::<Vec<_>>().join(", ")
}

impl Plan {
    /// Runs that are too large lose their mildest results, which is told.
    fn cut(&mut self, sources: &[Source]) {
        for (index, unit) in self.units.iter().enumerate() {
            let Some(over) = unit
                .results
                .checked_sub(MAX_RESULTS)
                .filter(|over| *over > 0)
            else {
                continue;
            };
            let mut counts = Counts::default();
            for (file, run) in &unit.inputs {
                let run = sources.get(*file).and_then(|source| source.runs.get(*run));
                for (sum, count) in counts
                    .iter_mut()
                    .zip(run.map(|run| run.severities).unwrap_or_default())
                {
                    *sum += count;
                }
            }
            self.cuts.insert(index, Cut::to(&counts, MAX_RESULTS));
            self.notices.push(format!(
                "{}: the {over} mildest of {} results of {} are left out; without --no-split all would be uploaded",
                names(&unit.inputs, sources),
                unit.results,
                unit.tool
            ));
        }
    }

    /// Several runs as one.
    fn united(
        &mut self,
        runs: &[&SourceRun],
        inputs: &[(usize, usize)],
        named: &str,
    ) -> Result<Hollow, Problem> {
        let headers: Vec<&str> = runs.iter().map(|run| run.hollow.text.as_str()).collect();
        let merger = Merger::new(&headers, &gate_sarif::merge::Options::default())
            .map_err(|refusal| refused(&refusal, named))?;
        let first = runs.first();
        let tool = first.map_or("", |run| run.run.tool_name());
        let of = match first.map_or("", |run| run.category.as_str()) {
            "" => String::new(),
            category => format!(" and category `{category}`"),
        };
        self.notices.push(format!(
            "{named}: {} runs of {tool}{of} are merged into one",
            runs.len()
        ));
        let told = merger.notices.iter();
        self.notices
            .extend(told.map(|notice| format!("{named}: {}", notice.message)));
        self.reindex
            .extend(inputs.iter().copied().zip(merger.reindex));
        Ok(Hollow {
            slot: merger.results.then_some(merger.before.len()),
            text: merger.before + &merger.after,
        })
    }

    /// The last of the files that an output comes from.
    pub(super) fn last_file(&self, output: usize) -> Option<usize> {
        let pieces = &self.outputs.get(output)?.pieces;
        let units = pieces.iter().filter_map(|(unit, _)| self.units.get(*unit));
        units
            .flat_map(|unit| &unit.inputs)
            .map(|(file, _)| *file)
            .max()
    }

    /// A plan with smaller files where one became too large; `None` where all fit.
    pub(super) fn finer(
        &mut self,
        parts: &[Part],
        sources: &[Source],
        setting: &Setting<'_>,
    ) -> Result<bool, Problem> {
        let mut finer = false;
        for (output, part) in self.outputs.iter().zip(parts) {
            let crowded = part.runs.iter().any(|run| run.results > MAX_RESULTS);
            if part.gzip <= MAX_GZIP && !crowded {
                continue;
            }
            let over = if crowded {
                format!("found more than {MAX_RESULTS} results in a run")
            } else {
                format!(
                    "found {} bytes after compression, expected at most {MAX_GZIP}",
                    part.gzip
                )
            };
            let results: u64 = part.runs.iter().map(|run| run.results).sum();
            if !setting.splits || results < 2 {
                return Err(Problem::new(
                    over,
                    "let it be split, or leave results of low severity out with `sarif-upload filter`",
                ));
            }
            finer = true;
            let single = output.pieces.len() == 1;
            for (unit, _) in &output.pieces {
                let Some(unit) = self.units.get_mut(*unit) else {
                    continue;
                };
                unit.alone = true;
                if single {
                    let parts = part.runs.len().max(unit.parts.len()) as u64;
                    unit.split(parts * 2)?;
                }
            }
        }
        if finer {
            self.outputs = outputs(&self.units, sources, setting);
        }
        Ok(finer)
    }

    /// What became of runs that the user did not ask for.
    pub(super) fn notices(&self, sources: &[Source]) -> Vec<String> {
        let split = self.units.iter().filter_map(|unit| {
            let (count, first) = (unit.parts.len(), unit.parts.first()?);
            (count > 1).then(|| {
                format!(
                    "{}: {} results of {} are split into {count} categories, `{}` and so on",
                    names(&unit.inputs, sources),
                    unit.results,
                    unit.tool,
                    first.category
                )
            })
        });
        self.notices.iter().cloned().chain(split).collect()
    }
}
