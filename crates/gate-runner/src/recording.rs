//! A verdict that is recorded, not judged here.

use crate::complete::NO_OVERRIDES;
use crate::flow::{Judgements, write};
use crate::prepare::Prepared;
use crate::session::{Failure, Session};
use crate::skeleton::{Skeleton, asks_nothing, remove_own};
use crate::stop;
use gate_verdict::{Enforcement, Outcome, Verdict, decide, fold_statuses};

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
    pub fn begin(
        session: &Session,
        prepared: &Prepared,
        key: &str,
        kind: &str,
    ) -> Result<Self, Failure> {
        let selected = prepared.select(session)?;
        let policy = asks_nothing(key, kind);
        let head = Skeleton {
            session,
            in_force: &prepared.in_force,
            selected: &selected,
        };
        let verdict = head.verdict(&policy);
        let enforcement = prepared.in_force.policy.gate_enforcement(&selected, key);
        remove_own(session, key)?;
        stop::owe(session.out.clone(), vec![verdict.clone()]);
        Ok(Self {
            verdict,
            enforcement,
        })
    }

    /// Folds, seals and writes the verdict.
    pub fn finish(mut self, session: &Session, prepared: Prepared) -> Result<Judgements, Failure> {
        let verdict = &mut self.verdict;
        verdict.subject = prepared.subject(session, prepared.dirty());
        verdict.status = fold_statuses(verdict.criteria.iter().map(|criterion| criterion.status));
        let outcomes = verdict.criteria.iter().map(|criterion| Outcome {
            status: criterion.status,
            enforcement: criterion.enforcement,
            lift: None,
        });
        verdict.decision = decide(outcomes, NO_OVERRIDES);
        verdict.run = session.run();
        verdict
            .seal()
            .map_err(|error| Failure::Engine(error.to_string()))?;
        let verdicts = vec![self.verdict];
        stop::settle(|| write(session, &verdicts, &[]))?;
        Ok(Judgements {
            subject: verdicts[0].subject.clone(),
            verdicts,
            prepared,
            keeps: Vec::new(),
            engine_failed: false,
        })
    }
}
