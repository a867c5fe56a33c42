//! The table of checks: one file, one line and one folder of cases (`tests/doctor/<id>`) each.

mod bypass_without_path;
mod decision_skipped;
mod dwell_over_target;
mod emergency_beside_no_bypass;
mod gate_ends_chain;
mod impossible_tool;
mod jobs_over_pipeline;
mod one_gate_two_names;
mod same_bound;
mod sample_too_small;
mod scope_without_job;
mod stage_over_pipeline;
mod two_targets;
mod undefined_gate;
mod unreachable_alert;
mod verdicts_not_fetched;
mod when_never_happens;

use super::papers::{Finding, Papers};
use std::fmt::Write as _;

/// One check.
pub(super) struct Check {
    pub(super) id: &'static str,
    /// What it finds, as a clause.
    pub(super) summary: &'static str,
    find: fn(&Papers<'_>) -> Vec<Finding>,
}

macro_rules! checks {
    ($($id:ident: $summary:literal,)+) => {
        /// Every check, by what it is about.
        pub(super) static CHECKS: &[Check] = &[
            $(Check { id: stringify!($id), summary: $summary, find: $id::find },)+
        ];
    };
}

checks! {
    two_targets: "one measure has two targets",
    same_bound: "two bounds are the same bound, or no value meets both",
    stage_over_pipeline: "the stages' time budgets exceed the pipeline's",
    jobs_over_pipeline: "jobs that wait for one another may run longer than the pipeline's budget",
    dwell_over_target: "pauses use up the time of the step that makes them",
    unreachable_alert: "an alert's condition can never become true",
    sample_too_small: "a rate is asked for that the declared load or frequency cannot show",
    bypass_without_path: "a bypass rate is allowed for, and nothing may be bypassed",
    emergency_beside_no_bypass: "an emergency path is given where nothing may be bypassed",
    undefined_gate: "an environment lists a gate that nobody defines",
    one_gate_two_names: "two environments name the same gate as if there were two",
    impossible_tool: "a tool is asked for what it does not do",
    decision_skipped: "the job that decides is skipped when a job before it fails",
    verdicts_not_fetched: "the job that decides does not fetch the verdicts of other jobs",
    gate_ends_chain: "a red gate ends the job before its verdict is kept or weighed",
    when_never_happens: "a gate applies only to events that nothing starts on",
    scope_without_job: "a scope or shard is expected that no job makes",
}

/// More than anybody reads of one check; what is left out is counted in the last one.
const MAX: usize = 50;

/// What all checks find, by place.
pub(super) fn all(papers: &Papers<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for check in CHECKS {
        let mut found = (check.find)(papers);
        let more = found.len().saturating_sub(MAX);
        found.truncate(MAX);
        if let Some(last) = found.last_mut().filter(|_| more > 0) {
            let _ = write!(last.text, " (and {more} more of these)");
        }
        all.extend(found.into_iter().map(|finding| Finding {
            check: check.id,
            ..finding
        }));
    }
    all.sort_by(|a, b| (&a.at, a.check, &a.text).cmp(&(&b.at, b.check, &b.text)));
    all
}
