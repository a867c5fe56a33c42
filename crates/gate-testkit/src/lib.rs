//! What the tests of all crates share; nothing of it is shipped.
//!
//! - [`fake_github`]: a stateful GitHub on 127.0.0.1 that holds what was uploaded, fails as scripted, records every
//!   request and checks it against GitHub's own `OpenAPI` description.
//! - [`cases`]: runs a binary over case folders and compares what it wrote with what is expected.
//! - [`example_key`]: a signing key that everybody may know.
//! - [`scrubbed_env`]: an environment in which runs are equal on every machine.
#![allow(
    clippy::disallowed_methods,
    reason = "tests lay out files and start programs"
)]

pub mod cases;
mod env;
pub mod fake_github;
mod keys;

pub use env::{FIXED_DATE, scrub, scrubbed_env};
pub use keys::example_key;
