//! Accepted findings: `suppress:` entries of the policy, and marks in the
//! files. Each needs a reason, may expire, and is told when nothing needs it.

use crate::entries::Suppression;
use crate::issue::Issue;
use crate::rules;
use crate::world::World;
use gate_syntax::Mark;
use gate_verdict::Exemption;
use std::collections::BTreeSet;

/// What was accepted, and what has to be said about it.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    pub(crate) exemptions: Vec<Exemption>,
    pub(crate) notices: Vec<String>,
}

/// A reason has at least this many letters.
const MIN_LETTERS: usize = 3;
/// Findings that are accepted at most: each is told in the verdict.
const MAX_ACCEPTED: usize = 20_000;
/// Notices about marks and entries of one run.
const MAX_NOTICES: usize = 50;

/// Takes the accepted issues out. `today` is `YYYY-MM-DD`; a mark counts only
/// where `honoured` says so of its issue. `whole`: no shard, so that what is
/// not needed here is not needed at all.
pub(crate) fn apply(
    world: &World<'_>,
    issues: &mut Vec<Issue>,
    today: &str,
    whole: bool,
    honoured: impl Fn(&Issue) -> bool,
) -> Accepted {
    let mut accepted = Accepted::default();
    let mut used = Used::new();
    let entries = &world.config.suppressions;
    issues.retain(|issue| {
        if accepted.exemptions.len() == MAX_ACCEPTED {
            return true;
        }
        // One that has expired does not stand before one that holds.
        for (at, entry) in entries.iter().enumerate() {
            if !fits(entry, issue) {
                continue;
            }
            used.insert((None, at));
            let expired = entry.expires.as_deref().is_some_and(|day| day < today);
            if !expired && has_letters(&entry.reason) {
                accepted.exemptions.push(exemption(
                    issue,
                    "policy",
                    &entry.reason,
                    entry.expires.as_deref(),
                ));
                return false;
            }
        }
        let Some((page, at, mark)) = mark_of(world, issue) else {
            return true;
        };
        used.insert((Some(page), at));
        if fault(mark, today).is_some() {
            return true;
        }
        if !honoured(issue) {
            accepted.notices.push(format!(
                "{}:{}: the mark for `{}` is new in this change and counts once it is on the base",
                issue.path, mark.line, mark.rule
            ));
            return true;
        }
        accepted.exemptions.push(exemption(
            issue,
            "inline comment",
            &mark.reason,
            mark.until.as_deref(),
        ));
        false
    });
    if accepted.exemptions.len() == MAX_ACCEPTED {
        accepted.notices.push(format!(
            "{MAX_ACCEPTED} findings are accepted, more than one verdict takes: the others count; leave the files out with `exclude`"
        ));
    }
    tell_entries(world, today, whole, &used, &mut accepted.notices);
    tell_marks(world, today, &used, &mut accepted.notices);
    let more = accepted.notices.len().saturating_sub(MAX_NOTICES);
    if more > 0 {
        accepted.notices.truncate(MAX_NOTICES);
        accepted
            .notices
            .push(format!("{more} more notices about suppressions"));
    }
    accepted
}

/// What is used of policy entries (`None`) and of the marks of a page.
type Used = BTreeSet<(Option<usize>, usize)>;

/// Entries of the policy that do not count, or that nothing needs.
fn tell_entries(
    world: &World<'_>,
    today: &str,
    whole: bool,
    used: &Used,
    notices: &mut Vec<String>,
) {
    for (at, entry) in world.config.suppressions.iter().enumerate() {
        let place = format!(
            "policy, line {}: `suppress` of `{}` in `{}`",
            entry.line, entry.rule, entry.glob
        );
        if rules::rule(&entry.rule).is_none() {
            let near = rules::nearest(&entry.rule);
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            notices.push(format!("{place}: there is no such rule{hint}"));
        } else if !has_letters(&entry.reason) {
            notices.push(format!("{place} does not count: it has no reason"));
        } else if let Some(day) = entry.expires.as_deref().filter(|day| *day < today) {
            notices.push(format!("{place} expired on {day}"));
        } else if whole && world.config.asks_rule(&entry.rule) && !used.contains(&(None, at)) {
            notices.push(format!("{place} is not needed any more: take it out"));
        }
    }
}

/// Marks that do not count, or that nothing needs.
fn tell_marks(world: &World<'_>, today: &str, used: &Used, notices: &mut Vec<String>) {
    for (page, of) in world
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.judged)
    {
        for (at, mark) in of.module.markdown.marks.iter().enumerate() {
            let place = format!("{}:{}: the mark for `{}`", of.path, mark.line, mark.rule);
            if rules::rule(&mark.rule).is_none() {
                // Another gate's, if it is no slip.
                if let Some(near) = rules::nearest(&mark.rule) {
                    notices.push(format!(
                        "{place} does not count: there is no such rule; did you mean `{near}`?"
                    ));
                }
                continue;
            }
            match fault(mark, today) {
                Some(fault) => notices.push(format!("{place} does not count: {fault}")),
                None if world.config.asks_rule(&mark.rule) && !used.contains(&(Some(page), at)) => {
                    notices.push(format!("{place} is not needed any more: take it out"));
                }
                None => {}
            }
        }
    }
}

/// Fingerprints of the issues that marks of this revision accept.
pub(crate) fn marked(world: &World<'_>, issues: &[Issue], today: &str) -> BTreeSet<String> {
    issues
        .iter()
        .filter(|issue| {
            mark_of(world, issue).is_some_and(|(.., mark)| fault(mark, today).is_none())
        })
        .map(Issue::fingerprint)
        .collect()
}

fn fits(entry: &Suppression, issue: &Issue) -> bool {
    entry.rule == issue.rule
        && entry.path.is_match(&issue.path)
        && entry
            .target
            .as_deref()
            .is_none_or(|target| target == issue.key)
}

/// The mark that speaks for an issue: its page, its place in the page, itself.
fn mark_of<'w>(world: &World<'w>, issue: &Issue) -> Option<(usize, usize, &'w Mark)> {
    let line = issue.place.map_or(1, |place| place.line);
    let page = world.page(&issue.path)?;
    let marks = &world.pages[page].module.markdown.marks;
    let (at, mark) = marks.iter().enumerate().find(|(_, mark)| {
        *mark.rule == *issue.rule && (mark.lines.0..=mark.lines.1).contains(&line)
    })?;
    Some((page, at, mark))
}

/// Why a mark does not count.
fn fault(mark: &Mark, today: &str) -> Option<String> {
    if !has_letters(&mark.reason) {
        return Some(String::from(
            "it has no reason, expected `RULE: reason`, with `(until 2027-01-31)` at its end if it shall expire",
        ));
    }
    let until = mark.until.as_deref()?;
    let is_day = until.len() == 10
        && until.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_day {
        return Some(format!(
            "found `until {until}`, expected a day such as 2027-01-31"
        ));
    }
    (until < today).then(|| format!("it expired on {until}"))
}

fn has_letters(reason: &str) -> bool {
    reason.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS
}

fn exemption(issue: &Issue, who: &str, why: &str, expires: Option<&str>) -> Exemption {
    Exemption {
        fingerprint: issue.fingerprint(),
        who: who.to_owned(),
        why: why.to_owned(),
        approved_by: Vec::new(),
        expires: expires.map(str::to_owned),
        scope: Some(format!("{}: {}", issue.path, issue.rule)),
    }
}
