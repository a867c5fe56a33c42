//! The network beyond GitHub's API. So far that is two things: whether external links lead somewhere, and messages to
//! webhooks.
//!
//! [`check`] and [`post`] block: they run on a runtime of their own, and callers see no async. They must not be called
//! from within a tokio runtime.
//!
//! The URLs of links are taken from changes that anybody may propose, so they are hostile:
//!
//! - No address of a private network, of this machine or of a cloud's metadata service is contacted, at the first
//!   request or at any redirect. The address that is looked at is the very one that is connected to, so a name that
//!   resolves to something else the second time gains nothing. [`Settings::private_hosts`] names exceptions.
//! - No proxy is used, not even where the environment names one: behind a proxy, the proxy would resolve the
//!   name, and the promise above could not be kept. Where the network is reached through a proxy only, every link
//!   stays [`Outcome::Silent`].
//! - Nothing secret leaves: no cookie, no `Referer`, no credentials. A URL that holds credentials is not requested.
//! - Little comes in: HTTP/1.1, headers up to 100 and about 400 KiB, no body, no decompression.
//!
//! An answer that says more about the asker than about the page (401, 403, a rate limit, a server's fault) is
//! [`Outcome::Unknown`]: never alive, never dead.
//!
//! TLS is checked against the roots of Mozilla that are compiled in, at the machine's time.
#![allow(
    clippy::disallowed_methods,
    reason = "the network, and the file of its cache, are this crate's matter"
)]

mod address;
mod batch;
mod cache;
mod classify;
mod client;
mod failure;
mod hosts;
mod outcome;
mod probe;
mod retry_after;
mod settings;
mod target;
mod way;
mod webhook;

pub use batch::check;
pub use outcome::{Checked, NetError, Outcome};
pub use settings::Settings;
pub use webhook::{Hosts, WebhookError, post};
