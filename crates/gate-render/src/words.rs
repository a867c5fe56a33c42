//! The plain words and numbers that every format shares. What is returned here
//! is raw: the format escapes it.

use gate_verdict::{
    Code, CriterionResult, Decision, DecisionDoc, Level, Location, Status, Verdict,
};

/// A status as a word.
pub(crate) const fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "PASS",
        Status::Skip => "SKIP",
        Status::Warn => "WARN",
        Status::Error => "ERROR",
        Status::Fail => "FAIL",
    }
}

/// A status as a shape, one column wide.
pub(crate) const fn mark(status: Status) -> char {
    match status {
        Status::Pass => '✓',
        Status::Skip => '-',
        Status::Warn => '!',
        Status::Error => '?',
        Status::Fail => '✗',
    }
}

/// A decision as a person says it.
pub(crate) const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "allowed",
        Decision::AllowWithOverride => "allowed by override",
        Decision::RequireApproval => "approval needed",
        Decision::Block => "blocked",
    }
}

/// Whether a gate has passed. One that failed or could not judge has not,
/// although it may bind nothing here; an override lifts it.
pub(crate) const fn passed(status: Status, decision: Decision) -> bool {
    match decision {
        Decision::Allow => matches!(status, Status::Pass | Status::Warn | Status::Skip),
        Decision::AllowWithOverride => true,
        Decision::RequireApproval | Decision::Block => false,
    }
}

pub(crate) const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// What was measured, with the whole numbers it comes from.
pub(crate) fn observed(criterion: &CriterionResult) -> String {
    let Some(observed) = &criterion.observed else {
        return String::from(match criterion.status {
            Status::Error => "not judged",
            Status::Skip => "not asked for",
            Status::Pass | Status::Warn | Status::Fail => "-",
        });
    };
    let mut text = worded(
        &observed.text,
        None,
        observed.value.as_deref(),
        observed.unit.as_deref(),
    );
    if let (Some(part), Some(whole)) = (observed.numerator, observed.denominator)
        && !text.contains(&part.to_string())
        && !text.contains(&count(part))
    {
        text = format!("{text} ({} of {})", count(part), count(whole));
    }
    text
}

/// What the policy asks for.
pub(crate) fn required(criterion: &CriterionResult) -> String {
    criterion.required.as_ref().map_or_else(
        || String::from("-"),
        |required| {
            worded(
                &required.text,
                required.op.as_deref(),
                required.value.as_deref(),
                required.unit.as_deref(),
            )
        },
    )
}

fn worded(text: &str, op: Option<&str>, value: Option<&str>, unit: Option<&str>) -> String {
    if !text.trim().is_empty() {
        return text.to_owned();
    }
    let parts: Vec<&str> = [op, value, unit].into_iter().flatten().collect();
    if parts.is_empty() {
        String::from("-")
    } else {
        parts.join(" ")
    }
}

/// The criterion's id, with its block where a gate has several.
pub(crate) fn criterion_name(criterion: &CriterionResult) -> String {
    match &criterion.sub_gate {
        None => criterion.id.clone(),
        Some(block) => format!("{block}/{}", criterion.id),
    }
}

/// `path:line:column`, as far as it is known. The path has been made visible.
pub(crate) fn place(location: &Location) -> String {
    let path = crate::escape::name(&location.path);
    match (location.line, location.column) {
        (None, _) => path,
        (Some(line), None) => format!("{path}:{line}"),
        (Some(line), Some(column)) => format!("{path}:{line}:{column}"),
    }
}

/// Why a criterion is not a plain pass; the code's name where nothing was said.
pub(crate) fn reason(criterion: &CriterionResult) -> String {
    match (&criterion.reason, criterion.code) {
        (Some(reason), _) if !reason.trim().is_empty() => reason.clone(),
        (_, Some(code)) => code.as_str().replace('_', " "),
        _ => String::from("no reason was given"),
    }
}

/// What to do now; by the code where nothing was said.
pub(crate) fn next_step(said: Option<&str>, code: Option<Code>) -> Option<String> {
    match said {
        Some(step) if !step.trim().is_empty() => Some(step.to_owned()),
        _ => code.map(|code| code.next_step().to_owned()),
    }
}

/// A whole number with thousands apart: `1,200`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 gate`, `1,200 gates`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// All findings of a verdict, never fewer than it holds.
pub(crate) fn findings_total(verdict: &Verdict) -> u64 {
    verdict.findings_total.max(verdict.findings.len() as u64)
}

/// The first twelve characters of a commit id or digest.
pub(crate) fn short(hash: &str) -> String {
    crate::escape::name(&hash.chars().take(12).collect::<String>())
}

/// What was judged, in a few words: repository, commit, ref.
pub(crate) fn subject(decision: &DecisionDoc) -> Vec<(&'static str, String)> {
    let subject = &decision.subject;
    let mut facts = Vec::new();
    if let Some(repository) = &subject.repository {
        facts.push(("Repository", repository.clone()));
    }
    match &subject.commit {
        Some(commit) if subject.dirty => {
            facts.push(("Commit", format!("{} with local changes", short(commit))));
        }
        Some(commit) => facts.push(("Commit", short(commit))),
        None => facts.push(("Commit", String::from("none yet"))),
    }
    if let Some(git_ref) = &subject.git_ref {
        facts.push(("Ref", git_ref.clone()));
    }
    if let Some(base) = &subject.base {
        facts.push(("Base", short(base)));
    }
    facts.push(("Judged as of", decision.as_of.clone()));
    let policy = match (&decision.policy.path, decision.policy.defaults) {
        (Some(path), false) => path.clone(),
        (Some(path), true) => format!("{path} and built-in defaults"),
        (None, _) => String::from("built-in defaults"),
    };
    facts.push(("Policy", policy));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_200, "1,200"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(count(number), text);
        }
        assert_eq!(counted(1, "gate", "gates"), "1 gate");
    }

    #[test]
    fn only_what_may_go_on_has_passed() {
        assert_eq!(
            Decision::ALL.map(|decision| passed(Status::Pass, decision)),
            [true, true, false, false]
        );
        assert_eq!(
            Status::ALL.map(|status| passed(status, Decision::Allow)),
            [true, true, true, false, false]
        );
    }
}
