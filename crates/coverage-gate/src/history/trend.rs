//! The course of the figures: earlier measurements, as metrics beside those of this run.

use super::entry::{Entry, MAX_BYTES};
use super::{Shelf, names};
use crate::ratchet::Figure;
use gate_evidence::coverage::{Ratio, Totals};
use gate_runner::{Inputs, counted};
use gate_verdict::{MAX_PAST, past_name};
use std::collections::BTreeMap;

/// The figures whose course is shown.
const FIGURES: [Figure; 2] = [
    ("line_coverage", |totals| totals.lines),
    ("branch_coverage", |totals| totals.branches),
];

/// The last commits that were recorded up to the one that is judged. Given back is what cannot be read of them.
pub(crate) fn trend(
    inputs: &Inputs<'_>,
    shelf: &Shelf,
    now: &Totals,
    metrics: &mut BTreeMap<String, String>,
) -> Option<String> {
    let head = inputs.repo.head()?;
    let time = jiff::Timestamp::from_second(head.unix_time).ok()?;
    let time = names::time_of(&time.to_string())?;
    let before = shelf
        .entries
        .iter()
        .filter(|name| name.time <= time && name.commit != head.commit);
    let (mut unread, mut first) = (0_u64, None);
    for name in before.rev().take(MAX_PAST) {
        let file = name.written();
        let read = match inputs.repo.blob_on_top(&shelf.at, &file, MAX_BYTES) {
            Ok(bytes) => Entry::parse(name, &bytes.unwrap_or_default()),
            Err(error) => Err(error.to_string()),
        };
        let totals = match read {
            Ok(entry) => entry.totals(),
            Err(why) => {
                unread += 1;
                first.get_or_insert_with(|| format!("{file}: {why}"));
                continue;
            }
        };
        for (figure, of) in FIGURES {
            let Ratio { covered, total } = of(&totals);
            let percent = gate_verdict::Ratio::new(covered, total).percent_floor(2);
            if let Some(percent) = percent.filter(|_| of(now).total > 0) {
                let name = past_name(figure, &name.at(), &name.commit);
                metrics.insert(name, percent.to_string());
            }
        }
    }
    first.map(|first| {
        format!(
            "{} of {} cannot be read and {} left out of the trend: {first}",
            counted(unread, "recorded measurement"),
            shelf.reference,
            if unread == 1 { "is" } else { "are" }
        )
    })
}
