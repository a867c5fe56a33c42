use super::operation::Operation;
use std::fmt;

/// A call that did not succeed: what happened in plain words, and what to do. Never holds the token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    pub kind: ApiErrorKind,
    pub operation: Operation,
    /// The status of the last answer, if one came.
    pub status: Option<u16>,
    /// GitHub's own words, on one line, bounded.
    pub message: Option<Box<str>>,
    /// GitHub's name of the request, for its support.
    pub request_id: Option<Box<str>>,
    /// Requests that were sent.
    pub attempts: u32,
    /// The wait that would have come next and the budget that it did not fit, in seconds.
    pub wait_refused: Option<(u64, u64)>,
}

/// Why a call did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// The caller's own values cannot be sent.
    Invalid { what: String },
    /// No token was given.
    NoToken,
    /// 401.
    BadCredentials,
    /// 403: the token lacks a permission, as every token of a fork's pull request does.
    MissingPermission,
    /// 403: code scanning or Code Security is off.
    FeatureOff,
    /// 403: the repository is archived.
    Archived,
    /// 403: the organisation wants the token authorised for its single sign-on.
    SignOn,
    /// 403: the conversation is locked.
    Locked,
    /// 403 or 429: seconds to wait, or the second since 1970 at which the allowance is renewed.
    RateLimited {
        retry_after: Option<u64>,
        reset: Option<u64>,
    },
    /// 400.
    BadRequest,
    /// 404.
    NotFound,
    /// 404 or 422: the repository exists, the commit or the reference does not.
    RevisionNotFound,
    /// 409: something else is there, or comes at the same time.
    Conflict,
    /// 410.
    Gone,
    /// 413.
    PayloadTooLarge,
    /// 422.
    ValidationFailed,
    /// 451.
    LegallyBlocked,
    /// A redirect: the repository was renamed or transferred.
    Moved,
    /// 408 or 5xx.
    Server { retry_after: Option<u64> },
    /// No connection, or it broke before the whole answer came.
    Connection { what: String },
    /// No whole answer within the time allowed.
    Timeout,
    /// A success with a body of more bytes than are read.
    AnswerTooLong { limit: usize },
    /// Something that GitHub's reference does not describe.
    Unexpected { what: String },
}

impl ApiError {
    pub(super) fn new(operation: Operation, kind: ApiErrorKind) -> Self {
        Self {
            kind,
            operation,
            status: None,
            message: None,
            request_id: None,
            attempts: 0,
            wait_refused: None,
        }
    }

    /// GitHub understood and will not do it with this token or these settings: a fork's pull request, a missing
    /// permission, code scanning switched off. Says nothing about the change under judgement.
    pub fn is_refusal(&self) -> bool {
        use ApiErrorKind as Kind;
        matches!(
            self.kind,
            Kind::NoToken
                | Kind::BadCredentials
                | Kind::MissingPermission
                | Kind::FeatureOff
                | Kind::Archived
                | Kind::SignOn
                | Kind::Locked
        )
    }

    /// What happened, in plain words.
    pub fn explanation(&self) -> String {
        use ApiErrorKind as Kind;
        match &self.kind {
            Kind::Invalid { what } => what.clone(),
            Kind::NoToken => "there is no token to ask GitHub with".to_owned(),
            Kind::BadCredentials => "GitHub does not know this token, or it has expired".to_owned(),
            Kind::MissingPermission => format!(
                "the token may not do this: it lacks `{}`",
                self.operation.permission()
            ),
            Kind::FeatureOff => "code scanning is not enabled for this repository".to_owned(),
            Kind::Archived => "the repository is archived and takes no changes".to_owned(),
            Kind::SignOn => {
                "the organisation asks for single sign-on, and the token is not authorised for it"
                    .to_owned()
            }
            Kind::Locked => "the conversation is locked".to_owned(),
            Kind::RateLimited {
                retry_after: Some(seconds),
                ..
            } => {
                format!("GitHub limits the rate of requests and asks to wait {seconds} s")
            }
            Kind::RateLimited { .. } => "GitHub limits the rate of requests".to_owned(),
            Kind::BadRequest if self.operation == Operation::UploadSarif => {
                "GitHub cannot read the uploaded SARIF".to_owned()
            }
            Kind::BadRequest => "GitHub cannot read the request".to_owned(),
            Kind::NotFound => match self.operation {
                Operation::SarifStatus => "GitHub does not know this upload".to_owned(),
                _ => "GitHub has no such repository, or hides it from this token".to_owned(),
            },
            Kind::RevisionNotFound => "GitHub does not have this commit or reference".to_owned(),
            Kind::Conflict => {
                "something else changed at the same time, or the repository is empty".to_owned()
            }
            Kind::Gone if self.operation.is_issue() => {
                "issues are switched off for this repository".to_owned()
            }
            Kind::Gone => "this is no longer offered for this repository".to_owned(),
            Kind::PayloadTooLarge if self.operation == Operation::UploadSarif => {
                "the compressed SARIF is larger than GitHub takes (10 MB)".to_owned()
            }
            Kind::PayloadTooLarge if self.operation == Operation::Compare => {
                "the change is longer than GitHub gives out (300 files, 20,000 lines)".to_owned()
            }
            Kind::PayloadTooLarge => "the request is larger than GitHub takes".to_owned(),
            Kind::ValidationFailed => "GitHub refuses what was sent as invalid".to_owned(),
            Kind::LegallyBlocked => "the repository is blocked for legal reasons".to_owned(),
            Kind::Moved => "the repository has another name or owner now".to_owned(),
            Kind::Server { .. } => "GitHub itself failed".to_owned(),
            Kind::Connection { what } => format!("the connection failed: {what}"),
            Kind::Timeout => "no whole answer came within the time allowed".to_owned(),
            Kind::AnswerTooLong { limit } => format!("the answer is longer than {limit} bytes"),
            Kind::Unexpected { what } => format!("the answer is not what GitHub documents: {what}"),
        }
    }

    /// What to do about it.
    pub fn next_step(&self) -> String {
        use ApiErrorKind as Kind;
        let permission = self.operation.permission();
        match &self.kind {
            Kind::Invalid { .. } => "correct the value".to_owned(),
            Kind::NoToken => format!(
                "hand over `token: ${{{{ github.token }}}}` and grant `{permission}` under the job's `permissions:`"
            ),
            Kind::BadCredentials => format!(
                "use `${{{{ github.token }}}}`, or renew the secret that is passed as `token`; it needs `{permission}`"
            ),
            Kind::MissingPermission if !self.operation.is_sarif() => format!(
                "add `{permission}` under the job's `permissions:`; on pull requests from forks and from Dependabot the token \
                 is read-only whatever is written there: publish from a `workflow_run` workflow instead"
            ),
            Kind::MissingPermission => format!(
                "add `{permission}` under the job's `permissions:`; on pull requests from forks and from Dependabot the token \
                 is read-only whatever is written there: upload from a `workflow_run` or `push` workflow instead"
            ),
            Kind::FeatureOff => "enable code scanning in the repository's settings (private repositories need GitHub Code \
                                 Security), or leave the upload out; the SARIF file stays in the output folder"
                .to_owned(),
            Kind::Archived if !self.operation.is_sarif() => "unarchive the repository, or publish nothing there".to_owned(),
            Kind::Archived => "unarchive the repository, or leave the upload out".to_owned(),
            Kind::SignOn => "use `${{ github.token }}`, or authorise the token for the organisation's single sign-on".to_owned(),
            Kind::Locked => "unlock the conversation".to_owned(),
            Kind::Conflict if matches!(self.operation, Operation::ReadGit | Operation::WriteGit) => {
                "run the job again; an empty repository needs a first commit".to_owned()
            }
            Kind::RateLimited { .. } | Kind::Server { .. } | Kind::Conflict => {
                "run the job again later; githubstatus.com tells of outages".to_owned()
            }
            _ if self.operation == Operation::Compare => {
                "check out with enough history (actions/checkout with fetch-depth: 0)".to_owned()
            }
            Kind::BadRequest | Kind::ValidationFailed | Kind::PayloadTooLarge
                if self.operation != Operation::UploadSarif =>
            {
                "correct what GitHub names".to_owned()
            }
            Kind::BadRequest => "run `sarif-upload validate` on the file: it names line and column".to_owned(),
            Kind::NotFound if self.operation == Operation::SarifStatus => {
                "look under the repository's Security tab: the upload itself was accepted".to_owned()
            }
            Kind::NotFound => {
                format!("check `GITHUB_REPOSITORY` and `GITHUB_API_URL`, and grant `{permission}` under the job's `permissions:`")
            }
            Kind::RevisionNotFound if !self.operation.is_sarif() => {
                "publish for a commit that was pushed and is still there".to_owned()
            }
            Kind::RevisionNotFound => "upload for a commit that was pushed and a branch that still exists; the branches of a \
                                       merge queue are deleted after the run, so upload on `push` instead"
                .to_owned(),
            Kind::Gone if self.operation.is_issue() => {
                "switch issues on in the repository's settings, or leave `issue` out of what is published".to_owned()
            }
            Kind::Gone => "look at the repository's code scanning settings".to_owned(),
            Kind::PayloadTooLarge => "split the file by tool or leave out results of low severity".to_owned(),
            Kind::ValidationFailed => "correct what GitHub names; `sarif-upload validate` knows its rules".to_owned(),
            Kind::LegallyBlocked => "ask the repository's owner".to_owned(),
            Kind::Moved => "use the repository's present name in `GITHUB_REPOSITORY`".to_owned(),
            Kind::Connection { .. } | Kind::Timeout => {
                "check that the runner reaches the host of `GITHUB_API_URL` (proxy, firewall), then run the job again"
                    .to_owned()
            }
            Kind::AnswerTooLong { .. } | Kind::Unexpected { .. } => {
                "check that `GITHUB_API_URL` is GitHub's API and not a proxy's page".to_owned()
            }
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.explanation())?;
        if let Some(status) = self.status {
            write!(f, " (status {status}")?;
            if let Some(message) = &self.message {
                write!(f, ", \"{message}\"")?;
            }
            if let Some(id) = &self.request_id {
                write!(f, ", request {id}")?;
            }
            write!(f, ")")?;
        }
        if self.attempts > 1 {
            write!(f, ", after {} attempts", self.attempts)?;
        }
        if let Some((wait, budget)) = self.wait_refused {
            write!(
                f,
                "; the next wait of {wait} s does not fit the {budget} s allowed"
            )?;
        }
        write!(f, "; next step: {}", self.next_step())
    }
}

impl std::error::Error for ApiError {}
