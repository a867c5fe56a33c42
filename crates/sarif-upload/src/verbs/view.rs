//! `sarif-upload view`: the findings for people.

use super::entries::{self, Entry, place};
use super::{Common, Verb, html, say, start};
use crate::limits::Problem;
use crate::visible;
use crate::words::markdown;
use clap::Args;
use gate_runner::Session;
use gate_runner::flags::Format;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const ABOUT: &str = "Shows the findings of SARIF files, the gravest first: as text, Markdown, JSON or one HTML page";

/// The flags of `view`.
#[derive(Args, Clone, Debug)]
pub(super) struct ViewFlags {
    #[command(flatten)]
    common: Common,
    /// Findings to list; the rest is counted
    #[arg(long, value_name = "COUNT", default_value_t = 200)]
    limit: usize,
    /// Say of each finding whether a pull request against this revision shows it, and why not
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Write a self-contained HTML page to this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) const VERB: Verb = Verb {
    name: "view",
    about: ABOUT,
    main,
    flags: ViewFlags::augment_args,
};

fn main(arguments: Vec<OsString>) -> ExitCode {
    start::<ViewFlags>(
        "sarif-upload view",
        ABOUT,
        arguments,
        |flags| &flags.common,
        view,
    )
}

fn view(session: &Session, flags: &ViewFlags) -> Result<u8, Problem> {
    let change = match &flags.base {
        None => None,
        Some(base) => Some(visible::since(session, base).map_err(|error| {
            Problem::new(
                error,
                "name a commit of the checkout with --base, and check out with its history",
            )
        })?),
    };
    let entries = entries::of(session, &flags.common.files, change.as_ref())?;
    if let Some(path) = &flags.html {
        let page = html::page(&entries, flags.limit);
        gate_runner::out::write_atomic(path, page.as_bytes()).map_err(|error| {
            Problem::new(
                format!("{}: {error}", path.display()),
                "name a file that can be written with --html",
            )
        })?;
        say(&format!("wrote {}\n", path.display()));
        return Ok(0);
    }
    say(&match session.format() {
        Format::Json | Format::Sarif => format!("{}\n", serde_json::json!({"findings": entries})),
        Format::Markdown => in_markdown(&entries, flags.limit),
        Format::Text | Format::Github => text(&entries, flags.limit),
    });
    Ok(0)
}

/// How many findings of each severity, the gravest first.
pub(super) fn counts(entries: &[Entry]) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<(std::cmp::Reverse<u8>, &'static str), usize> = BTreeMap::new();
    for entry in entries {
        *counts
            .entry((std::cmp::Reverse(entry.rank), entry.severity))
            .or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((_, word), count)| (word, count))
        .collect()
}

fn headline(entries: &[Entry]) -> String {
    let counts: Vec<String> = counts(entries)
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    if counts.is_empty() {
        return String::from("no findings");
    }
    format!("{} finding(s): {}", entries.len(), counts.join(", "))
}

fn text(entries: &[Entry], limit: usize) -> String {
    let mut out = format!("{}\n", headline(entries));
    for entry in entries.iter().take(limit) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{}: {}: {} [{} {}]{}",
            place(entry),
            entry.severity,
            entry.message,
            entry.tool,
            entry.rule,
            entry
                .visible
                .map_or_else(String::new, |visible| format!(" ({visible})"))
        );
    }
    if entries.len() > limit {
        let _ = writeln!(
            out,
            "and {} more; --limit shows them",
            entries.len() - limit
        );
    }
    out
}

fn in_markdown(entries: &[Entry], limit: usize) -> String {
    let mut out = format!(
        "{}\n\n| Severity | Place | Rule | Message |\n| --- | --- | --- | --- |\n",
        headline(entries)
    );
    for entry in entries.iter().take(limit) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {}{} |",
            entry.severity,
            markdown(&place(entry)),
            markdown(&entry.rule),
            markdown(&entry.message),
            entry
                .visible
                .map_or_else(String::new, |visible| format!(" ({visible})"))
        );
    }
    if entries.len() > limit {
        let _ = writeln!(out, "\nand {} more", entries.len() - limit);
    }
    out
}
