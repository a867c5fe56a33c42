//! A bound as people write one: `"< 3 minutes"`, `> 95%`, `85%`, `30s`, `5`.

use gate_policy::{Dimension, Op, Unit, Value};

/// A number with its unit, in millionths of seconds, of percent or of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    pub(super) op: Option<Op>,
    pub(super) micro: u128,
    pub(super) of: Of,
    /// As written, on one line.
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Time,
    Percent,
    Number,
    PerSecond,
}

pub(super) const MILLION: u128 = 1_000_000;

impl Quantity {
    pub(super) fn of(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (op, rest) = split_op(text);
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let micro = millionths(number)?;
        let unit = unit.replace('_', " ");
        let (micro, of) = match unit.trim() {
            "" => (micro, Of::Number),
            // No unit of a policy, and what people write for minutes.
            "m" => (micro * 60, Of::Time),
            unit => {
                let unit = Unit::parse(unit).ok()?;
                let factor = u128::from(unit.factor());
                match unit.dimension() {
                    Dimension::Time => (micro.checked_mul(factor)? / 1_000_000_000, Of::Time),
                    Dimension::Percent => (micro, Of::Percent),
                    Dimension::EventRate => (micro, Of::PerSecond),
                    _ => return None,
                }
            }
        };
        Some(Self {
            op,
            micro,
            of,
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        })
    }

    /// A length of time.
    pub(super) fn time(value: &Value) -> Option<Self> {
        Self::of(value).filter(|quantity| quantity.of == Of::Time)
    }

    pub(super) fn is_upper(&self) -> bool {
        matches!(self.op, Some(Op::Lt | Op::Le))
    }

    pub(super) fn is_lower(&self) -> bool {
        matches!(self.op, Some(Op::Gt | Op::Ge))
    }
}

fn split_op(text: &str) -> (Option<Op>, &str) {
    let signs = [
        ("<=", Op::Le),
        (">=", Op::Ge),
        ("==", Op::Eq),
        ("≤", Op::Le),
        ("≥", Op::Ge),
        ("<", Op::Lt),
        (">", Op::Gt),
    ];
    let found = signs
        .into_iter()
        .find_map(|(sign, op)| Some((op, text.strip_prefix(sign)?)));
    match found {
        Some((op, rest)) => (Some(op), rest.trim_start()),
        None => (None, text),
    }
}

/// A decimal number of at most 12 digits before and 6 behind the point.
fn millionths(text: &str) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u128 = format!("{part:0<6}").parse().ok()?;
    Some(whole.parse::<u128>().ok()? * MILLION + part)
}

/// A length of time for people.
pub(super) fn span(micro: u128) -> String {
    let seconds = micro / MILLION;
    if seconds <= 300 || !seconds.is_multiple_of(60) {
        format!("{seconds} s")
    } else {
        format!("{} min", seconds / 60)
    }
}

/// A number in millionths without needless zeros.
pub(super) fn plain(micro: u128) -> String {
    let text = format!("{}.{:06}", micro / MILLION, micro % MILLION);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_people_write_them() {
        let parse = |text| Quantity::parse(text).map(|one| (one.op, one.micro, one.of));
        let minutes = |n: u128| n * 60 * MILLION;
        assert_eq!(
            parse("< 3 minutes"),
            Some((Some(Op::Lt), minutes(3), Of::Time))
        );
        assert_eq!(parse("10m"), Some((None, minutes(10), Of::Time)));
        assert_eq!(
            parse("<=1 day"),
            Some((Some(Op::Le), minutes(1440), Of::Time))
        );
        assert_eq!(parse("85%"), Some((None, 85 * MILLION, Of::Percent)));
        assert_eq!(parse("< 0.1%"), Some((Some(Op::Lt), 100_000, Of::Percent)));
        assert_eq!(parse("> 5"), Some((Some(Op::Gt), 5 * MILLION, Of::Number)));
        assert_eq!(parse("30_days").map(|one| one.1), Some(minutes(43_200)));
        for text in [
            "",
            "immediate",
            "< medium",
            "1.2.3",
            "-5%",
            "< 2GB",
            "9999999999999 days",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(
            (plain(100_000), plain(95 * MILLION)),
            ("0.1".into(), "95".into())
        );
        assert_eq!(
            (span(minutes(2)), span(minutes(60))),
            ("120 s".into(), "60 min".into())
        );
    }
}
