//! Whether an override holds here and now, before it is asked what it covers.

use super::time;
use gate_policy::{Environment, OverrideEntry};
use gate_verdict::Code;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How long an override may hold (facts of the source documents: 30 days).
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long an emergency may.
const LONGEST_EMERGENCY: SignedDuration = SignedDuration::from_hours(4);
/// From here on people are told that it ends.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an override is checked against.
pub(crate) struct Ground<'a> {
    pub(crate) as_of: Timestamp,
    /// `None`: everything configured is mandatory and nothing may be bypassed.
    pub(crate) environment: Option<&'a Environment>,
    pub(crate) commit: Option<&'a str>,
    pub(crate) branch: Option<&'a str>,
    pub(crate) pull_request: Option<u64>,
    /// Who wrote the change: `Ok(None)` where nobody is known by name, as on a
    /// laptop; an error where somebody should be.
    pub(crate) author: &'a dyn Fn() -> Result<Option<String>, String>,
    /// Whether the budget of the last days is spent, so that one approver more is
    /// needed; `Ok(None)` where nobody counts.
    pub(crate) budget_spent: &'a dyn Fn() -> Result<Option<bool>, String>,
}

/// Whether an override is for this environment, commit, branch and request at all.
pub(crate) fn concerns(entry: &OverrideEntry, ground: &Ground<'_>) -> bool {
    let name = ground.environment.map(|one| one.name.as_str());
    let environment = entry.environment.as_deref();
    let commit = entry.commit.as_deref();
    environment.is_none_or(|asked| name == Some(asked))
        && commit.is_none_or(|asked| ground.commit == Some(asked))
        && entry
            .pull_request
            .is_none_or(|asked| ground.pull_request == Some(asked))
        && entry
            .branch
            .as_deref()
            .is_none_or(|glob| ground.branch.is_some_and(|branch| on(glob, branch)))
}

fn on(glob: &str, branch: &str) -> bool {
    globset::GlobBuilder::new(glob)
        .literal_separator(true)
        .build()
        .is_ok_and(|glob| glob.compile_matcher().is_match(branch))
}

/// Until when it holds, or why it does not.
pub(crate) fn check(entry: &OverrideEntry, ground: &Ground<'_>) -> Result<Timestamp, String> {
    let expires = period(entry, ground.as_of)?;
    cap(entry, ground.environment)?;
    codes(entry)?;
    people(entry, ground)?;
    Ok(expires)
}

fn period(entry: &OverrideEntry, now: Timestamp) -> Result<Timestamp, String> {
    let read = |key: &str, text: &str, ends| {
        time::read(text, ends).ok_or_else(|| format!("`{key}: {text}` is no time of the calendar"))
    };
    let created = read("created", &entry.created, false)?;
    let expires = read("expires", &entry.expires, true)?;
    let longest = if entry.emergency {
        LONGEST_EMERGENCY
    } else {
        LONGEST
    };
    if expires <= created {
        return Err(format!(
            "it expires ({}) before it begins ({})",
            entry.expires, entry.created
        ));
    }
    // Of days the named ones are counted: the 1st and 30 days later.
    let last = read("expires", &entry.expires, entry.emergency)?;
    if last.duration_since(created) > longest {
        let at_most = if entry.emergency {
            "an emergency at most 4 hours"
        } else {
            "an override at most 30 days"
        };
        return Err(format!(
            "it lasts from {} to {}, {at_most}: shorten it",
            entry.created, entry.expires
        ));
    }
    if now < created {
        return Err(format!("it begins on {}", entry.created));
    }
    if now >= expires {
        return Err(format!(
            "it expired on {}: repair what it accepts, or have it granted anew",
            entry.expires
        ));
    }
    Ok(expires)
}

fn cap(entry: &OverrideEntry, environment: Option<&Environment>) -> Result<(), String> {
    let name = environment.map_or_else(
        || String::from("a run without an environment"),
        |one| format!("environment `{}`", one.name),
    );
    let bypass_allowed = environment.is_some_and(|one| one.bypass_allowed);
    let forbidden = environment.is_some_and(|one| one.latitude.no_emergency);
    match (entry.emergency, bypass_allowed, forbidden) {
        (true, _, true) => Err(format!(
            "{name} forbids emergencies (`emergency: forbidden`)"
        )),
        (false, false, _) => Err(format!(
            "{name} allows no overrides (`bypass_allowed: false`)"
        )),
        _ => Ok(()),
    }
}

fn codes(entry: &OverrideEntry) -> Result<(), String> {
    for code in &entry.covers_error {
        let known: Code = serde_json::from_value(serde_json::Value::String(code.clone()))
            .unwrap_or(Code::Unknown);
        if known == Code::Unknown {
            return Err(format!(
                "`covers_error` names `{code}`, which is no code (gatewright explain lists them)"
            ));
        }
    }
    Ok(())
}

/// Distinct approvers, none of whom asked for it or wrote the change.
fn people(entry: &OverrideEntry, ground: &Ground<'_>) -> Result<(), String> {
    // GitHub's names do not tell case apart.
    let name = |login: &str| login.to_ascii_lowercase();
    let approvers: BTreeSet<String> = entry.approved_by.iter().map(|one| name(one)).collect();
    if approvers.contains(&name(&entry.requested_by)) {
        return Err(format!(
            "{} asked for it and approved it: somebody else has to approve",
            entry.requested_by
        ));
    }
    if let Some(author) = (ground.author)().map_err(|why| {
        format!("who wrote the change is not known, so the approvers cannot be told apart: {why}")
    })? && approvers.contains(&name(&author))
    {
        return Err(format!(
            "{author} wrote the change and approved it: somebody else has to approve"
        ));
    }
    let spent = match (ground.budget_spent)() {
        Ok(spent) => spent.unwrap_or(false),
        // Nobody can say, so it counts as spent.
        Err(_) => true,
    };
    let (needed, because) = match (entry.emergency, spent) {
        (true, false) => (2, "an emergency needs two approvers"),
        (true, true) => (
            3,
            "an emergency needs two approvers, and the override budget is spent: one more",
        ),
        (false, false) => (1, "an override needs an approver"),
        (false, true) => (2, "the override budget is spent: one approver more"),
    };
    if approvers.len() < needed {
        return Err(format!(
            "{because}; {} of {needed} approved",
            approvers.len()
        ));
    }
    Ok(())
}

/// What to tell in its last days.
pub(crate) fn ends_soon(entry: &OverrideEntry, ground: &Ground<'_>) -> Option<String> {
    let expires = time::read(&entry.expires, true)?;
    (!entry.emergency && expires.duration_since(ground.as_of) <= SOON).then(|| {
        format!(
            "override `{}` of gate `{}` ends on {}: {}",
            entry.id, entry.gate, entry.expires, entry.ticket
        )
    })
}
