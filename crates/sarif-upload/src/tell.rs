//! Telling people and later steps, after the receipt is on disk. Nothing here changes the exit code.
#![allow(
    clippy::print_stderr,
    reason = "what cannot be told is said on standard error"
)]

use crate::destination::Surroundings;
use crate::ladder::{annotation, table};
use crate::receipt::{FileReceipt, RECEIPT_FILE, Receipt, Rung, State};
use crate::remarks::annotations;
use crate::words::{markdown, plain};
use gate_github::runner;
use gate_runner::Session;
use gate_runner::flags::Format;
use std::fmt::Write as _;
use std::io::Write as _;

/// Bytes of findings in the step's summary, which takes 1 MiB from all of the step.
const SUMMARY_ROOM: usize = 128 * 1024;
/// Makes the runner hide the token before anything else is said. Only where standard output is the runner's: in
/// another format it may be a file.
pub(crate) fn mask(session: &Session, surroundings: &Surroundings) {
    if let (Format::Github, Some(_), Some(token)) =
        (session.format(), session.actions(), &surroundings.token)
    {
        say(&token.mask_command());
    }
}

/// Prints the receipt in the format asked for; in Actions also annotations, summary and outputs.
pub(crate) fn tell(session: &Session, surroundings: &Surroundings, receipt: &Receipt) {
    let path = session.out_path(RECEIPT_FILE);
    match session.format() {
        Format::Text | Format::Github => say(&text(receipt, &path)),
        Format::Markdown => say(&summary(receipt)),
        Format::Json | Format::Sarif => say(&serde_json::to_string(receipt).unwrap_or_default()),
    }
    if session.actions().is_none() {
        return;
    }
    if session.format() == Format::Github {
        let mut all = annotations(receipt);
        if reaches(receipt, Rung::Annotations) {
            all.extend(receipt.shown.findings.iter().map(annotation));
        }
        for command in runner::workflow_commands(&all).0 {
            say(&command);
        }
    }
    if let Some(file) = &surroundings.summary_path
        && let Err(error) = runner::append_summary(file, &(summary(receipt) + &findings(receipt)))
    {
        eprintln!("warning: the step summary cannot be written: {error}");
    }
    if let Some(file) = &surroundings.output_path {
        let ids: Vec<_> = receipt
            .files
            .iter()
            .filter_map(|file| file.id.as_deref())
            .collect();
        let code = receipt.exit_code.to_string();
        let ids = ids.join("\n");
        let outputs = [
            ("status", receipt.status.as_str()),
            ("exit-code", &code),
            ("receipt", &path),
            ("sarif-id", &ids),
        ];
        if let Err(error) = runner::write_outputs(file, &outputs) {
            eprintln!("warning: the step outputs cannot be written: {error}");
        }
    }
}

fn text(receipt: &Receipt, path: &str) -> String {
    let mut out = format!(
        "SARIF UPLOAD {}: {}\n",
        receipt.status.as_str().to_uppercase(),
        headline(receipt)
    );
    for file in &receipt.files {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "- {}: {}", plain(&file.path), what(file));
        if let Some(reason) = &file.reason {
            let _ = writeln!(out, "  why: {}", plain(reason));
        }
        if let Some(next_step) = &file.next_step {
            let _ = writeln!(out, "  next step: {}", plain(next_step));
        }
        for line in places(file) {
            let _ = writeln!(out, "  {}", plain(&line));
        }
    }
    for notice in &receipt.notices {
        let _ = writeln!(out, "note: {}", plain(notice));
    }
    for orphan in orphans(receipt) {
        let _ = writeln!(out, "orphan: {}", plain(&orphan));
    }
    let _ = writeln!(out, "receipt: {}", plain(path));
    out
}

fn summary(receipt: &Receipt) -> String {
    let mut out = format!(
        "### SARIF upload: {}\n\n{}\n\n",
        receipt.status.as_str(),
        markdown(&headline(receipt))
    );
    out.push_str("| File | State | Category | Results |\n| --- | --- | --- | ---: |\n");
    for file in &receipt.files {
        let results = file
            .results
            .map_or_else(String::new, |results| results.to_string());
        let category = file.category.as_deref().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| {} | {} | {} | {results} |",
            markdown(&file.path),
            file.state.as_str(),
            markdown(category)
        );
    }
    out.push('\n');
    for file in receipt.files.iter().filter(|file| file.reason.is_some()) {
        let reason = file.reason.as_deref().unwrap_or_default();
        let next_step = file.next_step.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "- **{}**: {}. Next step: {}",
            markdown(&file.path),
            markdown(reason),
            markdown(next_step)
        );
    }
    for file in &receipt.files {
        for line in places(file) {
            let _ = writeln!(out, "- {}: {}", markdown(&file.path), markdown(&line));
        }
    }
    for notice in receipt.notices.iter().chain(&orphans(receipt)) {
        let _ = writeln!(out, "- {}", markdown(notice));
    }
    out
}

/// Where a file's findings are instead, and why not in a better place; the reason for the first is told already.
fn places(file: &FileReceipt) -> Vec<String> {
    let mut lines = Vec::new();
    let better = file.missed.iter();
    for missed in better.filter(|missed| missed.rung != Rung::CodeScanning) {
        lines.push(format!(
            "not as {}: {}",
            missed.rung.as_str(),
            missed.reason
        ));
    }
    if let Some(rung) = file.reached.filter(|rung| *rung != Rung::CodeScanning) {
        let url = file.check_url.as_deref().unwrap_or_default();
        let url = file.annotations.map_or_else(String::new, |annotations| {
            format!(", {annotations} annotation(s), {url}")
        });
        lines.push(format!("findings shown as: {}{url}", rung.as_str()));
    }
    if let Some(path) = &file.prepared {
        lines.push(format!("the file as prepared: {path}"));
    }
    lines
}

fn orphans(receipt: &Receipt) -> Vec<String> {
    let orphans = receipt.orphans.iter().flatten();
    orphans
        .map(|orphan| {
            let call = orphan.call.as_deref().unwrap_or("GitHub lets nobody delete it");
            format!(
                "nothing here feeds category `{}` of {} any more (last analysis {}, {} commits ago); if nothing else does, \
                 close its alerts: {call}",
                orphan.category, orphan.tool, orphan.last_analysis, orphan.later_commits
            )
        })
        .collect()
}

fn reaches(receipt: &Receipt, rung: Rung) -> bool {
    receipt.files.iter().any(|file| file.reached == Some(rung))
}

/// The findings that no better place shows: annotations are ten of a level, so the summary lists more.
fn findings(receipt: &Receipt) -> String {
    let on = reaches(receipt, Rung::Annotations) || reaches(receipt, Rung::Summary);
    let shown = &receipt.shown;
    if !on || !receipt.shown.in_summary || shown.total == 0 {
        return String::new();
    }
    let table = table(shown.findings.iter(), shown.total, SUMMARY_ROOM);
    format!("\n#### Findings\n\n{table}")
}

/// Where to, or that nothing went anywhere.
fn headline(receipt: &Receipt) -> String {
    let count = |state: fn(State) -> bool| {
        receipt
            .files
            .iter()
            .filter(|file| state(file.state))
            .count()
    };
    let taken = count(|state| matches!(state, State::Processed | State::Uploaded | State::Failed));
    let processed = count(|state| state == State::Processed);
    let to = receipt
        .repository
        .as_deref()
        .unwrap_or("an unknown repository");
    let commit = receipt
        .commit
        .as_deref()
        .and_then(|commit| commit.get(..12))
        .unwrap_or("an unknown commit");
    let git_ref = receipt.git_ref.as_deref().unwrap_or("an unknown reference");
    plain(&format!(
        "{taken} of {} file(s) taken by GitHub, {processed} processed, for {to} at {commit} ({git_ref})",
        receipt.files.len()
    ))
}

fn what(file: &FileReceipt) -> String {
    let mut out = file.state.as_str().to_owned();
    if let Some(results) = file.results {
        let _ = write!(out, ", {results} result(s)");
    }
    if let Some(category) = &file.category {
        let _ = write!(out, ", category `{}`", plain(category));
    }
    if let Some(id) = &file.id {
        let _ = write!(out, ", id {}", plain(id));
    }
    out
}

fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that went away must not change the exit code.
    let _ = stdout.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stdout.write_all(b"\n");
    }
}
