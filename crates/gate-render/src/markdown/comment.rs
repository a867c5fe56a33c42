//! What is said where others talk: below a pull request, in an issue, in a
//! check run. The answer, what is not met and how to meet it, the findings.

use super::decision::{FILE, heading, push_accepted, push_answer, push_findings, push_notices};
use super::sheet::Sheet;
use super::{cell, hex_only};
use crate::titles::address;
use crate::{escape, story, words};
use gate_verdict::{DecisionDoc, Verdict};

const HEAD: &str =
    "\n| Gate | Criterion | Observed | Required | Next step |\n|:--|:--|:--|:--|:--|\n";

/// The decision for readers of a pull request, worst first. Never over
/// `budget_bytes`: what does not fit is counted, and `run_url` leads to it.
pub fn comment_markdown(
    decision: &DecisionDoc,
    verdicts: &[Verdict],
    run_url: Option<&str>,
    budget_bytes: usize,
) -> String {
    let foot = foot(decision, run_url);
    let room = budget_bytes.saturating_sub(foot.len());
    let mut sheet = Sheet::new(room);
    if !push_answer(&mut sheet, decision) {
        return sheet.into_text();
    }
    let rows: Vec<String> = story::unmet(decision, verdicts)
        .iter()
        .map(|unmet| {
            let criterion = unmet.criterion.as_deref();
            format!(
                "| {} | {} | {} | {} | {} |\n",
                escape::markdown_code(&unmet.gate),
                criterion.map_or_else(|| String::from("-"), escape::markdown_code),
                cell(&unmet.observed),
                cell(unmet.required.as_deref().unwrap_or("-")),
                cell(unmet.next.as_deref().unwrap_or("-")),
            )
        })
        .collect();
    let total = decision.reasons.len() as u64;
    sheet.rows(HEAD, &rows, FILE, total, room / 2);

    push_accepted(&mut sheet, decision, room / 8 * 5);
    push_notices(&mut sheet, decision, room / 4 * 3);
    push_findings(&mut sheet, verdicts, room);
    sheet.into_text() + &foot
}

/// The last comment of an issue: why it is closed.
pub fn recovery_markdown(decision: &DecisionDoc, run_url: Option<&str>) -> String {
    format!(
        "{}\n{}\n{}",
        heading(decision),
        story::sentence(decision),
        foot(decision, run_url)
    )
}

/// What could not be published, for the step summary.
pub fn unpublished_markdown(items: &[String]) -> String {
    let items: Vec<String> = items
        .iter()
        .map(|item| format!("- {}\n", escape::markdown(&escape::line(item, 1_000))))
        .collect();
    format!(
        "### Not published\n\nThe decision stands, and so do the files of this run.\n\n{}",
        items.concat()
    )
}

fn foot(decision: &DecisionDoc, run_url: Option<&str>) -> String {
    let mut parts = Vec::new();
    if let Some(commit) = &decision.subject.commit {
        parts.push(format!("commit `{}`", hex_only(commit)));
    }
    parts.push(format!(
        "policy {}",
        escape::markdown_code(&policy(decision))
    ));
    if let Some(url) = run_url.and_then(address) {
        parts.push(format!("[the run with all files]({url})"));
    }
    format!("\n{}\n", parts.join(" · "))
}

fn policy(decision: &DecisionDoc) -> String {
    match (&decision.policy.path, &decision.policy.sha256) {
        (Some(path), Some(sha256)) => format!("{path}@{}", words::short(sha256)),
        (Some(path), None) => path.clone(),
        (None, _) => String::from("built-in defaults"),
    }
}
