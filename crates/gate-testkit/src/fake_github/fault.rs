use super::http::Reply;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Which requests a fault is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    UploadSarif,
    SarifStatus,
    Contents,
    /// What changed between two commits.
    Compare,
    CreateCheck,
    UpdateCheck,
    /// The list of alerts.
    Alerts,
    UpdateAlert,
    Analyses,
    /// Pull requests by head, by commit or by number.
    Pulls,
    /// A reference of git is read.
    GitReference,
    /// A commit, tree or blob is read.
    GitRead,
    /// A tree or commit is made.
    GitWrite,
    /// A reference is made or moved.
    GitMove,
    /// The list of comments below one issue or pull request.
    Comments,
    CreateComment,
    UpdateComment,
    DeleteComment,
    CreateStatus,
    /// The list of issues.
    Issues,
    CreateIssue,
    UpdateIssue,
    LabelIssue,
    /// Who the token speaks for.
    User,
    Reviews,
    RunApprovals,
    Permission,
    /// All others.
    Other,
}

/// One scripted failure; as JSON `{"kind": "read_only_token"}`, `{"kind": "rate_limited", "status": 429,
/// "retry_after": 2}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// 401 Bad credentials.
    BadCredentials,
    /// 403 as a fork's token gets it.
    ReadOnlyToken,
    /// 403 code scanning is not enabled.
    FeatureOff,
    /// 403 archived.
    Archived,
    /// 403 of an organisation with single sign-on.
    SignOn,
    /// 403 of a locked conversation.
    Locked,
    /// 403 or 429; without `retry_after` and `reset_at` neither header is sent.
    RateLimited {
        status: u16,
        #[serde(default)]
        retry_after: Option<u64>,
        /// Seconds since 1970.
        #[serde(default)]
        reset_at: Option<u64>,
    },
    /// 429 of a spent allowance, with a clock of its own: `date` as HTTP writes it, `reset_at` in seconds since 1970.
    OtherClock { date: String, reset_at: u64 },
    /// 404 Not Found.
    NotFound,
    /// 413 with a page of a proxy.
    PayloadTooLarge,
    /// 422 with GitHub's words.
    ValidationFailed { message: String },
    /// 502 with a page of HTML.
    BadGateway,
    /// Any status with any message.
    Answer { status: u16, message: String },
    /// The connection is closed without an answer.
    Reset,
    /// The real answer's head, and half of its body.
    TruncatedBody,
    /// The real answer, a byte at a time, this many milliseconds apart.
    SlowBody { millis: u64 },
    /// 200 with nothing in it.
    EmptyBody,
    /// 200 with this many bytes of JSON text.
    HugeBody { bytes: usize },
    /// An error (500) whose body is this long.
    HugeError { bytes: usize },
    /// The real answer, after which another run, with the same token, comments so.
    Meanwhile { number: u64, body: String },
}

/// What a fault makes of a request.
pub(super) enum Effect {
    Instead(Reply),
    /// Nothing is answered.
    Close,
    /// The real answer in another manner.
    Truncated,
    Slow(u64),
    Meanwhile(u64, String),
}

impl Fault {
    pub(super) fn effect(&self) -> Effect {
        let says = |status: u16, message: &str| {
            Effect::Instead(Reply::json(
                status,
                &json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string()}),
            ))
        };
        match self {
            Self::BadCredentials => says(401, "Bad credentials"),
            Self::ReadOnlyToken => says(403, "Resource not accessible by integration"),
            Self::FeatureOff => says(
                403,
                "Code Security must be enabled for this repository to use code scanning.",
            ),
            Self::Archived => says(403, "Repository was archived so is read-only."),
            Self::RateLimited {
                status,
                retry_after,
                reset_at,
            } => {
                let mut reply = Reply::json(
                    *status,
                    &json!({"message": "You have exceeded a secondary rate limit."}),
                );
                if let Some(seconds) = retry_after {
                    reply = reply.header("retry-after", &seconds.to_string());
                }
                if let Some(second) = reset_at {
                    reply = reply
                        .header("x-ratelimit-remaining", "0")
                        .header("x-ratelimit-reset", &second.to_string());
                }
                Effect::Instead(reply)
            }
            Self::OtherClock { date, reset_at } => Effect::Instead(
                Reply::json(429, &json!({"message": "API rate limit exceeded"}))
                    .header("date", date)
                    .header("x-ratelimit-remaining", "0")
                    .header("x-ratelimit-reset", &reset_at.to_string()),
            ),
            Self::SignOn => says(
                403,
                "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
            ),
            Self::Locked => says(403, "Unable to create comment because issue is locked."),
            Self::Meanwhile { number, body } => Effect::Meanwhile(*number, body.clone()),
            Self::NotFound => says(404, "Not Found"),
            Self::PayloadTooLarge => {
                Effect::Instead(Reply::html(413, "<h1>413 Request Entity Too Large</h1>"))
            }
            Self::ValidationFailed { message } => says(422, message),
            Self::BadGateway => Effect::Instead(Reply::html(502, "<h1>502 Bad Gateway</h1>")),
            Self::Answer { status, message } => says(*status, message),
            Self::Reset => Effect::Close,
            Self::TruncatedBody => Effect::Truncated,
            Self::SlowBody { millis } => Effect::Slow(*millis),
            Self::EmptyBody => Effect::Instead(Reply::empty(200)),
            Self::HugeBody { bytes } => {
                Effect::Instead(Reply::json(200, &json!("x".repeat(*bytes))))
            }
            Self::HugeError { bytes } => says(500, &"x".repeat(*bytes)),
        }
    }
}
