//! Which of two requirements is provably as strict as the other.

use crate::requirement::{Bound, Op, Requirement};
use crate::unit::Dimension;
use gate_verdict::Decimal;
use std::cmp::Ordering;

/// Whether everything that meets `one` also meets `other`, provably.
pub(crate) fn as_strict(one: &Requirement, other: &Requirement) -> bool {
    if one == other {
        return true;
    }
    if one.per != other.per {
        return false;
    }
    // Unread requirements are only their text.
    if other.fail.is_none() && other.warn.is_none() {
        return one.text == other.text;
    }
    let fail = match (&one.fail, &other.fail) {
        (_, None) => true,
        (Some(one), Some(other)) => bound_as_strict(one, other),
        (None, Some(_)) => false,
    };
    let warn = match &other.warn {
        None => true,
        Some(other) => [&one.fail, &one.warn]
            .into_iter()
            .flatten()
            .any(|one| bound_as_strict(one, other)),
    };
    fail && warn
}

/// Whether every value that meets `one` meets `other`, provably.
pub(crate) fn bound_as_strict(one: &Bound, other: &Bound) -> bool {
    if one == other {
        return true;
    }
    match (Interval::of(one), Interval::of(other)) {
        (Some(one), Some(other)) => one.within(&other),
        _ => false,
    }
}

/// A bound as one comparison on a line of exact values.
struct Interval {
    line: Line,
    op: Op,
    value: Decimal,
}

#[derive(PartialEq)]
enum Line {
    Of(Dimension),
    Bands(Vec<String>),
}

impl Interval {
    fn of(bound: &Bound) -> Option<Self> {
        match bound {
            Bound::Compare { op, value, unit } => Some(Self {
                line: Line::Of(unit.dimension()),
                op: *op,
                value: value.times(unit.factor()),
            }),
            // Counts are never negative, so "none" is "at most 0".
            Bound::NoViolations | Bound::NonePresent | Bound::Declared => Some(Self {
                line: Line::Of(Dimension::Count),
                op: Op::Le,
                value: Decimal::ZERO,
            }),
            Bound::Band { op, name, order } => {
                let rank = order.iter().position(|band| band == name)?;
                Some(Self {
                    line: Line::Bands(order.clone()),
                    op: *op,
                    value: Decimal::from(rank as u64),
                })
            }
        }
    }

    fn within(&self, other: &Self) -> bool {
        if self.line != other.line {
            return false;
        }
        // Between whole values `< 1` and `<= 0` are the same.
        let (one, two) = (self.closed(), other.closed());
        let order = one.1.cmp(&two.1);
        match (one.0, two.0) {
            (Op::Eq, op) => op.holds(order),
            (Op::Lt, Op::Lt | Op::Le) | (Op::Le, Op::Le) => order != Ordering::Greater,
            (Op::Le, Op::Lt) => order == Ordering::Less,
            (Op::Gt, Op::Gt | Op::Ge) | (Op::Ge, Op::Ge) => order != Ordering::Less,
            (Op::Ge, Op::Gt) => order == Ordering::Greater,
            _ => false,
        }
    }

    fn closed(&self) -> (Op, Decimal) {
        let whole = matches!(self.line, Line::Of(Dimension::Count) | Line::Bands(_));
        match self.op {
            Op::Lt if whole => (Op::Le, self.value.minus(Decimal::from(1))),
            Op::Gt if whole => (Op::Ge, self.value.minus(Decimal::new(-1, 0))),
            op => (op, self.value),
        }
    }
}
