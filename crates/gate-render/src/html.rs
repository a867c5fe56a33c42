//! The report: one self-contained page. It loads nothing, and a content
//! security policy says so; it is complete without its script.

mod bar;
mod findings;
mod gates;
mod graph;
pub(crate) mod head;
mod trend;

use crate::{accepted, escape, story, words};
use gate_verdict::{Decision, DecisionDoc, Status, Verdict};
use std::fmt::Write as _;

/// As many findings as the page shows; the rest is counted.
const MAX_FINDINGS: usize = 500;
/// As many rows as any other table of the page shows.
const MAX_ROWS: usize = 200;
/// The longest message, in characters.
const MESSAGE_CHARS: usize = 1_000;

/// The report on a decision and its verdicts as one HTML file. The same
/// documents give the same bytes. It is well-formed XML too, so that a stray
/// bracket is found by a test and not by a browser.
pub fn html(decision: &DecisionDoc, verdicts: &[Verdict]) -> String {
    let mut out = String::with_capacity(64 * 1024);
    head::push_head(&mut out, decision);
    out.push_str("<main id=\"main\" tabindex=\"-1\">\n");
    push_hero(&mut out, decision);
    push_list(
        &mut out,
        "because",
        "Because",
        story::because(decision).iter().cloned(),
    );
    push_list(
        &mut out,
        "overrides",
        "Overrides",
        decision.overrides.iter().map(accepted::override_line),
    );
    push_list(
        &mut out,
        "approvals",
        "Approvals",
        accepted::approvals(decision).into_iter(),
    );
    push_whys(&mut out, decision, verdicts);
    push_steps(&mut out, decision, verdicts);
    gates::push_table(&mut out, decision, verdicts);
    gates::push_details(&mut out, decision, verdicts);
    graph::push_graphs(&mut out, decision, verdicts);
    trend::push_trends(&mut out, decision, verdicts);
    findings::push_findings(&mut out, verdicts);
    push_list(
        &mut out,
        "notices",
        "Notices",
        decision.notices.iter().cloned(),
    );
    out.push_str("</main>\n");
    head::push_foot(&mut out, decision);
    out
}

fn push_hero(out: &mut String, decision: &DecisionDoc) {
    let class = decision_class(decision.decision);
    let environment = decision.environment.as_deref().map_or_else(
        || String::from("Decision"),
        |name| format!("Decision for {}", label(name)),
    );
    let _ = write!(
        out,
        "<section class=\"hero {class}\" aria-labelledby=\"decision\">\n\
         <svg class=\"hero-icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-{class}\"/></svg>\n\
         <div class=\"hero-words\"><p class=\"eyebrow\">{environment}</p>\n\
         <h1 id=\"decision\">{}</h1>\n<p class=\"lead\">{}</p></div>\n<dl class=\"facts\">\n",
        decision_title(decision.decision),
        prose(&story::sentence(decision))
    );
    for (term, fact) in words::subject(decision) {
        let _ = writeln!(out, "<div><dt>{term}</dt><dd>{}</dd></div>", label(&fact));
    }
    out.push_str("</dl>\n</section>\n");
}

fn push_whys(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let whys = story::whys(decision, verdicts);
    if whys.is_empty() {
        return;
    }
    let (heading, order) = story::whys_heading(decision);
    let _ = write!(
        out,
        "<section aria-labelledby=\"why\">\n<h2 id=\"why\">{heading} <small>{order}</small></h2>\n<ol class=\"whys\">\n",
    );
    for why in &whys {
        let criterion = why
            .criterion
            .map(|id| format!(" <span class=\"sep\">/</span> <b>{}</b>", label(id)))
            .unwrap_or_default();
        let _ = write!(
            out,
            "<li><p class=\"about\">{}{criterion}</p>\n{}",
            label(why.gate),
            paragraphs(&why.text)
        );
        if let Some(next) = &why.next {
            let _ = write!(out, "<p class=\"next\"><b>Next</b> {}</p>", prose(next));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    push_more(
        out,
        decision.reasons.len() as u64,
        whys.len(),
        "decision.json",
    );
    out.push_str("</section>\n");
}

fn push_steps(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let steps = story::to_green(decision, verdicts);
    let items = steps
        .iter()
        .map(|step| format!("{}: {}", step.gate, step.todo));
    push_list(out, "to-green", "To get to green", items);
}

/// A section with a plain list; nothing where the list is empty.
fn push_list(out: &mut String, id: &str, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n<ul class=\"plain\">\n"
    );
    for item in items.iter().take(MAX_ROWS) {
        let _ = writeln!(out, "<li>{}</li>", prose(item));
    }
    out.push_str("</ul>\n");
    push_more(out, items.len() as u64, MAX_ROWS, "decision.json");
    out.push_str("</section>\n");
}

/// `1,134 more, see <file>` where not all were shown.
fn push_more(out: &mut String, total: u64, shown: usize, file: &str) {
    let left = total.saturating_sub(shown as u64);
    if left > 0 {
        let _ = writeln!(
            out,
            "<p class=\"more\">{} more not shown here, see <code>{}</code>.</p>",
            words::count(left),
            label(file)
        );
    }
}

/// A status as shape and word.
fn pill(status: Status) -> String {
    let class = status.as_str();
    format!(
        "<span class=\"pill {class}\"><svg aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-{class}\"/></svg>{}</span>",
        words::status(status)
    )
}

/// A name, safe as text and as attribute.
pub(crate) fn label(text: &str) -> String {
    escape::html(&escape::name(text))
}

/// Prose on one line, safe as text.
fn prose(text: &str) -> String {
    escape::html(&escape::line(text, MESSAGE_CHARS))
}

/// Prose that may have several lines; those stand as they were written.
fn paragraphs(text: &str) -> String {
    let lines = escape::lines(text, 30, MESSAGE_CHARS);
    match lines.as_slice() {
        [one] => format!("<p>{}</p>\n", escape::html(one)),
        many => format!("<pre>{}</pre>\n", escape::html(&many.join("\n"))),
    }
}

const fn decision_class(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allow",
        Decision::AllowWithOverride => "override",
        Decision::RequireApproval => "approval",
        Decision::Block => "block",
    }
}

const fn decision_title(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "Allowed",
        Decision::AllowWithOverride => "Allowed by override",
        Decision::RequireApproval => "Approval needed",
        Decision::Block => "Blocked",
    }
}
