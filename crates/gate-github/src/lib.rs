//! The runner's files and GitHub's REST API; every token lives here.
//!
//! [`runner`] reads what GitHub Actions tells a step and writes what a step may tell back, within the
//! runner's real limits. It opens no connection and reads no environment by itself: callers hand it a getter.
//!
//! [`api`] speaks to GitHub's REST API, github.com or a server of one's own. It blocks: callers see no async.
//! It waits and retries as GitHub asks and never longer than allowed; every refusal becomes an
//! [`api::ApiError`] that says in plain words what happened, which permission is missing and what to do.
//!
//! No value of this crate shows a [`Token`] in `Debug`, `Display` or an error.
#![allow(
    clippy::disallowed_methods,
    reason = "the runner's files and the network are this crate's matter"
)]

pub mod api;
mod commit;
pub mod runner;
mod token;

pub use commit::is_commit;
pub use token::Token;
