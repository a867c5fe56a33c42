//! The requests of the pull request that is judged, from GitHub as it is now.

use super::request::{self, Comment, LABEL, Requests};
use crate::people;
use gate_github::runner::EventKind;
use gate_runner::Session;

/// Pages of 100 comments that are looked through.
const MAX_PAGES: usize = 20;

/// What is asked for in comments, where the label allows it. Without a pull
/// request, a token or the label nothing is asked for.
pub(crate) fn requested(session: &Session) -> Requests {
    let Some(EventKind::PullRequest {
        number, head_sha, ..
    }) = session.event_kind()
    else {
        return Requests::default();
    };
    let said = |why: String| Requests {
        entries: Vec::new(),
        notices: vec![format!("no override asked for in a comment counts: {why}")],
    };
    // On a laptop and without a token there is nobody to ask, which is no news.
    let Ok(github) = session.github("pull-requests: read") else {
        return Requests::default();
    };
    let pull = match session.pull(*number) {
        Ok(pull) => pull,
        Err(why) => return said(why),
    };
    if !pull.labels.iter().any(|label| label == LABEL) {
        return Requests::default();
    }
    let comments = github
        .client
        .all_comments(&github.owner, &github.name, *number, MAX_PAGES);
    let comments = match comments {
        Ok(Some(comments)) => comments,
        Ok(None) => {
            return said(format!(
                "the pull request has more than {} comments",
                MAX_PAGES * 100
            ));
        }
        Err(error) => return said(error.to_string()),
    };
    let comments: Vec<Comment> = comments
        .into_iter()
        .filter(|comment| !comment.author.bot)
        .map(|comment| Comment {
            id: comment.id,
            who: comment.author.login,
            body: comment.body,
            created: comment.created_at,
            edited: comment.edited,
        })
        .collect();
    request::read(&comments, *number, head_sha, &mut |login| {
        people::may_write(session, login)
    })
}
