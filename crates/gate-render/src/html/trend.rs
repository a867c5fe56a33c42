//! The course of the figures: a drawing, and the same as a table.

use super::gates::{push_row, push_table_head};
use super::{label, push_more};
use crate::trend::{Course, courses, day, hundredths, line};
use crate::{escape, story};
use gate_verdict::{DecisionDoc, Verdict};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// As many drawings as the page shows.
const MAX_TRENDS: usize = 8;
/// As many figures as one drawing tells apart by line and mark.
const MAX_FIGURES: usize = 2;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 220;
/// Where the drawing begins and ends: left of it stands the scale, right of it the last figure.
const LEFT: u32 = 56;
const RIGHT: u32 = 640;
const TOP: u32 = 16;
const BOTTOM: u32 = 188;

/// A section for each gate whose figures have a course, the worst gate first.
pub(super) fn push_trends(out: &mut String, decision: &DecisionDoc, verdicts: &[Verdict]) {
    let trends: Vec<(String, &Verdict)> = story::gates(decision)
        .into_iter()
        .filter_map(|gate| {
            let verdict = story::verdict_of(gate, verdicts)?;
            (!courses(verdict).is_empty()).then(|| (story::stem(gate), verdict))
        })
        .collect();
    for (at, (stem, verdict)) in trends.iter().enumerate().take(MAX_TRENDS) {
        push_trend(out, at, stem, verdict);
    }
    if let Some((_, verdict)) = trends.get(MAX_TRENDS) {
        let file = format!("{}.verdict.json", verdict.file_stem());
        push_more(out, trends.len() as u64, MAX_TRENDS, &file);
    }
}

fn push_trend(out: &mut String, at: usize, gate: &str, verdict: &Verdict) {
    let mut courses = courses(verdict);
    courses.truncate(MAX_FIGURES);
    let mut said = escape::html(&line(verdict).unwrap_or_default());
    if let Some(first) = said.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let _ = writeln!(
        out,
        "<section aria-labelledby=\"trend-{at}\">\n\
         <h2 id=\"trend-{at}\">Trend <small>{}</small></h2>\n<p>{}.</p>",
        label(gate),
        said
    );
    push_key(out, &courses);
    push_drawing(out, at, &courses, &said);
    push_text(out, at, &courses);
    out.push_str("</section>\n");
}

/// What the lines mean.
fn push_key(out: &mut String, courses: &[Course<'_>]) {
    out.push_str("<ul class=\"key\">");
    for (which, course) in courses.iter().enumerate() {
        let _ = write!(
            out,
            "<li><svg class=\"course c{which}\" width=\"48\" height=\"14\" aria-hidden=\"true\" focusable=\"false\">\
             <path d=\"M1 7H47\"/>{}</svg>{}</li>",
            mark(which, 24, 7, 4),
            label(&course.name())
        );
    }
    out.push_str("</ul>\n");
}

fn push_drawing(out: &mut String, at: usize, courses: &[Course<'_>], said: &str) {
    let (low, high) = scale(courses);
    let y = |value: u32| BOTTOM - (value.clamp(low, high) - low) * (BOTTOM - TOP) / (high - low);
    let _ = write!(
        out,
        "<div class=\"graph trend\" role=\"group\" tabindex=\"0\" aria-labelledby=\"trend-{at}\">\n\
         <svg role=\"img\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" aria-labelledby=\"trend-{at}-title trend-{at}-desc\">\n\
         <title id=\"trend-{at}-title\">Coverage over the commits that were recorded, and this run</title>\n\
         <desc id=\"trend-{at}-desc\">{said}. The table below has every figure.</desc>\n"
    );
    for value in [low, low.midpoint(high), high] {
        let _ = writeln!(
            out,
            "<path class=\"rule\" d=\"M{LEFT} {0}H{RIGHT}\"/><text class=\"end\" x=\"{1}\" y=\"{2}\">{3}%</text>",
            y(value),
            LEFT - 8,
            y(value) + 4,
            shown(value)
        );
    }
    let moments = moments(courses);
    let count = u32::try_from(moments.len()).unwrap_or(u32::MAX).max(1);
    let place = |at: &str, commit: &str| {
        let found = moments.keys().position(|moment| *moment == (at, commit));
        let found = u32::try_from(found.unwrap_or_default()).unwrap_or_default();
        LEFT + found * (RIGHT - LEFT) / count
    };
    let mut taken: Option<u32> = None;
    for (which, course) in courses.iter().enumerate() {
        let mut points: Vec<(u32, u32)> = course
            .before
            .iter()
            .filter_map(|past| Some((place(past.at, past.commit), y(hundredths(past.value)?))))
            .collect();
        let now = y(hundredths(course.now).unwrap_or_default());
        points.push((RIGHT, now));
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
        let _ = write!(
            out,
            "<svg class=\"course c{which}\"><path d=\"M{}\"/>",
            path.join("L")
        );
        for (x, y) in &points {
            out.push_str(&mark(which, *x, *y, 2));
        }
        out.push_str(&mark(which, RIGHT, now, 5));
        // Two figures that end near each other stand one above the other.
        let beside = match taken {
            Some(other) if other.abs_diff(now) < 16 && now < other => other.saturating_sub(16),
            Some(other) if other.abs_diff(now) < 16 => other + 16,
            _ => now,
        };
        taken = Some(beside);
        let _ = writeln!(
            out,
            "<text class=\"now\" x=\"{}\" y=\"{}\">{}%</text></svg>",
            RIGHT + 12,
            beside + 4,
            label(&course.now.to_string())
        );
    }
    if let Some((first, _)) = moments.keys().next() {
        let _ = writeln!(
            out,
            "<text x=\"{LEFT}\" y=\"{0}\">{1}</text><text class=\"end\" x=\"{RIGHT}\" y=\"{0}\">this run</text>",
            HEIGHT - 8,
            label(day(first))
        );
    }
    out.push_str("</svg>\n</div>\n");
}

/// The lowest and highest figure of the scale, in hundredths: round, and never so near that noise looks like a fall.
fn scale(courses: &[Course<'_>]) -> (u32, u32) {
    let before = courses.iter().flat_map(|course| &course.before);
    let values = before.map(|past| past.value);
    let values = values.chain(courses.iter().map(|course| course.now));
    let values: Vec<u32> = values.filter_map(hundredths).collect();
    let low = values.iter().min().copied().unwrap_or(0) / 500 * 500;
    let high = values.iter().max().copied().unwrap_or(10_000).div_ceil(500) * 500;
    let high = high.max(low + 1_000).min(10_000);
    (low.min(high - 1_000), high)
}

fn shown(hundredths: u32) -> String {
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{}.{rest:02}", hundredths / 100),
    }
}

/// A round mark, and a square one for the second figure: colour only repeats them.
fn mark(which: usize, x: u32, y: u32, size: u32) -> String {
    match which {
        0 => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{size}\"/>"),
        _ => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{2}\" height=\"{2}\"/>",
            x.saturating_sub(size),
            y.saturating_sub(size),
            size * 2
        ),
    }
}

/// What was measured by time and commit, a place for each figure.
fn moments<'a>(
    courses: &[Course<'a>],
) -> BTreeMap<(&'a str, &'a str), [Option<String>; MAX_FIGURES]> {
    let mut moments: BTreeMap<_, [Option<String>; MAX_FIGURES]> = BTreeMap::new();
    for (which, course) in courses.iter().enumerate().take(MAX_FIGURES) {
        for past in &course.before {
            let figures = moments.entry((past.at, past.commit)).or_default();
            figures[which] = Some(format!("{}%", past.value));
        }
    }
    moments
}

/// Every figure, the newest first, for those who do not see the drawing.
fn push_text(out: &mut String, at: usize, courses: &[Course<'_>]) {
    out.push_str("<details class=\"sub\">\n<summary>The same as a table</summary>\n");
    let names: Vec<String> = courses.iter().map(|course| label(&course.name())).collect();
    let mut heads = vec!["Commit", "Time"];
    heads.extend(names.iter().map(String::as_str));
    push_table_head(out, &format!("trend-{at}"), &heads);
    let row = |out: &mut String, commit: String, time: &str, figures: Vec<String>| {
        let mut cells = vec![("Commit", commit), ("Time", label(time))];
        cells.extend(names.iter().map(String::as_str).zip(figures));
        push_row(out, &cells);
    };
    let now = courses.iter().map(|course| format!("{}%", course.now));
    row(out, String::from("this run"), "-", now.collect());
    for ((time, commit), figures) in moments(courses).iter().rev() {
        let commit = commit.get(..12).unwrap_or(commit);
        let figures = figures
            .iter()
            .map(|figure| figure.clone().unwrap_or_else(|| String::from("-")));
        row(
            out,
            format!("<code>{}</code>", label(commit)),
            time,
            figures.collect(),
        );
    }
    out.push_str("</tbody></table>\n</details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use gate_verdict::{Decimal, Past};

    #[test]
    fn the_scale_is_round_and_holds_every_figure() {
        let scale_of = |before: &str, now: &str| {
            let past = Past {
                at: "2026-01-01T00:00:00Z",
                commit: "a",
                value: before.parse().expect("a decimal"),
            };
            let now: Decimal = now.parse().expect("a decimal");
            scale(&[Course {
                figure: "line_coverage",
                before: vec![past],
                now,
            }])
        };
        assert_eq!(scale_of("74.20", "75.00"), (7_000, 8_000));
        assert_eq!(scale_of("0", "0"), (0, 1_000));
        assert_eq!(scale_of("100", "100"), (9_000, 10_000));
        assert_eq!(scale_of("12.34", "98.76"), (1_000, 10_000));
    }
}
