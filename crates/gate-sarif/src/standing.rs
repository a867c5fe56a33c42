use crate::model::SarifResult;

/// Whether a result counts as a finding, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// A finding.
    Counted,
    /// Every suppression of the result is accepted.
    Suppressed,
    /// Known from a baseline and no longer there.
    Absent,
    /// The check passed.
    Passed,
    /// The check does not apply.
    NotApplicable,
    /// Said for information.
    Informational,
    /// The tool could not decide.
    Open,
    /// The tool asks a person to decide.
    Review,
}

impl Standing {
    /// Whether this is a finding.
    pub const fn counted(self) -> bool {
        matches!(self, Self::Counted)
    }
}

/// Where a result stands. What is not clearly something else is counted: an unknown `kind`, a
/// suppression under review, rejected or of unknown status.
pub fn standing(result: &SarifResult) -> Standing {
    if result.baseline_state.as_deref() == Some("absent") {
        return Standing::Absent;
    }
    // an absent status means accepted (SARIF 2.1.0, 3.35.3)
    let accepted = |status: &Option<String>| matches!(status.as_deref(), None | Some("accepted"));
    let suppressions = &result.suppressions;
    if !suppressions.is_empty() && suppressions.iter().all(|one| accepted(&one.status)) {
        return Standing::Suppressed;
    }
    match result.kind.as_deref() {
        Some("pass") => Standing::Passed,
        Some("notApplicable") => Standing::NotApplicable,
        Some("informational") => Standing::Informational,
        Some("open") => Standing::Open,
        Some("review") => Standing::Review,
        _ => Standing::Counted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Standing {
        standing(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn only_what_is_clearly_not_a_finding_is_set_apart() {
        for (text, expected) in [
            ("{}", Standing::Counted),
            (r#"{"kind":"fail"}"#, Standing::Counted),
            (r#"{"kind":"whatever"}"#, Standing::Counted),
            (r#"{"kind":"pass"}"#, Standing::Passed),
            (r#"{"kind":"open"}"#, Standing::Open),
            (r#"{"suppressions":[]}"#, Standing::Counted),
            (r#"{"suppressions":null}"#, Standing::Counted),
            (
                r#"{"suppressions":[{"kind":"inSource"}]}"#,
                Standing::Suppressed,
            ),
            (
                r#"{"suppressions":[{"kind":"external","status":"accepted"}]}"#,
                Standing::Suppressed,
            ),
            (
                r#"{"suppressions":[{"status":"accepted"},{"status":"underReview"}]}"#,
                Standing::Counted,
            ),
            (
                r#"{"suppressions":[{"status":"rejected"}]}"#,
                Standing::Counted,
            ),
            (r#"{"baselineState":"absent"}"#, Standing::Absent),
            (r#"{"baselineState":"unchanged"}"#, Standing::Counted),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
