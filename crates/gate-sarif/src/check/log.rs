//! The log around its runs.

use super::{Check, MAX_RUNS, Problem, Repair, Weight};
use crate::error::excerpt;
use crate::text::{Edit, Pointer, locate};

pub(super) const VERSION: Check = Check {
    id: "version",
    weight: Weight::Refused,
    expected: "`version` with the value 2.1.0",
    next_step: "--repair safe writes it: what is read here is 2.1",
};

pub(super) const SCHEMA: Check = Check {
    id: "schema",
    weight: Weight::Advice,
    expected: "`$schema` with the address of the final schema of 2.1.0",
    next_step: "--repair safe writes it",
};

pub(super) const NO_RUNS: Check = Check {
    id: "no_runs",
    weight: Weight::Refused,
    expected: "a run, also where the tool found nothing",
    next_step: "make the scanner write a run, also where it found nothing",
};

pub(super) const RUNS: Check = Check {
    id: "runs",
    weight: Weight::Refused,
    expected: "at most 20 runs in a file",
    next_step: "the upload makes several files of it, and so does `sarif-upload split`; --no-split refuses it",
};

const FINAL_SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// How the addresses of the final schema end; those of drafts (`2.1.0-rtm.5.json`) end otherwise.
const KNOWN_ENDINGS: [&str; 2] = ["2.1.0", "2.1.0.json"];

/// What is wrong with a log (its text without runs). Pointers begin at its top.
pub fn of_log(hollow: &str, runs: usize) -> Vec<Problem> {
    let root = Pointer::root();
    let mut problems = Vec::new();
    let text_at = |key: &'static str| {
        let found = locate(hollow, &root.at(key))?;
        serde_json::from_str::<String>(hollow.get(found.value)?).ok()
    };
    let written = text_at("version").unwrap_or_default();
    if written != "2.1.0" {
        problems.push(Problem {
            check: &VERSION,
            pointer: root.at("version"),
            found: format!("`{}`", excerpt(&written)),
            repair: Some(Repair::Safe(vec![Edit::text(root.at("version"), "2.1.0")])),
        });
    }
    let schema = text_at("$schema");
    let known = |schema: &String| KNOWN_ENDINGS.iter().any(|ending| schema.ends_with(ending));
    if !schema.as_ref().is_some_and(known) {
        problems.push(Problem {
            check: &SCHEMA,
            pointer: root.clone(),
            found: schema.map_or_else(
                || String::from("no `$schema`"),
                |schema| format!("`{}`", excerpt(&schema)),
            ),
            repair: Some(Repair::Safe(vec![Edit::text(
                root.at("$schema"),
                FINAL_SCHEMA,
            )])),
        });
    }
    if runs == 0 {
        problems.push(Problem {
            check: &NO_RUNS,
            pointer: root.at("runs"),
            found: String::from("no run: no tool says that it looked"),
            repair: None,
        });
    }
    if runs > MAX_RUNS {
        problems.push(Problem {
            check: &RUNS,
            pointer: root.at("runs"),
            found: format!("{runs} runs"),
            repair: Some(Repair::Split),
        });
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_checked_at_the_limit_and_behind_it() {
        let ids = |hollow: &str, runs: usize| {
            let problems = of_log(hollow, runs);
            problems
                .iter()
                .map(|problem| problem.check.id)
                .collect::<Vec<_>>()
        };
        let good = r#"{"$schema":"https://x/sarif-schema-2.1.0.json","version":"2.1.0","runs":[]}"#;
        assert!(ids(good, 1).is_empty() && ids(good, 20).is_empty());
        assert_eq!(ids(good, 21), ["runs"]);
        assert_eq!(ids(good, 0), ["no_runs"]);
        assert_eq!(ids(r#"{"version":"2.1.0-beta"}"#, 1), ["version", "schema"]);
        assert_eq!(
            ids(r#"{"version":"2.1.0","$schema":"x/sarif-2.0.0.json"}"#, 1),
            ["schema"]
        );
        let draft = r#"{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0-rtm.5.json"}"#;
        assert_eq!(ids(draft, 1), ["schema"]);
    }
}
