//! `sarif-upload validate`: what GitHub would refuse, hide or ask for.

use super::{Common, Verb, plainly, say, start};
use crate::limits::Problem;
use crate::prepare::{CheckReceipt, Repair, Setting, Source};
use crate::words::{markdown, plain};
use clap::{Args, ValueEnum};
use gate_runner::Session;
use gate_runner::flags::Format;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

const ABOUT: &str = "Checks SARIF files against every limit and rule of code scanning, with places and repairs. \
    Exit code 1 where GitHub would refuse a file";

/// The flags of `validate`.
#[derive(Args, Clone, Debug)]
pub(super) struct ValidateFlags {
    #[command(flatten)]
    common: Common,
    /// The mildest thing that fails the check
    #[arg(long, value_name = "WEIGHT", value_enum, default_value_t)]
    fail_on: Fails,
    /// Leave out what these repairs would mend
    #[arg(long, value_name = "WHICH", value_enum, default_value_t)]
    repair: Repair,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Fails {
    #[default]
    Refused,
    Hidden,
    Advice,
}

pub(super) const VERB: Verb = Verb {
    name: "validate",
    about: ABOUT,
    main,
    flags: ValidateFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<ValidateFlags>(
        "sarif-upload validate",
        ABOUT,
        arguments,
        |flags| &flags.common,
        validate,
    )
}

fn validate(session: &Session, flags: &ValidateFlags) -> Result<u8, Problem> {
    let setting = Setting {
        repairs: flags.repair.repairs(),
        ..plainly(session)
    };
    let (sources, _) = flags.common.judge(session, &setting)?;
    let of_files: Vec<(&Source, Vec<CheckReceipt>)> = sources
        .iter()
        .map(|source| (source, source.told.receipts()))
        .collect();
    say(&match session.format() {
        Format::Json | Format::Sarif => json(&of_files),
        Format::Markdown => in_markdown(&of_files),
        Format::Text | Format::Github => text(&of_files),
    });
    let counts: &[&str] = match flags.fail_on {
        Fails::Refused => &["refused"],
        Fails::Hidden => &["refused", "hidden"],
        Fails::Advice => &["refused", "hidden", "advice"],
    };
    let fails = |check: &CheckReceipt| check.count > 0 && counts.contains(&check.weight);
    Ok(u8::from(
        of_files.iter().any(|(_, checks)| checks.iter().any(fails)),
    ))
}

fn json(of_files: &[(&Source, Vec<CheckReceipt>)]) -> String {
    let files = of_files.iter().map(|(source, checks)| {
        let results: u64 = source.runs.iter().map(|run| run.kept).sum();
        serde_json::json!({
            "path": source.found.shown,
            "runs": source.runs.len(),
            "results": results,
            "checks": checks,
        })
    });
    format!(
        "{}\n",
        serde_json::json!({"files": files.collect::<Vec<_>>()})
    )
}

fn text(of_files: &[(&Source, Vec<CheckReceipt>)]) -> String {
    let mut out = String::new();
    for (source, checks) in of_files {
        let results: u64 = source.runs.iter().map(|run| run.kept).sum();
        let left: Vec<&CheckReceipt> = checks.iter().filter(|check| check.count > 0).collect();
        let verdict = match left.first().map(|check| check.weight) {
            None => "clean",
            Some("refused") => "GitHub would refuse it",
            Some("hidden") => "GitHub would take it and not show all of it",
            Some(_) => "GitHub would take and show it",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{}: {verdict} ({} run(s), {results} result(s))",
            plain(&source.found.shown),
            source.runs.len()
        );
        for check in left {
            let _ = writeln!(
                out,
                "  {} {}: expected {} ({} such)",
                check.weight, check.check, check.expected, check.count
            );
            for place in check.places.iter().filter(|place| !place.mended) {
                let pointer = if place.pointer.is_empty() {
                    "/"
                } else {
                    &place.pointer
                };
                let _ = writeln!(
                    out,
                    "    {}:{}:{} {pointer}: found {}",
                    plain(&source.found.shown),
                    place.line,
                    place.column,
                    plain(&place.found)
                );
            }
            let _ = writeln!(out, "    next step: {}", check.next_step);
        }
    }
    out
}

fn in_markdown(of_files: &[(&Source, Vec<CheckReceipt>)]) -> String {
    let mut out = String::from(
        "| File | Weight | Check | Count | First place | Next step |\n| --- | --- | --- | ---: | --- | --- |\n",
    );
    for (source, checks) in of_files {
        for check in checks.iter().filter(|check| check.count > 0) {
            let place = check.places.iter().find(|place| !place.mended);
            let place = place.map_or_else(String::new, |place| {
                format!(
                    "{}:{}: {}",
                    place.line,
                    place.column,
                    markdown(&place.found)
                )
            });
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "| {} | {} | `{}` | {} | {place} | {} |",
                markdown(&source.found.shown),
                check.weight,
                check.check,
                check.count,
                markdown(check.next_step)
            );
        }
    }
    out
}
