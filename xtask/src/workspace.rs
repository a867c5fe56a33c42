//! The workspace: where it is and which gates it has.

use anyhow::{Context as _, Result};
use gate_runner::AnyGate;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every gate with a table of criteria, one line each.
pub(crate) static GATES: &[&dyn AnyGate] = &[
    &coverage_gate::GATE,
    &integrity_gate::GATE,
    &security_gate::GATE,
];

/// The folder with the root `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// The file that holds a criterion's reference text and `judge`.
pub(crate) fn criterion_file(kind: &str, id: &str) -> PathBuf {
    root().join(format!("crates/{kind}-gate/src/criteria/{id}.rs"))
}

/// `cargo`, as the one that runs this task.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The folder that tools of development are installed in.
pub(crate) fn tools_folder() -> Result<PathBuf> {
    let named = std::env::var_os("GATEWRIGHT_TOOLS").map(PathBuf::from);
    let folder =
        named.or_else(|| std::env::home_dir().map(|home| home.join(".cache/gatewright-tools")));
    folder.context("found neither GATEWRIGHT_TOOLS nor a home folder: name a folder for tools with GATEWRIGHT_TOOLS")
}
