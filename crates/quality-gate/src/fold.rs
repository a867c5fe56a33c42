//! The fold: verdicts, the policy and an environment become one decision
//! (contract, sections 9 and 11).

use crate::approvals::{self, Asked};
use crate::document::{Told, document};
use crate::ledger::Destination;
use crate::lifting::lift;
use crate::load::Loaded;
use crate::weighing::Weighing;
use gate_policy::Selected;
use gate_runner::{Failure, Prepared, Session};
use gate_verdict::{Approvals, Cap, Code, Decision, DecisionDoc, Shard, Subject, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// A decision and the verdicts that went into it.
#[derive(Debug)]
pub struct Folded {
    pub document: DecisionDoc,
    /// The believed verdicts, one per gate, scope and shard.
    pub verdicts: Vec<Verdict>,
    pub(crate) mandatory_error: bool,
}

impl Folded {
    pub fn exit_code(&self, session: &Session) -> u8 {
        self.document
            .decision
            .exit_code(session.flags.fail_on.into(), self.mandatory_error)
    }
}

/// One instance of a gate: its key, scope and shard.
pub(crate) type Instance = (String, Option<String>, Option<Shard>);

/// Folds what was loaded, with the overrides and approvals of this environment.
pub fn fold(
    session: &Session,
    prepared: &Prepared,
    selected: &Selected<'_>,
    loaded: Loaded,
    ledger: Option<&Destination>,
) -> Result<Folded, Failure> {
    let policy = &prepared.in_force.policy;
    let here = prepared.subject(session, false);
    let now = prepared.now(session, policy.gates.values());
    let mut weighing = Weighing::new(policy, selected);
    weighing.control()?;
    weighing.policy_itself(prepared);
    let verdicts = weigh_all(&mut weighing, prepared, &here, loaded);
    weighing.missing_shards();
    weighing.missing_scopes(now.as_happening());
    weighing.missing_gates(now.as_happening());
    weighing.nothing_at_all();

    let environment = match selected {
        Selected::Named(environment) => Some(*environment),
        Selected::Everything { .. } => None,
    };
    let mut cap = Cap {
        bypass_allowed: environment.is_some_and(|one| one.bypass_allowed),
        emergency_allowed: environment.is_none_or(|one| !one.latitude.no_emergency),
        approved: false,
        as_of: session.as_of.as_second(),
    };
    let overrides = lift(
        session,
        prepared,
        environment,
        &here,
        &mut weighing,
        (cap, ledger),
    );
    let mut asked = Asked::default();
    if weighing.decision(cap) == Decision::RequireApproval {
        asked = approvals::ask(session, environment);
        cap.approved = asked.approvals.as_ref().is_some_and(Approvals::satisfied);
    }
    let subject = verdicts
        .first()
        .map_or(here, |verdict| verdict.subject.clone());
    let told = Told {
        overrides,
        asked,
        notices: now.notices,
    };
    weighing.sort(cap);
    document(
        session,
        prepared,
        (weighing, environment, cap),
        told,
        subject,
        verdicts,
    )
}

/// Weighs every verdict that is believed and names those that are not.
fn weigh_all(
    weighing: &mut Weighing<'_>,
    prepared: &Prepared,
    here: &Subject,
    loaded: Loaded,
) -> Vec<Verdict> {
    let mut foreign: BTreeMap<Instance, (Code, String)> = BTreeMap::new();
    let mut instances: BTreeMap<Instance, Vec<Verdict>> = BTreeMap::new();
    for verdict in loaded.verdicts {
        let key = gate_policy::alias(&verdict.gate).to_owned();
        let instance = (key, verdict.scope.clone(), verdict.shard);
        match belongs(&verdict, here, prepared) {
            Ok(()) => instances.entry(instance).or_default().push(verdict),
            Err(why) => {
                foreign.insert(instance, why);
            }
        }
    }
    // The same instance again, for another commit, is an older run's.
    foreign.retain(|instance, _| !instances.contains_key(instance));
    let mut verdicts = Vec::new();
    for (instance, candidates) in instances {
        match collapse(candidates) {
            Ok(verdict) => {
                weighing.verdict(&instance, &verdict);
                verdicts.push(verdict);
            }
            Err(digests) => weighing.conflict(&instance, &digests),
        }
    }
    weighing.not_believed(&foreign, &loaded.unreadable);
    verdicts
}

/// Whether a verdict speaks of this commit under this policy.
fn belongs(verdict: &Verdict, here: &Subject, prepared: &Prepared) -> Result<(), (Code, String)> {
    let shown = |id: &Option<String>| id.clone().unwrap_or_else(|| String::from("none"));
    if let [only] = verdict.criteria.as_slice()
        && only.id == "gate_completes"
        && verdict.subject.commit.is_none()
    {
        // It ended before it knew what it judged; its own reason says more.
        let code = only.code.unwrap_or(Code::EngineFailure);
        return Err((code, only.reason.clone().unwrap_or_default()));
    }
    if verdict.subject.commit != here.commit {
        return Err((
            Code::ForeignSubject,
            format!(
                "its verdict is for commit {}, and this is {}",
                shown(&verdict.subject.commit),
                shown(&here.commit)
            ),
        ));
    }
    if here.base.is_some() && verdict.subject.base != here.base {
        return Err((
            Code::ForeignSubject,
            format!(
                "its verdict compares with {}, and the base is {}",
                shown(&verdict.subject.base),
                shown(&here.base)
            ),
        ));
    }
    if let Some(gate) = prepared
        .in_force
        .policy
        .gates
        .get(gate_policy::alias(&verdict.gate))
        && gate.kind != verdict.gate_kind
    {
        return Err((
            Code::ForeignPolicy,
            format!(
                "its verdict is of kind `{}`, and the policy says `{}`",
                verdict.gate_kind, gate.kind
            ),
        ));
    }
    let own = gate_runner::tool();
    if verdict.tool != own {
        return Err((
            Code::ForeignTool,
            format!(
                "its verdict was written by {} {}, and this is {} {}",
                verdict.tool.name, verdict.tool.version, own.name, own.version
            ),
        ));
    }
    let policy = &prepared.in_force.reference.sha256;
    if verdict.policy.sha256 != *policy {
        return Err((
            Code::ForeignPolicy,
            format!(
                "its verdict was judged under policy {:.12}, and {:.12} is in force",
                shown(&verdict.policy.sha256),
                shown(policy)
            ),
        ));
    }
    Ok(())
}

/// Verdicts that differ only in `as_of` are one, the later; others conflict.
fn collapse(mut candidates: Vec<Verdict>) -> Result<Verdict, Vec<String>> {
    candidates.sort_by(|a, b| a.as_of.cmp(&b.as_of));
    let same = |a: &Verdict, b: &Verdict| {
        let bare = |verdict: &Verdict| Verdict {
            as_of: String::new(),
            digest: String::new(),
            run: gate_verdict::Run::default(),
            ..verdict.clone()
        };
        a.digest == b.digest || bare(a) == bare(b)
    };
    let digests: BTreeSet<_> = candidates
        .iter()
        .map(|verdict| verdict.digest.clone())
        .collect();
    match candidates.pop() {
        Some(latest) if candidates.iter().all(|other| same(other, &latest)) => Ok(latest),
        _ => Err(digests.into_iter().collect()),
    }
}
