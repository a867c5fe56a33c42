//! The course of a figure over the commits that were recorded, and this run.

use crate::words;
use gate_verdict::{Decimal, Past, Verdict, past};
use std::fmt::Write as _;

/// One figure over time.
pub(crate) struct Course<'a> {
    /// As among the metrics: `line_coverage`.
    pub(crate) figure: &'a str,
    /// The oldest first, at least one.
    pub(crate) before: Vec<Past<'a>>,
    pub(crate) now: Decimal,
}

impl Course<'_> {
    /// As in a sentence.
    pub(crate) fn name(&self) -> String {
        self.figure.replace('_', " ")
    }
}

/// The percentages of a verdict of which earlier measurements are known; that of lines comes first.
pub(crate) fn courses(verdict: &Verdict) -> Vec<Course<'_>> {
    let mut courses = Vec::new();
    for (figure, mut before) in past(&verdict.metrics) {
        before.retain(|past| hundredths(past.value).is_some());
        let now = verdict.metrics.get(figure);
        let now = now.and_then(|now| now.parse::<Decimal>().ok());
        let now = now.filter(|now| hundredths(*now).is_some());
        if let (Some(now), false) = (now, before.is_empty()) {
            courses.push(Course {
                figure,
                before,
                now,
            });
        }
    }
    courses.sort_by_key(|course| course.figure != "line_coverage");
    courses
}

/// A percentage in hundredths of a point, cut; `None` where it is none.
pub(crate) fn hundredths(percent: Decimal) -> Option<u32> {
    let text = percent.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digit = |at: usize| {
        fraction
            .as_bytes()
            .get(at)
            .map_or(0, |c| u32::from(c - b'0'))
    };
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 100)?;
    let all = whole * 100 + digit(0) * 10 + digit(1);
    (all <= 10_000).then_some(all)
}

/// All of it in one line; `None` where nothing is known from before.
pub(crate) fn line(verdict: &Verdict) -> Option<String> {
    let courses = courses(verdict);
    let first = courses.first()?;
    let mut line = String::new();
    for (at, course) in courses.iter().enumerate() {
        let values = course.before.iter().map(|past| past.value);
        let (Some(last), Some(low), Some(high)) = (
            values.clone().next_back(),
            values.clone().min(),
            values.max(),
        ) else {
            continue;
        };
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(
            line,
            "{comma}{} {}% (before {last}%, lowest {low}%, highest {high}%)",
            course.name(),
            course.now
        );
    }
    let count = first.before.len() as u64;
    let since = first.before.first().map_or("", |past| day(past.at));
    let _ = write!(
        line,
        "; {} since {since}",
        words::counted(count, "recorded commit", "recorded commits")
    );
    Some(line)
}

/// The day of a time in RFC 3339.
pub(crate) fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_percentages_are_drawn() {
        for (text, found) in [
            ("0", Some(0)),
            ("75.5", Some(7550)),
            ("99.999", Some(9999)),
            ("100.00", Some(10_000)),
            ("100.01", None),
            ("-1", None),
            ("99999999999", None),
        ] {
            let percent: Decimal = text.parse().expect("a decimal");
            assert_eq!(hundredths(percent), found, "{text}");
        }
    }
}
