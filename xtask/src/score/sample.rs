//! Which findings are drawn for review: as many of each rule and repository as there are, up to an equal share.

use super::review::Row;
use gate_verdict::sha256_hex;
use std::collections::BTreeMap;

/// Draws at most `size` findings; the same findings, size and seed give the same draw in the same order. Rules take turns, and
/// within a rule repositories do; which finding of a repository comes first is decided by a hash.
pub(super) fn draw(all: Vec<Row>, size: usize, seed: u64) -> Vec<Row> {
    let mut rules: BTreeMap<String, BTreeMap<String, BTreeMap<String, Row>>> = BTreeMap::new();
    for row in all {
        let place = rules
            .entry(row.rule.clone())
            .or_default()
            .entry(row.repository.clone())
            .or_default();
        // A destination that stands twice in a line is one case to look at.
        place.insert(sha256_hex(format!("{seed}\0{}", row.key()).as_bytes()), row);
    }
    let mut drawn = Vec::new();
    while drawn.len() < size && !rules.is_empty() {
        for repositories in rules.values_mut() {
            // The repository of this rule that was drawn from least: then the first by name.
            let taken = |name: &str, rule: &str| {
                drawn
                    .iter()
                    .filter(|row: &&Row| row.repository == name && row.rule == rule)
                    .count()
            };
            let next = repositories
                .iter()
                .filter_map(|(name, rows)| {
                    Some((taken(name, &rows.values().next()?.rule), name.clone()))
                })
                .min();
            let row = next.and_then(|(_, name)| repositories.get_mut(&name)?.pop_first());
            if drawn.len() < size {
                drawn.extend(row.map(|(_, row)| row));
            }
            repositories.retain(|_, rows| !rows.is_empty());
        }
        rules.retain(|_, repositories| !repositories.is_empty());
    }
    drawn.sort();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(repository: &str, rule: &str, line: u32) -> Row {
        Row {
            repository: repository.to_owned(),
            commit: String::from("c"),
            path: String::from("a.md"),
            line,
            rule: rule.to_owned(),
            destination: String::from("x.md"),
            verdict: None,
            why: String::new(),
        }
    }

    #[test]
    fn a_draw_is_spread_and_the_same_every_time() {
        let mut all: Vec<Row> = (0..100).map(|line| row("large", "often", line)).collect();
        all.extend((0..3).map(|line| row("small", "often", line)));
        all.push(row("large", "seldom", 1));
        let drawn = draw(all.clone(), 20, 1);
        assert_eq!(drawn.len(), 20);
        assert_eq!(
            drawn.iter().filter(|row| row.repository == "small").count(),
            3
        );
        assert_eq!(drawn.iter().filter(|row| row.rule == "seldom").count(), 1);
        all.reverse();
        assert_eq!(
            draw(all.clone(), 20, 1),
            drawn,
            "the order of findings does not matter"
        );
        assert_ne!(draw(all.clone(), 20, 2), drawn, "the seed does");
        assert_eq!(draw(all, 1_000, 1).len(), 104);
    }
}
