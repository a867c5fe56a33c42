//! Earlier measurements among the metrics of a verdict: what the course of a figure is drawn from.

use crate::decimal::Decimal;
use std::collections::BTreeMap;

/// As many earlier measurements of one figure as a verdict holds.
pub const MAX_PAST: usize = 50;

/// One earlier measurement of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past<'a> {
    /// The time of the commit, as in RFC 3339, UTC in whole seconds.
    pub at: &'a str,
    /// The commit: 40 lower-case hex digits.
    pub commit: &'a str,
    pub value: Decimal,
}

/// What an earlier measurement is called among the metrics: `<figure>@<time>@<commit>`.
pub fn past_name(figure: &str, at: &str, commit: &str) -> String {
    format!("{figure}@{at}@{commit}")
}

/// Whether a metric is an earlier measurement of another one.
pub fn is_past(name: &str) -> bool {
    parts(name).is_some()
}

/// Earlier measurements by figure, the oldest first; of each the last [`MAX_PAST`]. What is not written as they are is
/// none of them.
pub fn past(metrics: &BTreeMap<String, String>) -> BTreeMap<&str, Vec<Past<'_>>> {
    let mut past: BTreeMap<&str, Vec<Past<'_>>> = BTreeMap::new();
    // Names sort by figure, then by time.
    for (name, value) in metrics {
        let (Some((figure, at, commit)), Ok(value)) = (parts(name), value.parse()) else {
            continue;
        };
        past.entry(figure)
            .or_default()
            .push(Past { at, commit, value });
    }
    for course in past.values_mut() {
        let more = course.len().saturating_sub(MAX_PAST);
        course.drain(..more);
    }
    past
}

fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let mut parts = name.split('@');
    let (figure, at, commit) = (parts.next()?, parts.next()?, parts.next()?);
    let is_figure = (1..=64).contains(&figure.len())
        && figure.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    let is_time = at.len() == 20
        && at
            .bytes()
            .zip(b"0000-00-00T00:00:00Z")
            .all(|(c, like)| match like {
                b'0' => c.is_ascii_digit(),
                _ => c == *like,
            });
    let is_commit = commit.len() == 40
        && commit
            .bytes()
            .all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    (parts.next().is_none() && is_figure && is_time && is_commit).then_some((figure, at, commit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_so_is_a_measurement_of_before() {
        let commit = "a".repeat(40);
        let name = |day: u32| {
            past_name(
                "line_coverage",
                &format!("2026-01-{day:02}T00:00:00Z"),
                &commit,
            )
        };
        let mut metrics: BTreeMap<String, String> = (1..=60)
            .map(|day| (name(day), format!("{day}.50")))
            .collect();
        for other in [
            "line_coverage",
            "line_coverage@2026-01-01T00:00:00Z",
            "line_coverage@2026-01-01@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "<b>@2026-01-01T00:00:00Z@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "line_coverage@2026-01-01T00:00:00Z@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@",
        ] {
            assert!(!is_past(other), "{other}");
            metrics.insert(other.to_owned(), String::from("1"));
        }
        metrics.insert(
            past_name("line_coverage", "2026-02-01T00:00:00Z", &commit),
            String::from("NaN"),
        );
        let past = past(&metrics);
        let course = &past["line_coverage"];
        assert_eq!((past.len(), course.len()), (1, MAX_PAST));
        assert_eq!(
            (course[0].value.to_string().as_str(), course[0].at),
            ("11.50", "2026-01-11T00:00:00Z")
        );
    }
}
