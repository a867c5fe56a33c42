//! Codecov's own JSON, which cargo-llvm-cov writes with `--codecov`: hits of a line, or covered and
//! total of what is on it as `"1/2"`, by line number or in a list that begins with line 0.

use std::io::BufRead;

use super::draft::Draft;
use super::json_values::{Budget, hits};
use super::number::{self, Line, digits};
use super::sniff::Head;
use super::table::Rows;
use crate::error::ReportError;
use crate::json::{self, Scalar, Taken, Value};
use crate::limits::Limits;

pub(super) fn sniff(head: &Head<'_>) -> bool {
    head.json.has(1, "coverage", "{")
        && (head.json.is_numbered(3)
            || head.json.has(1, "coverage", "{}")
            || head.json.has_any(2, "{}")
            || head.json.has_any(2, "["))
}

pub(super) fn parse(reader: &mut dyn BufRead, limits: Limits) -> Result<Draft, ReportError> {
    let mut draft = Draft::default();
    let mut budget = Budget::new(limits);
    let mut of_one = false;
    json::read(reader, limits, false, |root| {
        root.entries(|key, value| match key {
            "coverage" => value
                .entries(|path, file| read_file(path, file, &mut draft, &mut budget, &mut of_one)),
            _ => Ok(()),
        })
    })?;
    if of_one {
        for file in draft.files() {
            file.fractions = Rows::default();
        }
    }
    Ok(draft)
}

/// `of_one` becomes true at a fraction of one thing. No branch has one way: such fractions count the
/// instances of a line (cargo-llvm-cov), and none of the report is one of branches.
fn read_file(
    path: &str,
    file: Value<'_>,
    draft: &mut Draft,
    budget: &mut Budget,
    of_one: &mut bool,
) -> Taken {
    let id = draft.open(path);
    let mut take = |place: Option<Line>, value: &Value<'_>| {
        budget.spend(1)?;
        if value.is_null() {
            return Ok(());
        }
        match (place, covered(value)) {
            (Some(Line::Nowhere), _) => {}
            (Some(Line::At(line)), Some((hits, fraction))) => {
                let file = draft.at(id);
                file.add_line(line, hits);
                if let Some((covered, total)) = fraction {
                    *of_one |= total == 1;
                    file.raise_fraction(line, covered, total);
                }
                draft.records += 1;
            }
            _ => draft.skip_in(path, "a line"),
        }
        Ok(())
    };
    if matches!(file, Value::List(_)) {
        let (mut first, mut lines) = (Some(Line::Nowhere), 1..);
        return file.items(|value| {
            let line = first.take().or_else(|| lines.next().map(Line::At));
            take(line, &value)
        });
    }
    file.entries(|key, value| take(number::line(key), &value))
}

/// Hits, and covered and total where they are a fraction.
fn covered(value: &Value<'_>) -> Option<(u64, Option<(u32, u32)>)> {
    if let Value::Scalar(Scalar::Bool(partial)) = value {
        return partial.then_some((1, Some((1, 2))));
    }
    let Some((covered, total)) = value.text().and_then(|text| text.split_once('/')) else {
        return Some((hits(value)?, None));
    };
    let small = |text: &str| u32::try_from(digits(text.trim())?).ok();
    let (covered, total) = (small(covered)?, small(total)?);
    let fraction = Some((covered, total));
    (covered <= total && total > 0).then_some((covered.into(), fraction))
}
