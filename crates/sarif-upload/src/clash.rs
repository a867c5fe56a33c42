//! Runs that would replace each other.

use crate::limits::Problem;
use crate::log::Log;
use std::collections::BTreeMap;

/// Files by name whose runs share tool and category with another run: GitHub refuses a file that holds both, and of
/// two files it keeps the later.
pub(crate) fn clashes<'a>(logs: impl Iterator<Item = &'a Log>) -> BTreeMap<String, Problem> {
    let mut seen: BTreeMap<(&str, &str), Vec<(&str, usize)>> = BTreeMap::new();
    for log in logs {
        for (index, run) in log.runs.iter().enumerate() {
            seen.entry((run.tool.as_str(), run.category.as_str()))
                .or_default()
                .push((log.shown.as_str(), index));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::log;

    #[test]
    fn one_tool_and_category_twice_names_both() {
        let logs = [
            log("a", &[("t", "c")]),
            log("b", &[("t", "c")]),
            log("c", &[("t", "d"), ("u", "c")]),
        ];
        let found = clashes(logs.iter());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert!(
            found["a"]
                .reason
                .starts_with("a and b are both of tool `t` and category `c`")
        );
        let found = clashes([log("a", &[("t", "c"), ("u", "c"), ("t", "c")])].iter());
        assert!(
            found["a"].reason.starts_with("/runs/0 and /runs/2"),
            "{}",
            found["a"].reason
        );
    }
}
