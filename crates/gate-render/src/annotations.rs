//! Annotations: findings at their places in a change.

use crate::{escape, order, words};
use gate_verdict::{CriterionResult, Decision, Enforcement, Level, Location, Status, Verdict};

/// The runner cuts messages at 4,096 characters; this stays below it with
/// escapes counted.
const MESSAGE_CHARS: usize = 1_500;

/// One annotation. `path` is raw, so that it matches the file; escaping it for
/// a workflow command is the caller's. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    pub level: Level,
    pub title: String,
    pub message: String,
    pub path: Option<String>,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub end_line: Option<u32>,
    pub end_column: Option<u32>,
}

/// All annotations of a verdict, worst first, then by place: one per finding
/// that is still there, and one without a place per failed or errored
/// criterion that has no finding. The caller applies the runner's limits.
pub fn annotations(verdict: &Verdict) -> Vec<Annotation> {
    let criteria = order::criteria(verdict)
        .into_iter()
        .filter(|c| matches!(c.status, Status::Fail | Status::Error))
        .filter(|c| !verdict.findings.iter().any(|f| f.criterion == c.id))
        .map(|criterion| of_criterion(verdict, criterion));
    let findings = order::findings(verdict)
        .into_iter()
        .filter(|(state, _)| *state != order::State::Gone)
        .map(|(state, finding)| {
            let state = state
                .word()
                .map(|word| format!("({word}) "))
                .unwrap_or_default();
            let mut message = format!("{state}{}", escape::line(&finding.message, MESSAGE_CHARS));
            if let Some(fix) = &finding.fix {
                message.push_str("\nFix: ");
                message.push_str(&escape::line(fix, MESSAGE_CHARS / 2));
            }
            let title = title(verdict, &finding.rule);
            placed(finding.level, title, message, finding.location.as_ref())
        });
    let mut all: Vec<Annotation> = criteria.chain(findings).collect();
    // Stable: within a level, criteria come first and what counts before what is known.
    all.sort_by_key(|annotation| std::cmp::Reverse(annotation.level));
    all
}

fn of_criterion(verdict: &Verdict, criterion: &CriterionResult) -> Annotation {
    let mut message = format!(
        "{}: {}, required {}",
        words::status(criterion.status),
        escape::line(&words::observed(criterion), 200),
        escape::line(&words::required(criterion), 200)
    );
    message.push('\n');
    message.push_str(&escape::line(&words::reason(criterion), MESSAGE_CHARS));
    if let Some(step) = words::next_step(criterion.next_step.as_deref(), criterion.code) {
        message.push_str("\nNext: ");
        message.push_str(&escape::line(&step, MESSAGE_CHARS / 2));
    }
    let level = match order::asks(criterion.status, criterion.enforcement) {
        Decision::Block => Level::Error,
        Decision::RequireApproval | Decision::AllowWithOverride => Level::Warning,
        Decision::Allow if criterion.enforcement == Enforcement::Informational => Level::Note,
        Decision::Allow => Level::Warning,
    };
    let title = title(verdict, &words::criterion_name(criterion));
    placed(level, title, message, None)
}

fn title(verdict: &Verdict, about: &str) -> String {
    format!(
        "{}: {}",
        escape::name(&verdict.file_stem()),
        escape::name(about)
    )
}

/// Leaves out what cannot be a place: line 0, an end before the start.
fn placed(level: Level, title: String, message: String, location: Option<&Location>) -> Annotation {
    let line = location.and_then(|l| l.line).filter(|line| *line > 0);
    let column = location
        .and_then(|l| l.column)
        .filter(|column| line.is_some() && *column > 0);
    let end_line = location
        .and_then(|l| l.end_line)
        .filter(|end| line.is_some_and(|line| *end >= line));
    let end_column = location.and_then(|l| l.end_column).filter(|end| {
        column.is_some_and(|column| end_line.is_some_and(|l| Some(l) > line) || *end >= column)
    });
    Annotation {
        level,
        title,
        message,
        path: location.map(|l| l.path.clone()),
        line,
        column,
        end_line,
        end_column,
    }
}
