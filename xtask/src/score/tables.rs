//! What was measured, as Markdown.

use super::compare;
use super::plants::{Row, Score};
use super::review::{self, Opinion};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub(super) fn oracle(rows: &[compare::Row]) -> String {
    let mut text = String::from(
        "| Repository | Files | Links | Findings of both | Only ours | Only the second's |\n|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let both = row
            .difference
            .both
            .iter()
            .map(|(kind, count)| format!("{count} {}", kind.replace('_', " ")));
        let _ = writeln!(
            text,
            "| {} @{}{} | {} | {} | {} | {} | {} |",
            row.name,
            row.commit.get(..12).unwrap_or(&row.commit),
            if row.torn { ", torn" } else { "" },
            row.files,
            row.links,
            both.collect::<Vec<_>>().join(", "),
            row.difference.ours.len(),
            row.difference.oracle.len(),
        );
    }
    let mut others: BTreeMap<&str, u64> = BTreeMap::new();
    for (rule, count) in rows.iter().flat_map(|row| &row.difference.other_rules) {
        *others.entry(rule).or_default() += count;
    }
    if !others.is_empty() {
        let others: Vec<_> = others
            .iter()
            .map(|(rule, count)| format!("`{rule}` {count}"))
            .collect();
        let _ = writeln!(
            text,
            "\nOf rules that the second implementation does not know: {}.",
            others.join(", ")
        );
    }
    text
}

pub(super) fn plants(score: &Score) -> String {
    let mut text = String::from(
        "| Defect | Planted | Found | Look-alikes | Flagged |\n|---|---|---|---|---|\n",
    );
    for row in &score.rows {
        let waiting = match row.waiting {
            0 => String::new(),
            waiting => format!(" (and {waiting} not built)"),
        };
        let _ = writeln!(
            text,
            "| {} | {}{waiting} | {} | {} | {} |",
            row.kind, row.planted, row.found, row.look_alikes, row.flagged
        );
    }
    let sum = |count: fn(&Row) -> usize| score.rows.iter().map(count).sum::<usize>();
    let _ = write!(
        text,
        "\n{} of {} planted defects were found; {} of {} look-alikes were flagged.",
        sum(|row| row.found),
        sum(|row| row.planted),
        sum(|row| row.flagged),
        sum(|row| row.look_alikes),
    );
    if sum(|row| row.waiting) > 0 {
        let _ = write!(
            text,
            " {} more wait for criteria that are not built yet.",
            sum(|row| row.waiting)
        );
    }
    if score.unexpected > 0 {
        let _ = write!(
            text,
            " {} findings were about anything else.",
            score.unexpected
        );
    }
    text.push('\n');
    text
}

pub(super) fn sample(rows: &[review::Row], seed: u64) -> String {
    let repositories: BTreeSet<(&str, &str)> = rows
        .iter()
        .map(|row| (row.repository.as_str(), row.commit.as_str()))
        .collect();
    let mut text = format!(
        "{} findings in {} repositories, drawn with the seed {seed}.\n\n\
         | Rule | Reviewed | True | Debatable | False | Precision |\n|---|---|---|---|---|---|\n",
        rows.len(),
        repositories.len()
    );
    let mut rules: BTreeMap<&str, Vec<&review::Row>> = BTreeMap::new();
    for row in rows {
        rules.entry(&row.rule).or_default().push(row);
    }
    for (rule, rows) in rules
        .iter()
        .map(|(rule, rows)| (format!("`{rule}`"), rows.clone()))
        .chain([(String::from("all"), rows.iter().collect())])
    {
        let count = |opinion| {
            rows.iter()
                .filter(|row| row.verdict == Some(opinion))
                .count()
        };
        let (right, wrong, debatable) = (
            count(Opinion::True),
            count(Opinion::False),
            count(Opinion::Debatable),
        );
        let _ = writeln!(
            text,
            "| {rule} | {} | {right} | {debatable} | {wrong} | {} |",
            right + wrong + debatable,
            percent(right, right + wrong)
        );
    }
    let unreviewed = rows.iter().filter(|row| row.verdict.is_none()).count();
    if unreviewed > 0 {
        let _ = writeln!(text, "\n{unreviewed} are not reviewed yet.");
    }
    let places: Vec<String> = repositories
        .iter()
        .map(|(name, commit)| format!("{name} @{}", commit.get(..12).unwrap_or(commit)))
        .collect();
    let _ = writeln!(text, "\nRepositories: {}.", places.join(", "));
    text
}

/// Floored, so that 100 % is said of nothing less.
fn percent(part: usize, whole: usize) -> String {
    match (part * 1000).checked_div(whole) {
        Some(mills) => format!("{}.{} %", mills / 10, mills % 10),
        None => String::from("-"),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_percentage_is_never_rounded_up() {
        assert_eq!(percent(1999, 2000), "99.9 %");
        assert_eq!(percent(3, 3), "100.0 %");
        assert_eq!(percent(0, 0), "-");
    }
}
