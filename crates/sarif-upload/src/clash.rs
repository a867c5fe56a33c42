//! Runs that would replace each other.

use crate::limits::Problem;
use crate::prepare::Source;
use std::collections::BTreeMap;

/// Files by name whose runs share tool and category with another run: GitHub refuses a file that holds both, and of
/// two files it keeps the later.
pub(crate) fn clashes<'a>(sources: impl Iterator<Item = &'a Source>) -> BTreeMap<String, Problem> {
    let mut seen: BTreeMap<(&str, &str), Vec<(&str, usize)>> = BTreeMap::new();
    for source in sources {
        for (index, run) in source.runs.iter().enumerate() {
            seen.entry((run.run.tool_name(), run.category.as_str()))
                .or_default()
                .push((source.found.shown.as_str(), index));
        }
    }
    let mut clashes = BTreeMap::new();
    for ((tool, category), runs) in seen {
        let [(first, at), (second, also_at), ..] = runs.as_slice() else {
            continue;
        };
        let problem = if first == second {
            Problem::new(
                format!(
                    "/runs/{at} and /runs/{also_at} are both of tool `{tool}` and category `{category}`: GitHub refuses that"
                ),
                "make the scanner write one run, or give each run its own `automationDetails.id`",
            )
        } else {
            Problem::new(
                format!(
                    "{first} and {second} are both of tool `{tool}` and category `{category}`: GitHub would keep only the later"
                ),
                "upload each with a --category of its own, rename one of the files, or merge them",
            )
        };
        for (shown, _) in runs {
            clashes
                .entry(shown.to_owned())
                .or_insert_with(|| problem.clone());
        }
    }
    clashes
}
