//! Repairs applied, until nothing is left that they mend.

use std::borrow::Cow;
use std::cell::Cell;

use super::{Options, Problem, Repair, Weight, about, of_result, result};
use crate::model::Run;
use crate::resolve::Rules;
use crate::text::apply;

/// A repair may bring to light what the next one mends: an address that is there at last, and is misspelled.
const MOST_ROUNDS: usize = 4;

/// Which repairs are wanted; each includes the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repairs {
    /// None: what is wrong is told.
    #[default]
    None,
    /// Those that lose nothing that anybody could see.
    Safe,
    /// Those too that leave something out.
    Cut,
}

/// A text after its repairs.
#[derive(Debug)]
pub struct Mended<'a> {
    pub text: Cow<'a, str>,
    /// What was mended, in order.
    pub done: Vec<Problem>,
    /// What is still wrong.
    pub left: Vec<Problem>,
}

/// A result after its repairs.
pub fn mend_result<'a>(
    text: &'a str,
    run: &Run,
    rules: &Rules<'_>,
    options: &Options,
    repairs: Repairs,
) -> Mended<'a> {
    mend(text, repairs, |text| of_result(text, run, rules, options))
}

/// The same, and what the result is about then: see [`crate::subject`]. `None` where that takes more than a look.
pub fn mend_result_with_subject<'a>(
    text: &'a str,
    run: &Run,
    rules: &Rules<'_>,
    options: &Options,
    repairs: Repairs,
) -> (Mended<'a>, Option<u64>) {
    let subject = Cell::new(None);
    // The last text that is checked is the one that is given back.
    let mended = mend(text, repairs, |text| {
        subject.set(None);
        result::looked_at(text, run, rules, options, |result| {
            subject.set(about::subject_of(result, run));
        })
    });
    (mended, subject.get())
}

/// A text after the repairs of what `check` finds wrong with it.
pub fn mend(text: &str, repairs: Repairs, check: impl Fn(&str) -> Vec<Problem>) -> Mended<'_> {
    let mut out = Cow::Borrowed(text);
    let mut done = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut left = Vec::new();
        let before = done.len();
        for problem in check(&out) {
            let edits = match &problem.repair {
                Some(Repair::Safe(edits)) if repairs >= Repairs::Safe => edits,
                Some(Repair::Cut(edits)) if repairs >= Repairs::Cut => edits,
                _ => {
                    left.push(problem);
                    continue;
                }
            };
            // An edit that another one of this round left without a place is tried again in the next.
            let Ok(edited) = apply(&out, edits).map(Cow::into_owned) else {
                left.push(problem);
                continue;
            };
            out = Cow::Owned(edited);
            done.push(problem);
        }
        if done.len() == before {
            return Mended {
                text: out,
                done,
                left,
            };
        }
    }
    let left = check(&out);
    Mended {
        text: out,
        done,
        left,
    }
}

impl Mended<'_> {
    /// Whether GitHub would still refuse the file for this.
    pub fn is_refused(&self) -> bool {
        let refused = |problem: &Problem| problem.check.weight == Weight::Refused;
        self.left.iter().any(refused)
    }
}
