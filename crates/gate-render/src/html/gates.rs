//! The gates: one table over all, then each with its criteria and evidence.

use super::bar::bar;
use super::{MAX_ROWS, label, paragraphs, pill, prose, push_more};
use crate::{escape, order, story, words};
use gate_verdict::{CriterionResult, DecisionDoc, GateOutcome, Status, Verdict, is_past};
use std::fmt::Write as _;

/// The table of gates, the one that asks for most first.
pub(super) fn push_table(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let gates = story::gates(decision);
    out.push_str("<section aria-labelledby=\"gates\">\n<h2 id=\"gates\">Gates</h2>\n");
    if gates.is_empty() {
        out.push_str("<p>No gate was judged.</p>\n</section>\n");
        return;
    }
    push_table_head(
        out,
        "gates",
        &[
            "Status",
            "Gate",
            "Enforcement",
            "Criteria met",
            "Findings",
            "Note",
        ],
    );
    for (at, gate) in gates.iter().enumerate().take(MAX_ROWS) {
        let verdict = story::verdict_of(gate, verdicts);
        let name = label(&story::stem(gate));
        let name = match verdict {
            Some(_) => format!("<a href=\"#gate-{at}\">{name}</a>"),
            None => name,
        };
        let met = verdict.map_or_else(
            || String::from("-"),
            |v| {
                let met = v.criteria.iter().filter(|c| is_met(c.status)).count();
                format!("{met} of {}", v.criteria.len())
            },
        );
        let findings = verdict.map_or_else(
            || String::from("-"),
            |v| words::count(words::findings_total(v)),
        );
        push_row(
            out,
            &[
                ("Status", pill(gate.status)),
                ("Gate", name),
                ("Enforcement", gate.enforcement.to_string()),
                ("Criteria met", met),
                ("Findings", findings),
                ("Note", or_dash(&story::note(gate, decision, verdicts))),
            ],
        );
    }
    out.push_str("</tbody></table>\n");
    push_more(out, gates.len() as u64, MAX_ROWS, "decision.json");
    out.push_str("</section>\n");
}

/// Each gate with its criteria; what is not met stands open.
pub(super) fn push_details(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let gates: Vec<(usize, &GateOutcome, &Verdict)> = story::gates(decision)
        .into_iter()
        .enumerate()
        .take(MAX_ROWS)
        .filter_map(|(at, gate)| Some((at, gate, story::verdict_of(gate, verdicts)?)))
        .collect();
    if gates.is_empty() {
        return;
    }
    out.push_str("<section aria-labelledby=\"criteria\">\n<h2 id=\"criteria\">Criteria</h2>\n");
    for (at, gate, verdict) in gates {
        let open = if is_met(gate.status) {
            ""
        } else {
            " open=\"\""
        };
        let _ = write!(
            out,
            "<details class=\"gate\" id=\"gate-{at}\"{open}>\n<summary>{}<h3>{}</h3><span class=\"dim\">{} · {}</span></summary>\n",
            pill(gate.status),
            label(&story::stem(gate)),
            gate.enforcement,
            words::counted(verdict.criteria.len() as u64, "criterion", "criteria"),
        );
        push_criteria(out, verdict, at);
        push_evidence(out, verdict, at);
        push_sublist(
            out,
            "Exemptions",
            verdict.exemptions.iter().map(|e| {
                let until = e
                    .expires
                    .as_deref()
                    .map(|d| format!(", until {d}"))
                    .unwrap_or_default();
                format!(
                    "{}: by {}{until}: {}",
                    words::short(&e.fingerprint),
                    e.who,
                    e.why
                )
            }),
        );
        push_sublist(out, "Notices", verdict.notices.iter().cloned());
        out.push_str("</details>\n");
    }
    out.push_str("</section>\n");
}

fn push_criteria(out: &mut String, verdict: &Verdict, at: usize) {
    let criteria = order::criteria(verdict);
    if criteria.is_empty() {
        out.push_str("<p>No criterion was judged, and nothing judged is never a pass.</p>\n");
        return;
    }
    push_table_head(
        out,
        &format!("gate-{at}"),
        &[
            "Status",
            "Criterion",
            "Observed",
            "Required",
            "Why and what next",
        ],
    );
    for criterion in criteria.iter().take(MAX_ROWS) {
        let name = format!(
            "<b>{}</b><span class=\"dim under\">{}</span>",
            label(&words::criterion_name(criterion)),
            criterion.enforcement
        );
        let observed = format!("{}{}", prose(&words::observed(criterion)), bar(criterion));
        push_row(
            out,
            &[
                ("Status", pill(criterion.status)),
                ("Criterion", name),
                ("Observed", observed),
                ("Required", prose(&words::required(criterion))),
                ("Why and what next", why(criterion)),
            ],
        );
    }
    out.push_str("</tbody></table>\n");
    push_more(
        out,
        criteria.len() as u64,
        MAX_ROWS,
        &format!("{}.verdict.json", verdict.file_stem()),
    );
}

fn why(criterion: &CriterionResult) -> String {
    if criterion.status == Status::Pass || criterion.status == Status::Skip {
        return criterion
            .reason
            .as_deref()
            .map_or_else(|| String::from("-"), paragraphs);
    }
    let mut text = paragraphs(&words::reason(criterion));
    if let Some(next) = words::next_step(criterion.next_step.as_deref(), criterion.code) {
        let _ = write!(text, "<p class=\"next\"><b>Next</b> {}</p>", prose(&next));
    }
    text
}

fn push_evidence(out: &mut String, verdict: &Verdict, at: usize) {
    if verdict.evidence.is_empty() && verdict.metrics.is_empty() {
        return;
    }
    out.push_str("<details class=\"sub\"><summary>Evidence and measurements</summary>\n");
    if !verdict.evidence.is_empty() {
        push_table_head(
            out,
            &format!("gate-{at}"),
            &[
                "Kind",
                "File",
                "Format",
                "Records",
                "Not readable",
                "Left out by policy",
            ],
        );
        for evidence in verdict.evidence.iter().take(MAX_ROWS) {
            let file = evidence.path.as_deref().map_or_else(
                || String::from("-"),
                |path| format!("<code>{}</code>", label(path)),
            );
            push_row(
                out,
                &[
                    ("Kind", label(&evidence.kind)),
                    ("File", file),
                    ("Format", or_dash(evidence.format.as_deref().unwrap_or(""))),
                    ("Records", words::count(evidence.records)),
                    ("Not readable", words::count(evidence.skipped)),
                    ("Left out by policy", words::count(evidence.excluded)),
                ],
            );
        }
        out.push_str("</tbody></table>\n");
        let file = format!("{}.verdict.json", verdict.file_stem());
        push_more(out, verdict.evidence.len() as u64, MAX_ROWS, &file);
    }
    if !verdict.metrics.is_empty() {
        out.push_str("<dl class=\"facts\">\n");
        let now = verdict.metrics.iter().filter(|(name, _)| !is_past(name));
        for (name, value) in now.take(MAX_ROWS) {
            let _ = writeln!(
                out,
                "<div><dt>{}</dt><dd>{}</dd></div>",
                label(name),
                label(value)
            );
        }
        out.push_str("</dl>\n");
    }
    out.push_str("</details>\n");
}

fn push_sublist(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.take(MAX_ROWS).collect();
    if items.is_empty() {
        return;
    }
    let _ = write!(out, "<h4>{title}</h4>\n<ul class=\"plain\">\n");
    for item in items {
        let _ = writeln!(out, "<li>{}</li>", prose(&item));
    }
    out.push_str("</ul>\n");
}

/// A table that a narrow screen shows as cards. The roles are what the elements
/// mean already; browsers drop that when the layout is not a table's.
pub(super) fn push_table_head(out: &mut String, labelled_by: &str, heads: &[&str]) {
    let _ = write!(
        out,
        "<table role=\"table\" class=\"stack\" aria-labelledby=\"{labelled_by}\">\n<thead role=\"rowgroup\"><tr role=\"row\">"
    );
    for head in heads {
        let _ = write!(out, "<th role=\"columnheader\" scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
}

/// Cells are markup already.
pub(super) fn push_row(out: &mut String, cells: &[(&str, String)]) {
    out.push_str("<tr role=\"row\">");
    for (head, cell) in cells {
        let _ = write!(
            out,
            "<td role=\"cell\" data-label=\"{head}\"><div>{cell}</div></td>"
        );
    }
    out.push_str("</tr>\n");
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        String::from("<span class=\"dim\">-</span>")
    } else {
        escape::html(&escape::line(text, 300))
    }
}

const fn is_met(status: Status) -> bool {
    matches!(status, Status::Pass | Status::Skip | Status::Warn)
}
