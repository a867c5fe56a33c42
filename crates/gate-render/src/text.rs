//! Text for a terminal or a log.

mod decision;

use crate::order::{self, State};
use crate::{escape, trend, words};
use gate_verdict::{CriterionResult, Finding, Level, Status, Verdict};
use std::fmt::Write as _;

pub use decision::decision_text;

/// The longest message, observed value or reason line shown, in characters.
const LINE_CHARS: usize = 200;
/// A column is padded up to this width; longer values push the rest.
const COLUMN: usize = 36;

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// As many findings as are shown; the rest is counted.
    pub max_findings: usize,
    /// Whether statuses are coloured (SGR sequences).
    pub color: bool,
}

/// One verdict: `QUALITY GATE PASSED: <gate>` or `QUALITY GATE FAILED: <gate>`,
/// the decision, one line per criterion, the findings, and the notices, worst first.
pub fn text(verdict: &Verdict, opts: TextOptions) -> String {
    let mut out = String::new();
    let passed = words::passed(verdict.status, verdict.decision);
    let outcome = if passed { Status::Pass } else { Status::Fail };
    let headline = format!(
        "QUALITY GATE {}: {}",
        if passed { "PASSED" } else { "FAILED" },
        escape::name(&verdict.file_stem())
    );
    let _ = writeln!(out, "{}", paint(outcome, &headline, opts.color));
    let environment = verdict
        .environment
        .as_deref()
        .map(|name| format!(" for {}", escape::name(name)))
        .unwrap_or_default();
    let _ = writeln!(
        out,
        "Decision: {}{environment} (status {}{})",
        verdict.decision,
        verdict.status,
        if !passed && verdict.decision.allows() {
            "; it binds nothing here"
        } else {
            ""
        }
    );

    push_criteria(&mut out, verdict, opts.color);
    if let Some(line) = trend::line(verdict) {
        let _ = writeln!(out, "\nTrend: {}", escape::line(&line, 2 * LINE_CHARS));
    }
    push_findings(&mut out, verdict, opts);
    push_list(&mut out, "Notices:", &verdict.notices);
    out
}

fn push_criteria(out: &mut String, verdict: &Verdict, color: bool) {
    out.push('\n');
    if verdict.criteria.is_empty() {
        out.push_str("  No criterion was judged, and nothing judged is never a pass.\n");
        return;
    }
    let rows: Vec<(&CriterionResult, [String; 3])> = order::criteria(verdict)
        .into_iter()
        .map(|criterion| {
            let cells = [
                escape::name(&words::criterion_name(criterion)),
                escape::line(&words::observed(criterion), LINE_CHARS),
                escape::line(&words::required(criterion), LINE_CHARS),
            ];
            (criterion, cells)
        })
        .collect();
    let widths = widths(rows.iter().map(|(_, cells)| cells));
    for (criterion, [id, observed, required]) in &rows {
        let mut line = format!("  {}  ", painted_status(criterion.status, color));
        pad(&mut line, id, widths[0]);
        pad(&mut line, observed, widths[1]);
        if criterion.required.is_some() {
            let _ = write!(line, "required {required}");
        }
        let _ = writeln!(out, "{}", line.trim_end());
        if !matches!(criterion.status, Status::Pass | Status::Skip) {
            labelled(out, "reason", &words::reason(criterion));
            if let Some(step) = words::next_step(criterion.next_step.as_deref(), criterion.code) {
                labelled(out, "next", &step);
            }
        } else if let Some(reason) = &criterion.reason {
            labelled(out, "reason", reason);
        }
    }
}

fn push_findings(out: &mut String, verdict: &Verdict, opts: TextOptions) {
    let total = words::findings_total(verdict);
    if total == 0 {
        return;
    }
    let _ = writeln!(out, "\nFindings: {}", words::count(total));
    for (state, finding) in order::findings(verdict).into_iter().take(opts.max_findings) {
        let _ = writeln!(out, "  {}", finding_line(state, finding, opts.color));
        if let Some(fix) = &finding.fix {
            labelled(out, "fix", fix);
        }
    }
    let shown = verdict.findings.len().min(opts.max_findings) as u64;
    if total > shown {
        let _ = writeln!(
            out,
            "  {} more, see {}.verdict.json",
            words::count(total - shown),
            escape::name(&verdict.file_stem())
        );
    }
}

fn finding_line(state: State, finding: &Finding, color: bool) -> String {
    let place = finding
        .location
        .as_ref()
        .map_or_else(|| String::from("(no place)"), words::place);
    let weight = match finding.level {
        Level::Error => Status::Fail,
        Level::Warning => Status::Warn,
        Level::Note => Status::Skip,
    };
    let state = state
        .word()
        .map(|word| format!(" ({word})"))
        .unwrap_or_default();
    format!(
        "{place}: {}{state}: {} [{}]",
        paint(weight, words::level(finding.level), color),
        escape::line(&finding.message, LINE_CHARS),
        escape::name(&finding.rule)
    )
}

fn push_list(out: &mut String, head: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{head}");
    for item in items {
        let _ = writeln!(out, "  - {}", escape::line(item, 2 * LINE_CHARS));
    }
}

/// `reason: ...` below a line, further lines under its text.
fn labelled(out: &mut String, label: &str, text: &str) {
    let label = format!("{label}:");
    for (at, line) in escape::lines(text, 20, 2 * LINE_CHARS).iter().enumerate() {
        let label = if at == 0 { label.as_str() } else { "" };
        let _ = writeln!(out, "           {label:<8}{line}");
    }
}

fn painted_status(status: Status, color: bool) -> String {
    let word = format!("{} {:<5}", words::mark(status), words::status(status));
    paint(status, &word, color)
}

fn paint(status: Status, text: &str, color: bool) -> String {
    if !color {
        return text.to_owned();
    }
    let code = match status {
        Status::Pass => "32",
        Status::Skip => "2",
        Status::Warn => "33",
        Status::Error => "35",
        Status::Fail => "31",
    };
    format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
}

/// The width of each column: its longest cell, within reason.
fn widths<'a, const N: usize>(rows: impl Iterator<Item = &'a [String; N]>) -> [usize; N] {
    rows.fold([0; N], |mut widths, row| {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count().min(COLUMN));
        }
        widths
    })
}

fn pad(line: &mut String, cell: &str, width: usize) {
    line.push_str(cell);
    for _ in cell.chars().count()..width {
        line.push(' ');
    }
    line.push_str("  ");
}
