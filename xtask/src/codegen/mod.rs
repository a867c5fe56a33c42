//! `cargo xtask codegen`: schemas, catalogue and reference pages, from the code
//! that they describe. What is generated is committed; `--check` (and a test)
//! says which file is stale.

mod catalogue;
mod codes;
mod coverage_formats;
mod decision_table;
mod exit_codes;
mod flags;
mod kinds;
mod page;
mod sarif;

use crate::workspace::root;
use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

#[derive(Args, Debug)]
pub(crate) struct CodegenFlags {
    /// Write nothing; fail where a file is stale
    #[arg(long)]
    check: bool,
}

/// Generated text by path, relative to the root with `/`.
type Files = BTreeMap<String, String>;

/// Mends what [`stale`] finds.
const REPAIR: &str = "cargo xtask codegen";

pub(crate) fn main(flags: &CodegenFlags) -> Result<ExitCode> {
    if flags.check {
        return Ok(if is_current()? {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let files = files()?;
    let stale = stale(root(), &files)?;
    for path in stale {
        let full = root().join(&path);
        if let Some(text) = files.get(&path) {
            if let Some(folder) = full.parent() {
                std::fs::create_dir_all(folder).with_context(|| path.clone())?;
            }
            std::fs::write(&full, text).with_context(|| path.clone())?;
            println!("{path}: written");
        } else {
            std::fs::remove_file(&full).with_context(|| path.clone())?;
            println!("{path}: removed, nothing generates it any more");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A requirement that a policy may write for a criterion; one that no table
/// knows is held to be a rule that has violations.
pub(crate) fn example(kind: &str, id: &str) -> String {
    let catalogue = catalogue::catalogue();
    let known = catalogue
        .kinds
        .get(kind)
        .and_then(|kind| kind.criteria.get(id));
    let measure = known.map_or(gate_policy::Measure::Violations, |criterion| {
        criterion.measure.clone()
    });
    kinds::forms::forms(&measure)
        .examples
        .into_iter()
        .next()
        .unwrap_or_default()
}

/// Whether every generated file is current; which is not has been printed.
pub(crate) fn is_current() -> Result<bool> {
    let stale = stale(root(), &files()?)?;
    for path in &stale {
        eprintln!("{path}: stale; run `{REPAIR}`");
    }
    Ok(stale.is_empty())
}

/// Everything that is generated.
fn files() -> Result<Files> {
    let catalogue = catalogue::catalogue();
    let mut files = Files::new();
    let mut schema = |name: &str, title: &str, document: Value| -> Result<()> {
        files.insert(
            format!("schemas/{name}.json"),
            json(&titled(document, title))?,
        );
        Ok(())
    };
    schema(
        "verdict.v1",
        "Gatewright verdict, version 1",
        gate_verdict::verdict_schema(),
    )?;
    schema(
        "decision.v1",
        "Gatewright decision, version 1",
        gate_verdict::decision_schema(),
    )?;
    schema(
        "gates.v1",
        "Gatewright policy, version 1",
        gate_policy::schema(&catalogue),
    )?;
    files.insert(
        String::from("schemas/catalogue.json"),
        json(&serde_json::to_value(&catalogue)?)?,
    );
    let mut pages = BTreeMap::new();
    for (kind, spec) in &catalogue.kinds {
        pages.insert(kind.clone(), kinds::page(kind, spec)?);
    }
    pages.insert(
        String::from("codes"),
        codes::page(&gate_verdict::verdict_schema())?,
    );
    pages.insert(String::from("exit-codes"), exit_codes::page());
    pages.insert(String::from("decision-table"), decision_table::page());
    pages.insert(String::from("flags"), flags::page());
    pages.insert(String::from("coverage-formats"), coverage_formats::page());
    pages.insert(String::from("sarif"), sarif::page());
    files.insert(
        String::from("docs/reference/README.md"),
        page::index(&pages),
    );
    files.extend(
        pages
            .into_iter()
            .map(|(name, page)| (format!("docs/reference/{name}.md"), page.text())),
    );
    Ok(files)
}

/// Paths whose file differs from what is generated, and generated pages that
/// nothing generates any more.
fn stale(root: &Path, files: &Files) -> Result<Vec<String>> {
    let mut stale = Vec::new();
    for (path, text) in files {
        // A checkout may have turned the line ends of the file.
        let written = std::fs::read_to_string(root.join(path))
            .unwrap_or_default()
            .replace("\r\n", "\n");
        if written != *text {
            stale.push(path.clone());
        }
    }
    let folder = "docs/reference";
    if let Ok(entries) = std::fs::read_dir(root.join(folder)) {
        for entry in entries {
            let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            let generated = std::fs::read_to_string(root.join(&path))
                .is_ok_and(|text| text.starts_with(page::MARK));
            if generated && !files.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

fn titled(mut schema: Value, title: &str) -> Value {
    schema["title"] = Value::from(title);
    schema
}

fn json(document: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_generated_is_current() {
        let files = files().expect("generates");
        let stale = stale(root(), &files).expect("reads");
        assert!(
            stale.is_empty(),
            "stale: {}; run `{REPAIR}` and commit the result",
            stale.join(", ")
        );
    }

    #[test]
    fn stale_and_orphaned_files_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = folder.path().join("docs/reference");
        std::fs::create_dir_all(&pages).expect("folder");
        std::fs::write(pages.join("gone.md"), format!("{}\n# Gone\n", page::MARK))
            .expect("written");
        std::fs::write(pages.join("by-hand.md"), "# By hand\n").expect("written");
        std::fs::write(pages.join("flags.md"), "old\r\n").expect("written");
        std::fs::write(pages.join("codes.md"), "same\r\n").expect("written");
        let files = [
            ("flags.md", "new\n"),
            ("codes.md", "same\n"),
            ("new.md", "new\n"),
        ]
        .map(|(name, text)| (format!("docs/reference/{name}"), text.to_owned()));
        let stale = stale(folder.path(), &files.into_iter().collect()).expect("reads");
        assert_eq!(
            stale,
            [
                "docs/reference/flags.md",
                "docs/reference/new.md",
                "docs/reference/gone.md"
            ]
        );
    }
}
