//! Approvals: who said yes to what `require_approval` asks. Asked of GitHub,
//! counted here: distinct people, none of whom wrote the change.

use crate::people;
use gate_github::api::ReviewState;
use gate_github::runner::EventKind;
use gate_policy::{ApprovalSource, Environment};
use gate_runner::Session;
use gate_verdict::{Approval, Approvals};
use std::collections::BTreeMap;

/// Who approved, and what could not be asked.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// `None`: the environment resolves nothing by approvals.
    pub(crate) approvals: Option<Approvals>,
    pub(crate) notices: Vec<String>,
}

/// Someone's word before it is weighed.
#[derive(Clone, Debug)]
struct Word {
    who: String,
    source: &'static str,
    /// Why it is no approval of this change.
    not: Option<String>,
}

/// Asks for the approvals that an environment takes.
pub(crate) fn ask(session: &Session, environment: Option<&Environment>) -> Asked {
    let mut asked = Asked::default();
    let Some((environment, wanted)) =
        environment.and_then(|one| Some((one, one.latitude.approvals.as_ref()?)))
    else {
        return asked;
    };
    let mut words = Vec::new();
    for source in &wanted.from {
        let found = match source {
            ApprovalSource::Reviews => reviews(session),
            ApprovalSource::Environment => of_run(session, &environment.name),
        };
        match found {
            Ok(found) => words.extend(found),
            Err(why) => asked.notices.push(why),
        }
    }
    let author = people::author(session);
    let mut weigher = Weigher {
        session,
        author: &author,
        people: &wanted.people,
        asked: &mut asked.notices,
    };
    let given = weigher.weigh(words);
    asked.approvals = Some(Approvals {
        required: wanted.required,
        given,
    });
    asked
}

/// The latest word of each reviewer about the head that is judged.
fn reviews(session: &Session) -> Result<Vec<Word>, String> {
    let Some(EventKind::PullRequest {
        number, head_sha, ..
    }) = session.event_kind()
    else {
        return Ok(Vec::new());
    };
    let github = session
        .github("pull-requests: read")
        .map_err(|why| format!("the reviews are not known, so none counts: {why}"))?;
    let reviews = github
        .client
        .reviews(&github.owner, &github.name, *number)
        .map_err(|error| format!("none of the reviews counts: {error}"))?;
    let mut latest: BTreeMap<String, Word> = BTreeMap::new();
    for review in reviews {
        let not = match review.state {
            // A comment takes nothing back.
            ReviewState::Other => continue,
            ReviewState::Approved if review.commit.as_ref() == Some(head_sha) => None,
            ReviewState::Approved => Some(format!(
                "approved {:.12}, and this is {head_sha:.12}",
                review.commit.as_deref().unwrap_or("another commit")
            )),
            ReviewState::ChangesRequested => Some(String::from("asks for changes")),
            ReviewState::Dismissed => Some(String::from("the review was dismissed")),
        };
        let word = Word {
            who: review.who.clone(),
            source: "review",
            not,
        };
        latest.insert(review.who.to_ascii_lowercase(), word);
    }
    Ok(latest.into_values().collect())
}

/// Who let the run into its protected environment of this name.
fn of_run(session: &Session, environment: &str) -> Result<Vec<Word>, String> {
    let Some(run) = session.actions().and_then(|(actions, _)| actions.run_id) else {
        return Ok(Vec::new());
    };
    let github = session
        .github("actions: read")
        .map_err(|why| format!("the approvals of the run are not known, so none counts: {why}"))?;
    let approvals = github
        .client
        .run_approvals(&github.owner, &github.name, run)
        .map_err(|error| format!("none of the run's approvals counts: {error}"))?;
    let here = approvals.into_iter().filter(|one| {
        let mut names = one.environments.iter();
        names.any(|name| name.eq_ignore_ascii_case(environment))
    });
    Ok(here
        .map(|one| Word {
            who: one.who,
            source: "environment",
            not: (!one.approved).then(|| String::from("rejected the deployment")),
        })
        .collect())
}

/// Says of each person whether their word counts.
struct Weigher<'a> {
    session: &'a Session,
    author: &'a Result<Option<String>, String>,
    people: &'a [String],
    asked: &'a mut Vec<String>,
}

impl Weigher<'_> {
    /// One entry per person and source, sorted; a person counts once.
    fn weigh(&mut self, words: Vec<Word>) -> Vec<Approval> {
        let mut may: BTreeMap<String, Result<bool, String>> = BTreeMap::new();
        let mut counted: Vec<String> = Vec::new();
        let mut given: Vec<Approval> = Vec::new();
        for word in words {
            let key = word.who.to_ascii_lowercase();
            let note = word
                .not
                .clone()
                .or_else(|| self.keeps_out(&word.who, &key, &mut may))
                .or_else(|| {
                    counted
                        .contains(&key)
                        .then(|| String::from("counted already"))
                });
            if note.is_none() {
                counted.push(key);
            }
            given.push(Approval {
                who: word.who,
                source: word.source.to_owned(),
                counts: note.is_none(),
                note,
            });
        }
        given.sort();
        given
    }

    fn keeps_out(
        &mut self,
        who: &str,
        key: &str,
        may: &mut BTreeMap<String, Result<bool, String>>,
    ) -> Option<String> {
        match self.author {
            Err(why) => return Some(format!("who wrote the change is not known: {why}")),
            Ok(Some(author)) if author.eq_ignore_ascii_case(who) => {
                return Some(String::from("wrote the change"));
            }
            Ok(_) => {}
        }
        if !self.people.is_empty() {
            let named = self.people.iter().any(|one| one.eq_ignore_ascii_case(who));
            return (!named).then(|| String::from("is not among `approvals.people`"));
        }
        if key.ends_with("[bot]") {
            return Some(String::from("is no person"));
        }
        let may = may
            .entry(key.to_owned())
            .or_insert_with(|| people::may_write(self.session, who));
        match may {
            Ok(true) => None,
            Ok(false) => Some(String::from("may not write to the repository")),
            Err(why) => {
                self.asked.push(why.clone());
                Some(String::from("whether they may write is not known"))
            }
        }
    }
}
