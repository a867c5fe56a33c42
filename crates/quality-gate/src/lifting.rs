//! The overrides of a run: gathered from where the change cannot reach them, and
//! let to lift what they cover.

use crate::ledger::Destination;
use crate::overrides::{self, Ground, Overrides};
use crate::people;
use crate::weighing::Weighing;
use gate_policy::Environment;
use gate_runner::{Prepared, Session};
use gate_verdict::{Cap, Decision, Subject};
use std::cell::OnceCell;

/// Gathers the overrides and lets them lift what they cover.
pub(crate) fn lift(
    session: &Session,
    prepared: &Prepared,
    environment: Option<&Environment>,
    here: &Subject,
    weighing: &mut Weighing<'_>,
    (cap, ledger): (Cap, Option<&Destination>),
) -> Overrides {
    let mut overrides = Overrides::default();
    let branch = prepared.branch(session);
    let author = || people::author(session);
    let budget = OnceCell::new();
    let spent = || {
        budget
            .get_or_init(|| overrides::spent(session, ledger, environment))
            .clone()
    };
    let ground = Ground {
        as_of: session.as_of,
        environment,
        commit: here.commit.as_deref(),
        branch: branch.as_deref(),
        pull_request: session.pull_number(),
        author: &author,
        budget_spent: &spent,
    };
    let stands_in_the_way = !weighing.decision(cap).allows();
    // Where nothing needs lifting nobody is asked, and nobody is told of a file that cannot be read.
    match overrides::from_default_branch(session, prepared, stands_in_the_way) {
        Ok(entries) => overrides.add(entries, &ground),
        Err(why) if stands_in_the_way => overrides.notices.push(why),
        Err(_) => {}
    }
    lift_with(weighing, &mut overrides, cap);
    // Comments are read last, and only where nothing else opens a way: what only needs an approval is approved.
    let may_lift = cap.bypass_allowed || cap.emergency_allowed;
    if may_lift && weighing.decision(cap) == Decision::Block {
        let requests = overrides::requested(session);
        overrides.notices.extend(requests.notices);
        overrides.add(requests.entries, &ground);
        lift_with(weighing, &mut overrides, cap);
    }
    if let Some(Err(why)) = budget.get() {
        overrides
            .notices
            .push(format!("{why}; each override needs one approver more"));
    }
    overrides
}

fn lift_with(weighing: &mut Weighing<'_>, overrides: &mut Overrides, cap: Cap) {
    for weighed in &mut weighing.reasons {
        if !weighed.contribution(cap).allows() {
            weighed.lift = overrides.lift(weighed);
        }
    }
}
