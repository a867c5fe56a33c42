//! The decision as text: the answer, the gates, why, and the way to green.

use super::{LINE_CHARS, labelled, pad, painted_status, push_list, widths};
use crate::{accepted, escape, story, words};
use gate_verdict::{DecisionDoc, Verdict};
use std::fmt::Write as _;

/// The decision: `DECISION: block for production`, the table of gates, the
/// reasons in order of weight with their next steps, and what to do to get to
/// green. Without colour.
pub fn decision_text(decision: &DecisionDoc, verdicts: &[Verdict]) -> String {
    let mut out = String::new();
    let environment = decision
        .environment
        .as_deref()
        .map(|name| format!(" for {}", escape::name(name)))
        .unwrap_or_default();
    let _ = writeln!(out, "DECISION: {}{environment}", decision.decision);
    let _ = writeln!(out, "{}", story::sentence(decision));

    for link in story::because(decision) {
        let _ = writeln!(out, "  because {}", escape::line(link, LINE_CHARS));
    }
    push_gates(&mut out, decision, verdicts);
    push_whys(&mut out, decision, verdicts);
    push_steps(&mut out, decision, verdicts);
    let overrides: Vec<String> = decision
        .overrides
        .iter()
        .map(accepted::override_line)
        .collect();
    push_list(&mut out, "Overrides:", &overrides);
    push_list(&mut out, "Approvals:", &accepted::approvals(decision));
    push_list(&mut out, "Notices:", &decision.notices);
    out
}

fn push_gates(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let gates = story::gates(decision);
    if gates.is_empty() {
        return;
    }
    let rows: Vec<[String; 3]> = gates
        .iter()
        .map(|gate| {
            [
                escape::name(&story::stem(gate)),
                gate.enforcement.to_string(),
                story::note(gate, decision, verdicts),
            ]
        })
        .collect();
    let head = ["GATE", "ENFORCEMENT", "NOTE"].map(String::from);
    let widths = widths(std::iter::once(&head).chain(&rows));
    out.push('\n');
    let mut line = String::from("  STATUS   ");
    pad(&mut line, &head[0], widths[0]);
    pad(&mut line, &head[1], widths[1]);
    let _ = writeln!(out, "{line}{}", head[2]);
    for (gate, [name, enforcement, note]) in gates.iter().zip(&rows) {
        let mut line = format!("  {}  ", painted_status(gate.status, false));
        pad(&mut line, name, widths[0]);
        pad(&mut line, enforcement, widths[1]);
        line.push_str(note);
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn push_whys(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let whys = story::whys(decision, verdicts);
    if whys.is_empty() {
        return;
    }
    let (heading, order) = story::whys_heading(decision);
    let _ = writeln!(out, "\n{heading}, {order}:");
    for (at, why) in whys.iter().enumerate() {
        let _ = writeln!(out, "  {:>2}. {}", at + 1, escape::name(&story::about(why)));
        labelled(out, "reason", &why.text);
        if let Some(next) = &why.next {
            labelled(out, "next", next);
        }
    }
    let left = decision.reasons.len() - whys.len();
    if left > 0 {
        let _ = writeln!(
            out,
            "      {} more, see decision.json",
            words::count(left as u64)
        );
    }
}

fn push_steps(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let steps = story::to_green(decision, verdicts);
    if steps.is_empty() {
        return;
    }
    out.push_str("\nTo get to green:\n");
    for step in steps {
        let _ = writeln!(
            out,
            "  - {}: {}",
            escape::name(&step.gate),
            escape::line(&step.todo, LINE_CHARS)
        );
    }
}
