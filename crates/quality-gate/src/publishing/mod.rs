//! Telling people where they look: check run, comment, status, issue, chat.
//!
//! The decision is on disk before any of this begins, and nothing here changes
//! it or the exit code. What cannot be published is said once, in the log and
//! in the step summary.

mod chat;
mod check;
mod comment;
mod desk;
mod emergency;
mod issue;
mod kept;
mod marker;
mod place;
mod second_stage;
mod status;
#[cfg(test)]
mod tests;

use crate::fold::Folded;
use clap::{Args, ValueEnum};
use desk::Desk;
use gate_runner::Session;
use gate_verdict::Decision;
use place::Place;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use second_stage::publish_from;

/// The flags of what is published beyond annotations, step summary and outputs.
#[derive(Args, Clone, Debug, Default)]
pub struct PublishFlags {
    /// Where else to tell the decision, with commas between them
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    pub publish: Vec<Channel>,
}

/// One place where people look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Channel {
    /// A check run with annotations (`checks: write`)
    Check,
    /// One comment on the pull request, kept up to date (`pull-requests: write`)
    Comment,
    /// A commit status (`statuses: write`)
    Status,
    /// An issue while the default branch is blocked (`issues: write`)
    Issue,
    /// A message where blocking begins or ends (variable `GATEWRIGHT_SLACK_WEBHOOK`)
    Slack,
    /// The same to `GATEWRIGHT_DISCORD_WEBHOOK`
    Discord,
}

impl Channel {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Comment => "comment",
            Self::Status => "status",
            Self::Issue => "issue",
            Self::Slack => "slack",
            Self::Discord => "discord",
        }
    }
}

/// What was decided last for the same repository, reference and environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nobody keeps a record of it.
    Unrecorded,
    /// There is a record, and it has nothing yet.
    First,
    Was(Decision),
}

/// Publishes a decision as asked; gives what could not be published. Neither a
/// failure nor a panic gets out.
pub(crate) fn publish(
    session: &Session,
    folded: &Folded,
    flags: &PublishFlags,
    before: Before,
) -> Vec<String> {
    let mut wanted = flags.publish.clone();
    wanted.sort_unstable();
    wanted.dedup();
    let mut unpublished = Vec::new();
    let whole = catch_unwind(AssertUnwindSafe(|| {
        if !wanted.is_empty() {
            publish_to(session, folded, &wanted, before, &mut unpublished);
        }
        unpublished.extend(emergency::open_issues(session, folded));
    }));
    if whole.is_err() {
        unpublished.push(String::from(
            "publishing ended early; the message above says where, please report it",
        ));
    }
    unpublished
}

fn publish_to(
    session: &Session,
    folded: &Folded,
    wanted: &[Channel],
    before: Before,
    unpublished: &mut Vec<String>,
) {
    let place = Place::of(session, &folded.document);
    if wanted.contains(&Channel::Comment) && place.pull.is_some() {
        unpublished.extend(kept::keep(session, folded, &place));
    }
    let all = names(wanted);
    if let Some(why) = place.barred(session) {
        unpublished.push(format!("{all} not published: {why}"));
        return;
    }
    let desk = match Desk::open(session, folded, &place) {
        Ok(desk) => desk,
        Err(why) => {
            unpublished.push(format!("{all} not published: {why}"));
            return;
        }
    };
    unpublished.extend(speak(&desk, wanted, before));
}

/// Tells the decision in each of the places; gives what could not be told.
fn speak(desk: &Desk<'_>, wanted: &[Channel], before: Before) -> Vec<String> {
    let mut unpublished = Vec::new();
    let mut last = before;
    let mut untried = Vec::new();
    let mut gave_up = false;
    for channel in wanted {
        let outcome = match channel {
            Channel::Slack | Channel::Discord => continue,
            channel if gave_up => {
                untried.push(*channel);
                continue;
            }
            Channel::Check => check::check(desk),
            Channel::Status => status::status(desk),
            Channel::Comment => comment::comment(desk).map(|found| note(&mut last, found)),
            Channel::Issue => issue::issue(desk, before).map(|found| note(&mut last, found)),
        };
        if let Err(trouble) = outcome {
            gave_up |= trouble.gives_up;
            unpublished.push(format!("{}: {}", channel.as_str(), trouble.text));
        }
    }
    if !untried.is_empty() {
        unpublished.push(format!(
            "{} not tried: GitHub's API did not serve the one before",
            names(&untried)
        ));
    }
    unpublished.extend(chat::chat(desk, wanted, last));
    unpublished
}

/// Where nobody keeps a record, what is published keeps the last decision itself.
fn note(last: &mut Before, found: Option<Before>) {
    if *last == Before::Unrecorded
        && let Some(found) = found
    {
        *last = found;
    }
}

fn names(channels: &[Channel]) -> String {
    let names: Vec<&str> = channels.iter().map(|channel| channel.as_str()).collect();
    names.join(", ")
}
