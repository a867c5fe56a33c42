//! A gate whose positive control misses is not believed, whatever it says of the evidence.
#![allow(
    clippy::disallowed_methods,
    reason = "the run is started in an environment of its own"
)]

use gate_policy::{GatePolicy, Measure, Measured, Requirement};
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::{
    Collected, Criterion, Gate, Inputs, Judgement, Missed, Part, Setting, gate_main_with,
};
use gate_verdict::Ratio;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Says that all is well, and misses what is planted for one criterion.
struct Blind;

const MISSED: [&str; 3] = ["function_coverage", "line_coverage", "patch_line_coverage"];

type Judge = fn(&Vec<u8>, &Requirement) -> Judgement;

const fn criterion(id: &'static str, on_change: bool, judge: Option<Judge>) -> Criterion<Vec<u8>> {
    Criterion {
        id,
        summary: "",
        measure: Measure::Percent {
            higher_is_better: true,
        },
        on_change,
        default: None,
        judge,
    }
}

static TABLE: &[Criterion<Vec<u8>>] = &[
    criterion("line_coverage", false, Some(all_well)),
    criterion("branch_coverage", false, Some(all_well)),
    criterion("patch_line_coverage", true, Some(all_well)),
    criterion("function_coverage", false, None),
];

fn all_well(_facts: &Vec<u8>, _required: &Requirement) -> Judgement {
    Judgement::measured(Measured::Percent(Ratio::new(1, 1)), "all of it ran")
}

impl Gate for Blind {
    type Plan = ();
    type Part = ();
    type Facts = Vec<u8>;

    fn kind(&self) -> &'static str {
        "coverage"
    }
    fn summary(&self) -> &'static str {
        ""
    }
    fn criteria(&self) -> &'static [Criterion<Vec<u8>>] {
        TABLE
    }
    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }
    fn plan(&self, _repo: &Repo, _instances: &[&GatePolicy]) {}
    fn wants(&self, (): &(), _file: &TrackedFile) -> bool {
        false
    }
    fn read(&self, (): &(), _file: &TrackedFile, _view: &FileView<'_>) {}
    fn collect(
        &self,
        (): &(),
        _inputs: &Inputs<'_>,
        _parts: &[Part<'_, ()>],
    ) -> Collected<Vec<u8>> {
        Collected::new(Vec::new())
    }
    fn control(&self, asked: &[&str], _facts: &Vec<u8>) -> Vec<Missed> {
        assert_eq!(asked, ["branch_coverage", "line_coverage"]);
        let missed = MISSED.iter().map(|id| Missed::new(id, "planted"));
        missed.collect()
    }
}

#[test]
#[ignore = "the test below starts it"]
fn run() {
    let arguments = ["gate", "--out", "out", "--as-of", "2026-01-01T00:00:00Z"];
    let _ = gate_main_with(&Blind, arguments.map(Into::into).to_vec());
}

#[test]
fn a_criterion_that_misses_what_is_planted_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let policy = "version: 1\ngates: {coverage: {criteria: {line_coverage: \">= 50%\", branch_coverage: \">= 50%\", function_coverage: \">= 50%\", patch_line_coverage: \">= 50%\"}}}\n";
    fs::create_dir(root.join(".github")).expect("a folder");
    fs::write(root.join(".github/gates.yml"), policy).expect("a policy");
    start(root, "git", &["init", "--quiet"]);
    start(root, "git", &["add", "."]);
    let own = std::env::current_exe().expect("this test");
    let own = own.to_str().expect("a path");
    start(root, own, &["--ignored", "--exact", "run"]);
    let text = fs::read_to_string(root.join("out/coverage.verdict.json")).expect("a verdict");
    let verdict: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let criteria = verdict["criteria"].as_array().expect("criteria");
    let told: Vec<_> = criteria
        .iter()
        .map(|one| ["id", "status", "code"].map(|key| one[key].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [
            ["branch_coverage", "pass", ""],
            ["function_coverage", "error", "not_built"],
            ["line_coverage", "error", "positive_control_missed"],
            ["patch_line_coverage", "skip", "no_base"],
        ]
    );
    assert_eq!(verdict["decision"], "block");
    let reason = criteria[2]["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("planted"), "{reason}");
    assert!(criteria[2]["next_step"].is_string() && criteria[2]["observed"].is_null());
}

fn start(root: &Path, program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.current_dir(root).args(arguments).env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let ended = command.output().expect("it starts");
    assert!(ended.status.success(), "{program}: {ended:?}");
}
