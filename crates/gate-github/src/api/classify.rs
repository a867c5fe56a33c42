use super::error::{ApiError, ApiErrorKind};
use super::operation::Operation;
use super::transport::Answer;
use crate::Token;
use serde_json::Value;

/// What an answer other than success means. Statuses from GitHub's REST reference; the sentences looked for in
/// messages are those that GitHub sends (they carry the reason of a 403, which its status does not).
pub(super) fn classify(operation: Operation, answer: &Answer, token: Option<&Token>) -> ApiError {
    let message = message_of(&answer.body, token);
    let said = message.as_deref().unwrap_or_default().to_ascii_lowercase();
    let number = |name: &str| {
        answer
            .headers
            .get(name)
            .and_then(|value| value.trim().parse::<u64>().ok())
    };
    let retry_after = number("retry-after");
    let spent = number("x-ratelimit-remaining") == Some(0);
    let limited = retry_after.is_some()
        || spent
        || said.contains("rate limit")
        || said.contains("abuse detection");
    let revision = said.contains("commit") || said.contains("ref ");
    let no_revision = said.contains("no commit found") || (revision && said.contains("not found"));
    let reset = number("x-ratelimit-reset").filter(|_| spent);
    // By the clock that set the reset: this machine's may be wrong.
    let left = |reset: u64| Some(reset.saturating_sub(date(answer)?).max(1));
    let rate_limited = ApiErrorKind::RateLimited {
        retry_after: retry_after.or_else(|| reset.and_then(left)),
        reset,
    };
    let kind = match answer.status {
        301 | 302 | 307 | 308 => ApiErrorKind::Moved,
        400 => ApiErrorKind::BadRequest,
        401 => ApiErrorKind::BadCredentials,
        429 => rate_limited,
        403 if limited => rate_limited,
        403 if said.contains("archived") => ApiErrorKind::Archived,
        403 if said.contains("saml") => ApiErrorKind::SignOn,
        403 if said.contains("locked") => ApiErrorKind::Locked,
        403 if ["code security", "advanced security", "code scanning"]
            .iter()
            .any(|name| said.contains(name)) =>
        {
            ApiErrorKind::FeatureOff
        }
        403 => ApiErrorKind::MissingPermission,
        404 | 422 if no_revision => ApiErrorKind::RevisionNotFound,
        404 => ApiErrorKind::NotFound,
        406 if operation == Operation::Compare => ApiErrorKind::PayloadTooLarge,
        409 => ApiErrorKind::Conflict,
        410 => ApiErrorKind::Gone,
        413 => ApiErrorKind::PayloadTooLarge,
        422 => ApiErrorKind::ValidationFailed,
        451 => ApiErrorKind::LegallyBlocked,
        408 | 500..=599 => ApiErrorKind::Server { retry_after },
        _ => ApiErrorKind::Unexpected {
            what: "a status that GitHub's reference does not name".to_owned(),
        },
    };
    let visible = |text: &String| {
        text.chars()
            .filter(char::is_ascii_graphic)
            .take(80)
            .collect::<Box<str>>()
    };
    ApiError {
        status: Some(answer.status),
        message,
        request_id: answer.headers.get("x-github-request-id").map(visible),
        ..ApiError::new(operation, kind)
    }
}

/// When the answer was sent, by the sender's clock, in seconds since 1970.
fn date(answer: &Answer) -> Option<u64> {
    let sent = jiff::fmt::rfc2822::parse(answer.headers.get("date")?.trim()).ok()?;
    u64::try_from(sent.timestamp().as_second()).ok()
}

/// GitHub's own words: `message` and those of `errors`, on one line, bounded, without the token.
fn message_of(body: &[u8], token: Option<&Token>) -> Option<Box<str>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let message = body
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let details = body
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .take(5)
        .map(detail);
    let whole = std::iter::once(message.to_owned())
        .chain(details)
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    // First the token, then the cut: a cut token would no longer be recognised.
    let whole = token.map_or(whole.clone(), |token| token.scrub(&whole));
    let line: String = whole
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(600)
        .collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.into())
}

fn detail(error: &Value) -> String {
    if let Some(text) = error.as_str() {
        return text.to_owned();
    }
    let part = |name: &str| error.get(name).and_then(Value::as_str);
    match (part("message"), part("field"), part("code")) {
        (Some(message), ..) => message.to_owned(),
        (None, Some(field), Some(code)) => format!("{field}: {code}"),
        (None, field, code) => field.or(code).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(status: u16, headers: &[(&str, &str)], body: &str) -> ApiErrorKind {
        let headers = headers
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        classify(
            Operation::UploadSarif,
            &Answer {
                status,
                headers,
                body: body.into(),
            },
            None,
        )
        .kind
    }

    fn says(status: u16, message: &str) -> ApiErrorKind {
        kind(
            status,
            &[],
            &serde_json::json!({ "message": message }).to_string(),
        )
    }

    #[test]
    fn the_reason_of_a_403_is_in_its_words() {
        assert_eq!(
            says(403, "Resource not accessible by integration"),
            ApiErrorKind::MissingPermission
        );
        assert_eq!(
            says(
                403,
                "Code Security must be enabled for this repository to use code scanning."
            ),
            ApiErrorKind::FeatureOff
        );
        assert_eq!(
            says(403, "Repository was archived so is read-only."),
            ApiErrorKind::Archived
        );
        assert_eq!(
            says(
                403,
                "Resource protected by organization SAML enforcement. You must grant your OAuth token access."
            ),
            ApiErrorKind::SignOn
        );
        assert_eq!(
            says(403, "Unable to create comment because issue is locked."),
            ApiErrorKind::Locked
        );
        let limited = ApiErrorKind::RateLimited {
            retry_after: None,
            reset: None,
        };
        assert_eq!(
            says(403, "You have exceeded a secondary rate limit."),
            limited
        );
        assert_eq!(kind(403, &[], "<html>"), ApiErrorKind::MissingPermission);
    }

    #[test]
    fn rate_limits_carry_their_headers() {
        let after = ApiErrorKind::RateLimited {
            retry_after: Some(7),
            reset: None,
        };
        assert_eq!(kind(403, &[("retry-after", "7")], ""), after);
        let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "99")];
        assert_eq!(
            kind(429, &reset, ""),
            ApiErrorKind::RateLimited {
                retry_after: None,
                reset: Some(99)
            }
        );
        let by_its_clock = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "99"),
            ("date", "Thu, 01 Jan 1970 00:01:20 GMT"),
        ];
        assert_eq!(
            kind(429, &by_its_clock, ""),
            ApiErrorKind::RateLimited {
                retry_after: Some(19),
                reset: Some(99)
            }
        );
        let soon = [("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "99")];
        assert_eq!(
            kind(429, &soon, ""),
            ApiErrorKind::RateLimited {
                retry_after: None,
                reset: None
            }
        );
    }

    #[test]
    fn revisions_that_github_does_not_have() {
        assert_eq!(
            says(404, "No commit found for the ref abc"),
            ApiErrorKind::RevisionNotFound
        );
        assert_eq!(
            says(404, "ref 'refs/heads/gone' not found in this repository"),
            ApiErrorKind::RevisionNotFound
        );
        assert_eq!(
            says(422, "commit not found"),
            ApiErrorKind::RevisionNotFound
        );
        assert_eq!(says(422, "Invalid SARIF"), ApiErrorKind::ValidationFailed);
        assert_eq!(says(404, "Not Found"), ApiErrorKind::NotFound);
    }

    #[test]
    fn details_of_a_validation_are_told() {
        let body = serde_json::json!({
            "message": "Validation Failed",
            "errors": ["first", {"message": "second"}, {"field": "ref", "code": "invalid"}, 7],
        });
        let message = message_of(body.to_string().as_bytes(), None).unwrap();
        assert_eq!(&*message, "Validation Failed; first; second; ref: invalid");
    }

    proptest! {
        #[test]
        fn never_panics_and_never_shows_the_token(
            status in 100_u16..600,
            body in proptest::collection::vec(any::<u8>(), 0..80),
            raw in "[!-~]{8,40}",
            around in "\\PC{0,20}",
        ) {
            let token = Token::new(&raw).unwrap();
            let echoing = serde_json::json!({"message": format!("{around}{raw}{around}"), "errors": [&raw]});
            for body in [body, echoing.to_string().into_bytes()] {
                let answer = Answer { status, headers: std::iter::empty().collect(), body };
                let error = classify(Operation::UploadSarif, &answer, Some(&token));
                prop_assert!(!error.message.as_deref().unwrap_or_default().contains(&raw));
            }
        }
    }
}
