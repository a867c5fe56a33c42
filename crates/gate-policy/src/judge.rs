//! Judging: a requirement and what was measured, in exact whole numbers.

use crate::requirement::{Bound, Op, Requirement};
use crate::unit::{Dimension, Unit};
use gate_verdict::{Decimal, Observed, Ratio, Required, Status};
use std::cmp::Ordering;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measured {
    /// Things, or violations.
    Count(u64),
    /// A part of a whole; 0 of 0 cannot be judged.
    Percent(Ratio),
    /// A value in any unit of the dimension the requirement has.
    Quantity { value: Decimal, unit: Unit },
    /// One of the names of a band.
    Band(String),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Pass, warn or fail; error where the two cannot be compared.
    pub status: Status,
    pub observed: Observed,
    pub required: Required,
    /// How far observed is from required in required's unit, floored; negative
    /// where it is not met. `None` where there is no distance.
    pub margin: Option<String>,
}

impl Requirement {
    /// Judges what was measured. `fail` decides first, then `warn`; what is
    /// shown and what is decided never contradict each other.
    pub fn judge(&self, measured: &Measured) -> Judged {
        let met = |bound: &Option<Bound>| bound.as_ref().map(|bound| compare(bound, measured));
        let (fail, warn) = (met(&self.fail), met(&self.warn));
        let (status, bound) = match (&fail, &warn) {
            (Some(None), _) => (Status::Error, &self.fail),
            (_, Some(None)) => (Status::Error, &self.warn),
            (Some(Some(false)), _) => (Status::Fail, &self.fail),
            (_, Some(Some(false))) => (Status::Warn, &self.warn),
            (Some(Some(true)), _) => (Status::Pass, &self.fail),
            (None, Some(Some(true))) => (Status::Pass, &self.warn),
            (None, None) => (Status::Error, &None),
        };
        Judged {
            status,
            observed: observe(measured, [&self.fail, &self.warn].into_iter().flatten()),
            required: self.required(bound.as_ref()),
            margin: bound
                .as_ref()
                .filter(|_| status != Status::Error)
                .and_then(|bound| margin(bound, measured)),
        }
    }

    /// The requirement for a verdict without a measurement.
    pub fn as_required(&self) -> Required {
        self.required(self.fail.as_ref().or(self.warn.as_ref()))
    }

    fn required(&self, bound: Option<&Bound>) -> Required {
        let (op, value, unit) = match bound {
            Some(Bound::Compare { op, value, unit }) => (
                Some(op.as_str()),
                Some(value.to_string()),
                Some(unit.symbol()).filter(|symbol| !symbol.is_empty()),
            ),
            Some(Bound::NoViolations | Bound::NonePresent) => (Some("=="), Some("0".into()), None),
            Some(Bound::Band { op, name, .. }) => (Some(op.as_str()), Some(name.clone()), None),
            Some(Bound::Declared) | None => (None, None, None),
        };
        Required {
            op: op.map(str::to_owned),
            value,
            unit: unit.map(str::to_owned),
            text: self.text.clone(),
        }
    }
}

/// Whether the bound is met; `None` where nothing can be compared.
fn compare(bound: &Bound, measured: &Measured) -> Option<bool> {
    match (bound, measured) {
        (Bound::NoViolations | Bound::NonePresent | Bound::Declared, Measured::Count(count)) => {
            Some(*count == 0)
        }
        (Bound::Compare { op, value, unit }, _) => {
            order(*value, *unit, measured).map(|order| op.holds(order))
        }
        (Bound::Band { op, name, order }, Measured::Band(found)) => {
            let rank = |name: &str| order.iter().position(|band| band == name);
            Some(op.holds(rank(found)?.cmp(&rank(name)?)))
        }
        _ => None,
    }
}

/// How what was measured compares with a value.
fn order(value: Decimal, unit: Unit, measured: &Measured) -> Option<Ordering> {
    match measured {
        Measured::Count(count) if unit.dimension() == Dimension::Count => {
            Some(Decimal::from(*count).cmp(&value))
        }
        Measured::Percent(ratio) if unit.dimension() == Dimension::Percent => {
            ratio.cmp_percent(value)
        }
        Measured::Quantity {
            value: found,
            unit: found_unit,
        } if found_unit.dimension() == unit.dimension() => Some(
            found
                .times(found_unit.factor())
                .cmp(&value.times(unit.factor())),
        ),
        Measured::Count(_)
        | Measured::Percent(_)
        | Measured::Quantity { .. }
        | Measured::Band(_) => None,
    }
}

fn observe<'a>(measured: &Measured, bounds: impl Iterator<Item = &'a Bound>) -> Observed {
    match measured {
        Measured::Count(count) => Observed {
            value: Some(count.to_string()),
            text: count.to_string(),
            ..Observed::default()
        },
        Measured::Percent(ratio) => {
            let bounds: Vec<_> = bounds.filter_map(percent_bound).collect();
            let (shown, exact) = show_percent(*ratio, &bounds);
            let of = format!("{} of {}", ratio.numerator, ratio.denominator);
            Observed {
                value: shown.map(|shown| shown.to_string()),
                numerator: Some(ratio.numerator),
                denominator: Some(ratio.denominator),
                unit: Some("%".into()),
                text: match shown {
                    Some(shown) if exact => format!("{shown}% ({of})"),
                    Some(shown) => format!("more than {shown}% ({of})"),
                    None => format!("nothing to measure ({of})"),
                },
            }
        }
        Measured::Quantity { value, unit } => Observed {
            value: Some(value.to_string()),
            unit: Some(unit.symbol().to_owned()).filter(|symbol| !symbol.is_empty()),
            text: unit.write(value),
            ..Observed::default()
        },
        Measured::Band(name) => Observed {
            value: Some(name.clone()),
            text: name.clone(),
            ..Observed::default()
        },
    }
}

fn percent_bound(bound: &Bound) -> Option<(Op, Decimal)> {
    match bound {
        Bound::Compare { op, value, unit } if unit.dimension() == Dimension::Percent => {
            Some((*op, *value))
        }
        _ => None,
    }
}

/// The percentage with as many decimals (2 to 9) as it takes so that none of
/// the bounds reads differently from how it was decided; `false` where even 9
/// do not tell.
fn show_percent(ratio: Ratio, bounds: &[(Op, Decimal)]) -> (Option<Decimal>, bool) {
    let agrees = |shown: Decimal| {
        bounds.iter().all(|(op, bound)| {
            ratio
                .cmp_percent(*bound)
                .is_none_or(|decided| op.holds(decided) == op.holds(shown.cmp(bound)))
        })
    };
    for places in 2..=9 {
        match ratio.percent_floor(places) {
            Some(shown) if agrees(shown) => return (Some(shown), true),
            Some(_) => {}
            None => return (None, true),
        }
    }
    (ratio.percent_floor(9), false)
}

fn margin(bound: &Bound, measured: &Measured) -> Option<String> {
    let (op, value, unit) = match bound {
        Bound::Compare { op, value, unit } => (*op, *value, *unit),
        Bound::NoViolations | Bound::NonePresent | Bound::Declared => {
            (Op::Le, Decimal::ZERO, Unit::COUNT)
        }
        Bound::Band { .. } => return None,
    };
    let (found, scale) = match measured {
        Measured::Count(count) => (Decimal::from(*count), 1),
        Measured::Percent(ratio) => (show_percent(*ratio, &[(op, value)]).0?, 1),
        Measured::Quantity {
            value: found,
            unit: found_unit,
        } if *found_unit == unit => (*found, 1),
        Measured::Quantity {
            value: found,
            unit: found_unit,
        } => (found.times(found_unit.factor()), unit.factor()),
        Measured::Band(_) => return None,
    };
    let required = value.times(scale);
    let distance = match op {
        Op::Lt | Op::Le => required.minus(found),
        Op::Ge | Op::Gt => found.minus(required),
        Op::Eq if found < required => found.minus(required),
        Op::Eq => required.minus(found),
    };
    if scale == 1 {
        Some(distance.to_string())
    } else {
        divide_floor(distance, scale)
    }
}

/// `value / by`, floored to six decimals; `None` where it does not fit.
fn divide_floor(value: Decimal, by: u64) -> Option<String> {
    const PLACES: u32 = 6;
    let text = value.to_string();
    let scale = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let digits: i128 = text.replace('.', "").parse().ok()?;
    let divisor = i128::from(by).checked_mul(10_i128.checked_pow(u32::try_from(scale).ok()?)?)?;
    let scaled = digits.checked_mul(10_i128.pow(PLACES))?.div_euclid(divisor);
    let shown = Decimal::new(i64::try_from(scaled).ok()?, PLACES).to_string();
    Some(shown.trim_end_matches('0').trim_end_matches('.').to_owned())
}
