//! GitHub's REST API as far as the gates need it: SARIF uploads with their alerts and analyses, check runs,
//! comments, commit statuses, issues, pull requests by their head, one file at one revision, and git's objects and references.
//!
//! Facts: permissions and statuses from GitHub's REST reference; the rules for waiting from its pages on rate
//! limits (`retry-after` first, then `x-ratelimit-reset`, else a minute and doubling).

mod alerts;
mod checks;
mod classify;
mod client;
mod comments;
mod compare;
mod contents;
mod error;
mod git_answers;
mod git_data;
mod git_grow;
mod issues;
mod operation;
mod people;
mod pulls;
mod retry;
mod sarif;
mod statuses;
mod transport;

pub use alerts::{Alert, AlertState, Analysis, Dismissal, Listed, MAX_DISMISSAL_COMMENT};
pub use checks::{
    CheckAnnotation, CheckLevel, CheckRun, Conclusion, MAX_CHECK_ANNOTATIONS, MAX_CHECK_TEXT,
    MAX_CHECK_TITLE, Posted,
};
pub use client::Client;
pub use comments::{Author, Comment, MAX_COMMENT};
pub use contents::MAX_CONTENTS_BYTES;
pub use error::{ApiError, ApiErrorKind};
pub use git_data::{GitData, MAX_BLOB, Moved, TreeFile, is_reference};
pub use git_grow::{Next, TRIES, Tip, stranger};
pub use issues::{CloseReason, Issue, MAX_ISSUE_TITLE};
pub use operation::Operation;
pub use people::{Review, ReviewState, RunApproval};
pub use pulls::{Pull, PullNow, PullsOf};
pub use retry::{MAX_ATTEMPTS, Sleeper};
pub use sarif::{Accepted, Processing, Status, UploadSarif};
pub use statuses::{CommitStatus, MAX_STATUS_CONTEXT, MAX_STATUS_DESCRIPTION, StatusState};
