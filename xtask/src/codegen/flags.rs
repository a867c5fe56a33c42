//! `docs/reference/flags.md`: the flags, from the definition they are parsed by.

use super::page::{Page, cell};
use clap::{Arg, ArgAction, Args as _, Command};
use gate_runner::{Flags, KeepFlags, RepairFlags};
use quality_gate::{AfterFlags, QualityFlags};
use sarif_upload::UploadFlags;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(crate) fn page() -> Page {
    let common = Flags::augment_args(Command::new("gate"));
    let quality = QualityFlags::augment_args(Command::new("quality-gate"));
    let known: BTreeSet<_> = common
        .get_arguments()
        .map(|flag| flag.get_id().clone())
        .collect();
    let after = AfterFlags::augment_args(Command::new("quality-gate"));
    let later: BTreeSet<_> = after
        .get_arguments()
        .map(|flag| flag.get_id().clone())
        .collect();
    let mut body = String::from(
        "Every flag has the same name as an action's input and as a `GATEWRIGHT_<FLAG>` variable. What is typed wins\n\
         over a variable; an empty variable is an absent flag; a repeatable one takes a value per line.\n\n\
         ## Every gate, `gatewright run` and `gatewright record`\n\n",
    );
    table(&mut body, common.get_arguments());
    let repair = RepairFlags::augment_args(Command::new("gate"));
    body.push_str("\n## `integrity-gate`, `security-gate`, `coverage-gate` and `gatewright run`, beside these\n\n");
    table(&mut body, repair.get_arguments());
    let keep = KeepFlags::augment_args(Command::new("gate"));
    body.push_str("\n## `coverage-gate` and `gatewright run`, beside these\n\n");
    table(&mut body, keep.get_arguments());
    body.push_str("\n## `quality-gate`, beside these\n\n");
    table(
        &mut body,
        quality
            .get_arguments()
            .filter(|flag| !known.contains(flag.get_id()) && !later.contains(flag.get_id())),
    );
    body.push_str("\n## `quality-gate` and `gatewright run`, beside these\n\n");
    table(&mut body, after.get_arguments());
    let upload = UploadFlags::augment_args(Command::new("sarif-upload"));
    body.push_str("\n## `sarif-upload`\n\n");
    table(&mut body, upload.get_arguments());
    Page {
        title: String::from("Flags"),
        summary: String::from("Flags, inputs and variables of the binaries"),
        body,
    }
}

pub(super) fn table<'a>(body: &mut String, flags: impl Iterator<Item = &'a Arg>) {
    body.push_str("| Flag | What it says | Variable |\n|---|---|---|\n");
    for flag in flags {
        let Some(long) = flag.get_long() else {
            let _ = writeln!(
                body,
                "| `{}` | {} | |",
                value(flag).trim(),
                cell(&meaning(flag))
            );
            continue;
        };
        let variable = format!("GATEWRIGHT_{}", long.to_uppercase().replace('-', "_"));
        let _ = writeln!(
            body,
            "| `--{long}{}` | {} | `{variable}` |",
            value(flag),
            cell(&meaning(flag))
        );
    }
}

fn value(flag: &Arg) -> String {
    match flag.get_action() {
        ArgAction::SetTrue => String::new(),
        _ => format!(" {}", flag.get_value_names().unwrap_or_default().join(" ")),
    }
}

fn meaning(flag: &Arg) -> String {
    let mut text = flag.get_help().map(ToString::to_string).unwrap_or_default();
    let words: Vec<_> = flag
        .get_possible_values()
        .iter()
        .map(|word| format!("`{}`", word.get_name()))
        .collect();
    if !words.is_empty() && !matches!(flag.get_action(), ArgAction::SetTrue) {
        let _ = write!(text, ": {}", words.join(", "));
    }
    let defaults: Vec<_> = flag
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if !defaults.is_empty() && !matches!(flag.get_action(), ArgAction::SetTrue) {
        let _ = write!(text, " [default: {}]", defaults.join(", "));
    }
    text
}
