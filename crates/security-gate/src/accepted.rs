//! Accepted findings: `ignore` entries of the policy, and marks on the line.

use crate::before::Before;
use crate::config::{Config, Named};
use crate::found::Found;
use gate_runner::{Inputs, Missing};
use gate_verdict::Exemption;
use std::collections::{BTreeMap, BTreeSet};

/// What was accepted, and what has to be said about it.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    pub(crate) exemptions: Vec<Exemption>,
    /// How many of them are of each list.
    pub(crate) counts: [u64; 2],
    pub(crate) notices: Vec<String>,
}

/// Findings that are accepted at most: each is told in the verdict.
const MAX_ACCEPTED: usize = 20_000;

/// Takes the accepted findings out of the lists.
pub(crate) fn apply(
    config: &Config,
    inputs: &Inputs<'_>,
    before: Option<&Result<Before<'_>, Missing>>,
    lists: [&mut Vec<Found>; 2],
) -> Accepted {
    let mut accepted = Accepted::default();
    if !config.exemptions_allowed {
        let marks = lists.iter().flat_map(|list| list.iter());
        let marks = marks.filter(|found| found.grant.is_some()).count();
        if marks + config.ignore.len() > 0 {
            accepted.notices.push(format!(
                "`exemptions_allowed: false`: {} and {} are not honoured",
                gate_runner::counted(config.ignore.len(), "`ignore` entry"),
                gate_runner::counted(marks, "mark")
            ));
        }
        return accepted;
    }
    let today = inputs.as_of.to_string();
    let today = today.get(..10).unwrap_or_default();
    let (mut used, mut outdated) = (BTreeSet::new(), BTreeMap::new());
    for (at_list, list) in lists.into_iter().enumerate() {
        let before_list = accepted.exemptions.len();
        list.retain_mut(|found| {
            if accepted.exemptions.len() == MAX_ACCEPTED {
                return true;
            }
            for (at, entry) in config.ignore.iter().enumerate() {
                let Some(named) = entry.names(found) else {
                    continue;
                };
                used.insert(at);
                if named == Named::Before {
                    outdated.insert(at, found.id.clone());
                }
                if entry.expires.as_str() < today {
                    continue;
                }
                let expires = Some(entry.expires.as_str());
                let exemption = found.exemption("policy", &entry.reason, expires);
                accepted.exemptions.push(exemption);
                return false;
            }
            let Some(grant) = found.grant.clone() else {
                return true;
            };
            if let Some(why) = void(inputs, before, found, grant.until.as_deref(), today) {
                found.message.push_str(&why);
                return true;
            }
            let expires = grant.until.as_deref();
            let exemption = found.exemption("inline comment", &grant.why, expires);
            accepted.exemptions.push(exemption);
            false
        });
        accepted.counts[at_list] = (accepted.exemptions.len() - before_list) as u64;
    }
    if accepted.exemptions.len() == MAX_ACCEPTED {
        accepted.notices.push(format!(
            "{MAX_ACCEPTED} findings are accepted, more than one verdict takes: the others count; leave the files out with `exclude`"
        ));
    }
    for (at, entry) in config.ignore.iter().enumerate() {
        let place = format!("{}: `ignore` of `{}`", entry.place, entry.id);
        if entry.expires.as_str() < today {
            accepted
                .notices
                .push(format!("{place} expired on {}", entry.expires));
        } else if inputs.shard.is_none() && !used.contains(&at) {
            accepted
                .notices
                .push(format!("{place} is not needed any more: take it out"));
        } else if let Some(id) = outdated.get(&at) {
            let instead = match id {
                Some(id) => format!("write `{id}` instead"),
                None => String::from(
                    "set `id_salt`, and write the id that the finding then has instead",
                ),
            };
            accepted.notices.push(format!(
                "{place} holds, by a hash without a key that anybody can compare: {instead}"
            ));
        }
    }
    accepted
}

/// Why the mark on the line of a finding does not count.
fn void(
    inputs: &Inputs<'_>,
    before: Option<&Result<Before<'_>, Missing>>,
    found: &Found,
    until: Option<&str>,
    today: &str,
) -> Option<String> {
    if let Some(day) = until.filter(|day| *day < today) {
        return Some(format!("; its `gatewright:allow` expired on {day}"));
    }
    // Where a base decides, a change cannot exempt what it adds; of a base that
    // cannot be read nothing is known, so nothing counts.
    let counts =
        !inputs.base.should_govern() || matches!(before, Some(Ok(before)) if before.marks(found));
    (!counts).then(|| String::from("; its `gatewright:allow` counts once it is on the base"))
}
