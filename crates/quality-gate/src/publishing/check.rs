//! One check run per environment.
//!
//! A re-run makes a new one, which GitHub shows in place of the older one of
//! the same name: annotations can only be added to a check run, so that an
//! updated one would show those of both runs, and a workflow's token may not
//! change what another run made.

use super::desk::{Desk, Trouble};
use super::status::{commit, label};
use gate_github::api::{
    CheckAnnotation, CheckLevel, CheckRun, Conclusion, MAX_CHECK_TEXT, MAX_CHECK_TITLE,
};
use gate_runner::voice::{self, Annotation};
use gate_verdict::{Decision, Level};
use std::fmt::Write as _;

/// Four requests; the rest is counted in the summary.
pub(super) const MAX_ANNOTATIONS: usize = 200;
/// Characters of a message; GitHub takes 64 KB.
const MESSAGE: usize = 4_096;

pub(super) fn check(desk: &Desk<'_>) -> Result<(), Trouble> {
    let all: Vec<_> = voice::worst_first(desk.verdicts)
        .into_iter()
        .filter_map(annotation)
        .collect();
    let found = all.len();
    let annotations: Vec<_> = all.into_iter().take(MAX_ANNOTATIONS).collect();
    let shown = annotations.len();
    let mut notes = String::new();
    if desk.document.decision == Decision::AllowWithOverride {
        notes.push_str("An override lifts what did not pass; it is named below.\n\n");
    }
    if found > shown {
        let _ = writeln!(
            notes,
            "The worst {shown} of {found} findings with a place are annotations.\n"
        );
    }
    let text = desk.text(MAX_CHECK_TEXT - notes.len(), desk.run_url());
    let check = CheckRun {
        name: name(desk),
        head_sha: commit(desk)?.to_owned(),
        conclusion: match desk.document.decision {
            Decision::Allow | Decision::AllowWithOverride => Conclusion::Success,
            Decision::RequireApproval => Conclusion::ActionRequired,
            Decision::Block => Conclusion::Failure,
        },
        external_id: Some(format!("gatewright:{}:{}", desk.slot, desk.document.digest)),
        details_url: desk.run_url().map(str::to_owned),
        title: voice::headline(desk.document, desk.verdicts, MAX_CHECK_TITLE),
        summary: format!("{notes}{text}"),
        text: None,
        annotations,
    };
    let posted = desk.client.post_check(desk.owner, desk.repo, &check)?;
    match posted.broken_off {
        None => Ok(()),
        Some(error) => {
            let trouble = Trouble::from(error);
            Err(Trouble {
                text: format!(
                    "the check run shows {} of {shown} annotations; {}",
                    posted.annotations, trouble.text
                ),
                ..trouble
            })
        }
    }
}

fn name(desk: &Desk<'_>) -> String {
    let label = label(desk).replace('/', " / ");
    voice::plain(&format!("Gatewright / {label}"), MAX_CHECK_TITLE)
}

/// A finding of a file; GitHub wants a line, and columns only within one.
fn annotation(annotation: Annotation) -> Option<CheckAnnotation> {
    let start = annotation.line.unwrap_or(1);
    let end = annotation.end_line.unwrap_or(start).max(start);
    let one_line = start == end;
    let columns = annotation
        .column
        .filter(|_| one_line && annotation.line.is_some());
    let end_column = columns.and_then(|column| annotation.end_column.filter(|end| *end >= column));
    let path = annotation.path?;
    let inside = !path.is_empty() && !path.starts_with('/') && !path.chars().any(char::is_control);
    let cut = |text: &str, most: usize| -> String { text.chars().take(most).collect() };
    inside.then(|| CheckAnnotation {
        path,
        start_line: start,
        end_line: end,
        start_column: columns.filter(|_| end_column.is_some()),
        end_column,
        level: match annotation.level {
            Level::Error => CheckLevel::Failure,
            Level::Warning => CheckLevel::Warning,
            Level::Note => CheckLevel::Notice,
        },
        title: cut(&annotation.title, MAX_CHECK_TITLE),
        message: match cut(&annotation.message, MESSAGE) {
            empty if empty.trim().is_empty() => String::from("(no message)"),
            message => message,
        },
    })
}
