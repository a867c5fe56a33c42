//! The flow: policy → declared facts → collect → judge → write. One walk for
//! any number of gates; rendering and publishing come after, in `publish`.

use crate::addresses::Asking;
use crate::complete::{complete, conflict, nothing_seen};
use crate::erased::{AnyGate, Planned};
use crate::gate::Changes;
use crate::inputs::{Inputs, Selection};
use crate::judgement::Missing;
use crate::keeping::Keep;
use crate::policy_files::InForce;
use crate::prepare::Prepared;
use crate::session::{Failure, Session};
use crate::skeleton::{Skeleton, asks_nothing, provisional, remove_own};
use crate::walk::walk;
use crate::{out, reports, stop};
use gate_policy::{Check, GatePolicy};
use gate_repo::Repo;
use gate_verdict::{Code, Subject, Verdict};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a run came to, before anybody is told.
#[derive(Debug)]
pub struct Judgements {
    pub verdicts: Vec<Verdict>,
    pub prepared: Prepared,
    pub subject: Subject,
    /// What is to be kept beyond the run, or why it is not there, by the gate's key.
    pub keeps: Vec<(String, Result<Keep, String>)>,
    /// A gate panicked: the exit code is 2 whatever the verdicts say.
    pub engine_failed: bool,
}

/// Judges every instance of the given gates and writes their verdicts. `records`: what they keep beyond the run is asked for.
pub fn judge(
    session: &Session,
    gates: &[&dyn AnyGate],
    check: Check<'_>,
    records: bool,
) -> Result<Judgements, Failure> {
    // Until the policy is read, what is owed is one verdict per kind.
    let kinds = gates.iter().map(|gate| provisional(session, gate.kind()));
    stop::owe(session.out.clone(), kinds.collect());
    let prepared = Prepared::open(session, check)?;
    let in_force = &prepared.in_force;
    let instances = instances(session, gates, in_force)?;
    for (_, policy) in &instances {
        remove_own(session, &policy.key)?;
    }
    let selected = prepared.select(session)?;
    let head = Skeleton {
        session,
        in_force,
        selected: &selected,
    };
    let owed = instances.iter().map(|(_, policy)| head.verdict(policy));
    stop::owe(session.out.clone(), owed.collect());

    let (kept_out, notices) = kept_out(&prepared, session, &instances);
    let seen = match &prepared.repo {
        Ok(repo) => match conflict(repo) {
            None => {
                let changed = || prepared.changes();
                let governs = prepared.base.governs().is_some();
                let asked = instances.iter().zip(&kept_out);
                let asked: Vec<_> = asked
                    .filter(|(_, out)| out.is_none())
                    .map(|((gate, policy), _)| (*gate, &**policy))
                    .collect();
                let planned = planned(gates, repo, &asked, governs.then_some(&changed));
                let is_dirty = walk(repo, &planned)?;
                Ok((repo, planned, is_dirty))
            }
            Some(gap) => Err(gap),
        },
        Err(reason) => Err(no_work_tree(reason)),
    };
    let dirty = seen
        .as_ref()
        .is_ok_and(|(repo, _, is_dirty)| *is_dirty || !repo.index_matches_head());
    let subject = prepared.subject(session, dirty);
    let place = prepared.place(session);
    let asking = Asking::of(session, prepared.repo.as_ref().ok());
    let (mut verdicts, mut files, mut engine_failed) = (Vec::new(), Vec::new(), false);
    let mut keeps = Vec::new();
    for ((index, policy), kept_out) in instances.iter().zip(&kept_out) {
        let mut verdict = head.verdict(policy);
        verdict.subject = subject.clone();
        if !policy.when.is_empty() {
            verdict.notices.extend(notices.iter().cloned());
        }
        let judged = match (kept_out, &seen) {
            (Some(gap), _) | (None, Err(gap)) => Ok(nothing_seen(policy, in_force, &selected, gap)),
            (None, Ok((repo, planned, _))) => {
                let inputs = Inputs {
                    repo,
                    gate: policy,
                    base: &prepared.base,
                    scope: session.flags.scope.as_deref(),
                    shard: session.flags.shard,
                    records,
                    policy: &in_force.policy,
                    selected: &selected,
                    root: &session.root,
                    out: &session.out,
                    subject: &subject,
                    place: &place,
                    asking: &asking,
                    as_of: session.as_of,
                    prepared: &prepared,
                    session,
                    selection: selection(policy)?,
                };
                catch_unwind(AssertUnwindSafe(|| planned[*index].judge(&inputs)))
                    .map_err(|_| "the gate panicked; the message above says where")
            }
        };
        match judged {
            Ok(mut judged) => {
                keeps.extend(judged.keep.take().map(|keep| (policy.key.clone(), keep)));
                files.extend(complete(&mut verdict, judged, policy, in_force, &selected));
            }
            Err(reason) => {
                engine_failed = true;
                verdict = stop::errored(verdict, Code::EngineFailure, reason);
            }
        }
        verdict.run = session.run();
        verdict
            .seal()
            .map_err(|error| Failure::Engine(error.to_string()))?;
        verdicts.push(verdict);
    }
    drop(seen);
    stop::settle(|| write(session, &verdicts, &files))?;
    Ok(Judgements {
        verdicts,
        prepared,
        subject,
        keeps,
        engine_failed,
    })
}

/// The paths that an instance judges.
fn selection(policy: &GatePolicy) -> Result<Selection, Failure> {
    let globs = |globs: &[String]| reports::globs(globs).map_err(Failure::Policy);
    Ok(Selection {
        paths: globs(&policy.paths)?,
        exclude: globs(&policy.exclude)?,
    })
}

/// Why instances do not apply, by their own `when:`; and what could not be found
/// out about that.
fn kept_out(
    prepared: &Prepared,
    session: &Session,
    instances: &[(usize, Cow<'_, GatePolicy>)],
) -> (Vec<Option<Missing>>, Vec<String>) {
    let policies = || instances.iter().map(|(_, policy)| &**policy);
    let now = prepared.now(session, policies());
    let out = policies().map(|policy| {
        let why = policy.keeps_out(now.as_happening())?;
        Some(Missing::new(
            Code::NotApplicable,
            format!("does not apply: {why}"),
            "nothing to do; the policy says when it applies",
        ))
    });
    (out.collect(), now.notices)
}

fn no_work_tree(reason: &str) -> Missing {
    Missing::new(
        Code::NoEvidence,
        reason,
        "run it in a git work tree, or name one with --root; file names come from the git index",
    )
}

/// Every gate made ready for its instances.
fn planned<'g>(
    gates: &[&'g dyn AnyGate],
    repo: &Repo,
    instances: &[(usize, &GatePolicy)],
    changes: Option<Changes<'_>>,
) -> Vec<Box<dyn Planned + 'g>> {
    let gates = gates.iter().enumerate();
    gates
        .map(|(index, gate)| gate.plan(repo, &of_gate(instances, index), changes))
        .collect()
}

/// The instances of one gate.
fn of_gate<'a>(instances: &[(usize, &'a GatePolicy)], index: usize) -> Vec<&'a GatePolicy> {
    let own = instances.iter().filter(|(of, _)| *of == index);
    own.map(|(_, policy)| *policy).collect()
}

/// Writes every verdict whole, then the files beside them.
pub(crate) fn write(
    session: &Session,
    verdicts: &[Verdict],
    files: &[(String, Vec<u8>)],
) -> Result<(), Failure> {
    let write = |name: &str, bytes: &[u8]| {
        let path = session.out.join(name);
        out::write_atomic(&path, bytes)
            .map_err(|error| Failure::Engine(format!("{}: {error}", path.display())))
    };
    for verdict in verdicts {
        let mut bytes = serde_json::to_vec_pretty(verdict)
            .map_err(|error| Failure::Engine(error.to_string()))?;
        bytes.push(b'\n');
        write(&format!("{}.verdict.json", verdict.file_stem()), &bytes)?;
    }
    for (name, bytes) in files {
        write(name, bytes)?;
    }
    Ok(())
}

/// The instances to judge, in key order: every gate of a linked kind, or the
/// one that `--gate` names.
fn instances<'a>(
    session: &Session,
    gates: &[&dyn AnyGate],
    in_force: &'a InForce,
) -> Result<Vec<(usize, Cow<'a, GatePolicy>)>, Failure> {
    let wanted = session.flags.gate.as_deref().map(gate_policy::alias);
    let mut found = Vec::new();
    for (key, policy) in &in_force.policy.gates {
        let Some(index) = gates.iter().position(|gate| gate.kind() == policy.kind) else {
            continue;
        };
        if wanted.is_none_or(|wanted| wanted == key) {
            found.push((index, Cow::Borrowed(policy)));
        }
    }
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some(wanted) = wanted {
        let known: Vec<_> = in_force.policy.gates.keys().map(String::as_str).collect();
        return Err(Failure::Flags(format!(
            "--gate {wanted}: the policy has no such gate to judge here; it has: {}",
            known.join(", ")
        )));
    }
    // A gate that was asked to judge and has nothing to judge by is an error
    // verdict, not silence.
    if gates.len() == 1 {
        let kind = gates[0].kind();
        found.push((0, Cow::Owned(asks_nothing(kind, kind))));
    }
    Ok(found)
}
