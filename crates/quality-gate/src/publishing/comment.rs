//! One comment per environment on a pull request, kept up to date.

use super::Before;
use super::desk::{Desk, Trouble, may_have_arrived};
use super::marker::{Marker, ROOM};
use gate_github::api::{ApiErrorKind, Comment, MAX_COMMENT};
use std::time::Duration;

/// Pages of 100 comments that are looked through for ours.
const MAX_PAGES: usize = 50;
/// Times that the comments are listed: once, once more after one was made, and where something came in between.
const MAX_ROUNDS: usize = 5;

/// Makes or updates the comment; says what was decided when it was last written.
pub(super) fn comment(desk: &Desk<'_>) -> Result<Option<Before>, Trouble> {
    let Some(number) = desk.place.pull else {
        // A push has no pull request to comment on.
        return Ok(None);
    };
    let marker = desk.marker(&desk.text(MAX_COMMENT - ROOM, None));
    let body = format!(
        "{}\n{}",
        marker.line(),
        desk.text(MAX_COMMENT - ROOM, desk.run_url())
    );
    let mut before = None;
    let mut doubt = None;
    for _ in 0..MAX_ROUNDS {
        let found = ours(desk, number)?;
        let mut found = found.into_iter();
        let Some((first, theirs)) = found.next() else {
            before.get_or_insert(Before::First);
            match desk
                .client
                .create_comment(desk.owner, desk.repo, number, &body)
            {
                // Whether another run made one at the same time is seen in the next round.
                Ok(_) => {}
                Err(error) if may_have_arrived(&error) => {
                    desk.client.wait(Duration::from_secs(1));
                    doubt = Some(error);
                }
                Err(error) => return Err(error.into()),
            }
            continue;
        };
        before.get_or_insert(Before::Was(theirs.decision));
        for (second, _) in found {
            desk.client
                .delete_comment(desk.owner, desk.repo, second.id)?;
        }
        if theirs.is_later_than(&marker) || theirs.digest == marker.digest {
            return Ok(before);
        }
        match desk
            .client
            .update_comment(desk.owner, desk.repo, first.id, &body)
        {
            // Somebody removed it in between.
            Err(error) if error.kind == ApiErrorKind::NotFound => doubt = Some(error),
            outcome => return outcome.map(|_| before).map_err(Trouble::from),
        }
    }
    Err(doubt.map_or_else(
        || Trouble::new("the comment was not made: it is gone whenever it was made"),
        Trouble::from,
    ))
}

/// Our comments with their markers, oldest first.
fn ours(desk: &Desk<'_>, number: u64) -> Result<Vec<(Comment, Marker)>, Trouble> {
    let wanted = |comment: &Comment| {
        Marker::read(&comment.body, &desk.slot).is_some() && desk.is_own(&comment.author)
    };
    let found = desk
        .client
        .comments(desk.owner, desk.repo, number, MAX_PAGES, &wanted)?;
    let found = found.ok_or_else(|| {
        Trouble::new(format!(
            "the comment was not made: the pull request has more than {} comments, and whether ours is among them is not known",
            MAX_PAGES * 100
        ))
    })?;
    Ok(found
        .into_iter()
        .filter_map(|comment| {
            let marker = Marker::read(&comment.body, &desk.slot)?;
            Some((comment, marker))
        })
        .collect())
}
