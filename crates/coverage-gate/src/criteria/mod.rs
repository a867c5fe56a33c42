//! The table: one line per criterion. A criterion's id is its file, its docs
//! page and the prefix of its fixtures. What several judge alike is in
//! [`judging`](crate::judging).

mod branch_coverage;
mod branch_coverage_drop;
mod coverage_ratchet;
mod flaky_tests;
mod function_coverage;
mod function_coverage_drop;
mod line_coverage;
mod line_coverage_drop;
mod new_file_branch_coverage;
mod new_file_function_coverage;
mod new_file_line_coverage;
mod new_file_region_coverage;
mod new_file_statement_coverage;
mod patch_branch_coverage;
mod patch_function_coverage;
mod patch_line_coverage;
mod patch_region_coverage;
mod patch_statement_coverage;
mod region_coverage;
mod region_coverage_drop;
mod skipped_tests;
mod statement_coverage;
mod statement_coverage_drop;
mod test_duration;
mod tests_passed;

use crate::collect::Facts;
use crate::judging::{each, fall, of_change};
use crate::parts::{OF_ALL, OF_CHANGE};
use gate_policy::Measure::{self, Count, Duration, Percent, Points, Violations};
use gate_runner::{Criterion, Rule};

const HIGHER: Measure = Percent {
    higher_is_better: true,
};

#[rustfmt::skip]
pub(crate) static TABLE: &[Criterion<Facts>] = &[
    Criterion { id: "line_coverage", summary: "share of measured lines that ran", measure: HIGHER, on_change: false, default: Some(">= 85%"), judge: Some(line_coverage::judge) },
    Criterion { id: "branch_coverage", summary: "share of measured branches that were taken", measure: HIGHER, on_change: false, default: None, judge: Some(branch_coverage::judge) },
    Criterion { id: "function_coverage", summary: "share of measured functions that were called", measure: HIGHER, on_change: false, default: None, judge: Some(function_coverage::judge) },
    Criterion { id: "statement_coverage", summary: "share of measured statements that ran (Go, Istanbul, OpenCover, dotCover)", measure: HIGHER, on_change: false, default: None, judge: Some(statement_coverage::judge) },
    Criterion { id: "region_coverage", summary: "share of measured regions that ran (llvm-cov)", measure: HIGHER, on_change: false, default: None, judge: Some(region_coverage::judge) },
    Criterion { id: "patch_line_coverage", summary: "share of the change's measured lines that ran", measure: HIGHER, on_change: true, default: None, judge: Some(patch_line_coverage::judge) },
    Criterion { id: "patch_branch_coverage", summary: "share of the change's measured branches that were taken", measure: HIGHER, on_change: true, default: None, judge: Some(patch_branch_coverage::judge) },
    Criterion { id: "patch_function_coverage", summary: "share of the change's measured functions that were called", measure: HIGHER, on_change: true, default: None, judge: Some(patch_function_coverage::judge) },
    Criterion { id: "patch_statement_coverage", summary: "share of the change's measured statements that ran", measure: HIGHER, on_change: true, default: None, judge: Some(patch_statement_coverage::judge) },
    Criterion { id: "patch_region_coverage", summary: "share of the change's measured regions that ran", measure: HIGHER, on_change: true, default: None, judge: Some(patch_region_coverage::judge) },
    Criterion { id: "new_file_line_coverage", summary: "share of measured lines in new files that ran", measure: HIGHER, on_change: true, default: None, judge: Some(new_file_line_coverage::judge) },
    Criterion { id: "new_file_branch_coverage", summary: "share of measured branches in new files that were taken", measure: HIGHER, on_change: true, default: None, judge: Some(new_file_branch_coverage::judge) },
    Criterion { id: "new_file_function_coverage", summary: "share of measured functions in new files that were called", measure: HIGHER, on_change: true, default: None, judge: Some(new_file_function_coverage::judge) },
    Criterion { id: "new_file_statement_coverage", summary: "share of measured statements in new files that ran", measure: HIGHER, on_change: true, default: None, judge: Some(new_file_statement_coverage::judge) },
    Criterion { id: "new_file_region_coverage", summary: "share of measured regions in new files that ran", measure: HIGHER, on_change: true, default: None, judge: Some(new_file_region_coverage::judge) },
    Criterion { id: "line_coverage_drop", summary: "how far line coverage falls against the base", measure: Points, on_change: true, default: None, judge: Some(line_coverage_drop::judge) },
    Criterion { id: "branch_coverage_drop", summary: "how far branch coverage falls against the base", measure: Points, on_change: true, default: None, judge: Some(branch_coverage_drop::judge) },
    Criterion { id: "function_coverage_drop", summary: "how far function coverage falls against the base", measure: Points, on_change: true, default: None, judge: Some(function_coverage_drop::judge) },
    Criterion { id: "statement_coverage_drop", summary: "how far statement coverage falls against the base", measure: Points, on_change: true, default: None, judge: Some(statement_coverage_drop::judge) },
    Criterion { id: "region_coverage_drop", summary: "how far region coverage falls against the base", measure: Points, on_change: true, default: None, judge: Some(region_coverage_drop::judge) },
    Criterion { id: "coverage_ratchet", summary: "no figure falls below what the ratchet file keeps", measure: Violations, on_change: false, default: None, judge: Some(coverage_ratchet::judge) },
    Criterion { id: "tests_passed", summary: "every test passed", measure: Violations, on_change: false, default: None, judge: Some(tests_passed::judge) },
    Criterion { id: "flaky_tests", summary: "tests that passed only when repeated", measure: Count { higher_is_better: false }, on_change: false, default: None, judge: Some(flaky_tests::judge) },
    Criterion { id: "skipped_tests", summary: "tests that were skipped", measure: Count { higher_is_better: false }, on_change: false, default: None, judge: Some(skipped_tests::judge) },
    Criterion { id: "test_duration", summary: "how long the tests took", measure: Duration, on_change: false, default: None, judge: Some(test_duration::judge) },
];

/// The rules that findings name.
#[rustfmt::skip]
pub(crate) static RULES: &[Rule] = &[
    Rule::new(coverage_ratchet::BELOW, &["coverage_ratchet"], "a figure that is lower than the ratchet file keeps"),
    Rule::new(coverage_ratchet::LOWERED, &["coverage_ratchet"], "a kept figure that the change lowers or takes out"),
    Rule::new(coverage_ratchet::SLACK, &["coverage_ratchet"], "a figure so far above what is kept that the file should be raised"),
    Rule::new(each::RULE, BY_PART, "a file, folder or component that falls short by itself"),
    Rule::new(fall::LOST, &["line_coverage_drop"], "lines outside of the change that ran in the base and did not run now"),
    Rule::new(tests_passed::FAILED, &["tests_passed"], "a test that failed or errored, or a suite that failed outside of its tests"),
    Rule::new(flaky_tests::FLAKY, &["flaky_tests"], "a test that passed only when it was repeated"),
    Rule::new(tests_passed::MISSING, &["tests_passed"], "a suite that should be in the reports and of which no test is"),
    Rule::new(of_change::PARTIAL, &["patch_branch_coverage"], "a changed line that ran, of which not every branch was taken"),
    Rule::new(of_change::UNCOVERED, &["patch_line_coverage"], "changed lines that did not run in any test"),
];

/// The criteria that `per:` can be asked of.
#[rustfmt::skip]
const BY_PART: &[&str] = &[
    "line_coverage", "branch_coverage", "function_coverage", "statement_coverage", "region_coverage",
    "patch_line_coverage", "patch_branch_coverage", "patch_function_coverage", "patch_statement_coverage", "patch_region_coverage",
    "new_file_line_coverage", "new_file_branch_coverage", "new_file_function_coverage", "new_file_statement_coverage", "new_file_region_coverage",
];

/// What `per:` may name for a criterion.
pub(crate) fn parts(criterion: &str) -> &'static [&'static str] {
    if !BY_PART.contains(&criterion) {
        return &[];
    }
    let of_change = criterion.starts_with("patch_") || criterion.starts_with("new_file_");
    if of_change { OF_CHANGE } else { OF_ALL }
}
