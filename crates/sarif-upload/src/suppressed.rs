//! What GitHub ignores: suppressions, `kind` and `baselineState`. Left alone, what was suppressed shows as open alerts.

use crate::words::plain;
use clap::ValueEnum;
use gate_github::api::{Dismissal, MAX_DISMISSAL_COMMENT};
use gate_sarif::{SarifResult, Standing};

/// `--suppressed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Suppressed {
    /// They are not uploaded: what was an alert is closed as fixed.
    Drop,
    /// They are uploaded, and their alerts dismissed with the justification.
    Dismiss,
    /// They are uploaded like any other: open alerts.
    Keep,
}

/// What should happen to one result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Upload,
    Drop,
    /// Upload, then dismiss its alert.
    Dismiss {
        reason: Dismissal,
        comment: String,
    },
}

/// Ends the comment of every dismissal of ours: only what carries it is ever opened again.
pub(crate) const MARK: &str = " (suppressed in the scan)";

/// What a choice comes to for a reference. A dismissal holds for every branch, so only the default branch dismisses: a
/// pull request could otherwise close an alert of `main` by a comment in its own code.
pub(crate) fn effective(
    choice: Suppressed,
    git_ref: Option<&str>,
    default_branch: Option<&str>,
) -> Suppressed {
    let branch = git_ref.and_then(|git_ref| git_ref.strip_prefix("refs/heads/"));
    match choice {
        Suppressed::Dismiss if branch.is_none() || branch != default_branch => Suppressed::Drop,
        choice => choice,
    }
}

/// What happens to a result that stands so under a choice that [`effective`] returned.
pub(crate) fn fate(result: &SarifResult, standing: Standing, choice: Suppressed) -> Fate {
    match (choice, standing) {
        (Suppressed::Keep, _) => Fate::Upload,
        // What a tool leaves to a person is for a person to see.
        (_, Standing::Counted | Standing::Open | Standing::Review) => Fate::Upload,
        (Suppressed::Dismiss, Standing::Suppressed) => {
            let (reason, comment) = justification(result);
            Fate::Dismiss { reason, comment }
        }
        (
            _,
            Standing::Suppressed
            | Standing::Absent
            | Standing::Passed
            | Standing::NotApplicable
            | Standing::Informational,
        ) => Fate::Drop,
    }
}

/// GitHub's reason and a comment, from the first justification that says anything.
fn justification(result: &SarifResult) -> (Dismissal, String) {
    let said = result
        .suppressions
        .iter()
        .filter_map(|one| one.justification.as_deref())
        .find(|text| !text.trim().is_empty());
    let said = plain(said.unwrap_or("no justification given").trim());
    let lower = said.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let reason = if any(&["false positive", "false-positive", "false alarm"]) {
        Dismissal::FalsePositive
    } else if any(&[
        "used in test",
        "test code",
        "test only",
        "test-only",
        "only in test",
    ]) {
        Dismissal::UsedInTests
    } else {
        Dismissal::WontFix
    };
    let room = MAX_DISMISSAL_COMMENT - MARK.chars().count();
    let kept: String = if said.chars().count() > room {
        said.chars().take(room - 1).chain(['…']).collect()
    } else {
        said
    };
    (reason, kept + MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_sarif::standing;

    fn result(text: &str) -> SarifResult {
        let log = format!(
            r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"t"}}}},"results":[{text}]}}]}}"#
        );
        gate_sarif::read(log.as_bytes()).unwrap().runs[0].results()[0].clone()
    }

    fn of(text: &str, choice: Suppressed) -> &'static str {
        let result = result(text);
        match fate(&result, standing(&result), choice) {
            Fate::Upload => "upload",
            Fate::Drop => "drop",
            Fate::Dismiss { .. } => "dismiss",
        }
    }

    #[test]
    fn each_choice_has_its_fate() {
        use Suppressed::{Dismiss, Drop, Keep};
        for (text, fates) in [
            ("{}", ["upload", "upload", "upload"]),
            (
                r#"{"suppressions":[{"kind":"inSource"}]}"#,
                ["drop", "dismiss", "upload"],
            ),
            (
                r#"{"suppressions":[{"status":"underReview"}]}"#,
                ["upload"; 3],
            ),
            (r#"{"baselineState":"absent"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"pass"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"notApplicable"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"informational"}"#, ["drop", "drop", "upload"]),
            (r#"{"kind":"review"}"#, ["upload"; 3]),
            (r#"{"kind":"open"}"#, ["upload"; 3]),
        ] {
            assert_eq!(
                [Drop, Dismiss, Keep].map(|choice| of(text, choice)),
                fates,
                "{text}"
            );
        }
    }

    #[test]
    fn only_the_default_branch_dismisses() {
        use Suppressed::{Dismiss, Drop, Keep};
        let main = Some("main");
        for (git_ref, default, expected) in [
            (Some("refs/heads/main"), main, Dismiss),
            (Some("refs/heads/dev"), main, Drop),
            (Some("refs/pull/7/merge"), main, Drop),
            (Some("refs/heads/main"), None, Drop),
            (None, None, Drop),
            (Some("refs/tags/main"), main, Drop),
        ] {
            assert_eq!(
                effective(Dismiss, git_ref, default),
                expected,
                "{git_ref:?}"
            );
        }
        assert_eq!(effective(Keep, None, None), Keep);
    }

    #[test]
    fn words_become_a_reason_and_a_bounded_comment() {
        let of = |text: &str| {
            justification(&result(&format!(
                r#"{{"suppressions":[{{"justification":{}}}]}}"#,
                serde_json::Value::from(text)
            )))
        };
        for (text, reason) in [
            ("This is a False Positive.", Dismissal::FalsePositive),
            ("only used in tests", Dismissal::UsedInTests),
            ("accepted risk, latest review", Dismissal::WontFix),
            ("", Dismissal::WontFix),
        ] {
            let (found, comment) = of(text);
            assert_eq!(found, reason, "{text}");
            assert!(comment.ends_with(MARK), "{comment}");
        }
        let (_, comment) = of(&"é".repeat(500));
        assert_eq!(comment.chars().count(), 280);
        assert!(comment.ends_with(&format!("…{MARK}")), "{comment}");
    }
}
