//! Who is who: the author of the change, and what a person may do.

use gate_github::runner::EventKind;
use gate_runner::Session;

/// Who wrote the change: of a pull request its author, else who started the
/// run; `Ok(None)` outside a workflow.
///
/// # Errors
/// Somebody should be known and is not.
pub(crate) fn author(session: &Session) -> Result<Option<String>, String> {
    let Some((actions, event)) = session.actions() else {
        return Ok(None);
    };
    match event.as_ref().map(|event| &event.kind) {
        Ok(EventKind::PullRequest { number, .. }) => {
            let pull = session.pull(*number)?;
            Ok(Some(pull.author.clone()))
        }
        Ok(_) => match &actions.actor {
            Some(actor) => Ok(Some(actor.clone())),
            None => Err(String::from("the runner does not say who started the run")),
        },
        Err(why) => Err(why.clone()),
    }
}

/// Whether a person may write to the repository.
///
/// # Errors
/// GitHub did not say.
pub(crate) fn may_write(session: &Session, login: &str) -> Result<bool, String> {
    let github = session.github("contents: read")?;
    github
        .client
        .may_write(&github.owner, &github.name, login)
        .map_err(|error| error.to_string())
}
