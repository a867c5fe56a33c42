//! What every publisher needs: whom to ask, about what, in whose name.

use super::marker::{Marker, slot};
use super::place::Place;
use crate::fold::Folded;
use gate_github::api::{ApiError, ApiErrorKind, Author, Client};
use gate_runner::{Session, voice};
use gate_verdict::{DecisionDoc, Verdict, digest_of};
use std::cell::OnceCell;
use std::time::Duration;

/// For one request, and for all waiting within one call: nobody waits for a
/// comment as for a verdict.
const TIMEOUT: Duration = Duration::from_secs(20);
const BUDGET: Duration = Duration::from_mins(1);

/// Why something was not published.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) text: String,
    /// GitHub would not serve the next one either.
    pub(super) gives_up: bool,
}

impl Trouble {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            gives_up: false,
        }
    }
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        use ApiErrorKind as Kind;
        let gives_up = matches!(
            error.kind,
            Kind::NoToken
                | Kind::BadCredentials
                | Kind::Archived
                | Kind::SignOn
                | Kind::RateLimited { .. }
                | Kind::Server { .. }
                | Kind::Connection { .. }
                | Kind::Timeout
        );
        Self {
            text: error.to_string(),
            gives_up,
        }
    }
}

/// Whether what was sent may have arrived although the answer says nothing.
pub(super) fn may_have_arrived(error: &ApiError) -> bool {
    matches!(
        error.kind,
        ApiErrorKind::Server { .. }
            | ApiErrorKind::Connection { .. }
            | ApiErrorKind::Timeout
            | ApiErrorKind::Unexpected { .. }
            | ApiErrorKind::AnswerTooLong { .. }
    )
}

pub(super) struct Desk<'a> {
    pub(super) session: &'a Session,
    pub(super) document: &'a DecisionDoc,
    pub(super) verdicts: &'a [Verdict],
    pub(super) place: &'a Place,
    pub(super) client: Client,
    pub(super) owner: &'a str,
    pub(super) repo: &'a str,
    /// What is told apart from what: the environment, and the one gate that was asked about.
    pub(super) slot: String,
    /// Stands before what a fork says of itself.
    pub(super) preface: &'static str,
    pub(super) login: OnceCell<Option<String>>,
}

impl<'a> Desk<'a> {
    pub(super) fn open(
        session: &'a Session,
        folded: &'a Folded,
        place: &'a Place,
    ) -> Result<Self, String> {
        let Some((actions, _)) = session.actions() else {
            return Err(String::from(
                "it is published from GitHub Actions only; the out folder has the same as files",
            ));
        };
        let (owner, repo) = actions.owner_and_name().ok_or_else(|| {
            String::from("`GITHUB_REPOSITORY` names no repository, expected `owner/name`")
        })?;
        let client = Client::new(&actions.api_url, actions.token.clone(), TIMEOUT)
            .map_err(|error| error.to_string())?
            .with_budget(BUDGET);
        Ok(Self {
            session,
            document: &folded.document,
            verdicts: &folded.verdicts,
            place,
            client,
            owner,
            repo,
            slot: slot(
                folded.document.environment.as_deref(),
                session.flags.gate.as_deref(),
            ),
            preface: "",
            login: OnceCell::new(),
        })
    }

    /// Whether the token's own account wrote this. A workflow's token and an app's write as a bot, and nobody signs in
    /// as one; who a person's token speaks for is asked only where a person wrote a marker.
    pub(super) fn is_own(&self, author: &Author) -> bool {
        author.bot
            || (!author.login.is_empty()
                && self
                    .login
                    .get_or_init(|| self.client.login().ok())
                    .as_deref()
                    == Some(author.login.as_str()))
    }

    pub(super) fn run_url(&self) -> Option<&str> {
        self.place.run_url.as_deref()
    }

    /// A marker of this run for a text; the same text and decision give the same digest from run to run.
    pub(super) fn marker(&self, text: &str) -> Marker {
        let digest = digest_of(&serde_json::json!({"text": text})).unwrap_or_default();
        Marker {
            slot: self.slot.clone(),
            run: self.place.run,
            commit: self.place.commit.clone(),
            digest: digest.chars().take(16).collect(),
            decision: self.document.decision,
        }
    }

    /// The comment's text within `budget` bytes, with or without the link to the run.
    pub(super) fn text(&self, budget: usize, run_url: Option<&str>) -> String {
        let text = voice::comment_markdown(
            self.document,
            self.verdicts,
            run_url,
            budget - self.preface.len(),
        );
        format!("{}{text}", self.preface)
    }
}
