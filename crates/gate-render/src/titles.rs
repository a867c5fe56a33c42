//! One line where there is room for no more: titles, descriptions.

use crate::{escape, story, words};
use gate_verdict::{DecisionDoc, Verdict};

/// The decision and the worst reason for it, in at most `max` characters.
pub fn headline(decision: &DecisionDoc, verdicts: &[Verdict], max: usize) -> String {
    let word = words::decision(decision.decision);
    let reasons = story::unmet(decision, verdicts);
    let text = match reasons.first() {
        Some(worst) if !decision.decision.allows() => {
            let more = decision.reasons.len() - 1;
            let more = match more {
                0 => String::new(),
                _ => format!(", and {} more", words::count(more as u64)),
            };
            let required = worst
                .required
                .as_ref()
                .map(|required| format!(", required {required}"))
                .unwrap_or_default();
            // What is counted stands before what may be cut.
            format!(
                "{word}: {}{more}: {}{required}",
                worst.about, worst.observed
            )
        }
        _ => format!("{word}: {}", story::sentence(decision)),
    };
    fit(&text, max)
}

/// The title of the issue that is open while an environment is blocked.
pub fn issue_title(decision: &DecisionDoc, max: usize) -> String {
    let environment = decision.environment.as_deref().unwrap_or("every gate");
    let branch = decision
        .subject
        .git_ref
        .as_deref()
        .map(|name| name.strip_prefix("refs/heads/").unwrap_or(name));
    let on = branch.map(|name| format!(" on {name}")).unwrap_or_default();
    fit(&format!("Quality gates block {environment}{on}"), max)
}

/// Others' words on one line of at most `max` characters: no command of the
/// runner, no mention, no link.
pub fn plain(text: &str, max: usize) -> String {
    fit(text, max)
}

/// Escapes make a text longer, so that it is cut again after them.
fn fit(text: &str, max: usize) -> String {
    let shown = escape::plain(text, max);
    if shown.chars().count() <= max {
        return shown;
    }
    let kept: String = shown.chars().take(max.saturating_sub(1)).collect();
    kept + "…"
}

/// An address of ours that can stand in a link of any format, or nothing.
pub(crate) fn address(url: &str) -> Option<&str> {
    let plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ':' | '/' | '.' | '-' | '_' | '~' | '%' | '?' | '=' | '#')
    };
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    (is_web && url.len() <= 2_000 && url.chars().all(plain)).then_some(url)
}
