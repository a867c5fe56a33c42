//! `cargo xtask new`: scaffolds that compile. What is scaffolded judges nothing
//! yet and says so: `error`, code `not_built`.

mod criterion;
mod gate;

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use std::path::Path;
use std::process::ExitCode;

#[derive(Subcommand, Debug)]
pub(crate) enum New {
    /// A criterion: its file, its line in the gate's table, a case folder
    Criterion {
        /// Kind of the gate, e.g. integrity
        kind: String,
        /// Id in `snake_case`
        id: String,
    },
    /// A gate: its crate and its place in the binaries
    Gate {
        /// Kind of the gate, e.g. performance
        name: String,
    },
}

pub(crate) fn main(what: &New) -> Result<ExitCode> {
    let root = crate::workspace::root();
    match what {
        New::Criterion { kind, id } => criterion::add(root, kind, id)?,
        New::Gate { name } => gate::add(root, name)?,
    }
    println!("now run `cargo xtask codegen` and `cargo xtask check --only test`");
    Ok(ExitCode::SUCCESS)
}

/// Names become modules, files and YAML keys.
fn require_name(name: &str) -> Result<()> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty()
        || !name.starts_with(|first: char| first.is_ascii_lowercase())
        || !name.bytes().all(fits)
    {
        bail!("found `{name}`, expected snake_case: lower-case letters, digits and `_`");
    }
    Ok(())
}

/// Writes a file that is not there yet.
fn create(root: &Path, path: &str, text: &str) -> Result<()> {
    let full = root.join(path);
    if full.exists() {
        bail!("{path}: is there already");
    }
    if let Some(folder) = full.parent() {
        std::fs::create_dir_all(folder).with_context(|| path.to_owned())?;
    }
    std::fs::write(&full, text).with_context(|| path.to_owned())?;
    println!("{path}: written");
    Ok(())
}

/// Changes a file; `None` from `change`: the place for it was not found.
fn edit(root: &Path, path: &str, change: impl FnOnce(&str) -> Option<String>) -> Result<()> {
    let full = root.join(path);
    let text = std::fs::read_to_string(&full).with_context(|| path.to_owned())?;
    let changed = change(&text)
        .with_context(|| format!("{path}: found no place for the new line; add it by hand"))?;
    std::fs::write(&full, changed).with_context(|| path.to_owned())?;
    println!("{path}: changed");
    Ok(())
}

/// Puts `line` in order among the lines that begin with `prefix`.
fn in_order(text: &str, prefix: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|known| known.starts_with(prefix))?;
    let at = lines
        .iter()
        .position(|known| known.starts_with(prefix) && *known > line)
        .unwrap_or(last + 1);
    lines.insert(at, line);
    Some(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_in_order() {
        let text = "//! Doc.\n\nmod a;\nmod c;\n\nuse b;\n";
        assert_eq!(
            in_order(text, "mod ", "mod b;").as_deref(),
            Some("//! Doc.\n\nmod a;\nmod b;\nmod c;\n\nuse b;\n")
        );
        assert_eq!(
            in_order(text, "mod ", "mod d;").as_deref(),
            Some("//! Doc.\n\nmod a;\nmod c;\nmod d;\n\nuse b;\n")
        );
        assert_eq!(in_order(text, "static ", "static X;"), None);
    }

    #[test]
    fn names_are_safe() {
        assert!(require_name("p95_response_time").is_ok());
        for name in ["", "9a", "A", "a-b", "../a", "a b"] {
            assert!(require_name(name).is_err(), "{name}");
        }
    }
}
