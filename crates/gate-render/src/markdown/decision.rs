//! The decision as Markdown: the answer, the gates, why, the way to green, and
//! the worst findings of all gates.

use super::sheet::{Sheet, findings_rows};
use super::{cell, notice_items, reason_item, status};
use crate::{accepted, escape, order, story, words};
use gate_verdict::{Decision, DecisionDoc, Verdict};

pub(super) const FILE: &str = "decision.json";

/// The step summary of the decision over all gates. Never over `budget_bytes`:
/// what does not fit is left out row by row, and counted.
pub fn decision_markdown(
    decision: &DecisionDoc,
    verdicts: &[Verdict],
    budget_bytes: usize,
) -> String {
    let mut sheet = Sheet::new(budget_bytes);
    if !push_answer(&mut sheet, decision) {
        return sheet.into_text();
    }

    for (at, link) in story::because(decision).iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        sheet.push(&format!("{gap}- because {}\n", cell(link)));
    }
    let rows = gate_rows(decision, verdicts);
    let head = "\n| Status | Gate | Enforcement | Findings | Note |\n|:--|:--|:--|--:|:--|\n";
    sheet.rows(head, &rows, FILE, rows.len() as u64, budget_bytes / 3);

    let whys: Vec<String> = story::whys(decision, verdicts)
        .iter()
        .enumerate()
        .map(|(at, why)| {
            let about = escape::markdown_code(&story::about(why));
            let bullet = format!("{}.", at + 1);
            reason_item(&bullet, &about, &why.text, why.next.as_deref())
        })
        .collect();
    let total = decision.reasons.len() as u64;
    let heading = format!("\n### {}\n\n", story::whys_heading(decision).0);
    sheet.rows(&heading, &whys, FILE, total, budget_bytes / 2);

    let steps: Vec<String> = story::to_green(decision, verdicts)
        .iter()
        .map(|step| {
            let gate = escape::markdown_code(&step.gate);
            format!("- {gate}: {}\n", cell(&step.todo))
        })
        .collect();
    let count = steps.len() as u64;
    let limit = budget_bytes / 5 * 3;
    sheet.rows("\n### To get to green\n\n", &steps, FILE, count, limit);

    push_accepted(&mut sheet, decision, budget_bytes / 3 * 2);
    push_notices(&mut sheet, decision, budget_bytes / 4 * 3);
    push_findings(&mut sheet, verdicts, budget_bytes);
    sheet.into_text()
}

/// The decision and its sentence; whether there was room for them, and so for more.
pub(super) fn push_answer(sheet: &mut Sheet, decision: &DecisionDoc) -> bool {
    if !sheet.push(&heading(decision)) {
        sheet.push(&format!("{}\n", decision.decision));
        return false;
    }
    sheet.push(&format!("\n{}\n", story::sentence(decision)));
    true
}

/// The overrides and the approvals, in the first `limit` bytes.
pub(super) fn push_accepted(sheet: &mut Sheet, decision: &DecisionDoc, limit: usize) {
    let overrides = decision.overrides.iter().map(accepted::override_line);
    let parts = [
        ("\n### Overrides\n\n", overrides.collect()),
        ("\n### Approvals\n\n", accepted::approvals(decision)),
    ];
    for (heading, lines) in parts {
        let lines: Vec<String> = lines;
        let items: Vec<_> = lines
            .iter()
            .map(|line| format!("- {}\n", cell(line)))
            .collect();
        sheet.rows(heading, &items, FILE, items.len() as u64, limit);
    }
}

pub(super) fn push_notices(sheet: &mut Sheet, decision: &DecisionDoc, limit: usize) {
    let notices = notice_items(&decision.notices);
    let count = notices.len() as u64;
    sheet.rows("\n### Notices\n\n", &notices, FILE, count, limit);
}

pub(super) fn heading(decision: &DecisionDoc) -> String {
    let mark = match decision.decision {
        Decision::Allow | Decision::AllowWithOverride => "✅",
        Decision::RequireApproval => "✋",
        Decision::Block => "⛔",
    };
    let environment = decision
        .environment
        .as_deref()
        .map(|name| format!(" for {}", escape::markdown_code(name)))
        .unwrap_or_default();
    let word = words::decision(decision.decision);
    format!("## {mark} Decision: {word}{environment}\n")
}

fn gate_rows(decision: &DecisionDoc, verdicts: &[Verdict]) -> Vec<String> {
    story::gates(decision)
        .into_iter()
        .map(|gate| {
            let findings = story::verdict_of(gate, verdicts).map_or_else(
                || String::from("-"),
                |v| words::count(words::findings_total(v)),
            );
            format!(
                "| {} | {} | {} | {findings} | {} |\n",
                status(gate.status),
                escape::markdown_code(&story::stem(gate)),
                gate.enforcement,
                cell(&story::note(gate, decision, verdicts))
            )
        })
        .collect()
}

pub(super) fn push_findings(sheet: &mut Sheet, verdicts: &[Verdict], limit: usize) {
    let total = verdicts
        .iter()
        .map(words::findings_total)
        .fold(0, u64::saturating_add);
    let rows = findings_rows(
        order::all_findings(verdicts)
            .into_iter()
            .map(|(verdict, state, finding)| (Some(verdict.gate.as_str()), state, finding)),
    );
    let head = format!(
        "\n### {}, worst first\n\n| Gate | Level | Place | Message | Rule |\n|:--|:--|:--|:--|:--|\n",
        words::counted(total, "finding", "findings")
    );
    sheet.rows(&head, &rows, "<gate>.verdict.json", total, limit);
}
