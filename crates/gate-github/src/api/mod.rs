//! GitHub's REST API as far as the gates need it: SARIF uploads and one file at one revision.
//!
//! Facts: permissions and statuses from GitHub's REST reference; the rules for waiting from its pages on rate
//! limits (`retry-after` first, then `x-ratelimit-reset`, else a minute and doubling).

mod classify;
mod client;
mod contents;
mod error;
mod retry;
mod sarif;
mod transport;

pub use client::Client;
pub use contents::MAX_CONTENTS_BYTES;
pub use error::{ApiError, ApiErrorKind, Operation};
pub use retry::{MAX_ATTEMPTS, Sleeper};
pub use sarif::{Accepted, Processing, Status, UploadSarif};
