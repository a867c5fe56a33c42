//! Positive controls: whoever lets a planted bad case pass has not looked.

use crate::gate::Criterion;
use crate::judgement::{Judgement, Missing};
use gate_policy::{Bound, Measure, Op, Requirement, Unit};
use gate_verdict::{Code, CriterionResult, Decimal, Status};

/// A criterion that let a planted bad case pass, or a planted good one fall short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    pub criterion: String,
    /// What was planted and what came of it, as a clause.
    pub what: String,
}

impl Missed {
    pub fn new(criterion: &str, what: impl Into<String>) -> Self {
        Self {
            criterion: criterion.to_owned(),
            what: what.into(),
        }
    }
}

/// The hardest requirement of its kind: anything planted falls short of it. A kind without one judges nothing, which is missed.
pub fn strictest(measure: &Measure) -> Requirement {
    let bound = |op, value, unit| Bound::Compare {
        op,
        value: Decimal::new(value, 0),
        unit,
    };
    let fail = match measure {
        Measure::Violations => Some(Bound::NoViolations),
        Measure::Presence => Some(Bound::NonePresent),
        Measure::Count {
            higher_is_better: false,
        } => Some(bound(Op::Le, 0, Unit::COUNT)),
        Measure::Percent {
            higher_is_better: true,
        } => Some(bound(Op::Ge, 100, Unit::PERCENT)),
        Measure::Points => Some(bound(Op::Le, 0, Unit::POINTS)),
        Measure::Duration => Some(bound(Op::Le, 1, Unit::SECONDS)),
        _ => None,
    };
    Requirement {
        fail,
        ..Requirement::default()
    }
}

/// What is planted for one criterion.
#[derive(Debug)]
pub struct Planted<'a, F> {
    /// Each has to fail.
    pub bad: &'a [&'a F],
    /// Has to pass: who finds fault with everything has not looked either.
    pub good: &'a F,
    /// Evidence that is missing or empty: has to be an error.
    pub nothing: &'a F,
}

/// Judges planted facts as facts are judged; `None`: it came as it had to.
pub fn judged<F>(criterion: &Criterion<F>, planted: &Planted<'_, F>) -> Option<Missed> {
    let judge = criterion.judge?;
    let required = strictest(&criterion.measure);
    let bad = planted.bad.iter().map(|bad| (*bad, Status::Fail));
    let others = [
        (planted.good, Status::Pass),
        (planted.nothing, Status::Error),
    ];
    bad.chain(others).find_map(|(facts, expected)| {
        let status = status(&required, &judge(facts, &required));
        let case = match expected {
            Status::Fail => "a planted bad case",
            Status::Pass => "a planted good case",
            _ => "planted evidence that proves nothing",
        };
        let what = format!("{case} came to `{status}`, expected `{expected}`");
        (status != expected).then(|| Missed::new(criterion.id, what))
    })
}

/// What a judgement comes to.
fn status(required: &Requirement, judgement: &Judgement) -> Status {
    match &judgement.measured {
        Ok(Some(measured)) => required.judge(measured).status,
        Ok(None) => Status::Pass,
        Err(_) => Status::Error,
    }
}

/// Whether somebody judged it, so that a control has something to say of it.
pub(crate) fn is_judged(result: &CriterionResult) -> bool {
    let nobody = matches!(result.code, Some(Code::NotBuilt | Code::NoJudge));
    result.status != Status::Skip && !nobody
}

/// What a criterion comes to that is not to be believed, whatever it said.
pub(crate) fn disbelieved(missed: &Missed) -> Missing {
    Missing::new(
        Code::PositiveControlMissed,
        format!("its positive control failed: {}", missed.what),
        "do not trust this build: report it, and use another release",
    )
}
