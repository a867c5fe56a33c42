//! A file's findings as a check run.

use super::findings::{Finding, Found};
use super::show;
use crate::receipt::FileReceipt;
use crate::words::{markdown, plain};
use gate_github::api::{
    CheckAnnotation, CheckLevel, CheckRun, Conclusion, MAX_CHECK_TEXT, MAX_CHECK_TITLE,
};
use gate_github::runner::AnnotationLevel;

/// Characters of a category and of a tool.
const LONGEST_NAME: usize = 100;

/// The check run of a file, with at most `room` annotations. It never fails: whether findings block is the gates'
/// decision.
pub(super) fn check_run(
    file: &FileReceipt,
    found: &Found,
    head_sha: &str,
    run_url: Option<&str>,
    room: usize,
) -> CheckRun {
    let total = found.total();
    let (shown, rest): (Vec<&Finding>, Vec<&Finding>) = found
        .worst
        .iter()
        .partition(|finding| finding.path.is_some());
    let annotations: Vec<_> = shown
        .iter()
        .take(room)
        .filter_map(|it| annotation(it))
        .collect();
    let reason = file.reason.as_deref().unwrap_or_default();
    let summary = format!(
        "{}.\n\nThese findings are not in code scanning: {}. Next step: {}\n\n{} of them are annotations, the worst first.\n",
        show::counts(found),
        markdown(reason),
        markdown(file.next_step.as_deref().unwrap_or_default()),
        annotations.len(),
    );
    let listed = rest.into_iter().chain(shown.into_iter().skip(room));
    let text = show::table(listed, total - annotations.len(), MAX_CHECK_TEXT);
    CheckRun {
        name: name(file),
        head_sha: head_sha.to_owned(),
        conclusion: if total == 0 {
            Conclusion::Success
        } else {
            Conclusion::Neutral
        },
        external_id: None,
        details_url: run_url.map(str::to_owned),
        title: show::counts(found),
        summary,
        text: (!text.is_empty()).then_some(text),
        annotations,
    }
}

/// Of two check runs of one name GitHub shows the later, so what tells uploads apart is part of it: category and tool.
fn name(file: &FileReceipt) -> String {
    let cut = |text: &str| -> String { plain(text).chars().take(LONGEST_NAME).collect() };
    let category = file.category.as_deref().filter(|name| !name.is_empty());
    let name = cut(category.unwrap_or(&file.path));
    match file.runs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|run| run.tool == first.tool) => {
            format!("Findings: {name} ({})", cut(&first.tool))
        }
        _ => format!("Findings: {name}"),
    }
}

fn annotation(finding: &Finding) -> Option<CheckAnnotation> {
    let line = finding.line.unwrap_or(1);
    Some(CheckAnnotation {
        path: finding.path.clone()?,
        start_line: line,
        end_line: finding.end_line.unwrap_or(line),
        start_column: finding.column.filter(|_| finding.end_column.is_some()),
        end_column: finding.end_column,
        level: match finding.level() {
            AnnotationLevel::Error => CheckLevel::Failure,
            AnnotationLevel::Warning => CheckLevel::Warning,
            AnnotationLevel::Notice => CheckLevel::Notice,
        },
        title: show::title(finding).chars().take(MAX_CHECK_TITLE).collect(),
        message: show::message(finding),
    })
}
