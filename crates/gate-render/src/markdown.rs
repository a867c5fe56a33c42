//! Markdown for the step summary and comments, within a budget of bytes.

mod comment;
mod decision;
mod sheet;

use crate::{escape, order, trend, words};
use gate_verdict::{CriterionResult, Status, Verdict};
use sheet::{Sheet, findings_rows};
use std::fmt::Write as _;

pub use comment::{comment_markdown, recovery_markdown, unpublished_markdown};
pub use decision::decision_markdown;

/// The longest message, value or reason in a cell, in characters.
const CELL_CHARS: usize = 400;
const CRITERIA_HEAD: &str =
    "| Status | Criterion | Observed | Required | Findings |\n|:--|:--|:--|:--|--:|\n";

/// The step summary of one gate: heading with the verdict, the criteria, what
/// to do, the findings and the notices, worst first. Never over `budget_bytes`:
/// what does not fit is left out row by row, and counted.
pub fn markdown(verdict: &Verdict, budget_bytes: usize) -> String {
    let mut sheet = Sheet::new(budget_bytes);
    let failed = !words::passed(verdict.status, verdict.decision);
    let heading = format!(
        "## {} Quality gate {}: {}\n",
        if failed { "❌" } else { "✅" },
        if failed { "failed" } else { "passed" },
        escape::markdown_code(&verdict.file_stem())
    );
    if !sheet.push(&heading) {
        let bare = if failed { "FAILED\n" } else { "PASSED\n" };
        sheet.push(bare);
        return sheet.into_text();
    }
    sheet.push(&head_line(verdict));
    if let Some(line) = trend::line(verdict) {
        sheet.push(&format!("\n**Trend:** {}\n", cell(&line)));
    }

    let criteria = order::criteria(verdict);
    let file = format!("{}.verdict.json", verdict.file_stem());
    if criteria.is_empty() {
        sheet.push("\nNo criterion was judged, and nothing judged is never a pass.\n");
    }
    let rows: Vec<String> = criteria.iter().map(|c| criterion_row(c)).collect();
    let head = format!("\n{CRITERIA_HEAD}");
    sheet.rows(&head, &rows, &file, rows.len() as u64, budget_bytes / 2);

    let todo: Vec<String> = criteria.iter().filter_map(|c| todo_item(c)).collect();
    let limit = budget_bytes / 4 * 3;
    sheet.rows(
        "\n### What to do\n\n",
        &todo,
        &file,
        todo.len() as u64,
        limit,
    );

    let notices = notice_items(&verdict.notices);
    let kept: usize = notices.iter().map(String::len).sum::<usize>() + 60;
    let limit = budget_bytes - kept.min(budget_bytes / 10);
    let total = words::findings_total(verdict);
    let rows = findings_rows(
        order::findings(verdict)
            .into_iter()
            .map(|(state, finding)| (None, state, finding)),
    );
    let head = format!(
        "\n### {}\n\n{}",
        words::counted(total, "finding", "findings"),
        sheet::FINDINGS_HEAD
    );
    sheet.rows(&head, &rows, &file, total, limit);
    let count = notices.len() as u64;
    sheet.rows("\n### Notices\n\n", &notices, &file, count, budget_bytes);
    sheet.into_text()
}

fn head_line(verdict: &Verdict) -> String {
    let mut parts = vec![format!("\n**Decision: {}**", verdict.decision)];
    if let Some(environment) = &verdict.environment {
        parts.push(format!("for {}", escape::markdown_code(environment)));
    }
    if let Some(commit) = &verdict.subject.commit {
        parts.push(format!("· commit `{}`", hex_only(commit)));
    }
    if verdict.subject.dirty {
        parts.push(String::from("with local changes"));
    }
    format!("{}\n", parts.join(" "))
}

/// A commit id for a code span, without a way out of it.
fn hex_only(commit: &str) -> String {
    let hex: String = commit
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(12)
        .collect();
    if hex.is_empty() {
        String::from("?")
    } else {
        hex
    }
}

/// A status as a mark and a word.
fn status(status: Status) -> String {
    let mark = match status {
        Status::Pass => "✅",
        Status::Skip => "➖",
        Status::Warn => "⚠️",
        Status::Error => "❓",
        Status::Fail => "❌",
    };
    format!("{mark} {}", words::status(status))
}

fn cell(text: &str) -> String {
    escape::markdown(&escape::line(text, CELL_CHARS))
}

fn criterion_row(criterion: &CriterionResult) -> String {
    format!(
        "| {} | {} | {} | {} | {} |\n",
        status(criterion.status),
        escape::markdown_code(&words::criterion_name(criterion)),
        cell(&words::observed(criterion)),
        cell(&words::required(criterion)),
        words::count(criterion.findings)
    )
}

/// The reason and next step of what is not met; also why something is skipped.
fn todo_item(criterion: &CriterionResult) -> Option<String> {
    if matches!(criterion.status, Status::Pass) {
        return None;
    }
    if criterion.status == Status::Skip && criterion.reason.is_none() {
        return None;
    }
    let next = match criterion.status {
        Status::Skip => None,
        _ => words::next_step(criterion.next_step.as_deref(), criterion.code),
    };
    let about = format!(
        "**{}** {} ({})",
        words::status(criterion.status),
        escape::markdown_code(&words::criterion_name(criterion)),
        criterion.enforcement
    );
    Some(reason_item(
        "-",
        &about,
        &words::reason(criterion),
        next.as_deref(),
    ))
}

/// One list item: what it is about, the reason, the next step. Reasons of
/// several lines (the tail of a command's output) stand in a code block.
fn reason_item(bullet: &str, about: &str, reason: &str, next: Option<&str>) -> String {
    let lines = escape::lines(reason, 20, CELL_CHARS);
    let mut item = format!("{bullet} {about}: ");
    let indent = " ".repeat(bullet.len() + 1);
    if lines.len() > 1 {
        let fence = fence(&lines);
        item.push_str("\n\n");
        for line in std::iter::once(format!("{fence}text"))
            .chain(lines)
            .chain(std::iter::once(fence.clone()))
        {
            item.push_str(&indent);
            item.push_str(&line);
            item.push('\n');
        }
        item.push('\n');
    } else {
        item.push_str(
            &lines
                .first()
                .map(|l| escape::markdown(l))
                .unwrap_or_default(),
        );
        item.push('\n');
    }
    if let Some(next) = next {
        let _ = writeln!(item, "{indent}**Next:** {}", cell(next));
    }
    item
}

/// Longer than any run of backticks inside.
fn fence(lines: &[String]) -> String {
    let longest = lines
        .iter()
        .flat_map(|line| line.split(|c| c != '`'))
        .map(str::len)
        .max()
        .unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn notice_items(notices: &[String]) -> Vec<String> {
    notices
        .iter()
        .map(|notice| format!("- Note: {}\n", cell(notice)))
        .collect()
}
