//! Why GitHub did not do something: the missing permission, the event behind it, and what to change.

use crate::destination::Surroundings;
use crate::limits::Problem;
use crate::words::plain;
use gate_github::api::{ApiError, ApiErrorKind};

/// Whose token this run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Fork,
    /// Dependabot, by a pull request or by a push.
    Dependabot {
        push: bool,
    },
    Own,
}

/// The recipe that works for forks.
const TWO_STAGES: &str = "use the two workflows of action-templates: `fork-scan.yml` keeps the files as an artifact, and \
    `fork-upload.yml` uploads them on `workflow_run`, where the token may write";

fn holder(surroundings: &Surroundings) -> Holder {
    // There the token is the repository's own.
    if surroundings.fork && surroundings.event != "pull_request_target" {
        Holder::Fork
    } else if surroundings.actor.as_deref() == Some("dependabot[bot]") {
        Holder::Dependabot {
            push: surroundings.event == "push",
        }
    } else {
        Holder::Own
    }
}

/// An error as a reason and a next step, by what this run's token can have.
pub(crate) fn problem(error: &ApiError, surroundings: &Surroundings) -> Problem {
    let said = error.next_step();
    let whole = error.to_string();
    let reason = whole
        .strip_suffix(&format!("; next step: {said}"))
        .unwrap_or(&whole);
    let denied = error.kind == ApiErrorKind::MissingPermission;
    let permission = error.operation.permission();
    let (because, next_step) = match holder(surroundings) {
        Holder::Fork if error.is_refusal() => (
            "; this pull request comes from a fork, whose token can only read",
            if denied { TWO_STAGES.to_owned() } else { said },
        ),
        Holder::Dependabot { push: true } if denied => (
            "; Dependabot pushed this, and its pushes get a token that can only read",
            String::from(
                "leave `dependabot/**` out of the `push` trigger (`branches-ignore`) and scan on `pull_request`",
            ),
        ),
        Holder::Dependabot { push: false } if denied => (
            "; Dependabot opened this, and its runs get a token that can only read unless the job asks for more",
            format!("write `{permission}` under the `permissions:` of the job itself"),
        ),
        // Outside of Actions the token is a person's own, and GitHub's general words fit better.
        Holder::Own if denied && !surroundings.event.is_empty() => (
            "",
            format!(
                "add `{permission}` under the `permissions:` of the job: what a `permissions:` block does not name is taken away"
            ),
        ),
        _ => ("", said),
    };
    Problem::new(plain(&format!("{reason}{because}")), plain(&next_step))
}

/// Why a check run would not succeed either, where that is certain without asking.
pub(crate) fn bars_check(error: &ApiError, surroundings: &Surroundings) -> Option<&'static str> {
    use ApiErrorKind as Kind;
    match error.kind {
        Kind::NoToken => Some("there is no token to make a check run with (`checks: write`)"),
        Kind::BadCredentials => Some("GitHub does not know the token"),
        Kind::MissingPermission if holder(surroundings) == Holder::Fork => {
            Some("a fork's token cannot have `checks: write`")
        }
        Kind::MissingPermission if holder(surroundings) == (Holder::Dependabot { push: true }) => {
            Some("the token of a push by Dependabot cannot have `checks: write`")
        }
        Kind::Archived | Kind::LegallyBlocked | Kind::Moved => {
            Some("this repository takes no check runs")
        }
        Kind::RateLimited { .. }
        | Kind::Server { .. }
        | Kind::Connection { .. }
        | Kind::Timeout
        | Kind::AnswerTooLong { .. }
        | Kind::Unexpected { .. } => Some("GitHub's API does not answer as it should"),
        _ => None,
    }
}

/// Refs of a merge queue are deleted when the group is through, and GitHub refuses uploads for them.
pub(crate) fn merge_queue(git_ref: &str) -> Option<Problem> {
    let branch = git_ref.strip_prefix("refs/heads/").unwrap_or(git_ref);
    let base = branch.strip_prefix("gh-readonly-queue/")?;
    // `BASE/pr-N-SHA`; a base may hold `/` itself.
    let base = base
        .rsplit_once('/')
        .map_or("the base branch", |(base, _)| base);
    Some(Problem::new(
        "not sent: this run is for a merge queue, whose branch GitHub deletes after the run; code scanning refuses \
         results for it",
        plain(&format!(
            "upload on `push` to {base} instead: what the queue merges is pushed there; nothing is lost by leaving it out here"
        )),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_queue_is_known_by_its_ref() {
        for (git_ref, base) in [
            (
                "refs/heads/gh-readonly-queue/main/pr-7-abc",
                "`push` to main ",
            ),
            (
                "refs/heads/gh-readonly-queue/release/1.0/pr-7-abc",
                "`push` to release/1.0 ",
            ),
            ("gh-readonly-queue/x", "the base branch"),
        ] {
            let problem = merge_queue(git_ref).expect(git_ref);
            assert!(problem.next_step.contains(base), "{problem:?}");
        }
        for git_ref in ["refs/heads/main", "refs/heads/a/gh-readonly-queue/b"] {
            assert_eq!(merge_queue(git_ref), None, "{git_ref}");
        }
    }
}
