//! Contradictions as text, JSON, SARIF, Markdown and annotations.

use super::checks::CHECKS;
use super::papers::{Finding, Report};
use gate_github::runner::{self, AnnotationLevel};
use gate_policy::Position;
use gate_render::{markdown_line, plain_line};
use gate_runner::flags::Format;
use gate_sarif::{Level, WrittenFinding, WrittenRule};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;

/// So much of a sentence is shown; it holds names that files chose.
const MAX: usize = 1_000;

/// The checks, one a line.
pub(super) fn list() -> String {
    let width = CHECKS.iter().map(|check| check.id.len()).max().unwrap_or(0);
    CHECKS.iter().fold(String::new(), |mut text, check| {
        let _ = writeln!(text, "{:<width$}  {}", check.id, check.summary);
        text
    })
}

/// Prints; `false` where that was not possible.
pub(super) fn print(report: &Report, format: Format) -> bool {
    let bytes = match format {
        Format::Text => text(report).into_bytes(),
        Format::Github => github(report).into_bytes(),
        Format::Json => json(report),
        Format::Sarif => sarif(report),
        Format::Markdown => markdown(report).into_bytes(),
    };
    std::io::stdout().lock().write_all(&bytes).is_ok()
}

fn place(at: &Position) -> String {
    plain_line(&at.to_string(), MAX)
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        let _ = writeln!(
            text,
            "{}: warning[{}]: {}",
            place(&finding.at),
            finding.check,
            plain_line(&finding.text, MAX)
        );
        for (at, what) in &finding.beside {
            let _ = writeln!(text, "  beside: {}: {}", place(at), plain_line(what, MAX));
        }
        let _ = writeln!(text, "  next:   {}", plain_line(&finding.next, MAX));
    }
    for unread in &report.unread {
        let (path, why) = (plain_line(&unread.path, MAX), plain_line(&unread.why, MAX));
        let _ = writeln!(text, "{path}: not checked: {why}");
    }
    let _ = writeln!(text, "{}", summary(report));
    text
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn summary(report: &Report) -> String {
    let mut text = format!(
        "{} in {} and {}",
        match report.findings.len() {
            0 => String::from("no contradiction"),
            count => counted(count, "contradiction"),
        },
        counted(report.policy_files, "policy file"),
        counted(report.workflows, "workflow")
    );
    if !report.unread.is_empty() {
        let _ = write!(
            text,
            "; {} not checked",
            counted(report.unread.len(), "file")
        );
    }
    text
}

/// The sentence with its other sides, on one line.
fn whole(finding: &Finding) -> String {
    let mut text = plain_line(&finding.text, MAX);
    for (at, what) in &finding.beside {
        let _ = write!(text, "; {}: {}", place(at), plain_line(what, MAX));
    }
    text
}

fn github(report: &Report) -> String {
    let annotations: Vec<_> = report
        .findings
        .iter()
        .map(|finding| runner::Annotation {
            level: AnnotationLevel::Warning,
            title: Some(format!("doctor: {}", finding.check)),
            message: format!(
                "{}\nNext: {}",
                whole(finding),
                plain_line(&finding.next, MAX)
            ),
            path: Some(finding.at.path.to_string()),
            line: Some(finding.at.line),
            column: Some(finding.at.column),
            end_line: None,
            end_column: None,
        })
        .collect();
    let mut lines = runner::workflow_commands(&annotations).0;
    // Annotations are limited in number; the log has all of it.
    lines.push(text(report));
    lines.join("\n")
}

fn json(report: &Report) -> Vec<u8> {
    let at = |at: &Position| json!({"path": &*at.path, "line": at.line, "column": at.column});
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            let beside = finding.beside.iter();
            json!({
                "check": finding.check,
                "location": at(&finding.at),
                "message": finding.text,
                "next_step": finding.next,
                "beside": beside.map(|(place, what)| json!({"location": at(place), "message": what})).collect::<Vec<_>>(),
            })
        })
        .collect();
    let unread = report.unread.iter();
    let document = json!({
        "findings": findings,
        "policy_files": report.policy_files,
        "workflows": report.workflows,
        "not_checked": unread.map(|one| json!({"path": one.path, "reason": one.why})).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn sarif(report: &Report) -> Vec<u8> {
    let rules: Vec<_> = CHECKS
        .iter()
        .map(|check| WrittenRule {
            id: check.id.to_owned(),
            short_description: check.summary.to_owned(),
            help: format!(
                "{}. What to do stands in the message: {}/blob/main/docs/guide/doctor.md",
                check.summary,
                env!("CARGO_PKG_REPOSITORY")
            ),
            level: Level::Warning,
            security_severity: None,
        })
        .collect();
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| WrittenFinding {
            path: finding.at.path.to_string(),
            line: Some(finding.at.line),
            column: Some(finding.at.column),
            end_line: None,
            end_column: None,
            rule: finding.check.to_owned(),
            level: Level::Warning,
            message: format!(
                "{}. Next: {}",
                whole(finding),
                plain_line(&finding.next, MAX)
            ),
            fingerprint: String::new(),
        })
        .collect();
    let tool = gate_runner::tool();
    gate_sarif::write(&tool.name, &tool.version, &rules, &findings)
}

fn markdown(report: &Report) -> String {
    let mut text = format!("### Doctor: {}\n", summary(report));
    if !report.findings.is_empty() {
        text.push_str("\n| Where | What | Next |\n|---|---|---|\n");
    }
    for finding in &report.findings {
        let mut places = markdown_line(&finding.at.to_string(), MAX);
        let mut what = markdown_line(&finding.text, MAX);
        for (at, beside) in &finding.beside {
            let _ = write!(places, "<br>{}", markdown_line(&at.to_string(), MAX));
            let _ = write!(what, "<br>{}", markdown_line(beside, MAX));
        }
        let next = markdown_line(&finding.next, MAX);
        let _ = writeln!(text, "| {places} | `{}`: {what} | {next} |", finding.check);
    }
    for unread in &report.unread {
        let (path, why) = (
            markdown_line(&unread.path, MAX),
            markdown_line(&unread.why, MAX),
        );
        let _ = write!(text, "\nNot checked: {path}: {why}\n");
    }
    text
}
