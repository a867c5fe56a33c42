//! Verdicts and decisions as people see them: terminal text, Markdown,
//! annotations, HTML pages, a badge, and what is told elsewhere: comments,
//! titles, chat messages.
//!
//! What this crate promises:
//! - **It never decides.** Words, order and size are its business; statuses
//!   and decisions are taken as they stand in the documents.
//! - **Pure and deterministic.** The same documents give the same bytes; no
//!   clock, no environment, no random, no reading of `run`.
//! - **Inert.** Every string of a document is hostile. Control and bidirectional
//!   characters are shown as `\u{..}`, nothing becomes markup, a mention, a
//!   reference, an active link, an escape sequence or a workflow command.
//! - **Bounded.** Markdown never passes its budget and is cut between rows
//!   only; HTML and text show so many findings and count the rest.

mod accepted;
mod annotations;
mod badge;
mod chat;
mod coverage;
mod escape;
mod html;
mod markdown;
mod order;
mod story;
mod text;
mod titles;
mod trend;
mod words;

pub use annotations::{Annotation, annotations};
pub use badge::{badge_json, badge_svg};
pub use chat::{discord, slack};
pub use coverage::{Covered, CoveredFile, Line, Source, coverage_html};
pub use escape::{markdown_code, name};
pub use gate_verdict::Level;
pub use html::html;
pub use markdown::{
    comment_markdown, decision_markdown, markdown, recovery_markdown, unpublished_markdown,
};
pub use text::{TextOptions, decision_text, text};
pub use titles::{headline, issue_title, plain};

/// Prose as one line of at most `max` characters in which nothing hides and no workflow command starts: for a
/// terminal and a log, where a name stays a name. Where others are told, [`plain`] stops mentions and links too.
pub fn plain_line(text: &str, max: usize) -> String {
    escape::line(text, max)
}

/// The same, inert within a line of GitHub's Markdown, table cells included.
pub fn markdown_line(text: &str, max: usize) -> String {
    escape::markdown(&escape::line(text, max))
}
