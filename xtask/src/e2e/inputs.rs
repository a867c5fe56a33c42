//! The actions' inputs against the flags of their binaries, both ways, and against their README.

use super::tools::Programs;
use crate::workspace::root;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// Inputs that say where the binary comes from; the fetch script reads them.
const SUPPLY: [&str; 3] = ["binary-path", "download-base-url", "build"];
/// Variables of the binary that are no flags, because a command line is no place for them.
const VARIABLES: [&str; 5] = [
    "token",
    "signing-key",
    "slack-webhook",
    "discord-webhook",
    "webhook-hosts",
];

/// Every difference, in words.
pub(super) fn differences(programs: &Programs) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut all = BTreeSet::new();
    let mut folders: Vec<_> = fs::read_dir(root().join("actions"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.sort();
    let mut verbs = Vec::new();
    for folder in folders
        .iter()
        .filter(|folder| folder.join("action.yml").is_file())
    {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let action = fs::read_to_string(folder.join("action.yml"))?;
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        for named in keys(&action, "inputs")
            .union(&keys(&action, "outputs"))
            .filter(|name| !readme.contains(&format!("`{name}`")))
        {
            found.push(format!("actions/{name}/README.md: does not name `{named}`"));
        }
        verbs.push(name.strip_suffix("-gate").unwrap_or(&name).to_owned());
        if !programs.has(&name) {
            println!("     `{name}` is not in the binary yet: its inputs are not compared");
            continue;
        }
        let flags = flags(programs, &name)?;
        compare(&format!("actions/{name}"), &action, &flags, &mut found);
        all.extend(flags);
    }
    // There `gate` chooses the gate, so the flag of that name is the input `key`.
    let action = fs::read_to_string(root().join("action.yml"))?;
    let mut renamed: BTreeSet<String> = all.into_iter().filter(|flag| flag != "gate").collect();
    renamed.insert(String::from("key"));
    let without_gate = action.replace("\n  gate:\n", "\n").replace(
        "GATEWRIGHT_GATE: ${{ inputs.key }}",
        "GATEWRIGHT_KEY: ${{ inputs.key }}",
    );
    if programs.has("sarif-upload") {
        compare("root", &without_gate, &renamed, &mut found);
    }
    for verb in verbs.iter().filter(|verb| {
        !action.contains(&format!("| {verb} ")) && !action.contains(&format!("| {verb})"))
    }) {
        found.push(format!("action.yml: its `gate` does not take `{verb}`"));
    }
    Ok(found)
}

/// Flags for a person's own checkout: a workflow judges a change, it does not write into it.
const LOCAL: [&str; 1] = ["fix"];

fn compare(name: &str, action: &str, flags: &BTreeSet<String>, found: &mut Vec<String>) {
    let inputs: BTreeSet<String> = keys(action, "inputs")
        .into_iter()
        .filter(|input| !SUPPLY.contains(&input.as_str()) && !VARIABLES.contains(&input.as_str()))
        .collect();
    found.extend(
        inputs
            .difference(flags)
            .map(|input| format!("{name}: the input `{input}` is no flag")),
    );
    found.extend(
        flags
            .difference(&inputs)
            .filter(|flag| !LOCAL.contains(&flag.as_str()))
            .map(|flag| format!("{name}: the flag --{flag} is no input")),
    );
    for input in &keys(action, "inputs") {
        let variable = format!(
            "GATEWRIGHT_{}: ${{{{ inputs.{input} }}}}",
            input.to_uppercase().replace('-', "_")
        );
        if !action.contains(&variable) {
            found.push(format!("{name}: does not hand over `{variable}`"));
        }
    }
}

/// The keys two spaces below a top-level key.
fn keys(action: &str, section: &str) -> BTreeSet<String> {
    let inside = action
        .lines()
        .skip_while(|line| *line != format!("{section}:"))
        .skip(1);
    inside
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|key| !key.starts_with(' '))
        .map(str::to_owned)
        .collect()
}

fn flags(programs: &Programs, verb: &str) -> Result<BTreeSet<String>> {
    let help = Command::new(&programs.gatewright)
        .args([verb, "--help"])
        .output()
        .context("the binary's help")?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let flags = help.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line
            .strip_prefix('-')
            .filter(|rest| !rest.starts_with('-'))
            .and_then(|rest| rest.split_once(", "))
            .map_or(line, |(_, long)| long);
        let long = line.strip_prefix("--")?;
        let end = long
            .find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
            .unwrap_or(long.len());
        Some(long[..end].to_owned())
    });
    Ok(flags
        .filter(|flag| flag != "help" && flag != "version")
        .collect())
}
