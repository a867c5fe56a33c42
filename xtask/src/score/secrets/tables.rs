//! What was measured, as Markdown.

use super::Row;
use super::labels::{Half, Labels};
use super::measure::{Hits, by_category, by_rule};
use std::fmt::Write as _;

pub(super) fn rows(labels: &Labels, rows: &[Row]) -> String {
    let mut text = String::new();
    for half in Half::ALL {
        let repositories = labels
            .repositories
            .values()
            .filter(|of| **of == half)
            .count();
        let told = match half {
            Half::Tuned => "the rules were made with these",
            Half::HeldOut => "held out: nobody looked at these when the rules were made",
        };
        let _ = write!(
            text,
            "{repositories} repositories with ids {} ({told}):\n\n| Search | Lines found | Right | Labelled as none | Unlabelled | Precision | Recall, all | Recall without bare UUIDs | Recall, structured | F1 |\n|---|---|---|---|---|---|---|---|---|---|\n",
            match half {
                Half::Tuned => "0 to 7",
                Half::HeldOut => "8 to f",
            }
        );
        for row in rows {
            for (_, tally) in row.halves.iter().filter(|(of, _)| *of == half) {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
                    row.name,
                    tally.right + tally.wrong + tally.unlabelled,
                    tally.right,
                    tally.wrong,
                    tally.unlabelled,
                    tally.precision(),
                    tally.all.part(),
                    tally.without_uuid.part(),
                    tally.structured.part(),
                    tally.f1()
                );
            }
        }
        text.push('\n');
    }
    text
}

pub(super) fn rules(labels: &Labels, hits: &Hits) -> String {
    let mut text = String::from(
        "| Rule | Lines, 0 to 7 | Right | Labelled as none | Unlabelled | Lines, 8 to f | Right | Labelled as none | Unlabelled |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let [tuned, held_out] = Half::ALL.map(|half| by_rule(labels, half, hits));
    let names: std::collections::BTreeSet<&String> = tuned.keys().chain(held_out.keys()).collect();
    for name in names {
        let _ = write!(text, "| `{name}` |");
        for half in [&tuned, &held_out] {
            let [right, wrong, unlabelled] = half.get(name).copied().unwrap_or_default();
            let _ = write!(
                text,
                " {} | {right} | {wrong} | {unlabelled} |",
                right + wrong + unlabelled
            );
        }
        text.push('\n');
    }
    text
}

/// Categories with at least ten credentials in the half that judges.
pub(super) fn categories(labels: &Labels, hits: &Hits) -> String {
    let mut text = String::from("| Category | Credentials, 8 to f | Found |\n|---|---|---|\n");
    let mut categories: Vec<_> = by_category(labels, Half::HeldOut, hits)
        .into_iter()
        .collect();
    categories.sort_by_key(|(name, recall)| (std::cmp::Reverse(recall.of), name.clone()));
    for (name, recall) in categories.iter().filter(|(_, recall)| recall.of >= 10) {
        let _ = writeln!(text, "| {name} | {} | {} |", recall.of, recall.found);
    }
    text
}
