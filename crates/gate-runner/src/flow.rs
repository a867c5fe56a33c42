//! The flow: policy → declared facts → collect → judge → write. One walk for
//! any number of gates; rendering and publishing come after, in `publish`.

use crate::gate::{AnyGate, AnyPart, Judged, Missing, Part, counted, unjudged};
use crate::inputs::Inputs;
use crate::policy_files::InForce;
use crate::prepare::{self, Prepared};
use crate::session::{Failure, Session};
use crate::{out, reports, stop};
use gate_policy::{Check, GatePolicy, Selected};
use gate_repo::{FileView, Repo, TrackedFile};
use gate_verdict::{
    Cap, Code, CriterionResult, Decision, Enforcement, Outcome, Run, Status, Subject, Tool, Verdict,
    VerdictKind, decide, fold_statuses,
};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a run came to, before anybody is told.
#[derive(Debug)]
pub struct Judgements {
    pub verdicts: Vec<Verdict>,
    pub prepared: Prepared,
    pub subject: Subject,
    /// A gate panicked: the exit code is 2 whatever the verdicts say.
    pub engine_failed: bool,
}

/// Judges every instance of the given gates and writes their verdicts.
pub fn judge(session: &Session, gates: &[&dyn AnyGate], check: Check<'_>) -> Result<Judgements, Failure> {
    // Until the policy is read, what is owed is one verdict per kind.
    stop::owe(
        session.out.clone(),
        gates.iter().map(|gate| provisional(session, gate.kind())).collect(),
    );
    let prepared = Prepared::open(session, check)?;
    let in_force = &prepared.in_force;
    let selected = prepared.select(session)?;
    let instances = instances(session, gates, in_force)?;
    let head = Skeleton { session, in_force, selected: &selected };
    stop::owe(
        session.out.clone(),
        instances.iter().map(|(_, policy)| head.verdict(policy)).collect(),
    );
    for (_, policy) in &instances {
        let stem = gate_verdict::file_stem(&policy.key, session.flags.scope.as_deref(), session.flags.shard);
        out::remove_old(&session.out, out::GATE_ENDINGS.iter().map(|ending| format!("{stem}{ending}")))?;
    }

    let seen = match &prepared.repo {
        Ok(repo) => match conflict(repo) {
            None => Ok((repo, walk(repo, gates)?)),
            Some(gap) => Err(gap),
        },
        Err(reason) => Err(Missing::new(
            Code::NoEvidence,
            reason,
            "run it in a git work tree, or name one with --root; file names come from the git index",
        )),
    };
    let dirty = seen.as_ref().is_ok_and(|(repo, seen)| seen.dirty || !repo.index_matches_head());
    let subject = prepared.subject(session, dirty);
    let changes = OnceCell::new();
    let mut verdicts = Vec::new();
    let mut engine_failed = false;
    for (index, policy) in &instances {
        let mut verdict = head.verdict(policy);
        verdict.subject = subject.clone();
        let judged = match &seen {
            Ok((repo, seen)) => {
                let inputs = Inputs {
                    repo,
                    gate: policy,
                    base: &prepared.base,
                    shard: session.flags.shard,
                    policy: &in_force.policy,
                    selected: &selected,
                    root: &session.root,
                    out: &session.out,
                    changes: &changes,
                    paths: reports::globs(&policy.paths).map_err(Failure::Policy)?,
                    exclude: reports::globs(&policy.exclude).map_err(Failure::Policy)?,
                };
                let parts = seen.parts(repo, *index);
                catch_unwind(AssertUnwindSafe(|| gates[*index].judge(&inputs, &parts)))
                    .map_err(|_| "the gate panicked; the message above says where")
            }
            Err(gap) => Ok(nothing_seen(policy, in_force, &selected, gap)),
        };
        match judged {
            Ok(judged) => complete(&mut verdict, judged, policy, in_force, &selected),
            Err(reason) => {
                engine_failed = true;
                verdict = stop::errored(verdict, Code::EngineFailure, reason);
            }
        }
        verdict.run = session.run();
        verdict.seal().map_err(|error| Failure::Engine(error.to_string()))?;
        verdicts.push(verdict);
    }
    drop(seen);
    stop::settle(|| write(session, &verdicts))?;
    Ok(Judgements { verdicts, prepared, subject, engine_failed })
}

/// A verdict that another program's outcome fills in.
#[derive(Debug)]
pub struct Recording {
    pub verdict: Verdict,
    /// How much the gate weighs in the environment in force.
    pub enforcement: Enforcement,
}

impl Recording {
    /// Removes the gate's old files and owes an `error` verdict until
    /// [`Recording::finish`].
    pub fn begin(session: &Session, prepared: &Prepared, key: &str, kind: &str) -> Result<Self, Failure> {
        let selected = prepared.select(session)?;
        let policy = asks_nothing(key, kind);
        let head = Skeleton { session, in_force: &prepared.in_force, selected: &selected };
        let verdict = head.verdict(&policy);
        let enforcement = prepared.in_force.policy.gate_enforcement(&selected, key);
        let stem = verdict.file_stem();
        out::remove_old(&session.out, out::GATE_ENDINGS.iter().map(|ending| format!("{stem}{ending}")))?;
        stop::owe(session.out.clone(), vec![verdict.clone()]);
        Ok(Self { verdict, enforcement })
    }

    /// Folds, seals and writes the verdict.
    pub fn finish(mut self, session: &Session, prepared: Prepared) -> Result<Judgements, Failure> {
        let verdict = &mut self.verdict;
        verdict.subject = prepared.subject(session, prepared.dirty());
        verdict.status = fold_statuses(verdict.criteria.iter().map(|criterion| criterion.status));
        let outcomes = verdict
            .criteria
            .iter()
            .map(|criterion| Outcome { status: criterion.status, enforcement: criterion.enforcement, lift: None });
        verdict.decision = decide(outcomes, NO_OVERRIDES);
        verdict.run = session.run();
        verdict.seal().map_err(|error| Failure::Engine(error.to_string()))?;
        let verdicts = vec![self.verdict];
        stop::settle(|| write(session, &verdicts))?;
        Ok(Judgements { subject: verdicts[0].subject.clone(), verdicts, prepared, engine_failed: false })
    }
}

/// Overrides are not read yet, so none may lift anything.
const NO_OVERRIDES: Cap = Cap { bypass_allowed: false, as_of: 0 };

/// What wrote the verdict. The same for every binary, because the same gate
/// gives the same verdict in all of them.
pub fn tool() -> Tool {
    Tool { name: String::from("gatewright"), version: String::from(env!("CARGO_PKG_VERSION")) }
}

fn write(session: &Session, verdicts: &[Verdict]) -> Result<(), Failure> {
    for verdict in verdicts {
        let path = session.out.join(format!("{}.verdict.json", verdict.file_stem()));
        let mut bytes = serde_json::to_vec_pretty(verdict).map_err(|error| Failure::Engine(error.to_string()))?;
        bytes.push(b'\n');
        out::write_atomic(&path, &bytes)
            .map_err(|error| Failure::Engine(format!("{}: {error}", path.display())))?;
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
        let Some(index) = gates.iter().position(|gate| gate.kind() == policy.kind) else { continue };
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

/// The policy of a gate that no file configures.
fn asks_nothing(key: &str, kind: &str) -> GatePolicy {
    GatePolicy {
        key: key.to_owned(),
        kind: kind.to_owned(),
        criteria: Vec::new(),
        floor: None,
        floors: Vec::new(),
        paths: Vec::new(),
        exclude: Vec::new(),
        reports: Vec::new(),
        settings: std::collections::BTreeMap::new(),
        sub_gates: Vec::new(),
        default: false,
        position: gate_policy::Position::built_in(),
    }
}

/// One walk over the tracked files for all gates.
struct Seen {
    parts: Vec<(usize, Vec<Option<AnyPart>>)>,
    dirty: bool,
}

fn walk(repo: &Repo, gates: &[&dyn AnyGate]) -> Result<Seen, Failure> {
    let wants = |file: &TrackedFile| gates.iter().any(|gate| gate.wants(file));
    let visit = |file: &TrackedFile, view: &FileView<'_>| -> Vec<Option<AnyPart>> {
        gates.iter().map(|gate| gate.wants(file).then(|| gate.read(file, view))).collect()
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    let scan = repo
        .scan(&wants, &visit, threads)
        .map_err(|error| Failure::Engine(error.to_string()))?;
    let wanted = repo.files().iter().enumerate().filter(|(_, file)| wants(file)).map(|(index, _)| index);
    Ok(Seen { dirty: !scan.dirty.is_empty(), parts: wanted.zip(scan.results).collect() })
}

impl Seen {
    fn parts<'a>(&'a self, repo: &'a Repo, gate: usize) -> Vec<Part<'a, AnyPart>> {
        self.parts
            .iter()
            .filter_map(|(file, parts)| {
                let file = repo.files().get(*file)?;
                let part = parts.get(gate)?.as_ref()?;
                Some(Part { file, part })
            })
            .collect()
    }
}

/// What is the same in every verdict of a session.
struct Skeleton<'a> {
    session: &'a Session,
    in_force: &'a InForce,
    selected: &'a Selected<'a>,
}

impl Skeleton<'_> {
    fn verdict(&self, policy: &GatePolicy) -> Verdict {
        let mut verdict = provisional(self.session, &policy.key);
        verdict.gate_kind.clone_from(&policy.kind);
        verdict.environment = prepare::environment(self.selected);
        verdict.policy = self.in_force.reference.clone();
        verdict.notices = self.in_force.notices(self.selected, Some(&policy.key));
        verdict
    }
}

/// A verdict that says nothing yet.
fn provisional(session: &Session, gate: &str) -> Verdict {
    Verdict {
        schema_version: gate_verdict::SCHEMA_VERSION,
        kind: VerdictKind::Gate,
        gate: gate.to_owned(),
        gate_kind: gate.to_owned(),
        scope: session.flags.scope.clone(),
        shard: session.flags.shard,
        status: Status::Error,
        decision: Decision::Block,
        subject: Subject::default(),
        environment: session.flags.environment.clone(),
        policy: gate_verdict::PolicyRef::default(),
        as_of: session.as_of.to_string(),
        criteria: Vec::new(),
        findings: Vec::new(),
        findings_total: 0,
        truncated: false,
        evidence: Vec::new(),
        metrics: std::collections::BTreeMap::new(),
        exemptions: Vec::new(),
        overrides: Vec::new(),
        notices: Vec::new(),
        tool: tool(),
        digest: String::new(),
        run: Run::default(),
    }
}

/// Files in conflict are in no state that could be judged.
fn conflict(repo: &Repo) -> Option<Missing> {
    let first = repo.conflicts().first()?;
    Some(Missing::new(
        Code::EvidenceInsufficient,
        format!("{} in conflict, such as {first}", counted(repo.conflicts().len(), "tracked file")),
        "finish the merge (git status names the files), then run it again",
    ))
}

/// Every criterion of an instance, unjudged for one reason.
fn nothing_seen(policy: &GatePolicy, in_force: &InForce, selected: &Selected<'_>, missing: &Missing) -> Judged {
    let criteria = policy
        .criteria
        .iter()
        .map(|asked| {
            let enforcement = in_force.policy.criterion_enforcement(selected, &policy.key, &asked.id, asked.sub_gate.as_deref());
            unjudged(asked, enforcement, missing)
        })
        .collect();
    Judged {
        criteria,
        findings: Vec::new(),
        findings_total: 0,
        evidence: Vec::new(),
        metrics: std::collections::BTreeMap::new(),
        exemptions: Vec::new(),
        notices: Vec::new(),
    }
}

/// Status and decision of one gate instance (contract, section 9).
fn complete(verdict: &mut Verdict, judged: Judged, policy: &GatePolicy, in_force: &InForce, selected: &Selected<'_>) {
    verdict.criteria = judged.criteria;
    verdict.criteria.extend(policy_criterion(policy, in_force));
    verdict.findings = judged.findings;
    verdict.findings_total = judged.findings_total;
    verdict.evidence = judged.evidence;
    verdict.metrics = judged.metrics;
    verdict.exemptions = judged.exemptions;
    verdict.notices.extend(judged.notices);
    if policy.criteria.is_empty() {
        verdict.notices.push(format!("the policy asks nothing of `{}`: write criteria under gates.{}.criteria", policy.key, policy.key));
    }
    verdict.status = fold_statuses(verdict.criteria.iter().map(|criterion| criterion.status));
    let mut outcomes: Vec<Outcome> = verdict
        .criteria
        .iter()
        .map(|criterion| Outcome { status: criterion.status, enforcement: criterion.enforcement, lift: None })
        .collect();
    if policy.criteria.is_empty() {
        let enforcement = in_force.policy.gate_enforcement(selected, &policy.key);
        outcomes.push(Outcome { status: Status::Error, enforcement, lift: None });
        verdict.status = fold_statuses([verdict.status, Status::Error]);
    }
    verdict.decision = decide(outcomes, NO_OVERRIDES);
}

/// A change that loosens what this gate is judged by, or whose base cannot be
/// read, needs an approval whatever else the gate says.
fn policy_criterion(policy: &GatePolicy, in_force: &InForce) -> Option<CriterionResult> {
    let loosened: Vec<_> = in_force
        .loosened
        .iter()
        .filter(|loosening| loosening.gate.as_deref().is_none_or(|gate| gate == policy.key))
        .map(|loosening| loosening.text.as_str())
        .collect();
    let mut enforcement = Enforcement::Advisory;
    let (status, code, reason, next_step) = if !loosened.is_empty() {
        (
            Status::Fail,
            Code::PolicyLoosened,
            format!("the change loosens the policy it is judged by: {}", loosened.join("; ")),
            "have the change to the policy approved, or take it back",
        )
    } else if let Some(doubt) = &in_force.doubt {
        enforcement = doubt.enforcement;
        (Status::Error, doubt.code, doubt.text.clone(), "check out the base too (fetch-depth: 0), or mend the base's policy")
    } else {
        return None;
    };
    Some(CriterionResult {
        id: String::from("policy_not_loosened"),
        sub_gate: None,
        status,
        enforcement,
        observed: None,
        required: None,
        margin: None,
        sample: None,
        code: Some(code),
        reason: Some(reason),
        next_step: Some(next_step.to_owned()),
        findings: 0,
        evidence: Vec::new(),
    })
}
