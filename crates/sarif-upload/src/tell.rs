//! Telling people and later steps, after the receipt is on disk. Nothing here changes the exit code.
#![allow(
    clippy::print_stderr,
    reason = "what cannot be told is said on standard error"
)]

use crate::destination::Surroundings;
use crate::receipt::{FileReceipt, RECEIPT_FILE, Receipt, State};
use crate::words::{markdown, plain};
use gate_github::runner::{self, Annotation, AnnotationLevel};
use gate_runner::Session;
use gate_runner::flags::Format;
use std::fmt::Write as _;
use std::io::Write as _;

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
        for command in runner::workflow_commands(&annotations(receipt)).0 {
            say(&command);
        }
    }
    if let Some(file) = &surroundings.summary_path
        && let Err(error) = runner::append_summary(file, &summary(receipt))
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
    }
    for notice in &receipt.notices {
        let _ = writeln!(out, "note: {}", plain(notice));
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
    for notice in &receipt.notices {
        let _ = writeln!(out, "- {}", markdown(notice));
    }
    out
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

/// One annotation for each file that did not get through: red where the step is.
fn annotations(receipt: &Receipt) -> Vec<Annotation> {
    let red = receipt.exit_code != 0;
    let remark = |file: &FileReceipt| {
        let level = match file.state {
            State::Processed => return None,
            State::Uploaded => AnnotationLevel::Notice,
            State::Degraded if !red => AnnotationLevel::Warning,
            State::Degraded | State::Refused | State::Failed => AnnotationLevel::Error,
        };
        Some(Annotation {
            level,
            title: Some(format!("SARIF upload {}", file.state.as_str())),
            message: format!(
                "{}: {}. Next step: {}",
                plain(&file.path),
                plain(file.reason.as_deref().unwrap_or_default()),
                plain(file.next_step.as_deref().unwrap_or_default())
            ),
            path: None,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
        })
    };
    receipt.files.iter().filter_map(remark).collect()
}

fn say(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that went away must not change the exit code.
    let _ = stdout.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = stdout.write_all(b"\n");
    }
}
