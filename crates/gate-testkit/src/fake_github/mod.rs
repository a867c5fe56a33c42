//! A stateful fake GitHub.
//!
//! It answers what the gates ask (SARIF upload and its state, check runs, alerts, analyses, pull requests, comments,
//! commit statuses, issues, contents, commits, git's objects and references, rate limit), keeps uploaded SARIF decoded, turns an analysis `complete` after some polls, fails as scripted,
//! and records every request without the token. With `GATEWRIGHT_OPENAPI` naming GitHub's `api.github.com.json` (npm package
//! `@octokit/openapi`, whole or cut down to the paths in use) each request and each of its own answers is checked against that.

mod alerts;
mod checks;
mod fault;
mod git;
mod http;
mod issues;
mod openapi;
mod people;
mod pulls;
mod routes;
mod schema;
mod server;
mod setup;
mod state;
mod talk;
mod target;

pub use fault::{Fault, Route};
pub use issues::Issue;
pub use openapi::{Openapi, OpenapiError};
pub use server::{FakeGithub, StartError};
pub use setup::{Alert, Analysis, File, Outcome, Pull, Review, RunApproval, Scripted, Setup};
pub use state::{Recorded, StoredCheck, StoredSarif, Violation};
pub use talk::{Comment, StoredStatus};
