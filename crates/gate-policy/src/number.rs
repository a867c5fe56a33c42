//! The number of a requirement: its unit, and what no measurement can meet.

use crate::bound::Wrong;
use crate::catalogue::Measure;
use crate::requirement::{Bound, Op};
use crate::unit::{Dimension, Unit};
use crate::yaml::shorten;
use gate_verdict::Decimal;

pub(crate) fn read_number(op: Op, rest: &str, measure: &Measure) -> Result<Bound, Wrong> {
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(rest.len());
    let (number, unit_text) = rest.split_at(end);
    let unit_text = unit_text.trim();
    let value: Decimal = number.parse().map_err(|_| {
        (
            format!("found `{}`, which is no number", shorten(rest)),
            None,
        )
    })?;
    let unit = unit_for(unit_text, measure, value)?;
    possible(op, value, unit)?;
    Ok(Bound::Compare { op, value, unit })
}

fn unit_for(text: &str, measure: &Measure, value: Decimal) -> Result<Unit, Wrong> {
    let (dimension, bare) = match measure {
        Measure::Violations | Measure::Presence | Measure::Count { .. } => {
            (Dimension::Count, Some(Unit::COUNT))
        }
        Measure::Number { .. } | Measure::Band { .. } => (Dimension::Number, Some(Unit::NUMBER)),
        Measure::Percent { .. } => (Dimension::Percent, Some(Unit::PERCENT)),
        Measure::Points => (Dimension::Points, Some(Unit::POINTS)),
        Measure::Duration => (Dimension::Time, None),
        Measure::Bytes => (Dimension::Data, None),
        Measure::ByteRate => (Dimension::DataRate, None),
        Measure::BitRate => (Dimension::BitRate, None),
        Measure::Rate { .. } => (Dimension::EventRate, None),
    };
    if text.is_empty() {
        let fraction = value > Decimal::ZERO && value < Decimal::from(1);
        if matches!(measure, Measure::Percent { .. }) && fraction {
            return Err((
                format!("found `{value}`, which may be a part of 1 or of 100"),
                Some("write the percentage with its sign, such as `85%`".into()),
            ));
        }
        return bare.ok_or_else(|| (format!("found `{value}` without a unit"), None));
    }
    let unit = Unit::parse(text).map_err(|hint| {
        (
            format!("found the unknown unit `{}`", shorten(text)),
            Some(hint),
        )
    })?;
    if unit.dimension() == dimension {
        Ok(unit)
    } else {
        Err((
            format!("found the unit `{text}`, which does not fit here"),
            None,
        ))
    }
}

/// Requirements that nothing can meet, or that every value meets by mistake.
fn possible(op: Op, value: Decimal, unit: Unit) -> Result<(), Wrong> {
    let written = unit.write(value);
    let hundred = Decimal::from(100);
    let (least, most) = match unit.dimension() {
        Dimension::Points => (Decimal::new(-100, 0), Some(hundred)),
        Dimension::Percent => (Decimal::ZERO, Some(hundred)),
        _ => (Decimal::ZERO, None),
    };
    if unit.dimension() == Dimension::Count && value.to_string().contains('.') {
        return Err((format!("found `{written}`, expected a whole number"), None));
    }
    if value < least {
        let message = format!(
            "found `{written}`, which is impossible: less than {}",
            unit.write(least)
        );
        return Err((message, None));
    }
    if let Some(most) = most.filter(|most| value > *most) {
        let message = format!(
            "found `{written}`, which is impossible: more than {}",
            unit.write(most)
        );
        return Err((message, None));
    }
    if (op == Op::Lt && value == least) || (op == Op::Gt && Some(value) == most) {
        return Err((
            format!("found `{op} {written}`, which is impossible to meet"),
            None,
        ));
    }
    Ok(())
}
