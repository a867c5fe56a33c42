use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use std::time::Duration;

/// Waits for a time: the thread's sleep, or a test's record of what was asked for.
pub type Sleeper = Box<dyn Fn(Duration) + Send + Sync>;

/// Requests sent at most within one call.
pub const MAX_ATTEMPTS: u32 = 6;

/// How long to wait before the next attempt; `None` when the failure is final. `attempts` have been made,
/// `now` is in seconds since 1970.
pub(super) fn wait_after(failure: &ApiError, attempts: u32, now: u64) -> Option<Duration> {
    if attempts >= MAX_ATTEMPTS {
        return None;
    }
    let doubled =
        |first: u64, most: u64| first.saturating_mul(1 << (attempts - 1).min(20)).min(most);
    let seconds = match failure.kind {
        // GitHub's order: `retry-after`; else the reset of a spent allowance; else a minute, doubling.
        ApiErrorKind::RateLimited {
            retry_after: Some(seconds),
            ..
        } => seconds.max(1),
        ApiErrorKind::RateLimited {
            reset: Some(reset), ..
        } => reset.saturating_sub(now).max(1),
        ApiErrorKind::RateLimited { .. } => doubled(60, 900),
        // It may have arrived all the same.
        ApiErrorKind::Server { .. } | ApiErrorKind::Connection { .. } | ApiErrorKind::Timeout
            if failure.operation.adds() =>
        {
            return None;
        }
        ApiErrorKind::Server {
            retry_after: Some(seconds),
        } => seconds.max(1),
        ApiErrorKind::Server { .. } | ApiErrorKind::Connection { .. } | ApiErrorKind::Timeout => {
            doubled(1, 30)
        }
        // The upload's id is not known everywhere at once right after the 202.
        ApiErrorKind::NotFound if failure.operation == Operation::SarifStatus => doubled(2, 30),
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(operation: Operation, kind: &ApiErrorKind) -> Vec<u64> {
        let failure = ApiError::new(operation, kind.clone());
        (1..)
            .map_while(|attempts| wait_after(&failure, attempts, 1_000))
            .map(|wait| wait.as_secs())
            .collect()
    }

    fn limited(retry_after: Option<u64>, reset: Option<u64>) -> ApiErrorKind {
        ApiErrorKind::RateLimited { retry_after, reset }
    }

    #[test]
    fn rate_limits_wait_as_long_as_github_says() {
        let upload = Operation::UploadSarif;
        assert_eq!(waits(upload, &limited(Some(7), Some(9_000))), [7; 5]);
        assert_eq!(waits(upload, &limited(None, Some(1_090))), [90; 5]);
        assert_eq!(
            waits(upload, &limited(None, Some(10))),
            [1; 5],
            "a reset in the past"
        );
        assert_eq!(
            waits(upload, &limited(None, None)),
            [60, 120, 240, 480, 900]
        );
    }

    #[test]
    fn faults_of_the_way_are_retried_soon() {
        let upload = Operation::UploadSarif;
        assert_eq!(
            waits(upload, &ApiErrorKind::Server { retry_after: None }),
            [1, 2, 4, 8, 16]
        );
        assert_eq!(waits(upload, &ApiErrorKind::Timeout), [1, 2, 4, 8, 16]);
    }

    #[test]
    fn what_may_have_arrived_is_not_sent_again() {
        let none: [u64; 0] = [];
        for kind in [
            ApiErrorKind::Server {
                retry_after: Some(1),
            },
            ApiErrorKind::Timeout,
            ApiErrorKind::Connection {
                what: String::new(),
            },
        ] {
            assert_eq!(waits(Operation::CreateComment, &kind), none, "{kind:?}");
            assert_eq!(waits(Operation::UpdateComment, &kind).len(), 5, "{kind:?}");
        }
        // Here GitHub says that it did nothing.
        assert_eq!(
            waits(Operation::CreateIssue, &limited(Some(7), None)),
            [7; 5]
        );
    }

    #[test]
    fn refusals_are_final_but_a_status_may_not_be_there_yet() {
        let none: [u64; 0] = [];
        for kind in [
            ApiErrorKind::BadRequest,
            ApiErrorKind::Gone,
            ApiErrorKind::PayloadTooLarge,
            ApiErrorKind::ValidationFailed,
            ApiErrorKind::LegallyBlocked,
            ApiErrorKind::BadCredentials,
            ApiErrorKind::MissingPermission,
            ApiErrorKind::NotFound,
        ] {
            assert_eq!(waits(Operation::UploadSarif, &kind), none, "{kind:?}");
        }
        assert_eq!(
            waits(Operation::SarifStatus, &ApiErrorKind::NotFound),
            [2, 4, 8, 16, 30]
        );
    }
}
