//! The coverage gate: how much of the code, and of the change, tests reach.
//!
//! What this gate promises:
//! - Numbers are whole numbers: 84.995 % is not 85 %, whatever is shown.
//! - A report that is missing, cut off or of another format is an error; so is
//!   one whose paths do not lead to tracked files.
//! - The change is the difference between the base and the tested tree, line
//!   by line; only lines a report measures count.
//! - Tests are recounted: failed, flaky, retried and skipped are kept apart, and
//!   a report without a test is no pass.

mod base;
mod collect;
mod compared;
mod control;
mod criteria;
mod exports;
mod go_module;
mod history;
mod judging;
mod lines;
mod page;
mod parts;
mod patch;
mod paths;
mod ratchet;
mod reading;
mod report_file;
mod settings;
mod stale;
mod tests;

pub use base::{Against, Source};
pub use collect::Facts;
pub use go_module::GoModule;
pub use patch::{FilePatch, Patch};
pub use ratchet::{Kept, Lowered};
pub use tests::{MissingSuite, Tests, Told};

use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::{Collected, Criterion, Gate, Inputs, Missed, Part, Rule, Setting};

/// The gate, as the binaries link it.
pub static GATE: CoverageGate = CoverageGate;

#[derive(Debug)]
pub struct CoverageGate;

impl Gate for CoverageGate {
    type Plan = ();
    type Part = Option<GoModule>;
    type Facts = Facts;

    fn kind(&self) -> &'static str {
        "coverage"
    }

    fn summary(&self) -> &'static str {
        "Coverage of the code and of the change in lines, branches, functions, statements and regions, from the reports of any common tool; test results from JUnit, TRX, NUnit, xUnit, Go, Jest and Mocha"
    }

    fn criteria(&self) -> &'static [Criterion<Facts>] {
        criteria::TABLE
    }

    fn settings(&self) -> Vec<Setting> {
        settings::settings()
    }

    fn rules(&self) -> Vec<Rule> {
        criteria::RULES.to_vec()
    }

    fn parts(&self, criterion: &str) -> &'static [&'static str] {
        criteria::parts(criterion)
    }

    fn keeps(&self) -> bool {
        true
    }

    fn plan(&self, _repo: &Repo, _instances: &[&GatePolicy]) {}

    /// Go reports name files by module path, so the modules have to be known.
    fn wants(&self, (): &(), file: &TrackedFile) -> bool {
        file.kind.is_regular() && (file.path == "go.mod" || file.path.ends_with("/go.mod"))
    }

    fn read(&self, (): &(), file: &TrackedFile, view: &FileView<'_>) -> Option<GoModule> {
        match view {
            FileView::Bytes(bytes) => go_module::go_module(&file.path, bytes),
            _ => None,
        }
    }

    fn collect(
        &self,
        (): &(),
        inputs: &Inputs<'_>,
        parts: &[Part<'_, Option<GoModule>>],
    ) -> Collected<Facts> {
        collect::collect(inputs, parts)
    }

    fn control(&self, asked: &[&str], _facts: &Facts) -> Vec<Missed> {
        control::control(asked)
    }
}
