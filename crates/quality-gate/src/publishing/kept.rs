//! The comment as files, for the second stage of a fork's pull request and for
//! whoever cannot see the pull request.

use super::marker::{ROOM, slot};
use super::place::Place;
use crate::fold::Folded;
use gate_github::api::MAX_COMMENT;
use gate_runner::{Session, out, voice};
use serde_json::json;

/// Writes `comment.md` and `comment.json`; gives what could not be written.
pub(super) fn keep(session: &Session, folded: &Folded, place: &Place) -> Vec<String> {
    let document = &folded.document;
    let text = voice::comment_markdown(
        document,
        &folded.verdicts,
        place.run_url.as_deref(),
        MAX_COMMENT - ROOM,
    );
    let about = json!({
        "number": place.pull, "head_sha": place.commit, "environment": document.environment,
        "slot": slot(document.environment.as_deref(), session.flags.gate.as_deref()),
        "decision": document.decision, "digest": document.digest,
    });
    [
        ("comment.md", text),
        ("comment.json", format!("{about:#}\n")),
    ]
    .into_iter()
    .filter_map(|(name, text)| {
        let error = out::write_atomic(&session.out.join(name), text.as_bytes()).err()?;
        Some(format!("{name} cannot be written: {error}"))
    })
    .collect()
}
