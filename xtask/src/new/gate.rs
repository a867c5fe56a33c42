//! One gate: its crate, and its place in the workspace and the binaries. What
//! is planned of its kind becomes its table.

use super::{create, edit, require_name};
use anyhow::{Result, bail};
use std::fmt::Write as _;
use std::path::Path;

pub(super) fn add(root: &Path, name: &str) -> Result<()> {
    require_name(name)?;
    if name.contains('_') {
        bail!("found `{name}`, expected one word: the crate is called `<name>-gate`");
    }
    let folder = format!("crates/{name}-gate");
    let fill = |template: &str| {
        template
            .replace("{name}", name)
            .replace("{Name}", &capital(name))
    };
    create(root, &format!("{folder}/Cargo.toml"), &fill(MANIFEST))?;
    create(root, &format!("{folder}/src/main.rs"), &fill(MAIN))?;
    create(root, &format!("{folder}/src/lib.rs"), &fill(LIB))?;
    create(root, &format!("{folder}/src/collect.rs"), &fill(COLLECT))?;
    create(root, &format!("{folder}/src/criteria/mod.rs"), &table(name))?;
    create(root, &format!("{folder}/tests/cases.rs"), &fill(CASES))?;
    create(
        root,
        &format!("{folder}/tests/cases/nothing-asked/gates.yml"),
        &format!("version: 1\ngates:\n  {name}: {{}}\n"),
    )?;
    create(
        root,
        &format!("{folder}/tests/cases/nothing-asked/args"),
        "",
    )?;
    create(
        root,
        &format!("{folder}/tests/cases/nothing-asked/input/README.md"),
        "# Nothing is asked\n",
    )?;
    // A gate without criteria proves nothing.
    create(
        root,
        &format!("{folder}/tests/cases/nothing-asked/expected/exit"),
        "1\n",
    )?;
    let version = format!("{name}-gate = {{ path = \"crates/{name}-gate\" }}");
    edit(root, "Cargo.toml", |text| {
        after(text, "integrity-gate = {", &version)
    })?;
    let dependency = format!("{name}-gate.workspace = true");
    for manifest in ["crates/gatewright/Cargo.toml", "xtask/Cargo.toml"] {
        edit(root, manifest, |text| {
            after(text, "integrity-gate.workspace", &dependency)
        })?;
    }
    for list in ["crates/gatewright/src/main.rs", "xtask/src/workspace.rs"] {
        edit(root, list, |text| listed(text, name))?;
    }
    println!(
        "take `{name}` out of schemas/planned.json if it is there, and name it in the help of gatewright"
    );
    Ok(())
}

/// The line behind the one that begins with `known`: what is listed there is
/// listed for the new gate too.
fn after(text: &str, known: &str, line: &str) -> Option<String> {
    let known = text
        .lines()
        .find(|candidate| candidate.starts_with(known))?;
    text.contains(known)
        .then(|| text.replacen(known, &format!("{known}\n{line}"), 1))
}

/// The list of gates with one more.
fn listed(text: &str, name: &str) -> Option<String> {
    let known = "&integrity_gate::GATE,";
    text.contains(known)
        .then(|| text.replacen(known, &format!("{known} &{name}_gate::GATE,"), 1))
}

/// The criteria module: a line for everything that is planned of the kind.
fn table(name: &str) -> String {
    let planned = gate_runner::catalogue::planned();
    let mut lines = String::new();
    for (id, spec) in planned
        .kinds
        .get(name)
        .into_iter()
        .flat_map(|kind| &kind.criteria)
    {
        // A band has an order of its own, which no constant can hold.
        if !matches!(spec.measure, gate_policy::Measure::Band { .. }) {
            let _ = writeln!(
                lines,
                "    Criterion {{ id: {id:?}, summary: {:?}, measure: gate_policy::Measure::{:?}, on_change: {}, default: None, judge: None }},",
                spec.summary, spec.measure, spec.on_change
            );
        }
    }
    let list = if lines.is_empty() {
        String::from("&[]")
    } else {
        format!("&[\n{lines}]")
    };
    format!(
        "//! The table: one line per criterion. A criterion's id is its file, its docs\n\
         //! page and the prefix of its fixtures.\n\n\
         use crate::collect::Facts;\n\
         use gate_runner::Criterion;\n\n\
         #[rustfmt::skip]\n\
         pub(crate) static TABLE: &[Criterion<Facts>] = {list};\n"
    )
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

const MANIFEST: &str = r#"[package]
name = "{name}-gate"
description = "Say in one line what the gate promises."
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
publish.workspace = true

[dependencies]
gate-policy.workspace = true
gate-repo.workspace = true
gate-runner.workspace = true
gate-verdict.workspace = true

[dev-dependencies]
gate-testkit.workspace = true

[lints]
workspace = true
"#;

const MAIN: &str = r"//! The `{name}-gate` binary.

fn main() -> std::process::ExitCode {
    gate_runner::gate_main(&{name}_gate::GATE)
}
";

const LIB: &str = r#"//! The {name} gate: say what it judges.
//!
//! What this gate promises:
//! - Say it in a line each.

mod collect;
mod criteria;

pub use collect::{Facts, FilePart};

use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::{Collected, Criterion, Gate, Inputs, Part, Setting};

/// The gate, as the binaries link it.
pub static GATE: {Name}Gate = {Name}Gate;

#[derive(Debug)]
pub struct {Name}Gate;

impl Gate for {Name}Gate {
    type Plan = ();
    type Part = FilePart;
    type Facts = Facts;

    fn kind(&self) -> &'static str {
        "{name}"
    }

    fn summary(&self) -> &'static str {
        "Say in one sentence what the gate judges"
    }

    fn criteria(&self) -> &'static [Criterion<Facts>] {
        criteria::TABLE
    }

    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    fn plan(&self, _repo: &Repo, _instances: &[&GatePolicy]) {}

    fn wants(&self, (): &(), _file: &TrackedFile) -> bool {
        false
    }

    fn read(&self, (): &(), _file: &TrackedFile, _view: &FileView<'_>) -> FilePart {
        FilePart
    }

    fn collect(
        &self,
        (): &(),
        _inputs: &Inputs<'_>,
        _parts: &[Part<'_, FilePart>],
    ) -> Collected<Facts> {
        collect::collect()
    }
}
"#;

const COLLECT: &str = r"//! From inputs to facts. Every gap becomes a recorded `Missing`.

use gate_runner::Collected;
use std::collections::BTreeMap;

/// What one tracked file gives.
#[derive(Debug)]
pub struct FilePart;

/// What the criteria judge.
#[derive(Debug)]
pub struct Facts;

pub(crate) fn collect() -> Collected<Facts> {
    Collected {
        facts: Facts,
        evidence: Vec::new(),
        metrics: BTreeMap::new(),
        exemptions: Vec::new(),
        notices: Vec::new(),
        graph: None,
    }
}
";

const CASES: &str = r#"//! Every case folder, run with the real binary.

use std::path::Path;

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    gate_testkit::cases::run_all(Path::new(env!("CARGO_BIN_EXE_{name}-gate")), &folder);
}
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::root;

    #[test]
    fn the_workspace_has_the_places_that_a_gate_goes_to() {
        let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("readable");
        assert!(
            after(&read("Cargo.toml"), "integrity-gate = {", "x")
                .is_some_and(|text| text.contains("\nx\n"))
        );
        for manifest in ["crates/gatewright/Cargo.toml", "xtask/Cargo.toml"] {
            assert!(
                after(&read(manifest), "integrity-gate.workspace", "x").is_some(),
                "{manifest}"
            );
        }
        for list in ["crates/gatewright/src/main.rs", "xtask/src/workspace.rs"] {
            assert!(
                listed(&read(list), "sample")
                    .is_some_and(|text| text.contains("&sample_gate::GATE,")),
                "{list}"
            );
        }
    }

    #[test]
    fn what_is_planned_becomes_the_table() {
        let planned = gate_runner::catalogue::planned();
        let (kind, spec) = planned.kinds.iter().next().expect("a planned kind");
        let table = table(kind);
        for id in spec.criteria.keys() {
            assert!(table.contains(&format!("id: \"{id}\"")), "{id}");
        }
        assert!(super::table("unplanned").ends_with("= &[];\n"));
    }
}
