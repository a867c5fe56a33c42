//! The findings of all gates in one table that can be filtered.

use super::{MAX_FINDINGS, label, prose};
use crate::{order, words};
use gate_verdict::{Finding, Level, Verdict};
use std::fmt::Write as _;

pub(super) fn push_findings(out: &mut String, verdicts: &[Verdict]) {
    let total = verdicts
        .iter()
        .map(words::findings_total)
        .fold(0, u64::saturating_add);
    if total == 0 {
        return;
    }
    let all = order::all_findings(verdicts);
    let _ = write!(
        out,
        "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings <small>{}, worst first</small></h2>\n",
        words::count(total)
    );
    push_filter(out, verdicts);
    out.push_str(
        "<table role=\"table\" id=\"findings-table\" class=\"stack\" aria-labelledby=\"findings\">\n<thead role=\"rowgroup\"><tr role=\"row\">",
    );
    for head in ["Level", "Place", "Message", "Rule", "Gate"] {
        let _ = write!(out, "<th role=\"columnheader\" scope=\"col\">{head}</th>");
    }
    out.push_str("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    for (verdict, state, finding) in all.iter().take(MAX_FINDINGS) {
        push_row(out, verdicts, verdict, *state, finding);
    }
    out.push_str("</tbody></table>\n");
    let shown = all.len().min(MAX_FINDINGS) as u64;
    if total > shown {
        let files: Vec<String> = verdicts
            .iter()
            .filter(|verdict| words::findings_total(verdict) > 0)
            .take(20)
            .map(|verdict| {
                format!(
                    "<code>{}</code>",
                    label(&format!("{}.verdict.json", verdict.file_stem()))
                )
            })
            .collect();
        let _ = writeln!(
            out,
            "<p class=\"more\">{} more not shown here, see {}.</p>",
            words::count(total - shown),
            files.join(", ")
        );
    }
    out.push_str("</section>\n");
}

fn push_filter(out: &mut String, verdicts: &[Verdict]) {
    out.push_str(
        "<form id=\"filter\" class=\"filter\" role=\"search\" aria-label=\"Filter findings\" hidden=\"\">\n\
         <label>Gate <select name=\"gate\"><option value=\"\">all</option>",
    );
    for (at, verdict) in verdicts.iter().enumerate() {
        if !verdict.findings.is_empty() {
            let _ = write!(
                out,
                "<option value=\"{at}\">{}</option>",
                label(&verdict.file_stem())
            );
        }
    }
    out.push_str(
        "</select></label>\n<label>Level <select name=\"level\"><option value=\"\">all</option>",
    );
    for level in [Level::Error, Level::Warning, Level::Note] {
        let word = words::level(level);
        let _ = write!(out, "<option value=\"{word}\">{word}</option>");
    }
    out.push_str(
        "</select></label>\n\
         <label class=\"grow\">Text <input type=\"search\" name=\"text\" placeholder=\"path, message or rule\" autocomplete=\"off\"/></label>\n",
    );
    // Where nothing was compared with a base, nothing is new or old.
    if verdicts
        .iter()
        .flat_map(|one| &one.findings)
        .any(|one| one.baseline_state.is_some())
    {
        out.push_str("<label>New only <input type=\"checkbox\" name=\"fresh\"/></label>\n");
    }
    out.push_str(
        "<button type=\"reset\">Show all</button>\n\
         <p id=\"shown\" role=\"status\" aria-live=\"polite\"></p>\n</form>\n",
    );
}

fn push_row(
    out: &mut String,
    verdicts: &[Verdict],
    verdict: &Verdict,
    state: order::State,
    finding: &Finding,
) {
    let gate = verdicts
        .iter()
        .position(|other| std::ptr::eq(other, verdict))
        .unwrap_or_default();
    let level = words::level(finding.level);
    let (class, shape) = match finding.level {
        Level::Error => ("fail", "fail"),
        Level::Warning => ("warn", "warn"),
        Level::Note => ("skip", "note"),
    };
    let new = if finding.baseline_state.as_deref() == Some("new") {
        " data-new=\"\""
    } else {
        ""
    };
    let state = state
        .word()
        .map(|word| format!(" <span class=\"state\">{word}</span>"))
        .unwrap_or_default();
    let place = finding.location.as_ref().map_or_else(
        || String::from("<span class=\"dim\">no place</span>"),
        |location| {
            format!(
                "<code>{}</code>",
                crate::escape::html(&words::place(location))
            )
        },
    );
    let fix = finding
        .fix
        .as_deref()
        .map(|fix| format!("<span class=\"next\"><b>Fix</b> {}</span>", prose(fix)))
        .unwrap_or_default();
    let _ = writeln!(
        out,
        "<tr role=\"row\" data-gate=\"{gate}\" data-level=\"{level}\"{new}>\
         <td role=\"cell\" data-label=\"Level\"><div><span class=\"pill {class}\"><svg aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-{shape}\"/></svg>{level}</span>{state}</div></td>\
         <td role=\"cell\" data-label=\"Place\"><div>{place}</div></td>\
         <td role=\"cell\" data-label=\"Message\"><div>{}{fix}</div></td>\
         <td role=\"cell\" data-label=\"Rule\"><div><code>{}</code></div></td>\
         <td role=\"cell\" data-label=\"Gate\"><div>{}</div></td></tr>",
        prose(&finding.message),
        label(&finding.rule),
        label(&verdict.file_stem())
    );
}
